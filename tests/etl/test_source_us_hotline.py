"""The US national hotline: published totals, and what a careless loader gets wrong."""

from pathlib import Path

import polars as pl
import pytest

from etl.sources import recognise
from etl.sources.places import us_places as places
from tests.etl.made_home import CommandLine
from tests.etl.making_files import refusal
from tests.etl.reading_sources import accepted, checked, incoming, sums, write
from tests.support import real_data

REAL = ("us-hotline-state-2012-2016", "HotlineDataCallsCases.csv")
HEADER = "Year_Date,Calls,Cases_Reported,State,postal\n"
ROWS = "2016,28,10,alabama,AL\n2016,7,,Nebraska,NE\n2015,3,1,district of columbia,DC\n"


def calls(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("measure") == "us_hotline_calls")


@pytest.mark.real
def test_totals_of_the_real_file_are_kept() -> None:
    raw = pl.read_csv(real_data(*REAL))
    frame = accepted("us_hotline", real_data(*REAL))
    assert sums(frame, "measure") == {
        "us_hotline_calls": raw["Calls"].sum(),
        "us_hotline_situations": raw["Cases_Reported"].sum(),
    }
    by_year = dict(raw.group_by("Year_Date").agg(pl.col("Calls").sum()).iter_rows())
    assert sums(calls(frame), "period") == {str(year): total for year, total in by_year.items()}
    assert set(frame["area_code"]) == set(places.STATES_AND_DC)
    assert recognise(real_data(*REAL)) == ["us_hotline"]


def test_blanks_and_states_that_are_not_there_are_not_available_and_not_zero(tmp_path: Path) -> None:
    frame = accepted("us_hotline", write(tmp_path, "h.csv", HEADER + ROWS))
    found = {
        (row["measure"][11:], row["period"], row["area_code"]): (row["value"], row["marker"])
        for row in frame.iter_rows(named=True)
    }
    assert found["calls", "2016", "31"] == (7, None)
    assert found["situations", "2016", "31"] == (None, "x")
    assert found["calls", "2015", "01"] == (None, "x")
    assert len(found) == 2 * 2 * len(places.STATES_AND_DC)


def test_the_whole_country_is_not_counted_again_and_an_unknown_place_is_kept(tmp_path: Path) -> None:
    text = HEADER.replace(",postal", "") + "2016,28,10,Alabama\n2016,2,1,Unknown\n2016,3,0,\n"
    text += "".join(f"2016,1,1,{name}\n" for name in ("Ohio", "Texas", "Utah", "Iowa", "Maine", "Guam"))
    read = incoming("us_hotline", write(tmp_path, "h.csv", f"{text}2016,40,18,United States\n"))
    assert dict(read.ledger.left_out) == {"whole": 1}
    frame = checked(read).accepted
    assert sums(calls(frame), "period") == {"2016": 39}
    assert sums(calls(frame), "location") == {None: 34, "state_not_found": 5}


