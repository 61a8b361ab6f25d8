"""Sheets as they are kept for eyes: what a mapping can say about cells and rows, and that it stays strict."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from etl.contracts.area_words import ways_to_write
from etl.contracts.areas import Areas
from etl.contracts.by_distinct import SEPARATOR
from etl.contracts.check import Checked, check
from etl.incoming import Incoming, ReadOptions
from etl.ledger import FILTER, GROUP, NO_CELL
from etl.lines import LINE, line_and_part
from etl.mapping.cells import ages, numbers
from etl.mapping.cells.dates import to_iso
from etl.mapping.cells.fiscal import FiscalYear
from etl.sources.places import us_places
from etl.sources.records import own
from tests.etl.made_home import CommandLine
from tests.etl.making_files import Rows, refusal, write_csv, write_sheets

AS_OF = date(2025, 12, 31)
HEAD = '[source]\nid = "office"\nlabel = "Office"\n'
PERSON = HEAD + '[[table]]\nname = "person"\n'


def read(folder: Path, mapping: str, rows: Rows | dict[str, Rows]) -> Incoming:
    (folder / "m.toml").write_text(mapping, "utf-8")
    path = (
        write_sheets(folder / "in.xlsx", rows)
        if isinstance(rows, dict)
        else write_csv(folder / "in.csv", rows)
    )
    return own.read(path, ReadOptions(mapping=folder / "m.toml", as_of=AS_OF))


def checked(incoming: Incoming) -> Checked:
    [batch] = incoming.batches
    return check(batch, AS_OF, period=(incoming.period_from, incoming.period_to))


def iso(cells: list[str], *formats: str, **more: Any) -> list[str | None]:
    return pl.DataFrame({"c": cells}).select(to_iso(pl.col("c"), formats, **more)).to_series().to_list()


def test_each_row_keeps_its_own_resolution() -> None:
    written = ["Q1 2024", "2024-05", "mar 2024", "juillet 2024", "2024", "3. märz 2024"]
    assert iso(written, "Qq yyyy", "mmm yyyy", "d. mmmm yyyy") == [
        "2024-Q1", "2024-05", "2024-03", "2024-07", "2024", "2024-03-03",
    ]  # fmt: skip


def test_letters_in_a_format_stand_in_quotes_and_the_time_of_a_day_is_cut_off() -> None:
    assert iso(["7 de marzo de 2025", "2024w03"], "d 'de' mmmm 'de' yyyy", "yyyy'w'mm") == [
        "2025-03-07",
        "2024-03",
    ]
    cells = ["3/7/2024 14:22:05", "3/7/2024 2:22 PM", "3/7/2024T14:22:05.5+02:00", "3/7/2024 late"]
    assert iso(cells, "m/d/yyyy") == ["2024-03-07", "2024-03-07", "2024-03-07", "3/7/2024 late"]


@pytest.mark.parametrize("zone", ["Z", " UTC", " GMT", "+02", "-0500", "+05:30"])
def test_a_timestamp_is_its_day_in_any_zone(tmp_path: Path, zone: str) -> None:
    mapping = PERSON + '[table.columns]\nperiod = "When"\n'
    [batch] = read(tmp_path, mapping, [["When"], [f"2025-03-31T23:59:59{zone}"]]).batches
    assert batch.frame["period"].cast(pl.String).to_list() == ["2025-03-31"]


def test_day_numbers_of_both_systems() -> None:
    assert iso(["45292"], "excel_days") == iso(["43830"], "excel_days_1904") == ["2024-01-01"]
    assert iso(["43830"], "excel_days", "excel_days_1904") == ["?two"]


def test_financial_years_by_their_first_month() -> None:
    federal, india, july = FiscalYear(10), FiscalYear(4), FiscalYear(7, counts_in="begin")
    written = ["FY2024", "fy24", "2023-24", "2023/2024", "FY24 Q1", "Q3 FY2024", "2023-25", "2024-03"]
    assert iso(written, fiscal=federal) == [
        "2024", "2024", "2024", "2024", "2023-Q4", "2024-Q2", "2023-25", "2024-03",
    ]  # fmt: skip
    assert iso(["2023-24", "FY2024 Q4"], fiscal=india) == ["2023", "2024-Q1"]
    assert iso(["2023-24"], fiscal=july) == ["2023"]
    assert iso(["FY2024"], fiscal=FiscalYear(4, named_for="begin")) == ["2024"]
    assert iso(["FY24 Q1"], fiscal=FiscalYear(9)) == ["FY24 Q1"], "not a quarter of the calendar"
    assert iso(["2011-12"], "yyyy-mm", fiscal=federal) == ["?two"]


def test_months_and_quarters_without_a_year_are_of_twelve_months_from_the_first(tmp_path: Path) -> None:
    mapping = PERSON + '[table.columns]\nperiod = { column = "When", months_from = "2023-07", format = %s }\n'
    rows = [["When"], ["Jul"], ["December"], ["Jan"], ["Jun"], ["Total due"], ["Q3"], ["Q2"], ["29 Feb"]]
    formats = """["mmm", "'Q'q", "d mmm"]"""
    [batch] = read(tmp_path, mapping % formats, rows).batches
    assert batch.frame["period"].cast(pl.String).to_list() == [
        "2023-07-01", "2023-12-01", "2024-01-01", "2024-06-01", "Total due", "2023-Q3", "2024-Q2",
        "2024-02-29",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('period = { column = "When", months_from = "2023", format = "mmm" }', "a month, such as"),
        ('period = { column = "When", months_from = "2023-07", format = "mmm yyyy" }', "without a year"),
        (
            'period = "When"\ngender = { column = "Sex", months_from = "2023-07" }',
            "only for columns of dates",
        ),
    ],
)
def test_what_months_from_cannot_mean_is_refused(tmp_path: Path, said: str, told: str) -> None:
    text = f"{PERSON}[table.columns]\n{said}\n"
    refusal(lambda: read(tmp_path, text, [["When", "Sex"], ["Jul", "F"]]), told, "months_from")


def test_financial_years_are_told_and_beside_months_a_pair_is_not_guessed(tmp_path: Path) -> None:
    mapping = (
        'period = "2012..2024"\n' + PERSON.replace('"Office"\n', '"Office"\nperiod_resolution = "year"\n')
        + '[table.columns]\nperiod = { column = "When", fiscal_year = { first_month = 10 } }\n'
    )  # fmt: skip
    incoming = read(tmp_path, mapping, [["When"], ["FY2024"], ["2022-23"]])
    assert checked(incoming).accepted["period"].to_list() == ["2024", "2023"]
    assert [note for note in incoming.notes if "2 cells are financial years" in note and "ends" in note]
    mixed = checked(read(tmp_path, mapping, [["When"], ["2011-12"], ["2012-05"]]))
    assert mixed.rejected["rule"].to_list() == ["two_formats_fit"]
    refusal(
        lambda: read(tmp_path, mapping.replace("= 10", "= 7"), [["When"], ["FY2024"]]), "counts_in", "halves"
    )


@pytest.mark.parametrize(
    ("written", "age", "band", "group"),
    [
        ("17", "17", None, None),
        ("17 yrs", "17", None, None),
        ("17y 4m", "17", None, None),
        ("Aged 17", "17", None, None),
        ("17.5", "17", None, None),
        ("8 months", "0", None, None),
        ("mid 20s", None, "24_29", "adult"),
        ("Mid-20's", None, "24_29", "adult"),
        ("20s", None, None, "adult"),
        ("under 18", None, None, "child"),
        ("<18", None, None, "child"),
        ("18+", None, None, "adult"),
        ("50 and over", None, "48_plus", "adult"),
        ("25-30", None, None, "adult"),
        ("25 to 29", None, "24_29", "adult"),
        ("16/17", None, "9_17", "child"),
        ("under 25", None, None, None),
        ("Minor", None, None, "child"),
        ("tall", "tall", None, None),
        ("1,000", "1,000", None, None),
        ("30-25", "30-25", None, None),
        ("~25", "~25", None, None),
    ],
)
def test_what_an_age_in_words_says(
    written: str, age: str | None, band: str | None, group: str | None
) -> None:
    assert [ages.told(written, target) for target in ages.TARGETS] == [age, band, group]


AGES = PERSON + '[table.columns]\nperiod = "When"\nage = { column = "Age", as = "age"'


def test_one_column_of_ages_feeds_three_and_what_says_nothing_is_told(tmp_path: Path) -> None:
    rows = [["When", "Age"], *([("2025-01"), cell] for cell in ("17 yrs", "mid 20s", "Teen", "under 25", ""))]
    incoming = read(tmp_path, AGES + ' }\n[table.values.age]\n"teen" = "13-17"\n', rows)
    found = checked(incoming).accepted
    assert found.select("age", "age_band", "age_group").rows() == [
        (17, None, None), (None, "24_29", "adult"), (None, "9_17", "child"),
        (None, None, None), (None, None, None),
    ]  # fmt: skip
    [note] = [note for note in incoming.notes if "child or adult" in note]
    assert "1 cell" in note and "line 5" in note and "25" not in note.replace("2025", "")


def test_an_unreadable_cell_costs_its_row_unless_the_mapping_says_so(tmp_path: Path) -> None:
    rows = [["When", "Age"], ["2025-01", "17"], ["2025-01", "about 20"], ["never", "?!"]]
    strict = checked(read(tmp_path, AGES + " }\n", rows))
    assert strict.rejected.select("line", "rule").rows() == [(3, "not_a_number"), (4, "not_a_period")]
    found = checked(read(tmp_path, AGES + ', unreadable = "not recorded" }\n', rows))
    assert found.accepted["age"].to_list() == [17, None]
    assert found.rejected.select("line", "rule").rows() == [(4, "not_a_period")]
    assert found.unread.rows() == [("age", 3)], "of good rows only"


def test_of_several_codes_the_known_ones_stay(tmp_path: Path) -> None:
    mapping = PERSON + (
        '[table.columns]\nperiod = "When"\n'
        'form = { column = "Form", split = ";", unreadable = "not recorded" }\n'
        'gender = { column = "Sex", unreadable = "not recorded" }\n'
    )
    rows = [["When", "Form", "Sex"], ["2025-01", "other; shoe", "female"], ["2025-01", "hat", "xx"]]
    found = checked(read(tmp_path, mapping, rows))
    assert found.accepted.select("form", "gender").rows() == [(["other"], "female"), (None, None)]
    assert sorted(found.unread.rows()) == [("form", 2), ("form", 3), ("gender", 3)]
    assert found.rejected.is_empty()


def test_a_check_says_how_many_cells_were_not_recorded(run: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(AGES + ', unreadable = "not recorded" }\n', "utf-8")
    path = write_csv(tmp_path / "in.csv", [["When", "Age"], ["2025-01", "17"], ["2025-01", "xyzzy"]])
    told = run("check", path, "--source", "own", "--mapping", tmp_path / "m.toml", as_json=False)
    assert "'age': 1 cell that cannot be read, not recorded (unreadable), first on line 3" in told.out
    assert "xyzzy" not in told.out


@pytest.mark.parametrize("key", ["period", "person_ref"])
def test_what_must_be_there_cannot_be_unreadable(tmp_path: Path, key: str) -> None:
    columns = {"period": '"When"', key: '{ column = "When", unreadable = "not recorded" }'}
    mapping = PERSON + "[table.columns]\n" + "".join(f"{name} = {rule}\n" for name, rule in columns.items())
    refusal(lambda: read(tmp_path, mapping, [["When"], ["2025-01"]]), "unreadable", "may be empty")


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("$2,288.50", "2,288.50"),
        ("(500)", "-500"),
        ("($1,200.00)", "-1,200.00"),
        ("-$5", "-5"),
        ("$ -5", "-5"),
        ("500 USD", "500"),
        ("€ 3", "3"),
        ("5 apples", "5 apples"),
        ("-(5)", "-(5)"),
        ("$", "$"),
    ],
)
def test_amounts_of_money(written: str, read_as: str) -> None:
    assert pl.DataFrame({"c": [written]}).select(numbers.money(pl.col("c"))).to_series().to_list() == [
        read_as
    ]


def test_lakhs_percent_and_codes() -> None:
    cells = pl.DataFrame(
        {"c": ["12,34,567.5", "2.5 lakh", "1 crore", "1,23", "45%", "45 per cent", "6037.0"]}
    )
    lakhs = cells.select(numbers.lakhs(pl.col("c"))).to_series().to_list()
    assert lakhs[:4] == ["1234567.5", "250000", "10000000", "1,23"]
    assert cells.select(numbers.percent(pl.col("c"), "%")).to_series().to_list()[4:6] == ["45", "45"]
    assert cells.select(numbers.percent(pl.col("c"), "share")).to_series().to_list()[4:6] == ["45%", "45%"]
    assert cells.select(numbers.code(pl.col("c"))).to_series().to_list()[-1] == "6037"


AWARD = HEAD + (
    '[[table]]\nname = "funding_award"\n[table.columns]\naward = "No"\n'
    'amount = { column = "Amount", as = %s }\n'
    "[table.constants]\n"
    'funder_kind = "state"\nrecipient_organisation = "A"\n'
    'start_date = "2024-01-01"\nend_date = "2024-12-31"\n'
    'currency = "usd"\n'
)


def test_money_of_a_sheet_and_two_currencies_in_one_column(tmp_path: Path) -> None:
    rows = [["No", "Amount"], ["1", "$2,288.50"], ["2", "$ 1,00,000"], ["3", "$12 000x"]]
    found = checked(read(tmp_path, AWARD % '["money", "lakhs"]', rows))
    assert found.accepted["amount"].to_list() == [2288.5, 100_000.0]
    assert found.rejected.select("line", "rule").rows() == [(4, "not_a_number")]
    two = [["No", "Amount"], ["1", "$2,288.50"], ["2", "€ 7"]]
    refusal(lambda: read(tmp_path, AWARD % '"money"', two), "in.csv", "signs $, €", unwanted=["2,288"])
    refusal(lambda: read(tmp_path, AWARD % '"shoes"', two), "as", "money")


def test_codes_stay_text(tmp_path: Path) -> None:
    mapping = PERSON + '[table.columns]\nperiod = "When"\narea = { column = "FIPS", pad = 5 }\n'
    [batch] = read(tmp_path, mapping, [["When", "FIPS"], ["2025-01", "6037.0"], ["2025-01", "12086"]]).batches
    assert batch.frame["area"].cast(pl.String).to_list() == ["06037", "12086"]


USE = HEAD + (
    'period_resolution = "month"\n[[table]]\nname = "safe_place_use"\n%s'
    '[table.columns]\nsite = "Site"\ncontacts = "@cell"\n'
    'period = { columns = ["Year", "@heading"], format = "yyyy mmm" }\n'
)
MONTHS = 'unpivot = { columns = ["Jan", "Feb", "Mar"] }\n'
BY_MONTH = [
    ["Site", "Year", "Jan", "Feb", "Mar", "Left"],
    ["s1", "2025", "3", "", "0", ""],
    ["s2", "2025", "", "", "", "yes"],
    ["s3", "2025", "4", "x", "5", ""],
]


@pytest.mark.parametrize("unpivot", [MONTHS, 'unpivot = { from = "Jan", to = "Mar" }\n'])
def test_columns_of_months_become_rows_and_lines_are_counted_once(tmp_path: Path, unpivot: str) -> None:
    incoming = read(tmp_path, USE % unpivot, BY_MONTH)
    found = checked(incoming)
    assert found.accepted.select("site", "period", "contacts").sort("site", "period").rows() == [
        ("s1", "2025-01", 3), ("s1", "2025-03", 0), ("s3", "2025-01", 4), ("s3", "2025-03", 5),
    ]  # fmt: skip
    assert [(line_and_part(line), rule) for line, rule in found.rejected.select("line", "rule").rows()] == [
        ((4, 2), "not_a_number")
    ]
    assert (incoming.ledger.rows, incoming.ledger.left_out) == (3, {NO_CELL: 1})


def test_rows_made_of_columns_add_up_in_the_account(run: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(USE % MONTHS, "utf-8")
    path = write_csv(tmp_path / "in.csv", BY_MONTH)
    told = run("check", path, "--source", "own", "--mapping", tmp_path / "m.toml", as_json=False)
    assert "3 rows in the file: 1 accepted, 1 partly accepted, 0 rejected, 1 left out" in told.out, told.out


def test_rows_are_made_of_the_columns_of_several_tabs(tmp_path: Path) -> None:
    tab = [["Site", "Year", "Jan", "Feb", "Mar"], ["s1", 2025, 1, None, 2]]
    other = [tab[0], ["s2", 2025, 3, 4, None]]
    incoming = read(tmp_path, USE % ('sheets = "*"\n' + MONTHS), {"A": tab, "B": other})
    found = checked(incoming).accepted.sort("site", "period")
    assert found.select("site", "period", "contacts").rows() == [
        ("s1", "2025-01", 1), ("s1", "2025-03", 2), ("s2", "2025-01", 3), ("s2", "2025-02", 4),
    ]  # fmt: skip
    [batch] = incoming.batches
    assert batch.frame[LINE].n_unique() == 4
    assert len(incoming.origins["safe_place_use"]) == 6


def test_only_and_blank_columns_are_counted_apart(tmp_path: Path) -> None:
    mapping = USE % MONTHS + '[table.only]\n"Site" = ["s1", "s2"]\n'
    assert read(tmp_path, mapping, BY_MONTH).ledger.left_out == {FILTER: 1, NO_CELL: 1}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((MONTHS, ""), ["@cell", "unpivot"]),
        (('contacts = "@cell"', 'contacts = "Jan"'), ["@cell", "not used"]),
        ((MONTHS, 'unpivot = { from = "Mar", to = "Jan" }\n'), ["Mar", "stands before"]),
        ((MONTHS, 'unpivot = { columns = ["Jan", "Jan"] }\n'), ["twice"]),
        ((MONTHS, 'unpivot = { columns = ["Jan", "Foo"] }\n'), ["Foo", "missing"]),
    ],
)
def test_mistakes_about_columns_that_become_rows(
    tmp_path: Path, change: tuple[str, str], words: list[str]
) -> None:
    mapping = (USE % MONTHS).replace(*change)
    refusal(lambda: read(tmp_path, mapping, BY_MONTH), *words)


GROUPED = PERSON + '%s[table.columns]\nperiod = "When"\ngender = "Sex"\nidentified_by = "%s"\n'


def test_blanks_below_a_group_are_filled_and_words_for_missing_are_no_blanks(tmp_path: Path) -> None:
    rows = [
        ["By", "Town", "When", "Sex"],
        ["police", "", "", ""],
        ["", "x", "2025-01", "female"],
        ["", "", "2025-02", "male"],
        ["NA", "", "2025-02", "male"],
        ["ngo", "", "2025-03", "female"],
    ]
    incoming = read(tmp_path, GROUPED % ('fill_down = ["By", "Town"]\n', "By"), rows)
    assert checked(incoming).accepted["identified_by"].to_list() == ["police", "police", None, "ngo"]
    assert incoming.ledger.left_out == {GROUP: 1}


def test_a_new_group_begins_the_columns_behind_it_anew(tmp_path: Path) -> None:
    rows = [
        ["By", "Sex", "When"],
        ["police", "female", "2025-01"],
        ["", "", "2025-02"],
        ["ngo", "", "2025-03"],
    ]
    found = checked(read(tmp_path, GROUPED % ('fill_down = ["By", "Sex"]\n', "By"), rows)).accepted
    assert found.select("identified_by", "gender").rows() == [
        ("police", "female"), ("police", "female"), ("ngo", None),
    ]  # fmt: skip


def test_a_group_does_not_reach_into_the_next_tab(tmp_path: Path) -> None:
    head = ["By", "When", "Sex"]
    sheets: dict[str, Rows] = {
        "A": [head, ["police", "2025-01", "female"]],
        "B": [head, [None, "2025-02", "female"], ["ngo", "2025-03", "male"]],
    }
    mapping = GROUPED % ('sheets = "*"\nfill_down = "By"\n', "By")
    assert checked(read(tmp_path, mapping, sheets)).accepted["identified_by"].to_list() == [
        "police",
        None,
        "ngo",
    ]


def test_rows_that_name_a_group(tmp_path: Path) -> None:
    rows = [["When", "Sex"], ["police", ""], ["2025-01", "female"], ["ngo", ""], ["2025-02", "male"]]
    incoming = read(tmp_path, GROUPED % ("group_rows = true\n", "@group"), rows)
    assert checked(incoming).accepted["identified_by"].to_list() == ["police", "ngo"]
    assert (incoming.ledger.rows, incoming.ledger.left_out) == (4, {GROUP: 2})
    refusal(lambda: read(tmp_path, GROUPED % ("", "@group"), rows), "@group", "group_rows")
    both = GROUPED % ('group_rows = true\nfill_down = "When"\n', "@group")
    refusal(lambda: read(tmp_path, both, rows), "fill_down")


def test_header_of_three_rows(tmp_path: Path) -> None:
    rows = [
        ["Who", "2025", "", "", ""],
        ["", "Case", "", "Person", ""],
        ["", "When", "By", "Sex", "Age"],
        ["x", "2025-01", "police", "female", "17"],
    ]
    mapping = (
        PERSON
        + 'header_rows = 3\n[table.columns]\nperiod = "2025 / Case / When"\nage = "2025 / Person / Age"\n'
    )
    assert checked(read(tmp_path, mapping, rows)).accepted["age"].to_list() == [17]


def test_tabs_by_a_pattern_and_tabs_that_are_not_taken(tmp_path: Path) -> None:
    tab = [["When"], ["2025-01"]]
    sheets: dict[str, Rows] = {"Cook": tab, "Will": tab, "Summary": [["Anything"], ["else"]], "Cook old": tab}
    mapping = (
        PERSON + 'sheets = "%s"\nskip_sheets = [%s]\n[table.columns]\nperiod = "When"\narea = "@sheet"\n'
    )
    incoming = read(tmp_path, mapping % ("*", '"Summary", "*old"'), sheets)
    assert checked(incoming).accepted["area"].to_list() == ["Cook", "Will"]
    assert [note for note in incoming.notes if "passed over: 'Summary', 'Cook old'" in note]
    assert checked(read(tmp_path, mapping % ("Cook*", '"Cook old"'), sheets)).accepted["area"].to_list() == [
        "Cook"
    ]
    refusal(lambda: read(tmp_path, mapping % ("Kane*", '"Summary"'), sheets), "no visible sheet", "'Cook'")
    refusal(lambda: read(tmp_path, mapping % ("*", '"Sumary"'), sheets), "Sumary", "Did you mean 'Summary'")


def test_one_word_for_several_codes_and_a_line_break_between_them(tmp_path: Path) -> None:
    mapping = PERSON + (
        '[table.columns]\nperiod = "When"\nform = { column = "Form", split = ["\\n", "/"] }\n'
        '[table.values.form]\n"sex and labor" = ["sexual_exploitation", "forced_labour"]\n'
        '"beg" = "forced_begging"\n'
        '[table.flags.form]\n"All?" = ["other", "forced_marriage"]\n'
    )
    rows = [["When", "Form", "All?"], ["2025-01", "Sex and labor\nbeg", ""], ["2025-01", "beg/other", "Y"]]
    for kind in (rows, {"A": rows}):
        found = checked(read(tmp_path, mapping, kind)).accepted  # type: ignore[arg-type]
        assert found["form"].to_list() == [
            ["sexual_exploitation", "forced_labour", "forced_begging"],
            ["forced_begging", "other", "forced_marriage"],
        ]
    assert SEPARATOR not in mapping
    wrong = mapping.replace("forced_marriage", "forced_mariage")
    refusal(lambda: read(tmp_path, wrong, rows), "Did you mean 'forced_marriage'")
    one = (
        PERSON + '[table.columns]\nperiod = "When"\ngender = "All?"\n'
        '[table.values.gender]\n"Y" = ["male", "female"]\n'
    )
    refusal(lambda: read(tmp_path, one, rows), "one code")


def test_one_block_for_many_tables(tmp_path: Path) -> None:
    mapping = HEAD + (
        '[block.clients]\nname = "person"\nyes = "ja"\n'
        '[block.clients.columns]\nperiod = "When"\ngender = "Sex"\n'
        'age = { column = "Age", as = "age" }\n[block.clients.values.gender]\n"F" = "female"\n'
        '[[table]]\nuse = "clients"\nsheet = "A"\nconstants = { area = "one" }\n'
        '[[table]]\nuse = "clients"\nsheet = "B"\n[table.constants]\narea = "two"\n'
        '[table.columns]\nage = { column = "Years" }\n[table.values.gender]\n"f." = "female"\n'
    )
    sheets: dict[str, Rows] = {
        "A": [["When", "Sex", "Age"], ["2025-01", "F", "17 yrs"]],
        "B": [["When", "Sex", "Years"], ["2025-02", "f.", "18"]],
    }
    found = checked(read(tmp_path, mapping, sheets)).accepted
    assert found.select("area", "gender", "age").rows() == [("one", "female", 17), ("two", "female", 18)]
    refusal(lambda: read(tmp_path, mapping.replace('use = "clients"', 'use = "client"'), sheets), "clients")
    chained = mapping.replace('yes = "ja"', 'use = "clients"')
    refusal(lambda: read(tmp_path, chained, sheets), "uses no other")


ILLINOIS = [
    ("US", "United States", None),
    *((code, name, "US") for code, name in us_places.states().items() if code == "17"),
    *((one.code, one.name, one.state) for one in us_places.counties().values() if one.state == "17"),
]
VIRGINIA_AND_MARYLAND = [
    *((code, name, None) for code, name in us_places.states().items() if code in ("24", "51")),
    *((one.code, one.name, one.state) for one in us_places.counties().values() if one.state in ("24", "51")),
]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Cook", "17031"),
        ("COOK COUNTY", "17031"),
        ("Cook Co.", "17031"),
        ("Cook County, IL", "17031"),
        ("Cook, Illinois", "17031"),
        ("Cook, 17", "17031"),
        ("Cook, IN", None),
        ("Du Page", "17043"),
        ("St. Clair", "17163"),
        ("Saint Clair County", "17163"),
        ("De Kalb", "17037"),
        ("IL", "17"),
        ("County", None),
        ("Cool", None),
    ],
)
def test_a_county_without_its_kind_where_one_alone_is_covered(written: str, meant: str | None) -> None:
    assert Areas(ILLINOIS, ways_to_write("us")).find(written) == meant


def test_a_name_of_several_areas_is_never_guessed() -> None:
    areas = Areas(VIRGINIA_AND_MARYLAND, ways_to_write("us"))
    for written in ("Baltimore", "Richmond", "Fairfax"):  # a county and a city that is none
        assert areas.find(written) is None
        assert areas.ambiguous(pl.Series([written])) == {written}
    assert areas.find("James City") == "51095"
    assert areas.find("Baltimore city") == "24510"
    assert areas.find("Montgomery") is None, "one in each state"
    assert areas.find("Montgomery, MD") == "24031"
