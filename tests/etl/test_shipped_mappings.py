"""Mappings of published tables that come along, each on made-up rows in the layout of the table."""

from pathlib import Path

import fastexcel
import polars as pl
import pytest

from etl.contracts.check import Checked, check
from etl.incoming import Incoming, ReadOptions
from etl.ledger import FILTER
from etl.sources.records import own
from tests.etl.made_home import CommandLine
from tests.etl.making_files import Rows, refusal, write_csv, write_sheets
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
#: How later editions differ: the number of the table, and signs of footnotes behind states and numbers.
EDITIONS = {
    "2015": ("Table 1", "Alaska", 12),
    "2016": ("Table 1", "Alaska*", "12*"),
    "2017": ("Table 1", "Alaska *", "12 *"),
    "2018": ("Table 1", "Alaska1, 2", 12),
}
ARRESTS: Rows = [
    ["category_value", "category", "locationdesc", "location", "year", "avg_data_value"],
    *[[kind, "Age Group", "Alaska", "AK", 2016, number] for kind, number in (("Adult", 41), ("Juvenile", 2))],
    ["Male", "Gender", "Alaska", "AK", 2016, 43],
]
TITLED = """[source]
id = "helpline"
label = "Helpline"
publisher = "State office"
geography = "us"
[file]
sheets = "*"
[[series]]
code = "helpline_calls"
label = "Calls"
unit = "calls"
[[table]]
name = "observation"
[table.columns]
area_code = "Area"
value = "Number"
period = { column = "@title", format = "'Calls,' yyyy" }
[table.constants]
measure = "helpline_calls"
"""
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


def edition(year: str) -> Rows:
    """Return the table of offences as another year has it."""
    table, state, number = EDITIONS[year]
    title = f"Offenses and Clearances by State, {year}"
    row = [state, *OFFENCES[5][1:7], number, *OFFENCES[5][8:]]
    note = ["* Data submitted through another bureau.", *[None] * 9]
    return [[table], OFFENCES[1], [title], *OFFENCES[3:5], row, *OFFENCES[6:], note]


@pytest.mark.parametrize("year", EDITIONS)
def test_the_offences_of_every_edition_are_of_the_year_of_its_title(tmp_path: Path, year: str) -> None:
    path = write_sheets(tmp_path / "t.xlsx", {f"{year[2:]}tbl01": edition(year)})
    incoming = read("fbi_state_offences", path)
    assert (incoming.period_from, incoming.period_to) == (f"{year}-01", f"{year}-12")
    found = checked(incoming).accepted
    assert found["period"].unique().to_list() == [year]
    assert set(found["area_code"]) == {"Alaska", "66", "78"}
    total = found.filter(pl.col("measure") == "fbi_state_offences", pl.col("area_code") == "Alaska")
    assert total["value"].to_list() == [12]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (OFFENCES[3:], ("there is no line above the headings", "'@title'", "[table.constants]")),
        ([*OFFENCES[:2], ["Participation by State, 2014"], *OFFENCES[3:]], ()),
    ],
)
def test_a_table_without_its_title_is_of_no_year(tmp_path: Path, rows: Rows, words: tuple[str, ...]) -> None:
    path = write_sheets(tmp_path / "t.xlsx", {"14tbl02": rows})
    if words:
        refusal(lambda: read("fbi_state_offences", path), *words)
        return
    [batch] = read("fbi_state_offences", path).batches
    assert set(check(batch, AS_OF).rejected["rule"]) == {"not_a_period"}


def test_headings_of_another_table_are_told_by_name(tmp_path: Path) -> None:
    rows = [*OFFENCES[:4], [None, *["Known", "Cleared", "Under 18"] * 3], *OFFENCES[5:]]
    path = write_sheets(tmp_path / "t.xlsx", {"14tbl02": rows})
    refusal(lambda: read("fbi_state_offences", path), "Total / Offenses")


