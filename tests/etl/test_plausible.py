"""Published counts that cannot be what they say are told, never stopped and never changed."""

import csv
import gzip
import random
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import open_release
from analysis.topics import data_quality
from etl.config import home_at
from etl.load.compared import plausible
from etl.load.compared.plausible import FIGURES, POPULATION, times
from etl.release import publish
from etl.sources.places.us_places import POSTAL
from tests.demonstration import demonstration_release
from tests.etl.made_home import CommandLine
from tests.support import PROJECT, real_data

STATES = list(POSTAL.values())[:20]
FIGURES_OF = (
    "SELECT period, sum(value) FROM mart.observation WHERE measure = 'us_hotline_calls' GROUP BY 1 ORDER BY 1"
)


def hotline(folder: Path, years: Iterable[int], factor: float = 1, name: str = "calls.csv") -> Path:
    lines = ["Year_Date,Postal,Calls"]
    for year in years:
        chance = random.Random(year)
        lines += [
            f"{year},{state},{round(round((41 + 37 * n) * chance.uniform(0.8, 1.3)) * factor)}"
            for n, state in enumerate(STATES)
        ]
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def residents(folder: Path, years: Iterable[int], factor: float = 1, name: str = "population.csv") -> Path:
    lines = ["code,year,population"]
    codes = list(POSTAL)[:20]
    lines += [
        f"{code},{year},{round(round((300_007 + 10_003 * n) * 1.01 ** (year - 2015)) * factor)}"
        for year in years
        for n, code in enumerate(codes)
    ]
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def of_us(folder: Path) -> tuple[object, ...]:
    """Return the words of a command that say whose codes these are: those of states alone do not."""
    (folder / "us.toml").write_text('geography = "us"\n', "utf-8")
    return "--mapping", folder / "us.toml"


def checks(run: CommandLine, *words: object) -> list[str]:
    done = run(*words)
    assert done.code == 0, done.err
    return [one["check"] for one in done.values["files"][-1]["look_again"]]


def frame(rows: Iterable[tuple[str, int, str, float]], cell: str = "") -> pl.DataFrame:
    listed = [(series, "year", date(year, 1, 1), area, cell, value) for series, year, area, value in rows]
    return pl.DataFrame(listed, schema=FIGURES, orient="row")


@pytest.mark.parametrize("factor", [10, 100, 1000, 12, 0.1])
def test_figures_that_are_multiplied_are_told_against_those_they_replace(factor: float) -> None:
    counts = {str(n): 41 + 37 * n for n in range(20)}
    before = frame(("calls", 2015, area, count) for area, count in counts.items())
    after = frame(("calls", 2015, area, round(count * factor)) for area, count in counts.items())
    [told] = plausible.against_replaced(after, before)
    assert (told.check, told.series) == (plausible.REPLACED, "calls") and times(factor) in told.words


@pytest.mark.parametrize("factor", [12, 0.1])
def test_a_file_that_is_multiplied_is_told_against_what_it_replaces_and_taken(
    run: CommandLine, tmp_path: Path, factor: float
) -> None:
    assert checks(run, "load", hotline(tmp_path / "a", [2015, 2016]), "--source", "us_hotline") == []
    [before] = [run.query(FIGURES_OF)]
    wrong = hotline(tmp_path / "b", [2015, 2016], factor)
    for command in ("check", "load"):
        done = run(command, wrong, "--source", "us_hotline")
        assert done.code == 0, "a doubt stops nothing"
        [told] = [one for one in done.values["files"][0]["look_again"] if one["check"] == plausible.REPLACED]
        assert times(factor) in told["note"]
        assert told["series"] == "us_hotline_calls"
    after = run.query(FIGURES_OF)
    ratios = [new / old for (_, new), (_, old) in zip(after, before, strict=True)]
    assert ratios == pytest.approx([factor] * 2, rel=0.01), "nothing is corrected"


def test_a_correction_of_a_doubted_file_is_not_doubted_and_takes_the_doubt_with_it(
    run: CommandLine, tmp_path: Path
) -> None:
    doubted = "SELECT count(*) FROM mart.load_doubt"
    assert checks(run, "load", hotline(tmp_path / "a", [2015, 2016], 10), "--source", "us_hotline")
    assert run.query(doubted) == [(1,)]
    assert checks(run, "load", hotline(tmp_path / "b", [2015, 2016]), "--source", "us_hotline") == []
    assert run.query(doubted) == [(0,)]


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_year_that_is_multiplied_is_told_against_the_next_in_either_order(
    run: CommandLine, tmp_path: Path, newest_first: bool
) -> None:
    years = [2016, 2015] if newest_first else [2015, 2016]
    assert checks(run, "load", hotline(tmp_path / "a", years[:1], 1.01), "--source", "us_hotline") == []
    found = checks(run, "load", hotline(tmp_path / "b", years[1:], 10.01), "--source", "us_hotline")
    assert found == [plausible.NEIGHBOUR]