def test_what_is_no_number_is_rejected_by_its_line(tmp_path: Path) -> None:
    text = HEADER + '2016,<5,1,Ohio,OH\n2016,-2,3,Utah,UT\nlast,2,3,Iowa,IA\n2016,"1,200",900.0,Texas,TX\n'
    found = checked(incoming("us_hotline", write(tmp_path, "h.csv", text)))
    told = set(found.rejected.select("line", "rule").iter_rows())
    assert {(2, "hidden_by_publisher"), (3, "negative"), (4, "not_a_period")} <= told
    texas = found.accepted.filter(pl.col("area_code") == "48")
    assert texas["value"].to_list() == [1200, 900]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEADER + ROWS + "2016,1,1,Alabama,AL\n", ("a state is there twice", "lines 2, 5")),
        ("Year_Date,Calls,State\n2016,1,Kent\n2016,2,Avon\n", ("'State'", "no US state")),
        ("State,Calls\nOhio,1\n", ("no column for the year", "year = 2018")),
        ("State,Year\nOhio,2016\n", ("columns are missing", "calls")),
        (HEADER, ("h.csv",)),
    ],
)
def test_what_is_no_such_file_is_refused_in_words(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    refusal(lambda: incoming("us_hotline", write(tmp_path, "h.csv", text)), *words)


def test_it_loads_beside_the_counties_that_come_along(run: CommandLine, tmp_path: Path) -> None:
    done = run("load", write(tmp_path, "h.csv", HEADER + ROWS), "--source", "us_hotline")
    assert done.code == 0, done.out
    assert run.query(
        "SELECT sum(value) FROM mart.observation AS told SEMI JOIN mart.area AS area "
        "ON area.geography = told.geography AND area.code = told.area_code WHERE measure = 'us_hotline_calls'"
    ) == [(38,)]


def test_a_wrong_year_or_number_is_one_bad_row_and_fills_nothing(tmp_path: Path) -> None:
    rows = "16,5,1,Ohio,OH\n1899,5,1,Ohio,OH\n2016,3.5,1,Utah,UT\n2016,99999999999999999999,1,Iowa,IA\n"
    found = checked(incoming("us_hotline", write(tmp_path, "h.csv", f"{HEADER}{rows}2016,2,1,Texas,TX\n")))
    assert sorted(set(found.rejected.select("line", "rule").iter_rows())) == [
        (2, "short_year"),
        (3, "impossible_period"),
        (4, "not_a_whole_number"),
        (5, "too_large_to_be_exact"),
    ]
    assert set(found.accepted["period"]) == {"2016"}
    # The marks of states that are not there stand at no row: not at one that was rejected.
    assert 2 not in found.accepted["_line"]


def test_the_name_says_the_state_where_the_postal_code_does_not(tmp_path: Path) -> None:
    rows = "2016,7,1,Ohio,\n2016,8,1,Utah,??\n2016,9,1,Nowhere,\n2016,24,3,United States,\n2016,1,1,iowa,IA\n"
    rows += "2016,1,1,,TX\n2016,1,1,,AL\n"
    read = incoming("us_hotline", write(tmp_path, "h.csv", HEADER + rows))
    assert dict(read.ledger.left_out) == {"whole": 1}
    found = calls(checked(read).accepted).filter(pl.col("value").is_not_null())
    assert sums(found, "area_code") == {"39": 7, "49": 8, "US": 9, "19": 1, "48": 1, "01": 1}


def test_an_unknown_place_that_comes_twice_is_rejected(tmp_path: Path) -> None:
    text = HEADER.replace(",postal", "") + "2016,2,1,Unknown\n2016,3,,Atlantis\n2016,2,1,unknown\n"
    text += "".join(f"2016,1,1,{name}\n" for name in ("Ohio", "Texas", "Utah", "Iowa", "Maine"))
    found = checked(incoming("us_hotline", write(tmp_path, "h.csv", text)))
    assert set(found.rejected.select("line", "rule").iter_rows()) == {(4, "duplicate_key")}
    assert sums(calls(found.accepted), "location") == {None: 5, "state_not_found": 5}


def test_layouts_of_other_years(tmp_path: Path) -> None:
    text = (
        "State or Territory,Total Signals,% of Signals,Human Trafficking Cases\n"
        'Ohio,"1,282 (12.5%)",12.5%,29\nUtah,40,0.71%,3 (1%)\n'
    )
    of_name = incoming("us_hotline", write(tmp_path, "statistics_2018.csv", text))
    mapping = write(tmp_path, "m.toml", "year = 2019\n")
    of_mapping = incoming("us_hotline", write(tmp_path, "h.csv", text), mapping=mapping)
    for read, year in ((of_name, "2018"), (of_mapping, "2019")):
        frame = checked(read).accepted
        assert sums(frame, "measure") == {"us_hotline_calls": 1322, "us_hotline_situations": 32}
        assert set(frame["period"]) == {year}


def test_a_mapping_says_how_columns_are_headed(tmp_path: Path) -> None:
    text = "When,Place,Year,Reached us,Calls\n2016,Ohio,1,5,7\n2016,Utah,1,3,7\n"
    headings = '[headings]\nyear = "When"\nstate = "place"\ncalls = "Reached us"\n'
    path = write(tmp_path, "h.csv", text)
    frame = accepted("us_hotline", path, mapping=write(tmp_path, "m.toml", headings))
    assert sums(frame, "period") == {"2016": 8}, "what the mapping says holds, not the usual names"
    for wrong, words in (
        (headings.replace("calls =", "call ="), ("call", "Did you mean 'calls'")),
        (headings.replace('"When"', '"Then"'), ("Then", "h.csv", "Reached us")),
        (headings.replace('"When"', '"Place"'), ("means 'year' already",)),
        ("yea = 2016\n", ("yea",)),
    ):
        mapping = write(tmp_path, "wrong.toml", wrong)
        refusal(lambda mapping=mapping: incoming("us_hotline", path, mapping=mapping), *words)
