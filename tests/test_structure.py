"""The laws of the rooms, read from the source: who imports whom, who may print, write, exit and read the clock.

These find honest mistakes by the names of what is called; they don't find someone who hides a call from them.
"""

import ast
import importlib
import pickle
import pkgutil
from pathlib import Path

import pytest
import vijf
from vijf.codes import CODES

ROOT = Path(vijf.__file__).parent
ORDER = (
    "errors",
    "codes",
    "limits",
    "digests",
    "model",
    "rules",
    "content",
    "urls",
    "plan",
    "render",
    "publish",
    "importers",
    "cli",
)
"""A room imports only from itself and from those before it; `docs/design/0001` says what each holds."""
SMALL = {"__init__": set(), "__main__": {"cli"}}
"""The package's own files, which are in no room."""
WRITERS = {"publish", "importers", "cli"}
WRITING = {
    "chmod", "copyfile", "fchmod", "hardlink_to", "link_to", "makedirs", "mkdir", "mkdtemp", "mkstemp", "rmdir",
    "rmtree", "symlink_to", "touch", "truncate", "unlink", "write_bytes", "write_text",
}  # fmt: skip
"""Names of methods and functions that change a file system (not `replace` and `remove`: texts and lists have those)."""
CLOCK = {"now", "today", "utcnow", "time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"}
PURE = {"errors", "codes", "limits", "digests", "model", "rules", "urls", "plan"}
IMPURE = {
    "os",
    "io",
    "pathlib",
    "time",
    "random",
    "secrets",
    "socket",
    "subprocess",
    "tempfile",
    "shutil",
    "urllib.request",
}
UNNAMED = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "tools"}
MOST_LINES = 400
LONGER = {
    "model.py": 450,  # all values of the format, one dataclass each, and nothing else
}
REPORTERS = {"add": 1, "add_at": 2, "fault": 1, "Diagnostic": 1, "Pattern": 3}
"""Name of what notes a fault -> which argument is the code."""

SOURCES = sorted(path for path in ROOT.rglob("*.py") if "compiled" not in path.parts)
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def room(path):
    """The room that a module is in: its package, or its own name where it is a module by itself."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def shown(path, node):
    """A place in the source, for messages."""
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def imported(tree):
    """(name of a module, node) for each import, `from vijf import limits` as `vijf.limits`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            if node.module == "vijf":
                yield from ((f"vijf.{alias.name}", node) for alias in node.names)
            else:
                yield node.module, node