def test_one_multiplied_year_inside_a_file_is_told(run: CommandLine, tmp_path: Path) -> None:
    good = hotline(tmp_path, [2013, 2014, 2016]).read_text("utf-8")
    wrong = hotline(tmp_path, [2015], 100).read_text("utf-8").split("\n", 1)[1]
    (tmp_path / "calls.csv").write_text(good + wrong, "utf-8")
    done = run("load", tmp_path / "calls.csv", "--source", "us_hotline")
    notes = {one["check"]: one["note"] for one in done.values["files"][0]["look_again"]}
    assert "all figures of 2015 are multiples of 100" in notes[plausible.FACTOR]
    assert "2015-01" in notes[plausible.NEIGHBOUR] and "2016-01" in notes[plausible.NEIGHBOUR]


def test_ordinary_growth_and_a_second_load_of_the_same_file_are_not_told(
    run: CommandLine, tmp_path: Path
) -> None:
    path = hotline(tmp_path, range(2012, 2017))
    assert checks(run, "load", path, "--source", "us_hotline") == []
    assert checks(run, "load", path, "--source", "us_hotline", "--again") == []


def test_more_than_one_for_a_hundred_residents_is_told_whichever_is_loaded_last(
    run: CommandLine, tmp_path: Path
) -> None:
    calls = hotline(tmp_path / "a", [2015], 33.3)
    assert checks(run, "load", calls, "--source", "us_hotline") == []
    people = residents(tmp_path / "b", [2014])
    assert checks(run, "load", people, "--source", "population", *of_us(tmp_path)) == [plausible.RESIDENTS]
    assert checks(run, "load", calls, "--source", "us_hotline", "--again") == [plausible.RESIDENTS]


@pytest.mark.parametrize(
    ("factor", "found"),
    [
        (1, []),
        (10, [plausible.NEIGHBOUR]),
        (1000, [plausible.NEIGHBOUR, plausible.FACTOR]),
        (0.1, [plausible.NEIGHBOUR]),
    ],
)
def test_residents_are_compared_with_the_year_before(
    run: CommandLine, tmp_path: Path, factor: float, found: list[str]
) -> None:
    assert (
        checks(
            run,
            "load",
            residents(tmp_path / "a", [2015], name="p2015.csv"),
            "--source",
            "population",
            *of_us(tmp_path),
        )
        == []
    )
    path = residents(tmp_path / "b", [2016], factor, name="p2016.csv")
    assert checks(run, "load", path, "--source", "population", *of_us(tmp_path)) == found


def test_residents_are_compared_with_a_file_of_another_name_that_they_stand_in_for(
    run: CommandLine, tmp_path: Path
) -> None:
    for name in ("a.csv", "b.csv"):
        path = residents(tmp_path, [2015, 2016], name=name)
        assert checks(run, "load", path, "--source", "population", *of_us(tmp_path)) == []
    path = residents(tmp_path, [2015, 2016], 10, name="c.csv")
    assert checks(run, "load", path, "--source", "population", *of_us(tmp_path)) == [plausible.REPLACED]


def test_counts_of_places_that_were_not_found_are_told(run: CommandLine, tmp_path: Path) -> None:
    header = "DATA_YEAR,STATE_ABBR,COUNTY_NAME,OFFENSE_SUBCAT_ID,ACTUAL_COUNT\n"
    for lost, told in ((1, []), (2, [plausible.NOWHERE])):
        rows = [f"2020,CT,{'NOWHERE' if n < lost else 'HARTFORD'},82,{n % 2 + 1}\n" for n in range(15)]
        path = tmp_path / f"fbi{lost}.csv"
        path.write_text(header + "".join(rows), "utf-8")
        assert checks(run, "check", path, "--source", "fbi_offences") == told


def test_counts_by_mapping_are_looked_at_and_money_is_not_counted_per_resident(
    run: CommandLine, tmp_path: Path
) -> None:
    assert checks(run, "load", residents(tmp_path, [2015]), "--source", "population", *of_us(tmp_path)) == []
    mapping = """
[source]
id = "statistics_office"
label = "Statistics office"
publisher = "Statistics office"
geography = "us"
[[series]]
code = "counted_there"
label = "Counted there"
unit = "{unit}"
over_time = "sum"
[[table]]
name = "observation"
[table.columns]
period = "year"
area_code = "place"
value = "number"
[table.constants]
measure = "counted_there"
"""
    for unit, told in (("arrests", [plausible.FACTOR, plausible.RESIDENTS]), ("dollars", [plausible.FACTOR])):
        rows = [f"2015,{code},{(n + 17) * 1000}" for n, code in enumerate(list(POSTAL)[:20])]
        (tmp_path / "in.csv").write_text("\n".join(["year,place,number", *rows]) + "\n", "utf-8")
        (tmp_path / "in.toml").write_text(mapping.format(unit=unit), "utf-8")
        given_words = ("check", tmp_path / "in.csv", "--source", "own", "--mapping", tmp_path / "in.toml")
        assert checks(run, *given_words) == told


