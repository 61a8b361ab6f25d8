"""What a return refuses: a clear sentence that says what is allowed, no traceback, and nothing written."""

import errno
import os
import re
from pathlib import Path

import pytest

from analysis.catalog.load import CATALOG_FOLDER
from etl.errors import EtlError
from etl.returns import filing, reading
from etl.returns.compared import read_figures
from etl.returns.periods import period_of
from etl.returns.reading import read_return
from etl.store.locking import exclusive
from tests.etl.made_home import CommandLine, Ran, snapshot
from tests.etl.made_topics import Office

HHS = ("return", "hhs_trafficking", "--period")


def refused(done: Ran, *words: str) -> None:
    """Expect a refusal that says these words and what to do next."""
    assert done.code in (1, 2), done.out
    said = f"{done.values.get('error', '')} {done.values.get('next_step', '')} {done.err}"
    for word in words:
        assert word in said, said
    assert "Traceback" not in said and "defect" not in said
    assert done.values.get("next_step") or "Next:" in done.err


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2025",
            "2025-01",
            "2025-Q5",
            "2025-Q0",
            "2025-q1",
            "2025Q1",
            "Q1-2025",
            "2025-H1",
            "FY25",
            "fy2025",
        ),
        *("FY2025-Q1", "2025-01..2025-03", "last quarter", "", " 2025-Q1", "0000-Q1", "FY9999", "2025-Q1\n"),
        "<script>alert(1)</script>",
    ],
)
def test_any_other_period_is_refused_with_those_allowed(returns_office: Office, text: str) -> None:
    done = returns_office.run(*HHS, text)
    refused(done, "a quarter, 2025-Q1 (January to March 2025)", "FY2025 (October 2024 to September 2025)")
    assert "<script>" not in done.out + done.err


def test_each_return_names_its_own_periods(returns_office: Office) -> None:
    refused(returns_office.run("return", "doj_task_force", "--period", "FY2025"), "a half-year, 2025-H1")
    for month, label in ((1, "January to December 2025"), (7, "July 2024 to June 2025")):
        assert period_of("FY2025", ("fiscal_year",), month).label == label


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-Q1", ("2026-Q1 lies after the data", "2024-01 to 2025-12")),
        ("2023-Q4", ("2023-Q4 lies before the data",)),
        ("FY2024", ("loaded only in part", "2024-01 to 2025-12")),
        ("FY2026", ("loaded only in part",)),
    ],
)
def test_a_period_that_is_not_loaded_whole_is_refused(
    returns_office: Office, text: str, words: tuple[str, ...]
) -> None:
    refused(returns_office.run(*HHS, text), *words)


def test_a_quarter_that_is_half_loaded_is_refused(office: Office) -> None:
    office.send("person", "person_ref,period", ["C1,2025-01"], months="2025-01..2025-02")
    refused(office.run("return", "doj_task_force", "--period", "2025-Q1"), "in part", "2025-01 to 2025-02")


def test_a_month_that_nobody_covers_is_no_zero(office: Office) -> None:
    """January and March are loaded: the quarter has both ends, and a hole."""
    for number, month in enumerate(("2025-01", "2025-03")):
        rows = [f"C{number},{month}"]
        office.send("person", "person_ref,period", rows, months=f"{month}..{month}", source=f"office{number}")
    done = office.run("return", "doj_task_force", "--period", "2025-Q1")
    assert done.code == 0 and "The period is whole" in done.values["broken"]
    assert done.values["filled"] == 0


def test_names_and_options_that_are_missing_or_wrong(returns_office: Office) -> None:
    run = returns_office.run
    refused(run("return"), "doj_task_force, hhs_trafficking")
    refused(run("return", "hhs_traficking", "--period", "2025-Q1"), "Did you mean 'hhs_trafficking'?")
    refused(run("return", "../hhs_trafficking", "--period", "2025-Q1"), "There is no return")
    refused(run("return", "hhs_trafficking"), "needs a period")
    refused(run(*HHS, "2025-Q1", "--handed-over"), "--out FILE.xlsx")


