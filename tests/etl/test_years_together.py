"""Published counts of several years together: shown as they are, never divided, never added up."""

import csv
import io
import shutil
import zipfile
from pathlib import Path

import pytest

from analysis import Question, answer, open_release
from analysis.__main__ import main as analysis_main
from analysis.api.questions import asked_as, ends_of
from analysis.errors import NotPermitted
from analysis.exports.from_release import export_items
from analysis.exports.permalink import permalink
from analysis.exports.scope import span_of as span_of_table
from analysis.findings.groups import standard
from analysis.findings.scope import scope_of
from analysis.findings.sentences import say
from analysis.periods import label_of, label_of_range, span_of
from analysis.questions.filters import Filters
from analysis.release.catalog_of_release import catalog_for
from analysis.release.release import Release
from etl.contracts.rules import rule_words
from tests.etl.made_home import CommandLine, Deliverer, command_line
from tests.etl.published_by_mapping import deliver

YEARS = (
    ('period = "2022-01..2023-12"', 'period = "2014..2021"'),
    ('period_resolution = "year"', 'period_resolution = "years"'),
)
SERIES = '[[series]]\ncode = "helpline_calls"\nlabel = "Calls to the state helpline"\nunit = "calls"\n'
ROWS = (
    "Alder Vale,2014-2016,Calls,12,\nAlder Vale,2017–2019,Calls,15,\nAlder Vale,2019 to 2021,Calls,20,\n"
    "Birch End,2014/2016,Calls,9,\nBirch End,2017-2019,Calls,,suppressed\nR21,2014-2016,Calls,1,\n"
    "R21,2019-2021,Calls,4,\n"
)


def released(run: CommandLine) -> Release:
    assert run("release").code == 0
    return open_release(run.home.release("public"))


