"""Published counts by mapping: all that is accepted can be asked for; what could not be shown is refused."""

import contextlib
import io
import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from analysis import Question, answer, open_release
from analysis.__main__ import main as analysis_main
from analysis.catalog.load import load_catalog
from analysis.catalog.model import Measure
from analysis.release.catalog_of_release import catalog_for
from analysis.release.release import Release
from etl.contracts.batch import Batch
from etl.contracts.check import check
from etl.sources.published import _nrm_series, fbi_offences, us_hotline
from tests.etl.made_home import AREAS, AREAS_MAPPING, CommandLine
from tests.etl.published_by_mapping import deliver

PUBLISHED = Path(us_hotline.__file__).parent
STAGES = ("reasonable", "conclusive")
SERIES = '[[series]]\ncode = "helpline_calls"\n'
LABEL = 'label = "Calls to the state helpline"'
UNIT = 'unit = "calls"'


def released(run: CommandLine) -> Release:
    assert run("release").code == 0
    return open_release(run.home.root / "release" / "public")


def said(*words: object) -> str:
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        assert analysis_main([str(word) for word in words]) == 0
    out.seek(0)
    return out.read()


def test_a_series_that_no_measure_reads_becomes_one_of_its_source(
    run_with_areas: CommandLine, tmp_path: Path
) -> None:
    told = run_with_areas.load(deliver(tmp_path))
    assert told.code == 0, told.out
    assert told.values["files"][0]["rows_accepted"] == 6
    release = released(run_with_areas)
    assert "helpline_calls" not in load_catalog().measures
    measure: Measure = catalog_for(release).measures["helpline_calls"]
    assert (measure.label, measure.unit) == ("Calls to the state helpline", "calls")
    assert measure.sources == ("Office of the state helpline",)
    assert {"explore", "trends", "geography"} <= set(measure.pages)
    [found] = answer([Question("helpline_calls", ("period", "area"), area_level=2)], release)
    rows = found.frame.select("period", "area", "value", "marker").rows()
    assert sorted(rows) == [
        ("2022", "R11", 12.0, ""),
        ("2022", "R12", None, "c"),
        ("2022", "R21", 1.0, ""),
        ("2023", "R11", 15.0, ""),
        ("2023", "R12", 7.0, "p"),
        ("2023", "R21", 3.0, ""),
    ]
    assert "Office of the state helpline" in found.source
    assert "State helpline" in found.source
    folder = release.folder
    table = said("answer", "--measure", "helpline_calls", "--by", "period", "--release", folder)
    assert table.splitlines()[2].startswith(
        "helpline_calls,Calls to the state helpline,all,Riverland,2023,25,"
    )
    assert "helpline_calls" in said("catalog", "--release", folder)
    assert "helpline_calls" not in said("catalog")


def test_its_words_never_come_from_a_cell_and_are_those_of_the_mapping_read_last(
    run_with_areas: CommandLine, tmp_path: Path
) -> None:
    rows = "R11,2022,Calls,12,\nR11,2022,Jane Doe,1,\nR11,2022,helpline_mails,1,\n"
    told = run_with_areas.load(deliver(tmp_path, rows))
    assert told.code == 0, told.out
    assert told.values["files"][0]["rejected"] == [
        {"table": "observation", "rule": "unknown_code", "column": "measure", "rows": 2, "lines": [3, 4]}
    ]
    again = deliver(tmp_path, "R11,2022,Calls,13,\n", (LABEL, 'label = "Helpline calls"'))
    assert run_with_areas.load(again).code == 0
    release = released(run_with_areas)
    assert release.rows("SELECT code, label, unit FROM series") == [
        ("helpline_calls", "Helpline calls", "calls")
    ]
    assert release.rows("SELECT measure, unit, value FROM observation") == [("helpline_calls", "calls", 13.0)]
    assert b"Jane" not in (release.folder / f"release-{release.release_id}.duckdb").read_bytes()