def test_a_home_in_which_nothing_is_loaded(run: CommandLine) -> None:
    refused(run(*HHS, "2025-Q1"), "Nothing is loaded")
    assert not run.home.root.exists(), "and no folder is made"


def test_a_home_that_holds_nothing_a_return_counts(run_with_areas: CommandLine) -> None:
    before = snapshot(run_with_areas.home.root)
    refused(run_with_areas(*HHS, "2025-Q1"), "Nothing that this return counts is loaded", "Spells of service")
    assert snapshot(run_with_areas.home.root) == before


@pytest.mark.parametrize(
    ("out", "options", "words"),
    [
        ("x.xlsx", (), ("lies outside", "--handed-over")),
        ("x.csv", ("--handed-over",), ("must end in .xlsx",)),
        ("nowhere/x.xlsx", ("--handed-over",), ("There is no folder",)),
        ("there.xlsx", ("--handed-over",), ("already there",)),
        ("home/release/x.xlsx", ("--handed-over",), ("figures are published",)),
        ("home/release/public/x.xlsx", ("--handed-over",), ("figures are published",)),
        ("home/release/public/x.xlsx", (), ("figures are published",)),
        ("home/restricted/steward/x.xlsx", ("--handed-over",), ("figures are published",)),
        ("copied/deeper/x.xlsx", ("--handed-over",), ("figures are published",)),
        ("linked/x.xlsx", ("--handed-over",), ("figures are published",)),
        ("home/restricted/returns/../../release/x.xlsx", ("--handed-over",), ("figures are published",)),
        ("home/restricted/x.xlsx", ("--handed-over",), ("among the records",)),
    ],
)
def test_places_that_are_not_allowed(
    returns_copy: CommandLine, tmp_path: Path, out: str, options: tuple[str, ...], words: tuple[str, ...]
) -> None:
    (tmp_path / "there.xlsx").write_text("mine", "utf-8")
    (tmp_path / "copied" / "deeper").mkdir(parents=True)
    (tmp_path / "copied" / "manifest.json").write_text('{"release_id": "abc"}', "utf-8")
    (tmp_path / "linked").symlink_to(returns_copy.home.root / "release" / "public")
    before = snapshot(tmp_path)
    refused(returns_copy(*HHS, "2025-Q1", "--out", tmp_path / out, *options), *words)
    assert snapshot(tmp_path) == before, "nothing is written, and nothing logged"


def test_the_app_s_own_folders_are_no_place(returns_office: Office) -> None:
    place = CATALOG_FOLDER.parents[1] / "ui" / "static" / "x.xlsx"
    refused(returns_office.run(*HHS, "2025-Q1", "--handed-over", "--out", place), "figures are published")
    assert not place.exists()


