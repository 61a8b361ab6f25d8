"""Mappings of published tables that come along, each on made-up rows in the layout of the table."""

from pathlib import Path

import polars as pl
import pytest

from etl.contracts.check import Checked, check
from etl.incoming import Incoming, ReadOptions
from etl.ledger import FILTER
from etl.sources.records import own
from tests.etl.made_home import CommandLine
from tests.etl.making_files import Rows, write_csv, write_sheets
from tests.etl.reading_sources import AS_OF
from tests.support import PROJECT, real_data

FOLDER = PROJECT / "data" / "mappings"
OFFENCES: Rows = [
    ["Table 2"],
    ["Human Trafficking"],
    ["Offenses and Clearances by State, 2014"],
    ["State", "Commercial sex acts", None, None, "Involuntary servitude", None, None, "Total ", None, None],
    [None, *["Offenses", "Total  \ncleared", "Clearances \nunder 18"] * 3],
    ["Alaska", 11, 3, 0, 1, 0, 0, 12, 3, 0],
    ["Guam", 2, 0, 0, 0, 0, 0, 3, 0, 0],
    ["U. S. Virgin Islands", 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ["Total", 13, 3, 0, 1, 0, 0, 14, 3, 0],
]
AGENCIES: Rows = [
    ["Table 1"],
    ["Human Trafficking"],
    ["Participation by State, 2014"],
    ["State", "Number of \nparticipating \nagencies", None, None],
    ["Alaska", 20, None, None],
    ["California", "2*", None, None],
    ["* Data submitted through another bureau.", None, None, None],
]
ARRESTS: Rows = [
    ["category_value", "category", "locationdesc", "location", "year", "avg_data_value"],
    *[[kind, "Age Group", "Alaska", "AK", 2016, number] for kind, number in (("Adult", 41), ("Juvenile", 2))],
    ["Male", "Gender", "Alaska", "AK", 2016, 43],
]
STATCAN_HEAD = ["REF_DATE", "GEO", "Violations", "Statistics", "UOM", "VALUE", "STATUS"]


def statcan(*rows: tuple[str, str, str, object, str]) -> Rows:
    made = [["2021", place, "Trafficking in persons [1525]", *rest] for place, *rest in rows]
    other = ["2021", "Alberta [48]", "Homicide [110]", "Actual incidents", "Number", 99, ""]
    return [STATCAN_HEAD, *made, other]


STATCAN = statcan(
    ("Alberta [48]", "Actual incidents", "Number", 15, ""),
    ("Alberta [48]", "Total, persons charged", "Number", 5, ""),
    ("Alberta [48]", "Total, adult charged", "Number", 4, "r"),
    ("Alberta [48]", "Total, youth charged", "Number", 1, ""),
    ("Alberta [48]", "Rate per 100,000 population", "Rate", 0.3, ""),
    ("Yukon [60]", "Actual incidents", "Number", None, ".."),
    ("Canada", "Actual incidents", "Number", 15, ""),
)


def read(name: str, path: Path) -> Incoming:
    return own.read(path, ReadOptions(mapping=FOLDER / f"{name}.toml", as_of=AS_OF))


def checked(incoming: Incoming) -> Checked:
    [batch] = incoming.batches
    found = check(batch, AS_OF, period=(incoming.period_from, incoming.period_to))
    assert found.rejected.is_empty(), found.rejected
    return found


def told(name: str, path: Path, *by: str) -> list[tuple[object, ...]]:
    frame = checked(read(name, path)).accepted
    return frame.select("area_code", *by, "value").sort(pl.all()).rows()


def test_the_offences_of_states_are_read_with_their_totals_and_by_kind(tmp_path: Path) -> None:
    found = told(
        "fbi_state_offences", write_sheets(tmp_path / "t.xlsx", {"14tbl02": OFFENCES}), "measure", "offence"
    )
    assert len(found) == 15
    assert ("Alaska", "fbi_state_offences_by_kind", "commercial_sex_acts", 11) in found
    assert ("Alaska", "fbi_state_cleared", None, 3) in found
    assert ("66", "fbi_state_offences_by_kind", "commercial_sex_acts", 2) in found
    assert ("66", "fbi_state_offences", None, 3) in found, "more than its kinds, as published"
    assert {row[0] for row in found} == {"Alaska", "66", "78"}


def test_the_agencies_that_took_part_are_read_with_their_footnotes(tmp_path: Path) -> None:
    path = write_sheets(tmp_path / "t.xlsx", {"14tbl01": AGENCIES})
    assert told("fbi_state_agencies", path) == [("Alaska", 20), ("California", 2)]


def test_arrests_are_read_by_age_alone_as_each_category_counts_them_again(tmp_path: Path) -> None:
    incoming = read("fbi_state_arrests", write_csv(tmp_path / "a.csv", ARRESTS))
    assert checked(incoming).accepted.select("area_code", "age_group", "value").rows() == [
        ("AK", "adult", 41), ("AK", "child", 2),
    ]  # fmt: skip
    assert incoming.ledger.left_out == {FILTER: 1}


def test_counts_of_provinces_load_and_rates_and_the_country_are_left_out(
    run: CommandLine, tmp_path: Path
) -> None:
    areas = run.load((FOLDER / "canada.csv", FOLDER / "canada.toml"))
    assert areas.code == 0, areas.out
    done = run.load((write_csv(tmp_path / "s.csv", STATCAN), FOLDER / "statcan_trafficking.toml"))
    assert done.code == 0, done.out
    assert run.query(
        "SELECT area_code, measure, age_group, value, marker, unit FROM mart.observation ORDER BY ALL"
    ) == [
        ("48", "statcan_charged", "adult", 4, "r", "people charged"),
        ("48", "statcan_charged", "child", 1, "", "people charged"),
        ("48", "statcan_incidents", None, 15, "", "incidents"),
        ("60", "statcan_incidents", None, None, "x", "incidents"),
    ]


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "file", "measure", "total"),
    [
        (
            "statcan_trafficking",
            ("statcan-alberta-trafficking-2017-2021", "trafficking_data.csv"),
            "statcan_incidents",
            113,
        ),
        (
            "fbi_state_arrests",
            ("fbi-ht-state-tables", "human_trafficking_arrests_long_2014_2019.csv"),
            "fbi_arrests",
            6116,
        ),
        (
            "fbi_state_offences",
            ("fbi-ht-state-tables", "Table_2_Human_Trafficking_Offenses_and_Clearances_by_State_2014.xlsx"),
            "fbi_state_offences",
            443,
        ),
    ],
)
def test_the_real_tables_are_read_whole(name: str, file: tuple[str, str], measure: str, total: int) -> None:
    found = checked(read(name, real_data(*file))).accepted
    assert found.filter(pl.col("measure") == measure)["value"].sum() == total