def calls(tree):
    """(dotted name, node) for each call of something that has a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield ast.unparse(node.func), node


def test_every_room_is_in_the_order():
    """A new module or package at the top gets its place among the rooms."""
    assert {room(path) for path in SOURCES} == {*ORDER, *SMALL}


def test_modules_import_only_from_rooms_before_their_own():
    """Data flows one way: nothing imports from a room after its own."""
    wrong = []
    for path, tree in TREES.items():
        here = room(path)
        allowed = SMALL[here] if here in SMALL else {*ORDER[: ORDER.index(here) + 1], "__version__"}
        for name, node in imported(tree):
            if name.split(".")[0] == "vijf" and name.split(".")[1] not in allowed:
                wrong.append(f"{shown(path, node)} imports {name}")
    assert not wrong


WORKERS_END = "publish/workers.py"
"""Here a forked worker ends, once and for all: what its parent had in hand is no business of its own."""


def test_only_cli_knows_click_prints_and_exits():
    """What libraries have to say they return; only `cli` talks and ends the process, and a worker itself, once."""
    wrong = []
    ends = 0
    for path, tree in TREES.items():
        if room(path) == "cli":
            continue
        wrong += [shown(path, node) for name, node in imported(tree) if name.split(".")[0] == "click"]
        forbidden = {"print", "input", "exit", "quit", "sys.exit", "os._exit", "SystemExit"}
        for name, node in calls(tree):
            if name == "os._exit" and path.as_posix().endswith(WORKERS_END):
                ends += 1
            elif name in forbidden:
                wrong.append(f"{shown(path, node)} {name}")
        wrong += [shown(path, node) for node in ast.walk(tree) if ast.unparse(node) in ("sys.stdout", "sys.stderr")]
    assert not wrong
    assert ends == 1


def test_only_cli_reads_the_clock():
    """The present moment is read by a command and passed on."""
    wrong = []
    for path, tree in TREES.items():
        if room(path) == "cli":
            continue
        wrong += [shown(path, node) for name, node in imported(tree) if name == "time"]
        for name, node in calls(tree):
            owner, _, last = name.rpartition(".")
            if last in CLOCK and owner.split(".")[-1] in ("datetime", "date", "time"):
                wrong.append(f"{shown(path, node)} {name}")
    assert not wrong


def test_only_publish_importers_and_cli_write_files():
    """Reading content and rendering leave the machine as it was."""
    wrong = []
    for path, tree in TREES.items():
        if room(path) in WRITERS:
            continue
        for name, node in calls(tree):
            last = name.rpartition(".")[2]
            mode = [*node.args, *(keyword.value for keyword in node.keywords)]
            modes = [arg.value for arg in mode if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            opens_for_writing = last == "open" and any(set(mode) & set("wax+") and len(mode) <= 3 for mode in modes)
            if last in WRITING or opens_for_writing or name in ("os.open", "os.rename", "os.replace", "os.remove"):
                wrong.append(f"{shown(path, node)} {name}")
    assert not wrong


def test_rooms_without_io_import_nothing_that_does_any():
    """Rules, model, addresses and plan are functions of their arguments: no file, clock, chance or network."""
    wrong = [
        f"{shown(path, node)} imports {name}"
        for path, tree in TREES.items()
        if room(path) in PURE
        for name, node in imported(tree)
        if name in IMPURE
    ]
    assert not wrong


def test_nothing_opens_a_connection_but_the_server_for_looking():
    """A build needs no network: only `vijf serve` listens."""
    network = {"socket", "urllib.request", "http.client", "http.server", "ssl", "requests", "httpx"}
    users = {
        path.relative_to(ROOT).as_posix()
        for path, tree in TREES.items()
        for name, _ in imported(tree)
        if name in network
    }
    assert users <= {"cli/server.py"}


def test_modules_have_names_that_say_something():
    """No module is called utils, helpers, common or manager: what would be in it has a subject."""
    assert not {path.stem for path in SOURCES} & UNNAMED


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_modules_have_one_subject(path):
    """No module is longer than 400 lines, but for those whose reason stands in LONGER."""
    most = LONGER.get(path.relative_to(ROOT).as_posix(), MOST_LINES)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= most


def _error_classes():
    """All exceptions that are errors; those that only end a loop have no name in -Error, and never leave their room."""
    for module in pkgutil.walk_packages([str(ROOT)], "vijf."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    seen, queue = set(), [Exception]
    while queue:
        new = set(queue.pop().__subclasses__()) - seen
        seen |= new
        queue += new
    ours = (kind for kind in seen if kind.__module__.split(".")[0] == "vijf" and kind.__name__.endswith("Error"))
    return sorted(ours, key=lambda kind: (kind.__module__, kind.__qualname__))


@pytest.mark.parametrize("kind", _error_classes(), ids=lambda kind: kind.__qualname__)
def test_errors_can_be_pickled(kind):
    """Every error of the package crosses a process pool with its class and words."""
    error = kind([]) if kind.__name__ == "ContentError" else kind("why")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    assert type(again) is kind
    assert str(again) == str(error)


def _codes_noted():
    """(code, place) for each text that stands as a code where a fault is noted."""
    for path, tree in TREES.items():
        for name, node in calls(tree):
            at = REPORTERS.get(name.rpartition(".")[2])
            arguments = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
            if at is not None and len(node.args) > at:
                arguments.append(node.args[at])
            for argument in arguments:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value, shown(path, node)


def test_every_code_that_is_noted_is_in_the_list():
    """A fault's code can be looked up."""
    noted = dict(_codes_noted())
    assert len(noted) > 40, "the names in REPORTERS find the places where faults are noted"
    assert {code: place for code, place in noted.items() if code not in CODES} == {}


def test_every_code_of_the_list_is_used():
    """The list holds no code that nothing says."""
    texts = {
        node.value
        for path, tree in TREES.items()
        if room(path) != "codes"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(CODES) - texts == set()