def test_a_release_without_such_a_series_has_no_table_for_it(
    run_with_areas: CommandLine, tmp_path: Path
) -> None:
    assert "series" not in released(run_with_areas).columns


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (LABEL, 'label = "Calls <b>now</b>"', "'series[1].label' is no plain text"),
        (LABEL, 'label = "Calls\\u202Enow"', "'series[1].label' is no plain text"),
        (LABEL, 'label = "Calls $x$"', "no plain text"),
        (LABEL, f'label = "{"calls " * 30}"', "at most 90"),
        (LABEL, 'label = "Calls per 1,000 residents"', "cannot be added"),
        (UNIT, 'unit = "percent"', "cannot be added"),
        (UNIT, "", "'series[1].unit' is missing"),
        ('publisher = "Office of the state helpline"', "", "'source.publisher' is missing"),
        ('publisher = "Office of the state helpline"', 'publisher = "[x](y)"', "no plain text"),
        ('"helpline_calls"\nlabel', '"detected_persons"\nlabel', "the catalog has as a measure"),
        (SERIES, '[[series]]\ncode = "Helpline Calls"\n', "small letters"),
        ('id = "state_helpline"', 'id = "own"', "another code"),
        ("[table.values.measure]", '[table.constants]\nunit = "calls"\n[table.values.measure]', "said once"),
        ("[table.values.measure]", '[table.constants]\nsource = "nrm"\n[table.values.measure]', "said once"),
        ("[table.values.measure]", '[table.markers]\n"5" = "c"\n[table.values.measure]', "a number or blank"),
        (
            "[table.values.measure]",
            '[table.markers]\n"*" = "s"\n[table.values.measure]',
            "allowed: c, x, p, r",
        ),
        ('"Calls" = "helpline_calls"', '"Calls" = "helpline_mails"', "allowed: helpline_calls"),
        (
            'value = "Number"',
            'value = "Number"\nresponder = "What"',
            "'table[1].values.responder' is missing",
        ),
        (
            "[[table]]",
            '[[table]]\nname = "person"\n[table.columns]\nperiod = "Year"\n[[table]]',
            "of their own",
        ),
    ],
)
def test_a_mapping_that_cannot_say_it_plainly_is_refused(
    run_with_areas: CommandLine, tmp_path: Path, old: str, new: str, words: str
) -> None:
    told = run_with_areas.load(deliver(tmp_path, "R11,2022,Calls,12,\n", (old, new)))
    assert told.code == 1, told.out
    assert words in told.values["error"], told.values["error"]


def test_without_a_series_nothing_is_taken(run_with_areas: CommandLine, tmp_path: Path) -> None:
    files = deliver(tmp_path, "R11,2022,Calls,12,\n", (f"{SERIES}{LABEL}\n{UNIT}\n", ""))
    told = run_with_areas.load(files)
    assert told.code == 1
    assert "'series' is missing" in told.values["error"]
    assert run_with_areas.query("SELECT count(*) FROM mart.observation") == [(0,)]


def test_areas_are_found_by_name_and_those_of_two_are_rejected_by_line(
    run_with_areas: CommandLine, tmp_path: Path
) -> None:
    more, areas = tmp_path / "more.csv", tmp_path / "twins.toml"
    more.write_text(AREAS + "R22,Alder Vale,2,district,R2\n", "utf-8")
    areas.write_text(AREAS_MAPPING.format(synthetic="false"), "utf-8")
    assert run_with_areas.load((more, areas)).code == 0
    rows = (
        'Alder Vale,2022,Calls,1,\nALDER VALE,2022,Calls,2,\n"Alder Vale, Upper",2022,Calls,3,\n'
        "Birch  End.,2022,Calls,4,\nAtlantis,2022,Calls,5,\n"
    )
    told = run_with_areas.load(deliver(tmp_path, rows), "--accept", "rejected")
    assert told.code == 0, told.out
    found = {one["rule"]: one["lines"] for one in told.values["files"][0]["rejected"]}
    assert found == {"ambiguous_area": [2, 3], "unknown_area": [6]}
    assert run_with_areas.query("SELECT area_code, value FROM mart.observation ORDER BY ALL") == [
        ("R11", 3.0),
        ("R12", 4.0),
    ]


