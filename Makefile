# The two commands: `make site` and `make test`. Both set up what they need, on a machine with Python and node.

VENV := .venv
BIN := $(VENV)/bin
PO := $(wildcard builder/vijf/render/locales/*/LC_MESSAGES/*.po)
MO := $(PO:.po=.mo)
COMPILED := $(VENV)/compiled.stamp
TEMPLATES := $(wildcard builder/vijf/render/templates/*) builder/vijf/render/templates.py
APT := apt-get -qq -o DPkg::Lock::Timeout=300 install --no-install-recommends -y
# Tests share the processors; more workers than processors only wait.
WORKERS ?= auto

.PHONY: site test test-slow check format widget messages golden mutants bench clean

site: $(VENV)/site.stamp $(MO)  ## build the demo content into site/
	$(BIN)/vijf build
	@echo
	@echo "The demo site is in site/. To look at it:"
	@echo "    $(BIN)/vijf serve"
	@echo "and open http://127.0.0.1:8000/nl/ in a browser."

test: $(VENV)/test.stamp $(MO) widget/node_modules/.stamp chromium  ## what guards the project; minutes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	npm --prefix widget test --silent
	$(BIN)/pytest -n $(WORKERS) --dist loadfile -m "not slow"

test-slow: $(VENV)/test.stamp $(MO) widget/node_modules/.stamp chromium java servers strace  ## what takes longer: checkers, long properties, kills
	$(BIN)/pytest -n $(WORKERS) --dist loadfile -m slow

format: $(VENV)/test.stamp  ## put the code into its one form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

widget: widget/node_modules/.stamp  ## build the widget into the package
	npm --prefix widget run build --silent

messages: $(VENV)/test.stamp  ## extract messages, update and compile the catalogues
	$(BIN)/python tests/render/update_catalogues.py

golden: $(VENV)/test.stamp $(MO)  ## refresh the golden site after a change that is meant
	$(BIN)/pytest -q tests/test_golden.py --refresh-golden

mutants: $(VENV)/test.stamp $(MO) widget/node_modules/.stamp chromium  ## break the code in many ways; tests must notice each
	$(BIN)/python tests/mutants/run.py

bench: $(VENV)/bench.stamp $(MO)  ## build the same content with Vijf and with Hugo, in turn; BENCH="--sizes 1000x50 --runs 5" for more
	$(BIN)/python tests/bench/against_hugo.py $(BENCH)

clean:  ## remove what the other targets made
	rm -rf $(VENV) widget/node_modules .vijf $(MO) builder/vijf/render/compiled
	find site -mindepth 1 ! -name .gitignore -delete

# A virtual environment; Debian keeps the module for it in a package of its own.
$(VENV)/bin/pip:
	python3 -m venv $(VENV) || { $(APT) python3-venv && python3 -m venv $(VENV); }

$(VENV)/site.stamp: $(VENV)/bin/pip pyproject.toml constraints.txt compile_package.py
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/test.stamp: $(VENV)/site.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

$(VENV)/bench.stamp: $(VENV)/site.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	touch $@

$(MO): $(COMPILED)
	@test -e $@ || $(BIN)/python compile_package.py

# Catalogues and templates; then Python's own form of all code, which an editable install makes only as it runs.
$(COMPILED): $(PO) $(TEMPLATES) compile_package.py $(VENV)/site.stamp
	$(BIN)/python compile_package.py
	$(BIN)/python -m compileall -q builder
	touch $@

widget/node_modules/.stamp: widget/package.json widget/package-lock.json
	npm --prefix widget ci --silent --no-audit --no-fund
	touch $@

.PHONY: chromium java servers strace
chromium:
	@command -v chromium >/dev/null || { apt-get -qq update && $(APT) chromium; }

java:
	@command -v java >/dev/null || { apt-get -qq update && $(APT) default-jre-headless; }

servers:
	@{ command -v nginx && command -v caddy; } >/dev/null || { apt-get -qq update && $(APT) nginx caddy; }

strace:
	@command -v strace >/dev/null || { apt-get -qq update && $(APT) strace; }