def test_a_folder_of_returns_that_is_a_link_is_refused(returns_copy: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (returns_copy.home.restricted / "returns").symlink_to(tmp_path / "elsewhere")
    refused(returns_copy(*HHS, "2025-Q1"), "is a link")
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize(
    ("step", "number"), [("open", errno.EROFS), ("fsync", errno.ENOSPC), ("replace", errno.EDQUOT)]
)
def test_a_disk_that_cannot_be_written(
    returns_copy: CommandLine, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    """Wherever the disk refuses, nothing half-written is left."""
    name = "hhs_trafficking-2024-Q4"

    def fails(path: object) -> None:
        if name in str(path):
            raise OSError(number, os.strerror(number), str(path))

    if step == "open":
        opened = os.open
        monkeypatch.setattr(filing.os, "open", lambda path, *rest: (fails(path), opened(path, *rest))[1])
    elif step == "fsync":
        monkeypatch.setattr(filing.os, "fsync", lambda _file: fails(name))
    else:
        replaced = Path.replace
        monkeypatch.setattr(Path, "replace", lambda path, to: (fails(path), replaced(path, to))[1])
    refused(returns_copy(*HHS, "2024-Q4"), os.strerror(number))
    assert not list((returns_copy.home.restricted / "returns").iterdir())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('by = "trafficking_type"', 'by = "race"', ("block[2].by", "'race'", "trafficking_type")),
        ('by = "form"', 'by = "status"', ("'status'", "age_band")),
        (
            'count = ["clients_new", "clients_reopened"]',
            'count = ["clients_now"]',
            ("clients_new", "Did you mean"),
        ),
        (
            'count = ["clients_new", "clients_reopened"]',
            "count = []",
            ("'sheet[1].block[2].count' is empty",),
        ),
        ('label = "By age"', 'label = "By age"\nsize = 3', ("size", "not a known key", "apart")),
        ('periods = ["quarter", "fiscal_year"]', 'periods = ["month"]', ("'month'", "half_year")),
        ("fiscal_year_begins = 10", "fiscal_year_begins = 13", ("1 to 12",)),
        ('sex = ["sexual_exploitation"]', 'sex = ["sex"]', ("'sex'", "sexual_exploitation")),
        ('sex = ["sexual_exploitation"]', 'sex = ["forced_labour"]', ("not under 'sex' too",)),
        ('tab = "Barriers"', 'tab = "Barriers to service delivery"', ("at most 18 letters",)),
        ('tab = "Barriers"', 'tab = "Training"', ("there twice",)),
        ('tab = "Barriers"', 'tab = "Not filled"', ("read first",)),
        ('tab = "Barriers"', 'tab = "a\\u0007"', ("at most 18 letters",)),
        ('code = "closure"', 'code = "entry"', ("there twice",)),
        ('outreach_channel = ["talk"', 'outreach_channel = ["chat"', ("'chat'", "talk")),
        ("only = { outreach_channel", "only = { reach", ("'reach'", "outreach_channel")),
        ('code = "hhs_trafficking"', 'code = "other"', ("'hhs_trafficking', as the file is called",)),
        ('wording = "', 'words = "', ("'wording' is missing",)),
        ('label = "', "label = ", ("not valid TOML",)),
    ],
)
def test_a_return_that_is_written_wrongly_names_the_key_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, words: tuple[str, ...]
) -> None:
    text = (reading.FOLDER / "hhs_trafficking.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "hhs_trafficking.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(EtlError) as found:
        read_return("hhs_trafficking", tmp_path)
    assert found.value.message.startswith("data/catalog/returns/hhs_trafficking.toml")
    assert found.value.next_step
    for word in words:
        assert word in found.value.message, found.value.message


def test_what_a_return_may_ask_is_no_text_of_sql(tmp_path: Path) -> None:
    """Divisions, counts and codes go by closed lists: nothing of a file gets into a statement."""
    text = (reading.FOLDER / "hhs_trafficking.toml").read_text("utf-8")
    for key in ("by", "apart"):
        hostile = re.sub(
            r'by = "form"', f'{key} = "form) UNION SELECT * FROM stage.person --"', text, count=1
        )
        (tmp_path / "hhs_trafficking.toml").write_text(hostile, "utf-8")
        with pytest.raises(EtlError):
            read_return("hhs_trafficking", tmp_path)


@pytest.mark.parametrize(
    "damage", ["", "[]", "{}", '{"format": 1, "cells": [], "flow": 3, "period": 1}', '{"format": 2}']
)
def test_figures_that_are_damaged_are_no_figures(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "hhs_trafficking-2024-Q4.json"
    path.write_text(damage, "utf-8")
    assert read_figures(path) is None


def test_another_load_that_runs_is_waited_for_or_named(returns_copy: CommandLine) -> None:
    with exclusive(returns_copy.home):
        assert returns_copy(*HHS, "2025-Q1").code == 3
