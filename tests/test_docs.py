"""The documents are true: links resolve, commands exist, nothing names a machine."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import load_catalog
from tests.conftest import MARK_OF_FOLDER
from tests.support import PROJECT
from ui.view import registry

PAGES = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")])
#: A record of changes names what was there then.
NAMING = [page for page in PAGES if page.name != "CHANGELOG.md"]
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
#: A path or a dotted name in the project's own rooms, and what stands for any name in it.
PATH = re.compile(r"(?<![\w/.-])(?:analysis|etl|ui|pages|tests|docs|data)/[\w./<>*{},-]*")
DOTTED = re.compile(r"(?<![\w.])(?:analysis|etl|ui|tests)(?:\.[A-Za-z_]\w*)+")
IN_CODE = re.compile(r"`([^`\n]+)`|^(?: {4}|```)(.*)$", re.MULTILINE)
PLACEHOLDER = re.compile(r"<\w+>|\*+")
#: What a home holds and the project does not.
OF_A_HOME = ("data/release", "data/restricted", "data/demonstration")
AT_THE_TOP = frozenset(
    [
        ".ci",
        ".gitignore",
        ".streamlit",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "Makefile",
        "README.md",
        "analysis",
        "dashboard.py",
        "data",
        "docs",
        "etl",
        "pages",
        "pyproject.toml",
        "requirements-spark.lock",
        "requirements.lock",
        "tests",
        "ui",
    ]
)
ETL_COMMAND = re.compile(r"python -m etl ([a-z]+)")
MAKE_TARGET = re.compile(r"`?make ([a-z]+)\b")


def files_of_tests() -> list[Path]:
    folder = PROJECT / "tests"
    return [path.relative_to(folder) for path in folder.rglob("test_*.py")]


def tracked_files() -> list[str]:
    """Return what git keeps; nothing outside a clone."""
    listing = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=False)
    return listing.stdout.split()


def tracked_text_files() -> list[str]:
    return [
        name for name in tracked_files() if not name.endswith((".png", ".xlsx", ".parquet", ".gz", ".lock"))
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_resolve(page) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def resolves(name: str) -> bool:
    """Return whether a dotted name is a module of the project, or what a module of it holds."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        path = PROJECT.joinpath(*parts[:length])
        if path.is_dir() or path.with_suffix(".py").is_file():
            break
    else:
        return False
    held: object = importlib.import_module(".".join(parts[:length]))
    for part in parts[length:]:
        if not hasattr(held, part):
            return False
        held = getattr(held, part)
    return True


@pytest.mark.parametrize("page", NAMING, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_path_and_module_named_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    for path in {match.rstrip(".,") for match in PATH.findall(text)}:
        if path.startswith(OF_A_HOME):
            continue
        pattern = PLACEHOLDER.sub("*", path.rstrip("/"))
        assert list(PROJECT.glob(pattern)), f"{page.name} names {path}, which is not there"
    code = " ".join(a or b for a, b in IN_CODE.findall(text))
    for name in set(DOTTED.findall(code)):
        is_file = name.endswith((".py", ".md", ".toml", ".css"))
        assert is_file or resolves(name), f"{page.name} names {name}, which is no module and in none"


def test_every_decision_stands_under_a_layer_and_in_the_contents() -> None:
    text = (PROJECT / "docs" / "decisions.md").read_text("utf-8")
    layers = re.findall(r"^\*\*\[(.+)\]\(#.+\)\*\*$", text, re.MULTILINE)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == layers, "a decision is a ### under a layer"
    listed = re.findall(r"^- \[(.+)\]\(#(.+)\)$", text, re.MULTILINE)
    assert re.findall(r"^### (.+)$", text, re.MULTILINE) == [title for title, _ in listed]
    for title, anchor in listed:
        assert anchor == re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-"), title


@pytest.mark.command
def test_every_etl_command_in_the_documents_exists() -> None:
    help_text = subprocess.run(
        [sys.executable, "-m", "etl", "--help"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    named = {name for page in PAGES for name in ETL_COMMAND.findall(page.read_text("utf-8"))}
    assert named, "the documents show no command"
    assert {name for name in named if name not in help_text} == set()


def test_every_make_target_in_the_documents_exists() -> None:
    makefile = (PROJECT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    [folders] = re.findall(r"^FOLDERS := (.+)$", makefile, re.MULTILINE)
    targets |= {f"test-{folder}" for folder in folders.split()}
    for page in PAGES:
        for named in re.findall(r"(?:^\s*|`)make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE):
            assert named in targets, f"{page.name} names make {named}"


def test_every_folder_of_tests_has_a_target_and_a_mark() -> None:
    makefile = (PROJECT / "Makefile").read_text("utf-8")
    [folders] = re.findall(r"^FOLDERS := (.+)$", makefile, re.MULTILINE)
    there = {path.parts[0] for path in files_of_tests() if len(path.parts) > 1}
    assert set(folders.split()) == there == set(MARK_OF_FOLDER)


def test_nothing_names_a_machine_or_a_registry() -> None:
    forbidden = re.compile(
        "|".join(
            ["py" + r"pi\.org", "python" + r"hosted\.", "regi" + r"stry\.npm", "/ro" + "ot/", "/wo" + "rk/"]
        )
    )
    for name in tracked_text_files():
        path = PROJECT / name
        if path.is_file():
            match = forbidden.search(path.read_text("utf-8", errors="ignore"))
            assert match is None, f"{name} names {match.group()}"


def test_a_file_of_a_try_is_no_part_of_the_project() -> None:
    """Whoever opens the folder first sees what belongs there: a sheet that was tried with does not."""
    assert {name.partition("/")[0] for name in tracked_files()} <= AT_THE_TOP


def test_no_file_is_too_large_to_review() -> None:
    for name in tracked_files():
        path = PROJECT / name
        assert not path.is_file() or path.stat().st_size <= 5_000_000, name


def test_the_fifty_measures_have_codes_of_the_catalog_on_the_pages_named() -> None:
    catalog = load_catalog()
    known = {**catalog.measures, **catalog.derived}
    text = (PROJECT / "docs" / "measures.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    assert [int(row[0]) for row in rows] == list(range(1, 51))
    listed: set[str] = set()
    for _, name, codes, pages in rows:
        found = re.findall(r"`(\w+)`", codes)
        assert found and set(found) <= set(known), name
        listed |= set(found)
        for page in pages.split(", "):
            assert page in {one.code for one in registry.available()}, (name, page)
            assert any(page in known[code].pages for code in found), (name, page)
    assert set(catalog.derived) <= listed, "what pages work out is among the fifty"
