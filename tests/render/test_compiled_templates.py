"""Templates that the package's build compiled are those of their sources, and never older ones."""

from __future__ import annotations

import shutil

import pytest
from vijf.render import templates
from vijf.render.package import TEMPLATES
from vijf.render.templates import compiled, environment

LANGUAGES = ("en", "nl", "de", "fr")


@pytest.fixture(scope="module")
def python():
    """Language -> name -> compiled code, as the package's build makes it."""
    return {code: compiled(code) for code in LANGUAGES}


@pytest.fixture
def package(tmp_path, monkeypatch, python):
    """A package whose templates may be edited: compiled, and nothing of it loaded yet."""
    monkeypatch.setattr(templates, "TEMPLATES", shutil.copytree(TEMPLATES, tmp_path / "templates"))
    monkeypatch.setattr(templates, "COMPILED", tmp_path / "compiled")
    for code in LANGUAGES:
        folder = tmp_path / "compiled" / code
        folder.mkdir(parents=True)
        for name, text in python[code].items():
            (folder / name).write_text(text, "utf-8")
    environment.cache_clear()
    yield tmp_path
    environment.cache_clear()


@pytest.mark.usefixtures("package")
def test_compiled_templates_are_used(monkeypatch):
    """Nothing is compiled again where the package's build did it: in each language all templates load without."""
    monkeypatch.setattr(templates.Templates, "compile", None)
    for code in LANGUAGES:
        for name in environment(code).list_templates():
            environment(code).get_template(name)


@pytest.mark.parametrize("code", LANGUAGES)
def test_compiled_templates_say_what_their_sources_say(package, code):
    """In every language the compiled page has the bytes that its source gives."""
    values = {"language": templates.load_language(code), "site": {"name": "<Keur>", "demo": True}, "css": ""}
    values |= {"target": "/a?b&c", "canonical": "https://a.example", "name": "'De' <Ketting>"}
    ready = environment(code).get_template("redirect.html").render(**values)
    shutil.rmtree(package / "compiled")
    environment.cache_clear()
    assert environment(code).get_template("redirect.html").render(**values) == ready
    assert "<Ketting>" not in ready


def test_an_edited_template_takes_effect_at_once(package):
    """Compiled code of what a template was before is not found, so nobody has to compile after an edit."""
    source = package / "templates" / "stars.html"
    before = environment("nl").get_template("stars.html").make_module().stars("60", "6 van 10")
    source.write_text(source.read_text("utf-8").replace('class="stars"', 'class="other"'), "utf-8")
    environment.cache_clear()
    after = environment("nl").get_template("stars.html").make_module().stars("60", "6 van 10")
    assert str(after) == str(before).replace('class="stars"', 'class="other"') != before


def test_an_edited_catalogue_takes_effect_at_once(package, monkeypatch):
    """Words stand in the compiled code, so that of a catalogue as it was before is not found either."""
    words = shutil.copy(templates.catalogue("nl"), package / "vijf.mo")
    monkeypatch.setattr(templates, "catalogue", lambda _code: package / "vijf.mo")
    environment.cache_clear()
    same = compiled("nl").keys()
    assert {path.name for path in (package / "compiled" / "nl").glob("*.py")} == set(same)
    words.write_bytes(words.read_bytes() + b"\0")
    environment.cache_clear()
    assert not same & compiled("nl").keys()