def test_the_title_may_stand_in_every_tab_and_above_a_text(tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(TITLED, "utf-8")
    tabs = {
        str(year): [["Report"], [f"Calls, {year}"], ["Area", "Number"], ["Ohio", year]]
        for year in (2021, 2022)
    }
    book = own.read(write_sheets(tmp_path / "t.xlsx", tabs), ReadOptions(mapping=mapping, as_of=AS_OF))
    assert checked(book).accepted.select("period", "value").rows() == [("2021", 2021), ("2022", 2022)]
    mapping.write_text(TITLED.replace('[file]\nsheets = "*"\n', ""), "utf-8")
    text = write_csv(tmp_path / "t.csv", [["Calls, 2022", ""], ["", ""], ["Area", "Number"], ["Ohio", "7"]])
    found = own.read(text, ReadOptions(mapping=mapping, as_of=AS_OF))
    assert checked(found).accepted.select("period", "value").rows() == [("2022", 7)]


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ('value = { column = "Number", marks = ["1"] }', ("columns.value.marks", "'1'", "signs such as *")),
        ('value = { column = "Number", marks = ["%"] }', ("columns.value.marks", "'%'")),
        ('value = { column = "Number", marks = [" "] }', ("columns.value.marks",)),
        ('value = { column = "Number", marks = ["r"] }', ("columns.value.marks", "'r'")),
    ],
)
def test_what_may_be_a_part_of_a_number_is_no_sign_of_a_footnote(
    tmp_path: Path, column: str, words: tuple[str, ...]
) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(TITLED.replace('value = "Number"', column), "utf-8")
    path = write_sheets(tmp_path / "t.xlsx", {"2021": [["Calls, 2021"], ["Area", "Number"], ["Ohio", 1]]})
    refusal(lambda: own.read(path, ReadOptions(mapping=mapping, as_of=AS_OF)), "m.toml", *words)


