"""The documents are true: links resolve, commands exist, nothing names a machine."""

import re
import subprocess
import sys

import pytest

from analysis import load_catalog
from tests.support import PROJECT
from ui.app import registry

PAGES = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
ETL_COMMAND = re.compile(r"python -m etl ([a-z]+)")
MAKE_TARGET = re.compile(r"`?make ([a-z]+)\b")


def tracked_text_files() -> list[str]:
    listing = subprocess.run(
        ["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=False
    ).stdout.split()
    return [name for name in listing if not name.endswith((".png", ".xlsx", ".parquet", ".gz", ".lock"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_resolve(page) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_etl_command_in_the_documents_exists() -> None:
    help_text = subprocess.run(
        [sys.executable, "-m", "etl", "--help"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    named = {name for page in PAGES for name in ETL_COMMAND.findall(page.read_text("utf-8"))}
    assert named, "the documents show no command"
    assert {name for name in named if name not in help_text} == set()


def test_every_make_target_in_the_documents_exists() -> None:
    makefile = (PROJECT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for page in PAGES:
        for line in re.findall(r"^\s*make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE):
            assert line in targets, f"{page.name} names make {line}"


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


def test_no_file_is_too_large_to_review() -> None:
    for name in subprocess.run(
        ["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=False
    ).stdout.split():
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