@pytest.fixture(scope="module")
def release(areas_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of `ROWS`, made once; nothing may be written there."""
    folder = tmp_path_factory.mktemp("years")
    run = command_line(shutil.copytree(areas_home, folder / "home"))
    told = run.load(deliver(folder, ROWS, *YEARS))
    assert told.code == 0, told.out
    return released(run)


def rows_of(release: Release, *by: str, **parts: object) -> list[tuple[object, ...]]:
    [found] = answer([Question("helpline_calls", by, **parts)], release)
    return found.frame.select(*by, "value", "marker").rows()


def test_each_number_keeps_its_years(release: Release) -> None:
    assert rows_of(release, "period") == [
        ("2014-2016", 22.0, ""),
        ("2017-2019", 15.0, ""),
        ("2019-2021", 24.0, ""),
    ]
    by_area = rows_of(release, "period", "area", area_level=2)
    assert ("2017-2019", "R12", None, "c") in by_area
    assert ("2019-2021", "R12", None, "x") in by_area
    assert ("2014-2016", "R11", 12.0, "") in by_area


def test_without_rows_by_period_the_newest_years_stand_for_themselves(release: Release) -> None:
    assert rows_of(release) == [(24.0, "")]
    [found] = answer([Question("helpline_calls")], release)
    assert found.notes[0] == (
        "The figure is of 2019–2021 together: it is not divided over the years, and figures of other years "
        "are not added to it."
    )
    assert found.checked is not None and found.checked.held == ("2019", "2021")
    assert found.is_together
    assert say(standard(found, scope_of(found, Filters()))) == "Calls to the state helpline: 24, 2019–2021."


@pytest.mark.parametrize(
    ("ends", "rows"),
    [
        (("2014", "2016"), ["2014-2016"]),
        (("2013", "2019"), ["2014-2016", "2017-2019"]),
        (("2015", "2021"), ["2017-2019", "2019-2021"]),
        (("2017-2019", "2017-2019"), ["2017-2019"]),
        (("2014-01", "2016-12"), ["2014-2016"]),
    ],
)
def test_only_years_that_lie_wholly_in_the_chosen_ones_are_shown(
    release: Release, ends: tuple[str, str], rows: list[str]
) -> None:
    assert [row[0] for row in rows_of(release, "period", periods=ends)] == rows
    [newest] = answer([Question("helpline_calls", periods=ends)], release)
    assert newest.checked is not None and newest.checked.axis("period").codes == (rows[-1],)


@pytest.mark.parametrize("ends", [("2018", "2018"), ("2015", "2018"), ("2020-Q1", "2021-Q4")])
def test_a_part_of_the_years_has_no_figure(release: Release, ends: tuple[str, str]) -> None:
    with pytest.raises(NotPermitted) as caught:
        rows_of(release, "period", periods=ends)
    assert "2014–2016, 2017–2019, 2019–2021" in caught.value.next_step
    with pytest.raises(NotPermitted):
        rows_of(release, periods=ends)


@pytest.mark.parametrize("level", ["quarter", "month", "half", "year10"])
def test_there_is_no_finer_level_and_no_other_year(release: Release, level: str) -> None:
    with pytest.raises(NotPermitted):
        rows_of(release, "period", period_level=level)


def test_years_together_are_no_period_of_other_figures(run_with_areas: CommandLine, tmp_path: Path) -> None:
    assert run_with_areas.load(deliver(tmp_path)).code == 0
    release = released(run_with_areas)
    [refused] = answer(
        [Question("helpline_calls", periods=("2022-2023", "2022-2023"))], release, strict=False
    )
    assert "is not a period" in str(refused.refusal)


def test_its_measure_is_no_course_over_time_and_says_what_it_is(release: Release) -> None:
    measure = catalog_for(release).measures["helpline_calls"]
    assert measure.pages == ("geography", "explore")
    assert "of several years together" in measure.formula
    assert measure.over_time == "last"
    [found] = answer([Question("helpline_calls", ("period",))], release)
    assert found.notes[0] == (
        "Each row is of several years together. Rows are not divided over the years, and not added up."
    )


def test_a_package_says_what_each_number_is(release: Release, tmp_path: Path) -> None:
    package = tmp_path / "p.zip"
    words = ("answer", "--release", str(release.folder), "--measure", "helpline_calls", "--by", "period")
    assert analysis_main([*words, "--package", str(package)]) == 0
    with zipfile.ZipFile(package) as archive:
        [table] = [
            name for name in archive.namelist() if name.startswith("helpline") and name.endswith(".csv")
        ]
        rows = list(csv.DictReader(io.TextIOWrapper(archive.open(table), "utf-8")))
        texts = " ".join(
            archive.read(name).decode() for name in ("measures.md", "dictionary.csv", "README.txt")
        )
    assert [(row["period"], row["value"]) for row in rows] == [
        ("2014-2016", "22"),
        ("2017-2019", "15"),
        ("2019-2021", "24"),
    ]
    assert "must not be added to numbers of other years" in texts
    assert "Years that are published together" in texts
    assert "Months and quarters add up" not in texts


@pytest.mark.parametrize(
    ("period", "rule"),
    [
        ("2016-2014", "years_reversed"),
        ("2018", "not_several_years"),
        ("2018.0", "not_several_years"),
        ("2018-2018", "not_several_years"),
        ("2018-Q1", "not_several_years"),
        ("2018-03", "not_several_years"),
        ("2018-19", "not_several_years"),
        ("FY2018", "not_several_years"),
        ("soon", "not_a_period"),
        ("2014-2016 and 2018", "not_a_period"),
        ("1014-2016", "impossible_period"),
        ("2013-2015", "outside_declared_period"),
        ("2020-2022", "outside_declared_period"),
        ("2014 – 2016", "duplicate_key"),
    ],
)
def test_what_is_no_such_period_is_rejected_by_its_line(
    run_with_areas: CommandLine, tmp_path: Path, period: str, rule: str
) -> None:
    rows = f"{ROWS}Alder Vale,{period},Calls,3,\n"
    told = run_with_areas.load(deliver(tmp_path, rows, *YEARS), "--accept", "rejected")
    assert told.code == 0, told.out
    [rejected] = told.values["files"][0]["rejected"]
    assert (rejected["rule"], rejected["lines"]) == (rule, [9])
    assert rule_words("observation", rule).endswith(".")


def test_years_that_are_not_over_are_outside_of_what_the_file_covers(
    run_with_areas: CommandLine, tmp_path: Path
) -> None:
    future = (('period = "2022-01..2023-12"', 'period = "2014..2199"'), YEARS[1])
    told = run_with_areas.load(deliver(tmp_path, ROWS, *future))
    assert told.code == 1 and "after the reporting date" in told.out
    changes = (('period = "2022-01..2023-12"', 'period = "2014..2025-06"'), YEARS[1])
    rows = f"{ROWS}R21,2023-2025,Calls,3,\nR21,2022-2024,Calls,3,\n"
    told = run_with_areas.load(deliver(tmp_path, rows, *changes), "--accept", "rejected")
    [rejected] = told.values["files"][0]["rejected"]
    assert (rejected["rule"], rejected["lines"]) == ("outside_declared_period", [9])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (YEARS[1:], "outside_declared_period"),  # declared for 2022 and 2023 alone
        ((), "several_years"),
        ((YEARS[1], ('period = "2022-01..2023-12"\n', "")), "it is not said which years the file covers"),
        ((*YEARS, (SERIES, "")), "a [[series]] with code"),
    ],
)
def test_a_mapping_says_that_periods_are_of_several_years(
    run_with_areas: CommandLine, tmp_path: Path, changes: tuple[tuple[str, str], ...], words: str
) -> None:
    told = run_with_areas.load(deliver(tmp_path, ROWS, *changes))
    assert told.code == 1
    assert words in told.out


def test_records_have_no_such_resolution(run_with_areas: CommandLine, tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        '[source]\nid = "house"\nlabel = "House"\nperiod_resolution = "years"\n[[table]]\nname = "tip"\n'
        '[table.columns]\nperiod = "When"\n',
        "utf-8",
    )
    sheet = tmp_path / "t.csv"
    sheet.write_text("When\n2019-2021\n", "utf-8")
    told = run_with_areas.load((sheet, mapping))
    assert (
        told.code == 1 and "'source.period_resolution' is 'years'; allowed: month, quarter, year" in told.out
    )


def test_single_years_and_years_together_are_two_series(run_with_areas: CommandLine, tmp_path: Path) -> None:
    assert run_with_areas.load(deliver(tmp_path, ROWS, *YEARS)).code == 0
    told = run_with_areas.load(deliver(tmp_path, name="single"))
    assert told.code == 1
    assert "periods of more than one length" in told.out


def test_a_later_file_takes_the_place_of_the_years_it_covers(
    run_with_areas: CommandLine, tmp_path: Path
) -> None:
    assert run_with_areas.load(deliver(tmp_path, ROWS, *YEARS)).code == 0
    changes = (('period = "2022-01..2023-12"', 'period = "2019..2021"'), YEARS[1])
    told = run_with_areas.load(
        deliver(tmp_path, "Alder Vale,2019-2021,Calls,21,\nR21,2019-2021,Calls,4,\n", *changes)
    )
    assert told.code == 0, told.out
    assert rows_of(released(run_with_areas), "period") == [
        ("2014-2016", 22.0, ""),
        ("2017-2019", 15.0, ""),
        ("2019-2021", 25.0, ""),
    ]


def test_years_in_two_columns_are_joined(run_with_areas: CommandLine, tmp_path: Path) -> None:
    header = "Area,From,To,What,Number,Mark\n"
    changes = (*YEARS, ('period = "Year"', 'period = { columns = ["From", "To"], join = "-" }'))
    rows = "Alder Vale,2014,2016,Calls,12,\nR21,2014.0,2016.0,Calls,1,\n"
    told = run_with_areas.load(deliver(tmp_path, rows, *changes, header=header))
    assert told.code == 0, told.out
    assert rows_of(released(run_with_areas), "period") == [("2014-2016", 13.0, "")]


def test_words_and_months_of_years_together() -> None:
    assert label_of("2019-2021") == "2019–2021"
    assert label_of_range("2014-2016", "2019-2021") == "2014–2021"
    assert span_of("2019-2021") == (12 * 2019, 12 * 2021 + 11)


def test_years_that_reach_beyond_a_later_file_stay(run_with_areas: CommandLine, tmp_path: Path) -> None:
    """They begin in a month that it covers, and end after the last."""
    assert run_with_areas.load(deliver(tmp_path, ROWS, *YEARS)).code == 0
    changes = (('period = "2022-01..2023-12"', 'period = "2014..2020"'), YEARS[1])
    rows = "Alder Vale,2014-2016,Calls,13,\nAlder Vale,2017-2019,Calls,16,\n"
    told = run_with_areas.load(deliver(tmp_path, rows, *changes), "--accept", "older")
    assert told.code == 0, told.out
    held = run_with_areas.query("SELECT period, sum(value) FROM mart.observation GROUP BY ALL ORDER BY ALL")
    assert held == [("2014-2016", 13.0), ("2017-2019", 16.0), ("2019-2021", 24.0)]


def test_single_years_inside_of_years_that_stay_are_another_series(
    run_with_areas: CommandLine, tmp_path: Path
) -> None:
    assert run_with_areas.load(deliver(tmp_path, ROWS, *YEARS)).code == 0
    told = run_with_areas.load(
        deliver(tmp_path, "R21,2019,Calls,3,\n", ('period = "2022-01..2023-12"', 'period = "2014..2020"'))
    )
    assert told.code == 1
    assert "periods of more than one length" in told.out


def test_the_newest_years_are_those_that_end_last(run_with_areas: CommandLine, tmp_path: Path) -> None:
    """However early they begin: in the answer, its sentence and the name of its file."""
    changes = (('period = "2022-01..2023-12"', 'period = "2012..2021"'), YEARS[1])
    rows = "Alder Vale,2012-2021,Calls,50,\nAlder Vale,2015-2017,Calls,9,\nBirch End,2012-2021,Calls,8,\n"
    assert run_with_areas.load(deliver(tmp_path, rows, *changes)).code == 0
    release = released(run_with_areas)
    assert rows_of(release) == [(58.0, "")]
    assert rows_of(release, periods=("2015", "2017")) == [(9.0, "")]
    assert rows_of(release, "period") == [("2015-2017", 9.0, ""), ("2012-2021", 58.0, "")]
    [by_area] = answer([Question("helpline_calls", ("period", "area"), area_level=2)], release)
    assert say(standard(by_area, scope_of(by_area, Filters()))).endswith("2012–2021.")
    [item] = export_items(
        answer([Question("helpline_calls", ("period",))], release), release, catalog_for(release)
    )
    assert span_of_table(item) == ("2012", "2021")


@pytest.mark.parametrize("is_first", [True, False])
def test_records_and_years_together_are_of_two_sources(
    run_with_areas: CommandLine, give: Deliverer, tmp_path: Path, is_first: bool
) -> None:
    """A register would be one of several years, and no release could be made of it."""
    counts = deliver(tmp_path, ROWS, *YEARS, ("State helpline", "shelter"), ("state_helpline", "shelter"))
    records = give.quarter("people", 2024, 1, 5)
    first, second = (counts, records) if is_first else (records, counts)
    assert run_with_areas.load(first).code == 0
    told = run_with_areas.load(second, "--accept", "twice")
    assert told.code == 1
    assert "'shelter' holds records and published counts of several years" in told.out
    assert "a source of their own" in told.out


def test_one_that_lies_in_another_is_asked_for_by_its_years(
    run_with_areas: CommandLine, tmp_path: Path
) -> None:
    """What an address says of years together is understood there, and gives the same number."""
    changes = (('period = "2022-01..2023-12"', 'period = "2012..2021"'), YEARS[1])
    rows = "Alder Vale,2012-2021,Calls,50,\nAlder Vale,2019-2021,Calls,9,\n"
    assert run_with_areas.load(deliver(tmp_path, rows, *changes)).code == 0
    release = released(run_with_areas)
    assert rows_of(release) == [(9.0, "")], "the newest, and the shortest"
    for code, value in (("2012-2021", 50.0), ("2019-2021", 9.0)):
        question = Question("helpline_calls", ("area",), periods=(code, code), area_level=0)
        [found] = answer([question], release)
        assert found.frame["value"].to_list() == [value]
        address = f"period={code[:4]}..{code[-4:]}"
        assert address in asked_as(question)
        assert address in permalink(question, catalog_for(release))
        [again] = answer([question.changed(periods=ends_of(address.removeprefix("period=")))], release)
        assert again.frame["value"].to_list() == [value]