def test_markers_come_from_the_closed_list(run_with_areas: CommandLine, tmp_path: Path) -> None:
    rows = (
        "R11,2022,Calls,,Suppressed\nR12,2022,Calls,,not available\nR21,2022,Calls,5,p\n"
        "R11,2023,Calls,6,revised\nR12,2023,Calls,7,see note 4\nR21,2023,Calls,8,c\n"
    )
    told = run_with_areas.load(deliver(tmp_path, rows), "--accept", "rejected")
    assert told.code == 0, told.out
    found = {(one["rule"], one["column"]): one["lines"] for one in told.values["files"][0]["rejected"]}
    assert found == {("unknown_code", "marker"): [6], ("value_beside_hidden", "marker"): [7]}
    markers = run_with_areas.query("SELECT marker FROM mart.observation ORDER BY period, area_code")
    assert markers == [("c",), ("x",), ("p",), ("r",)]


def test_a_sign_in_place_of_a_number_is_a_marker_where_the_mapping_says_so(
    run_with_areas: CommandLine, tmp_path: Path
) -> None:
    rows = (
        "R11,2022,Calls,*,\nR12,2022,Calls,[X],\nR21,2022,Calls,5,\nR11,2023,Calls,#,\nR12,2023,Calls,<5,\n"
    )
    signs = '[table.markers]\n"*" = "c"\n"[x]" = "x"\n[table.values.measure]'
    files = deliver(tmp_path, rows, ("[table.values.measure]", signs))
    told = run_with_areas.load(files, "--accept", "rejected")
    assert told.code == 0, told.out
    found = {one["rule"]: one["lines"] for one in told.values["files"][0]["rejected"]}
    assert found == {"not_a_number": [5], "hidden_by_publisher": [6]}
    kept = run_with_areas.query("SELECT area_code, value, marker FROM mart.observation ORDER BY area_code")
    assert kept == [("R11", None, "c"), ("R12", None, "x"), ("R21", 5.0, "")]


def test_divisions_hold_codes_of_the_catalog_only(run_with_areas: CommandLine, tmp_path: Path) -> None:
    header = "Area,Year,What,Number,Mark,Sex\n"
    rows = "R11,2022,Calls,1,,female\nR11,2022,Calls,2,,Jane Doe\nR11,2022,Calls,4,,male\n"
    files = deliver(tmp_path, rows, ('value = "Number"', 'value = "Number"\ngender = "Sex"'), header=header)
    told = run_with_areas.load(files)
    assert told.code == 0, told.out
    assert [one["column"] for one in told.values["files"][0]["rejected"]] == ["gender"]
    release = released(run_with_areas)
    [found] = answer([Question("helpline_calls", ("gender",))], release)
    assert found.frame.select("gender", "value").rows() == [("female", 1.0), ("male", 4.0)]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("R11,2022,Calls,1,\nR12,2022,Calls,2,\nR1,2022,Calls,3,\n", "(R1), in one period"),
        ("R11,2022,Calls,1,\nUpper,2022,Calls,3,\n", "(R1), in one period"),
        ("R11,2022,Calls,1,\nR,2022-01-01,Calls,3,\nR,2022,Calls,3,\n", "(R), in one period"),
        ("R11,2022,Calls,1,\n,2022,Calls,3,\n", "(rows without an area)"),
        ("R11,2022,Calls,1,\nR11,2023-Q1,Calls,3,\n", "more than one length (quarter, year)"),
    ],
)
def test_what_could_be_a_total_of_other_rows_is_refused(
    run_with_areas: CommandLine, tmp_path: Path, rows: str, words: str
) -> None:
    told = run_with_areas.load(deliver(tmp_path, rows))
    assert told.code == 1, told.out
    assert words in told.values["error"]


def test_the_rest_of_an_area_is_taken_where_the_mapping_says_so(
    run_with_areas: CommandLine, tmp_path: Path
) -> None:
    rows = "R11,2022,Calls,1,\nR12,2022,Calls,2,\nR1,2022,Calls,3,\n"
    assert run_with_areas.load(deliver(tmp_path, rows, (UNIT, f"{UNIT}\nrest = true"))).code == 0
    [found] = answer([Question("helpline_calls", ("area",), area_level=1)], released(run_with_areas))
    assert found.frame.filter(found.frame["area"] == "R1")["value"].to_list() == [6.0]