def test_doubts_reach_the_release_in_words_and_nothing_does_without(run: CommandLine, tmp_path: Path) -> None:
    for factor, count in ((1, 0), (10, 2)):
        run("load", hotline(tmp_path / str(factor), [2015, 2016], factor), "--source", "us_hotline")
        publish(home_at(run.home.root), "public")
        release = open_release(run.home.release("public"))
        assert ("doubts" in release.info) == bool(count)
        found = data_quality.doubts(release)
        assert len(found) == count
        assert all(one.label == "US national hotline" or "hotline" in one.label.lower() for one in found)


@given(
    st.lists(st.integers(30, 3000), min_size=8, max_size=40, unique=True),
    st.floats(0.5, 2.0),
    st.randoms(use_true_random=False),
)
def test_growth_by_half_or_double_with_chance_is_never_told(
    counts: list[int], growth: float, chance: random.Random
) -> None:
    before = frame(("calls", 2015, str(n), count) for n, count in enumerate(counts))
    after = frame(
        ("calls", 2016, str(n), round(count * growth * chance.uniform(0.7, 1.4)))
        for n, count in enumerate(counts)
    )
    assert list(plausible.against_neighbours(after, before)) == []


@given(st.lists(st.integers(1, 3000), min_size=5, max_size=40), st.sampled_from([10, 100, 1000]))
def test_what_is_multiplied_is_always_told_where_enough_differs(counts: list[int], factor: int) -> None:
    told = list(
        plausible.common_factor(frame(("calls", 2015, str(n), c * factor) for n, c in enumerate(counts)))
    )
    assert bool(told) == (len(set(counts)) >= 3)
    if told:
        assert told[0].check == plausible.FACTOR


def test_few_small_or_rounded_numbers_are_not_told() -> None:
    few = frame(("calls", 2015, str(n), 10.0 * n) for n in range(5))
    assert list(plausible.common_factor(few)) == [], "four that are not zero"
    rounded = frame((POPULATION, 2015, str(n), 100.0 * (n + 7)) for n in range(40))
    assert list(plausible.common_factor(rounded)) == [], "offices round residents to tens and hundreds"
    shares = frame(("rate", 2015, str(n), 10 * n + 0.5) for n in range(40))
    assert list(plausible.common_factor(shares)) == []
    small = (
        frame(("calls", 2016, str(n), 9) for n in range(10)),
        frame(("calls", 2015, str(n), 1) for n in range(10)),
    )
    assert list(plausible.against_neighbours(*small)) == [], "from one to nine is chance"


def test_nothing_of_the_demonstration_or_the_sample_is_doubted(run: CommandLine) -> None:
    assert "doubts" not in open_release(demonstration_release()).info
    sample = PROJECT / "data" / "sample"
    words = (sample / "areas.csv", "--source", "own", "--mapping", sample / "areas.toml")
    assert checks(run, "check", *words) == []


REAL = (
    ("population", ("us-county-population", "co-est2023-alldata.csv"), ("POPESTIMATE",)),
    ("fbi_offences", ("fbi-ht-agency-2013-2020", "HT_2013-2020.csv"), ("_COUNT",)),
    ("us_hotline", ("us-hotline-state-2012-2016", "HotlineDataCallsCases.csv"), ("Calls", "Cases")),
    ("nrm", ("uk-nrm-2023q3", "nrm_referrals_longitudinal.csv"), ("NRM referrals",)),
    ("nrm", ("uk-nrm-2023q3", "nrm_referrals_la_2023_q3.csv.gz"), ("People",)),
)


@pytest.mark.real
def test_no_real_file_is_doubted_and_each_is_when_it_is_multiplied(run: CommandLine, tmp_path: Path) -> None:
    for source, parts, _ in REAL:
        assert checks(run, "load", real_data(*parts), "--source", source) == [], parts
    for name in ("population_mid2020_ltla21_england_wales.csv", "population_2022_ltla19_scotland.csv"):
        assert checks(run, "load", real_data("uk-boundaries", name), "--source", "population") == [], name
    for path in sorted(real_data("uk-nrm-2023q3").glob("nrm_*")):
        assert checks(run, "load", path, "--source", "nrm") == [], path.name
    for source, parts, columns in REAL:
        wrong = multiplied(real_data(*parts), tmp_path, columns, 10)
        assert plausible.REPLACED in checks(run, "check", wrong, "--source", source), parts


def multiplied(path: Path, folder: Path, columns: tuple[str, ...], factor: int) -> Path:
    """Write a copy of a real file whose counts are multiplied."""
    reading = gzip.open if path.suffix == ".gz" else open
    with reading(path, "rt", encoding="latin-1", newline="") as file:
        header, *rows = list(csv.reader(file))
    counts = [at for at, name in enumerate(header) if any(column in name for column in columns)]
    for row in rows:
        for at in counts:
            number = row[at].replace(",", "")
            row[at] = str(int(number) * factor) if number.lstrip("-").isdigit() else row[at]
    wrong = folder / path.name.removesuffix(".gz")
    with wrong.open("w", encoding="latin-1", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return wrong