def test_signs_are_taken_off_the_end_alone(tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    changed = TITLED.replace('"Area"', '{ column = "Area", marks = ["*", "†", "1"] }')
    mapping.write_text(changed.replace('"Number"', '{ column = "Number", marks = ["*"] }'), "utf-8")
    rows = [
        ["Ohio*†", "1,234*"],
        ["Utah1, 1", "5 * *"],
        ["11", "6"],
        ["*", "7"],
        ["A*B", "8*8"],
        ["Iowa", "*"],
        ["Ohio", "**"],
    ]
    path = write_sheets(tmp_path / "t.xlsx", {"2021": [["Calls, 2021"], ["Area", "Number"], *rows]})
    [batch] = own.read(path, ReadOptions(mapping=mapping, as_of=AS_OF)).batches
    assert batch.frame.select("area_code", "value").rows() == [
        ("Ohio", "1,234"), ("Utah", "5"), ("11", "6"), ("*", "7"), ("A*B", "8*8"), ("Iowa", "*"),
        ("Ohio", "**"),
    ]  # fmt: skip


def test_a_sign_in_place_of_a_number_is_known_with_a_footnote_behind_it(tmp_path: Path) -> None:
    """Its row would come without a number and without what stands for one."""
    mapping = tmp_path / "m.toml"
    changed = TITLED.replace('"Number"', '{ column = "Number", marks = ["*", "†"] }')
    mapping.write_text(f'{changed}\n[table.markers]\n".." = "c"\n"*" = "x"\n', "utf-8")
    rows = [["Ohio", "..*"], ["Utah", "*"], ["Iowa", "*†"], ["Guam", "5†"]]
    path = write_sheets(tmp_path / "t.xlsx", {"2021": [["Calls, 2021"], ["Area", "Number"], *rows]})
    [batch] = own.read(path, ReadOptions(mapping=mapping, as_of=AS_OF)).batches
    assert batch.frame.select("area_code", "value", "marker").rows() == [
        ("Ohio", None, "c"), ("Utah", None, "x"), ("Iowa", "*†", None), ("Guam", "5", None),
    ]  # fmt: skip


def test_behind_references_and_lists_there_are_no_footnotes(tmp_path: Path) -> None:
    """A1 and A2 would become one person."""
    mapping, sheet = tmp_path / "m.toml", tmp_path / "t.csv"
    sheet.write_text("Client,Month,Forms\nA1,2025-01,x\n", "utf-8")
    for column, words in (
        ('person_ref = { column = "Client", marks = ["1"] }', ("person_ref.marks", "'1'", "signs such as *")),
        ('form = { column = "Forms", marks = ["*"] }', ("form.marks", "only for columns of one word")),
        ('period = { column = "Month", marks = ["2"] }', ("period.marks", "'2'", "signs such as *")),
    ):
        names = {"person_ref": '"Client"', "period": '"Month"'}
        others = "".join(f"{name} = {text}\n" for name, text in names.items() if not column.startswith(name))
        mapping.write_text(
            f'[source]\nid = "house"\nlabel = "House"\n[[table]]\nname = "person"\n[table.columns]\n'
            f"{column}\n{others}",
            "utf-8",
        )
        refusal(lambda: own.read(sheet, ReadOptions(mapping=mapping, as_of=AS_OF)), "m.toml", *words)


BY_AGE: Rows = [
    ["Table 2"],
    ["Human Trafficking Arrests"],
    ["by Age by State, 2016"],
    ["State", "Offense", "Juvenile  ", None, "Adult  ", None],
    [None, None, "Juvenile \nmale", "Juvenile \nfemale", "Adult \nmale", "Adult \nfemale"],
    ["Alaska*", "Commercial sex acts", 0, 1, 3, 2],
    [None, "Involuntary servitude", 0, 0, 4, 0],
    ["Guam", "Commercial sex acts", 5, 0, 0, 0],
    [None, "Involuntary servitude", 0, 0, 0, 0],
    ["* Data submitted through another bureau.", *[None] * 5],
]


def test_arrests_of_a_year_are_read_by_age_gender_and_offense(tmp_path: Path) -> None:
    """Below a state its name is blank; the title says the year, whatever the file is called."""
    path = write_sheets(tmp_path / "table-2_by_Age_by_State_2015.xlsx", {"16tbl02": BY_AGE})
    found = checked(read("fbi_state_arrests_by_age", path)).accepted
    assert found["period"].unique().to_list() == ["2016"]
    assert found.height == 16
    some = found.filter(pl.col("value") > 0).select("area_code", "offence", "age_group", "gender", "value")
    assert sorted(some.rows()) == [
        ("66", "commercial_sex_acts", "child", "male", 5),
        ("Alaska", "commercial_sex_acts", "adult", "female", 2),
        ("Alaska", "commercial_sex_acts", "adult", "male", 3),
        ("Alaska", "commercial_sex_acts", "child", "female", 1),
        ("Alaska", "involuntary_servitude", "adult", "male", 4),
    ]


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
            "fbi_state_offences",
            "table-1_Human_Trafficking_Offenses_and_Clearances_by_State_2015.xls",
            "fbi_state_offences",
            965,
        ),
        (
            "fbi_state_agencies",
            "table_1_human_trafficking_participation_by_state_2015.xls",
            "fbi_state_agencies_taking_part",
            7226,
        ),
    ],
)
def test_the_old_workbooks_of_2015_are_read_once_they_are_saved_anew(
    tmp_path: Path, name: str, file: str, measure: str, total: int
) -> None:
    """Saved as .xlsx here, cell by cell, as the program asks for."""
    path = real_data("fbi-ht-state-tables", file)
    refusal(lambda: read(name, path), ".xlsx")
    sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, skip_rows=0, dtypes="string")
    rows = [list(row) for row in sheet.to_polars().rows()]
    found = checked(read(name, write_sheets(tmp_path / "t.xlsx", {"15tbl01": rows}))).accepted
    assert found["period"].unique().to_list() == ["2015"]
    assert found.filter(pl.col("measure") == measure)["value"].sum() == total


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
        (
            "fbi_state_agencies",
            ("fbi-ht-state-tables", "Table_1_Human_Trafficking_Participation_by_State_2014.xlsx"),
            "fbi_state_agencies_taking_part",
            5751,
        ),
        (
            "fbi_state_arrests_by_age",
            ("fbi-ht-state-tables", "Table_3_Human_Trafficking_Arrests_by_Age_by_State_2014.xlsx"),
            "fbi_state_arrests_by_age",
            952,
        ),
    ],
)
def test_the_real_tables_are_read_whole(name: str, file: tuple[str, str], measure: str, total: int) -> None:
    found = checked(read(name, real_data(*file))).accepted
    assert found.filter(pl.col("measure") == measure)["value"].sum() == total
