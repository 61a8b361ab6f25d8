"""The plan of the house, read from the code: who imports whom, and what pages may not hold."""

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections import Counter
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from tests.support import PROJECT

LAYERS = ("pages", "ui", "analysis", "etl")
MAY_IMPORT = {
    "dashboard.py": {"ui"},
    "pages": {"ui", "analysis"},
    "ui": {"ui", "analysis"},
    "analysis": {"analysis"},
    "etl": {"etl", "analysis"},
}
#: Where programs begin: the outermost shell may bring in a layer above its own.
BEGINNINGS = {"analysis/__main__.py": {"ui"}, "etl/desk/serve.py": {"ui"}}
FORBIDDEN_LIBRARIES = {
    "pages": {"duckdb", "polars", "pandas", "plotly", "geopandas", "sqlite3", "numpy"},
    "ui": {"duckdb", "sqlite3"},
    "analysis": {"streamlit", "plotly", "matplotlib"},
    "etl": {"streamlit", "plotly"},
}
#: Rooms that are drawn on a screen of their own, though their layer is none of screens.
DRAWN = {"etl/desk": {"streamlit"}}
# Rooms of a layer, from the ground up: a room imports only rooms that stand before it.
ROOMS = {
    "analysis": [
        "errors",
        "periods",
        "program",
        "progress",
        "statistics",
        "catalog",
        "words",
        "release",
        "questions",
        "answers",
        "topics",
        "findings",
        "exports",
        "briefing",
        "api",
        "replay",
        "cli",
        "__main__",
    ],
    "ui": ["theme", "format", "view", "maps", "charts", "cards", "topics", "briefing", "app"],
    "etl": [
        "errors",
        "surroundings",
        "progress",
        "config",
        "lines",
        "falls",
        "ledger",
        "contracts",
        "incoming",
        "readers",
        "mapping",
        "protect",
        "template_workbook",
        "sources",
        "demonstration",
        "store",
        "mart",
        "load",
        "release",
        "returns",
        "hub",
        "drafting",
        "commands",
        "cli",
        "desk",
        "__main__",
    ],
}
#: Development tools that tests start as a process, with how they name them.
STARTED = {"oidc-provider-mock": "oidc_provider_mock"}
#: Extras for measurements and for the release on Spark: need not be installed where the tests run.
IMPORTED_AS = {"grpcio": "grpc"}
OPTIONAL_EXTRAS = ("bench", "spark")
#: Modules that a folder may hold beside its sub-folders: more, and `ls` tells no story.
MODULES_IN_A_FOLDER = 13
LINES_OF_A_PAGE = 60
FRAGMENTS = {"ui/app/frame.py": 1, "ui/view/controls.py": 1, "ui/view/shared_filters.py": 3}
#: Development tools that are run and not imported, with how `make test` names them.
TOOLS = {"ruff": "ruff check", "mypy": "/mypy", "pytest-cov": "--cov", "pytest-xdist": "-n $(TEST_WORKERS)"}
SQL = re.compile(r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|CREATE\s+TABLE|GROUP\s+BY)\b", re.IGNORECASE | re.DOTALL)
HEX_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}\b")


def modules(layer: str) -> list[Path]:
    if layer.endswith(".py"):
        return [PROJECT / layer]
    return sorted((PROJECT / layer).rglob("*.py"))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Return all parts of a file's syntax; read and walked once: every test here looks at all files."""
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


@cache
def imported_roots(path: Path) -> set[str]:
    """Return the first part of every module named by an absolute import in a file."""
    roots: set[str] = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            roots |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            roots.add(node.module.split(".")[0])
    return roots


def imported_rooms(path: Path, layer: str) -> set[str]:
    """Return the rooms of a layer that a file imports something of."""
    names: set[str] = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            # "from etl import sources" names the room last, "from etl.sources import find" in the middle.
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name.split(".")[1] for name in names if name.startswith(f"{layer}.")}


def room_of(path: Path, layer: str) -> str:
    """Return the room that a file of a layer stands in; empty for what introduces the whole layer."""
    first = path.relative_to(PROJECT / layer).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def distributions(folders: tuple[str, ...]) -> set[str]:
    """Return the names by which pip knows what the modules of folders import."""
    roots = set().union(*(imported_roots(path) for folder in folders for path in modules(folder)))
    of_root = importlib.metadata.packages_distributions()
    beside = {path.stem for folder in folders for path in modules(folder)}  # pages and tests lie on the path
    others = roots - {*LAYERS, "tests"} - sys.stdlib_module_names
    missing = {root for root in others if root not in of_root} - beside - optional_names()
    assert not missing, f"imported and not installed: {missing}"
    return {distribution_of(of_root[root]) for root in others if root in of_root}