def test_rows_half_divided_and_periods_of_two_loads_are_refused(
    run_with_areas: CommandLine, tmp_path: Path
) -> None:
    header = "Area,Year,What,Number,Mark,Sex\n"
    half = deliver(
        tmp_path,
        "R11,2022,Calls,1,,female\nR11,2022,Calls,4,,\n",
        ('value = "Number"', 'value = "Number"\ngender = "Sex"'),
        header=header,
    )
    told = run_with_areas.load(half)
    assert told.code == 1
    assert "not split by 'gender'" in told.values["error"]
    assert run_with_areas.load(deliver(tmp_path)).code == 0
    later = deliver(
        tmp_path, "R11,2024-Q1,Calls,1,\n", ("2022-01..2023-12", "2024-01..2024-03"), name="later"
    )
    told = run_with_areas.load(later)
    assert told.code == 1
    assert "with what is loaded" in told.values["error"]


def test_another_source_cannot_take_the_name_of_a_series(run_with_areas: CommandLine, tmp_path: Path) -> None:
    assert run_with_areas.load(deliver(tmp_path)).code == 0
    other = deliver(tmp_path, "R11,2022,Calls,9,\n", ('id = "state_helpline"', 'id = "other"'), name="other")
    told = run_with_areas.load(other)
    assert told.code == 1
    assert "from the source 'state_helpline'" in told.values["error"]


def test_every_series_of_a_source_module_is_read_by_a_measure() -> None:
    read = {
        (measure.source, name)
        for measure in load_catalog().measures.values()
        if measure.door == "published"
        for name in (measure.observation, measure.observation_base)
    }
    made = {("us_hotline", measure) for measure, _ in us_hotline.MEASURES.values()}
    made |= {("fbi_offences", measure) for measure in fbi_offences.MEASURES.values()}
    made |= {("fbi_offences", measure) for measure, _ in fbi_offences.COVERAGE.values()}
    modules = [path for path in PUBLISHED.glob("_nrm*.py")]
    named = {name for path in modules for name in re.findall(r'"(nrm_[a-z_]+)"', path.read_text("utf-8"))}
    assert "nrm_referrals_series" in named
    made |= {("nrm", name) for name in named}
    made |= {
        ("nrm", f"nrm_{stage}_grounds_{what}") for stage in STAGES for what in _nrm_series.OUTCOMES.values()
    }
    assert made <= read, made - read


def test_a_count_that_comes_twice_is_not_added(run_with_areas: CommandLine, tmp_path: Path) -> None:
    rows = "R11,2022,Calls,5,\nAlder Vale,2022.0,Calls,7,\nR11,2023,Calls,1,\nR11,2022,Calls,5,\n"
    told = run_with_areas.load(deliver(tmp_path, rows))
    assert told.code == 0, told.out
    assert told.values["files"][0]["rejected"] == [
        {"table": "observation", "rule": "duplicate_key", "column": "period", "rows": 2, "lines": [3, 5]}
    ]
    assert run_with_areas.query("SELECT sum(value) FROM stage.observation") == [(6,)]


@pytest.mark.parametrize(
    ("unit", "is_count"), [("people charged", True), ("dollars", False), ("hours", False)]
)
def test_a_count_is_whole_and_money_is_not(
    run_with_areas: CommandLine, tmp_path: Path, unit: str, is_count: bool
) -> None:
    rows = "R11,2022,Calls,1.5,\nR12,2022,Calls,2,\n"
    told = run_with_areas.load(deliver(tmp_path, rows, (UNIT, f'unit = "{unit}"')))
    assert told.code == 0, told.out
    rules = [one["rule"] for one in told.values["files"][0]["rejected"]]
    assert rules == (["not_a_whole_number"] if is_count else [])


def test_a_blank_division_is_no_category_of_it() -> None:
    base = {"measure": "nrm_referrals", "unit": "people", "period": "2023-Q3", "value": "5"}
    genders = ["not_recorded", None, "Not_Recorded ", "female"]
    rows = [{**base, "gender": code, "_line": line} for line, code in enumerate(genders, 2)]
    found = check(Batch.of("observation", pl.DataFrame(rows)), date(2024, 1, 1))
    assert found.rejected.select("line", "rule").rows() == [(4, "duplicate_key")]
