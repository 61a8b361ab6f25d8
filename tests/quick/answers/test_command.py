"""The door from a terminal."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from analysis.cli import main
from analysis.exports.formats.safe_cells import harmless_frame
from analysis.exports.words import SYNTHETIC
from tests import example_release
from tests.example_release import observation_table
from tests.support import PROJECT


def run(capsys, *words):
    code = main([str(word) for word in words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_a_table_goes_out_and_its_words_beside_it(capsys, folder):
    code, out, err = run(capsys, "answer", "--measure", "child_share", "--by", "period", "--release", folder)
    assert code == 0
    assert out.splitlines()[0] == (
        "measure,measure_label,area,area_label,period,value,denominator,lower,upper,marker,"
        "cells_shown,cells_total,unit,release"
    )
    assert len(out.splitlines()) == 6
    for words in (SYNTHETIC, "share of children", "Source: Example task force"):
        assert words in err


def test_json_carries_everything(capsys, folder):
    words = (
        "--by",
        "form",
        "--where",
        "gender=female",
        "area=C1",
        "--periods",
        "2024..2025",
        "--format",
        "json",
    )
    code, out, _ = run(capsys, "answer", "--measure", "detected_persons", *words, "--release", folder)
    said = json.loads(out)
    assert code == 0 and len(said["rows"]) == 8
    assert {
        "headline",
        "title",
        "unit",
        "source",
        "as_of",
        "caveats",
        "notes",
        "synthetic",
        "release_id",
    } <= set(said)


def test_parquet_in_a_file(capsys, folder, tmp_path):
    file = tmp_path / "out.parquet"
    words = (
        "--measure",
        "detected_persons",
        "--by",
        "period",
        "--period-level",
        "quarter",
        "--format",
        "parquet",
    )
    code, out, _ = run(capsys, "answer", *words, "--out", file, "--release", folder)
    assert code == 0 and out == "" and pl.read_parquet(file).height == 20
    assert pl.read_parquet_metadata(file)["unit"] == "people"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["answer", "--measure", "nothing"], "is not a measure"),
        (["answer", "--measure", "detected_persons", "--where", "gender!=female"], "cannot say 'not'"),
        (["answer", "--measure", "detected_persons", "--where", "gender"], "is not a filter"),
        (["answer", "--measure", "detected_persons", "--periods", "2024-01-01..2025"], "is not a period"),
        (
            ["answer", "--measure", "detected_persons", "--by", "sector", "control_method"],
            "Only one of these",
        ),
        (["answer", "--measure", "detected_persons", "--by", "area", "area"], "'area' more than once"),
        (["answer", "--measure", "hidden_population"], "analysis register hidden_population --package"),
        (["answer", "--measure", "detected_persons", "--out", "x.txt"], "'txt' is no format"),
        (["answer", "--measure", "detected_persons", "--out", "x.pdf", "--format", "csv"], "ends in .pdf"),
        (["answer", "--measure", "detected_persons", "--package", "x.xlsx"], "ends in .xlsx"),
        (["register", "--package", "x.zip"], "No register is named"),
        (["register", "law_provision", "--package", "x.csv"], "ends in .csv"),
        (["count", "--period", "2024..2025"], "not one published number"),
        (["count", "--period", "2024", "--subject", "meeting"], "is not counted"),
    ],
)
def test_refusals_are_two_lines_and_code_1(capsys, folder, words, said):
    code, out, err = run(capsys, *words, "--release", folder)
    assert code == 1 and out == "" and said in err and "Traceback" not in err
    assert err.startswith("Error: ") and len(err.strip().splitlines()) == 2


def test_a_terminal_gets_no_bytes_and_a_pipe_does(capsysbinary, folder, monkeypatch):
    words = ["answer", "--measure", "detected_persons", "--format", "parquet", "--release", str(folder)]
    assert main(words) == 0 and capsysbinary.readouterr().out.startswith(b"PAR1")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert main(words) == 1
    said = capsysbinary.readouterr()
    assert said.out == b"" and b"--out detected_persons.parquet" in said.err


def test_wrong_usage_is_code_2(capsys):
    for words in (
        ["answer"],
        ["nothing"],
        [],
        ["answer", "--measure", "m", "--format", "docx"],
        ["answer", "--measure", "m", "--out", "a", "--package", "b"],
    ):
        with pytest.raises(SystemExit) as caught:
            main(words)
        assert caught.value.code == 2
    capsys.readouterr()


def test_a_missing_release_names_the_command(capsys, tmp_path):
    code, _, err = run(capsys, "count", "--period", "2024", "--release", tmp_path / "none")
    assert code == 1 and "python -m etl" in err and str(tmp_path) not in err


def test_a_file_that_cannot_be_written(capsys, folder, tmp_path):
    out = tmp_path / "no" / "folder.csv"
    code, _, err = run(capsys, "answer", "--measure", "detected_persons", "--out", out, "--release", folder)
    assert code == 1 and "cannot be written" in err and "Traceback" not in err


def test_groups_of_one_period_are_told_by_their_numbers(capsys, folder):
    """Nothing can be compared with one year alone, and yet the figures are there."""
    words = ("--measure", "detected_persons", "--by", "period", "gender", "--periods", "2024")
    code, _, err = run(capsys, "answer", *words, "--release", folder)
    assert code == 0 and "only what was not recorded" not in err
    assert "omen and girls" in err or "en and boys" in err, err


def test_the_catalog(capsys):
    code, out, _ = run(capsys, "catalog")
    assert code == 0 and "detected_persons" in out and "*control_method" in out and "4 by year" in out
    assert "Area band [one of five bands" in out
    code, out, _ = run(capsys, "catalog", "--format", "json")
    listed = json.loads(out)
    assert "female" in {code for one in listed["dimensions"] for code in one["codes"]}
    assert {one["code"] for one in listed["measures"]} >= {"detected_persons", "child_share"}
    assert "area_band" in out and "area_band" in {one["code"] for one in listed["derived"]}


@pytest.mark.parametrize(
    "words", [["--help"], ["answer", "--help"], ["count", "--help"], ["catalog", "--help"]]
)
def test_help(capsys, words):
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 0 and "usage: python -m analysis" in capsys.readouterr().out


@pytest.mark.command
def test_as_a_command_and_into_a_closed_pipe(folder):
    environment = {**os.environ, "LTT_RELEASE": str(folder)}
    done = subprocess.run(  # noqa: PLW1510
        [sys.executable, "-m", "analysis", "count", "--period", "2024"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout.strip().isdigit()) == (0, True), done
    assert done.stderr == f"{SYNTHETIC}\n"
    shell = f"{sys.executable} -m analysis catalog --format json | head -c 10"
    done = subprocess.run(shell, shell=True, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr


@pytest.mark.command
def test_no_progress_bar_of_the_database_stands_in_what_a_slow_command_prints(folder):
    """A program without a file of its own is what DuckDB takes for a person at a prompt."""
    program = (
        "import pathlib, sys; from analysis import open_release; "
        "release = open_release(pathlib.Path(sys.argv[1])); "
        "print(*release.rows(\"SELECT current_setting('enable_progress_bar')\")[0], "
        "*release.rows(\"SELECT current_setting('lock_configuration')\")[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True"]


def test_the_stewards_numbers_are_stamped_and_logged(capsys, exact_folder):
    code, out, err = run(
        capsys, "count", "--period", "2024", "--where", "gender=female", "--release", exact_folder
    )
    assert code == 0 and int(out) > 0 and "Restricted: exact small numbers, do not share." in err
    log = exact_folder.parent / "access.log"
    line = json.loads(log.read_text().splitlines()[-1])
    assert line["question"] == "person 2024 ['gender=female']" and out.strip() not in line.values()
    assert log.stat().st_mode & 0o077 == 0


def test_without_a_log_nothing_is_handed_over(capsys, exact_folder, monkeypatch):
    monkeypatch.setenv("LTT_ACCESS_LOG", str(exact_folder / "no" / "log"))
    code, out, err = run(capsys, "count", "--period", "2024", "--release", exact_folder)
    assert code == 1 and out == "" and "nothing was handed over" in err


LOOKS = (
    ("2026-01-31T23:59:59+00:00", "pat@partner.example", "page", "trends", ""),
    ("2026-02-01T00:00:00+00:00", "kim@other.example", "file", "PARTNER_trends.csv", "ab12"),
    ("2026-02-02T08:00:00+00:00", "", "screen", "screen", ""),
)


@pytest.fixture
def looks(tmp_path):
    log = tmp_path / "access.log"
    lines = [
        json.dumps(
            {"at": at, "event": event, "who": who, "profile": "partner", "release_id": "r1", "name": name}
            | {"question": "Whole region", "sha256": digest}
        )
        for at, who, event, name, digest in LOOKS
    ]
    log.with_name("access.log.1").write_text(f"{lines[0]}\n", "utf-8")
    log.write_text("".join(f"{line}\n" for line in lines[1:]), "utf-8")
    return log


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ((), ["2026-01-31", "2026-02-01", "2026-02-02"]),
        (("--who", "PARTNER.example"), ["2026-01-31"]),
        (("--since", "2026-02-01"), ["2026-02-01", "2026-02-02"]),
        (("--since", "2026-02-01", "--who", "kim"), ["2026-02-01"]),
        (("--who", "nobody"), []),
    ],
)
def test_who_looked_is_told_from_all_logs(capsys, looks, words, days):
    code, out, err = run(capsys, "access-log", looks, *words)
    assert code == 0 and [line[:10] for line in out.splitlines()] == days
    assert err == f"{len(days)} {'look' if len(days) == 1 else 'looks'}.\n"
    code, out, err = run(capsys, "access-log", looks, *words, "--format", "json")
    assert (code, err) == (0, "") and [entry["at"][:10] for entry in json.loads(out)] == days


def test_a_look_of_nobody_by_name_is_shown_as_a_dash(capsys, looks):
    _, out, _ = run(capsys, "access-log", looks, "--since", "2026-02-02")
    assert out == "2026-02-02T08:00:00+00:00  -  partner  screen  screen  Whole region\n"


def test_a_look_is_one_line_whatever_was_asked(capsys, tmp_path):
    log = tmp_path / "access.log"
    entry = {"at": "2026-01-01", "who": "pat", "question": "a\n2026-01-02  kim\x1b[2J\u2028b"}
    log.write_text(f"{json.dumps(entry)}\n", "utf-8")
    _, out, _ = run(capsys, "access-log", log)
    assert out == "2026-01-01  pat  -  -  -  a2026-01-02  kim[2Jb\n"


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01", "01.02.2026", "2026"])
def test_a_day_that_is_none_is_refused_and_not_taken_for_one_without_looks(capsys, looks, since):
    with pytest.raises(SystemExit) as refused:
        run(capsys, "access-log", looks, "--since", since)
    assert refused.value.code == 2 and "--since" in capsys.readouterr().err


def test_no_log_and_a_changed_one_are_told(capsys, looks, tmp_path):
    code, out, err = run(capsys, "access-log", tmp_path / "other.log")
    assert (code, out) == (1, "") and "other.log" in err and str(tmp_path) not in err
    looks.write_text("x\n", "utf-8")
    code, _, err = run(capsys, "access-log", looks)
    assert code == 1 and "line 1" in err


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", '"=1', "\t=1", "\r1", "＝1"])
def test_texts_that_a_spreadsheet_would_run(text):
    frame = harmless_frame(pl.DataFrame({"code": [text, "plain"], "value": [-1.0, 2.0]}))
    assert frame["code"][0].startswith("'") and frame["code"][1] == "plain"
    assert frame["value"].to_list() == [-1.0, 2.0]
    assert not Path(text).is_absolute()


def test_a_series_without_a_whole_year_is_answered_at_its_own_level(capsys, tmp_path, monkeypatch):
    quarters = (
        observation_table()
        .filter(pl.col("period") == "2024")
        .with_columns(period=pl.lit("2024-Q3"), period_level=pl.lit("quarter"))
    )
    monkeypatch.setattr(example_release, "observation_table", lambda: quarters)
    # A size that no other test builds: releases are kept by their settings.
    made = example_release.build(tmp_path / "public", persons=61)
    words = ("--measure", "fbi_offences_known", "--by", "period", "--release", made)
    code, out, err = run(capsys, "answer", *words)
    assert code == 0, err
    assert [row["period"] for row in csv.DictReader(io.StringIO(out))] == ["2024-Q3"]


def test_a_citation_does_not_begin_with_the_word_that_stands_before_it(capsys, folder):
    words = (
        "--measure",
        "detected_persons",
        "--collection",
        example_release.OTHER_COLLECTION,
        "--release",
        folder,
    )
    _, _, err = run(capsys, "answer", *words)
    assert "\nSource: An outside register, made-up records\n" in err


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "trends", "https://", "http://[", "https://a.example\n"]
)
def test_an_address_that_nobody_can_follow_is_no_link(capsys, link):
    with pytest.raises(SystemExit, match="2"):
        main(["answer", "--measure", "child_share", "--link", link])
    assert "is no address. Allowed: one such as https://" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "begins"), [("a.xlsx", b"PK"), ("A.JSON", b"{"), ("a", b"measure,")])
def test_a_file_is_what_its_name_says(capsys, folder, tmp_path, name, begins):
    out = tmp_path / name
    words = ("--measure", "detected_persons", "--by", "period", "--out", out, "--release", folder)
    assert run(capsys, "answer", *words)[0] == 0
    assert out.read_bytes().startswith(begins)