def distribution_of(names: list[str]) -> str:
    """Return which of several distributions is meant that put modules below one name, as `google` does."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    known = declared([*project["dependencies"], *chain(*project["optional-dependencies"].values())])
    plain = [name.lower().replace("_", "-") for name in names]
    return next((name for name in plain if name in known), plain[0])


def optional_names() -> set[str]:
    """Return the names of requirements of extras that need not be installed."""
    extras = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"][
        "optional-dependencies"
    ]
    names = set().union(*(declared(extras[name]) for name in OPTIONAL_EXTRAS))
    # What is not installed is known by its own name alone, and imported by another.
    return names | {IMPORTED_AS[name] for name in names & IMPORTED_AS.keys()}


def declared(names: list[str]) -> set[str]:
    """Return the names of requirements without versions and extras."""
    return {re.match(r"[\w.-]+", name)[0].lower() for name in names}


@cache
def code_strings(path: Path) -> list[str]:
    """Return the string literals of a file that are not docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in nodes_of(path)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in nodes_of(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_a_layer_imports_only_what_lies_below_it(layer: str) -> None:
    files = modules(layer)
    assert files, f"{layer} is empty"
    for path in files:
        name = path.relative_to(PROJECT).as_posix()
        allowed = MAY_IMPORT[layer] | BEGINNINGS.get(name, set())
        ours = imported_roots(path) & set(LAYERS)
        assert ours <= allowed, f"{name} imports {ours - allowed}"


@pytest.mark.parametrize("layer", ROOMS)
def test_a_room_imports_only_rooms_below_it(layer: str) -> None:
    order = ROOMS[layer]
    for path in modules(layer):
        room = room_of(path, layer)
        # What introduces a layer, its __init__, offers what it likes of it: it stands on the roof.
        below = order[: order.index(room) + 1] if room else order
        above = imported_rooms(path, layer) & set(order) - set(below)
        assert not above, f"{path.relative_to(PROJECT)} imports {sorted(above)}, which stand above '{room}'"


@pytest.mark.parametrize("layer", ROOMS)
def test_the_table_of_rooms_is_whole(layer: str) -> None:
    assert {room_of(path, layer) for path in modules(layer)} - {""} == set(ROOMS[layer])


@pytest.mark.parametrize("layer", FORBIDDEN_LIBRARIES)
def test_a_layer_leaves_other_layers_libraries_alone(layer: str) -> None:
    for path in modules(layer):
        folder = path.relative_to(PROJECT).as_posix()
        drawn = set().union(*(given for room, given in DRAWN.items() if folder.startswith(f"{room}/")))
        found = imported_roots(path) & FORBIDDEN_LIBRARIES[layer] - drawn
        assert not found, f"{path.relative_to(PROJECT)} imports {found}"


def test_pages_hold_no_sql_no_colours_no_arithmetic() -> None:
    for path in modules("pages"):
        for text in code_strings(path):
            assert not SQL.search(text), f"{path.name} holds SQL"
            assert not HEX_COLOUR.search(text), f"{path.name} names a colour"
        for node in nodes_of(path):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Mult | ast.Pow):
                pytest.fail(f"{path.name}:{node.lineno} computes: arithmetic belongs to analysis")


def test_a_page_is_a_declaration_that_a_reader_takes_in_at_once() -> None:
    for path in modules("pages"):
        lines = len(path.read_text("utf-8").splitlines())
        assert lines <= LINES_OF_A_PAGE, (
            f"{path.name} has {lines} lines: choices and drawings go to ui/topics"
        )


def test_only_the_theme_names_colours() -> None:
    for path in modules("ui"):
        if path.name == "theme.py":
            continue
        for text in code_strings(path):
            assert not HEX_COLOUR.search(text), (
                f"{path.relative_to(PROJECT)} names the colour in {text[:40]!r}"
            )


def test_no_fragment_lies_in_a_fragment() -> None:
    """A browser that has not got all of the outer one yet would be sent parts of the inner one without it.

    The page is one, and what stands in the sidebar beside it.
    """
    for layer in ("pages", "ui", "dashboard.py"):
        for path in modules(layer):
            uses = len(
                re.findall(r"^[^#\n]*\bfragment\(|@st\.fragment", path.read_text("utf-8"), re.MULTILINE)
            )
            name = path.relative_to(PROJECT).as_posix()
            assert uses <= FRAGMENTS.get(name, 0), f"{name}: only the page and filters are fragments"


def test_nothing_uses_plotly_express_pickle_or_eval() -> None:
    for layer in (*LAYERS, "dashboard.py"):
        for path in modules(layer):
            source = path.read_text("utf-8")
            assert "plotly.express" not in source, (
                f"{path.relative_to(PROJECT)}: plotly.express is slow on the hot path"
            )
            assert imported_roots(path).isdisjoint({"pickle", "marshal", "shelve"}), path
            assert not re.search(r"(?<![\w.])(eval|exec)\(", source), path


def test_no_module_is_a_drawer_for_everything() -> None:
    for layer in LAYERS:
        for path in modules(layer):
            assert path.stem not in {"utils", "helpers", "misc", "common"}, path
            assert len(path.read_text("utf-8").splitlines()) <= 420, (
                f"{path.relative_to(PROJECT)} is too long"
            )


def test_no_folder_holds_more_modules_than_a_reader_takes_in() -> None:
    for layer in LAYERS:
        held = Counter(path.parent for path in modules(layer) if path.stem != "__init__")
        for folder, count in held.items():
            # A page is one file of its own; the sidebar has as many as there are subjects.
            assert count <= MODULES_IN_A_FOLDER or layer == "pages", f"{folder.relative_to(PROJECT)}: {count}"


def test_the_app_does_not_know_the_restricted_zone() -> None:
    for layer in ("pages", "ui", "analysis", "dashboard.py"):
        for path in modules(layer):
            for text in code_strings(path):
                assert "warehouse" not in text or "/" not in text, (
                    f"{path.relative_to(PROJECT)}: {text[:60]!r}"
                )
                assert "frozen.duckdb" not in text, path


def test_what_is_imported_is_declared_and_nothing_else() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    runtime = declared(project["dependencies"])
    optional = optional_names()
    assert runtime == distributions((*LAYERS, "dashboard.py")) - optional
    development = declared(project["optional-dependencies"]["dev"])
    assert development - TOOLS.keys() - STARTED.keys() == distributions(("tests",)) - runtime - optional
    tests = "".join(path.read_text("utf-8") for path in modules("tests") if path != Path(__file__))
    assert all(words in tests for words in STARTED.values())
    makefile = (PROJECT / "Makefile").read_text("utf-8")
    for tool, words in TOOLS.items():
        assert tool in development and words in makefile, f"{tool} is declared and not run"
