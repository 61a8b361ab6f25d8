"""``python -m etl map`` in doubt: it shows no record, takes no birth for a period, counts nobody unasked."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from etl.drafting.draft import Draft, draft
from etl.drafting.writing.mapping import write
from etl.errors import EtlError
from etl.protect.people_in_columns import rule_of_people
from tests.etl.making_files import refusal, write_csv, write_sheets
from tests.etl.test_drafts_of_lists import AREAS, ROWS, accepted, columns, days, in_turn, sheet

NEWEST = 2025
NAMES = ("Ana Lopez", "Miguel Patel", "Grace Nguyen", "Samuel Johnson")
BIRTHS = [f"{2007 + at % 4}-{1 + at % 12:02}-{1 + at % 28:02}" for at in range(ROWS)]


def drafted(path: Path, table: str | None = None) -> tuple[Draft, str, Sequence[str]]:
    made = draft(path, table, AREAS, newest=NEWEST)
    written = write(made, "us")
    return made, written.text, written.questions


@pytest.mark.parametrize(
    "head", [["Who", "Day", "Wants", "Kids"], ["Quién", "Cuándo", "Qué pide", "Hijos"], None]
)  # fmt: skip
def test_a_record_that_stands_for_headings_is_never_written_down(
    tmp_path: Path, head: list[str] | None
) -> None:
    rows = [
        [NAMES[at % 4], f"10/{10 + at % 18}/2024", ("Shelter", "Food")[at % 2], str(at % 3)]
        for at in range(ROWS)
    ]
    path = write_sheets(
        tmp_path / "calls for help.xlsx", {"All": [["Help line"], *([head] if head else []), *rows]}
    )
    try:
        _, text, questions = drafted(path)
    except EtlError as error:
        text, questions = str(error), ()
        assert head is None and "looks like a record" in text
    said = f"{text} {' '.join(questions)}"
    assert not any(name in said for name in NAMES) and "10/10/2024" not in said


def test_dates_that_all_lie_far_back_are_asked_about_and_another_column_goes_before(tmp_path: Path) -> None:
    cells = {"Client ID": [f"Y{at}" for at in range(ROWS)], "Date": BIRTHS, "Sex": in_turn("F", "M")}
    _, text, [asked] = drafted(sheet(tmp_path / "youth.csv", cells))
    assert "Perhaps 'Date'" in asked and "A birth or another date is none" in asked
    assert '# period = "Date"' in text
    made, _, questions = drafted(sheet(tmp_path / "youth.csv", {**cells, "Intake": days(3)}))
    assert columns(made)["period"] == "Intake" and not questions
    assert "Date" in dict(made.dropped)


@pytest.mark.parametrize(
    ("group", "heads"), [("Birth", ["Date", "City"]), ("Nacimiento", ["Fecha", "Ciudad"])]
)
def test_a_birth_above_the_headings_makes_a_date_one_of_births(
    tmp_path: Path, group: str, heads: list[str]
) -> None:
    rows = [[f"Y{at}", BIRTHS[at], "Fresno", f"2025-{1 + at % 12:02}", "FM"[at % 2]] for at in range(ROWS)]
    head = [["Client", group, None, "Intake", None], ["No.", *heads, "Month", "Sex"]]
    made, _, _ = drafted(write_sheets(tmp_path / "minors.xlsx", {"Clients": [*head, *rows]}))
    assert columns(made)["period"] == "Intake / Month" and "area" not in columns(made)
    assert dict(made.dropped)[f"{group} / {heads[0]}"] == "dates of birth"


def test_a_month_beside_a_year_of_birth_is_not_lost(tmp_path: Path) -> None:
    parts = {
        "Birth year": in_turn("1990", "2001"),
        "Month": in_turn("July", "May"),
        "Year": in_turn("2025", "2024"),
    }
    cells = {"Client ID": [f"C{at}" for at in range(ROWS)], **parts, "Sex": in_turn("F", "M")}
    _, text, [asked] = drafted(sheet(tmp_path / "clients.csv", cells))
    assert (
        asked.startswith("together, the month may be in 'Year', 'Month'") and "period_resolution" not in text
    )


@pytest.mark.parametrize(
    ("name", "words", "kept"),
    [
        ("Trafficked?", ("Y", "N"), 'only = { "Trafficked?" = ["Y"] }'),
        ("HT victim", ("Yes", "No", "Unknown"), 'only = { "HT victim" = ["Yes"] }'),
        (
            "Program",
            ("Human Trafficking", "Domestic Violence"),
            'only = { "Program" = ["Human Trafficking"] }',
        ),
        ("¿Trata?", ("Sí", "No"), 'only = { "¿Trata?" = ["Sí"] }'),
    ],
)
def test_clients_who_were_not_trafficked_are_not_counted(
    tmp_path: Path, name: str, words: tuple[str, ...], kept: str
) -> None:
    cells = {"Client ID": [f"C{at}" for at in range(ROWS)], "Intake date": days(4), "Sex": in_turn("F", "M")}
    path = sheet(tmp_path / "clients.csv", {**cells, name: in_turn(*words)})
    _, text, questions = drafted(path)
    assert kept in text and not questions
    assert accepted(path, text) == {"person": len(in_turn(*words)) // len(words) + (ROWS % len(words) > 0)}


def test_a_column_that_says_the_same_of_all_keeps_all(tmp_path: Path) -> None:
    cells = {
        "Client ID": [f"C{at}" for at in range(ROWS)],
        "Intake date": days(4),
        "Trafficked?": in_turn("Y"),
    }
    path = sheet(tmp_path / "clients.csv", {**cells, "Exploitation": in_turn("Sex", "Labor")})
    _, text, _ = drafted(path)
    assert "only" not in text and accepted(path, text) == {"person": ROWS}


def test_a_form_of_trafficking_beside_the_word_is_kept_as_well(tmp_path: Path) -> None:
    cells = {"Client ID": [f"C{at}" for at in range(ROWS)], "Intake date": days(4), "Sex": in_turn("F", "M")}
    path = sheet(
        tmp_path / "clients.csv", {**cells, "Why here": in_turn("Human trafficking", "Labor trafficking")}
    )
    _, text, _ = drafted(path)
    assert "only" not in text and accepted(path, text) == {"person": ROWS}


@pytest.mark.parametrize("tab", ["Buyers arrested (sting)", "Massage business inspections", "Volunteers"])
def test_numbers_of_something_else_are_nobody_until_somebody_says_so(tmp_path: Path, tab: str) -> None:
    months = ["Jan-25", "Feb-25", "Mar-25", "Apr-25"]
    rows = [["County", *months], ["Yolo", 3, 5, 7, 11], ["Fresno", 4, 6, 8, 12], ["Kern", 5, 7, 9, 13]]
    path = write_sheets(tmp_path / "county.xlsx", {tab: rows})
    _, text, [asked] = drafted(path)
    assert asked.startswith("do these numbers count people new in their month")
    refusal(lambda: accepted(path, text), "tally")
    assert accepted(path, text.replace('# tally = "new"', 'tally = "new"')) == {"person": 90}


@pytest.mark.parametrize("word", ["clients", "Survivors identified", "trafficking"])
def test_numbers_that_a_name_explains_are_not_asked_about(tmp_path: Path, word: str) -> None:
    rows = [["County", "Jan-25", "Feb-25", "Mar-25"], ["Yolo", 3, 5, 7], ["Kern", 4, 6, 8]]
    _, text, questions = drafted(write_sheets(tmp_path / "county.xlsx", {f"New {word}": rows}))
    assert not questions and '\ntally = "new"' in text


def test_minors_are_counted_where_totals_stand_between_the_groups(tmp_path: Path) -> None:
    head = [["Month", "Adults", None, None, "Minors", None, None], [None, *["Female", "Male", "Total"] * 2]]
    rows = [[f"{month} 2025", 5, 2, 7, 3, 1, 4] for month in ("Jan", "Feb", "Mar", "Apr", "May")]
    path = write_sheets(tmp_path / "new clients.xlsx", {"New clients": [*head, *rows]})
    _, text, questions = drafted(path)
    assert not questions and accepted(path, text) == {"person": 5 * (5 + 2 + 3 + 1)}


def test_what_people_are_called_is_told_by_line_in_columns_of_who_did_something(tmp_path: Path) -> None:
    cells = {"Client ID": [f"C{at}" for at in range(ROWS)], "Intake date": days(4), "Sex": in_turn("F", "M")}
    who = in_turn("Boyfriend", "Online", "Tyrell", "Family")
    needs = in_turn("Housing", "Legal", "Bed at Kimora's")
    _, text, questions = drafted(
        sheet(tmp_path / "clients.csv", {**cells, "Recruited by": who, "Needs": needs})
    )
    assert "Tyrell" not in text and "Kimora" not in text
    assert [one for one in questions if one.startswith("1 further word of 'recruitment_method'")]


def test_a_column_of_codes_whose_other_words_are_names_is_left_out(tmp_path: Path) -> None:
    cells = {"Client ID": [f"C{at}" for at in range(ROWS)], "Intake date": days(4), "Sex": in_turn("F", "M")}
    who = in_turn("Boyfriend", "Online", "Maria Lopez", "Jose Garcia", "Ana Martinez")
    made, text, _ = drafted(sheet(tmp_path / "clients.csv", {**cells, "Recruited by": who}))
    assert dict(made.dropped)["Recruited by"] == "names of people" and "Lopez" not in text


def test_the_letters_of_hombre_and_mujer_are_asked_and_not_read_as_english(tmp_path: Path) -> None:
    cells = {"Expediente": [f"C{at}" for at in range(ROWS)], "Fecha": days(4), "Sexo": in_turn("H", "M")}
    made, text, questions = drafted(sheet(tmp_path / "clientes.csv", cells), "person")
    assert len(questions) == 2 and '# "M" = "female"' in text and '# "H" = "male"' in text
    assert columns(made)["gender"] == "Sexo"


def test_months_are_no_number_plates_and_another_harm_is_no_form(tmp_path: Path) -> None:
    months = [
        f"{month} {year}" for year in (2024, 2025) for month in ("Jan", "Feb", "Mar", "Apr", "Jul", "Dec")
    ]
    assert rule_of_people(pl.Series(months)) is None
    assert rule_of_people(pl.Series(["ABC 1234", "KLM 4821", "QRS 1190", "TUV 7761", "XYZ 3002"]))
    cells = {
        "Client ID": [f"C{at}" for at in range(ROWS)],
        "Mo/Yr": in_turn(*months),
        "Sex": in_turn("F", "M"),
    }
    harm = in_turn("Sex trafficking", "Domestic Violence")
    made, text, _ = drafted(sheet(tmp_path / "clients.csv", {**cells, "Type of trafficking": harm}))
    assert columns(made)["period"] == "Mo/Yr" and '# "Domestic Violence" = "…"' in text


def test_a_list_that_is_named_may_have_columns_of_numbers(tmp_path: Path) -> None:
    cells = {
        "Youth": [f"Y{at}" for at in range(ROWS)],
        "Screened": days(4),
        "Grade": in_turn("7", "9"),
        "Score": in_turn("11", "23"),
    }
    made, _, [asked] = drafted(sheet(tmp_path / "csec.csv", cells), "person")
    assert not made.matched.table.is_tally and "Perhaps 'Screened'" in asked
    write_csv(tmp_path / "none.csv", [["Youth"], ["Y1"]])
    refusal(lambda: drafted(tmp_path / "none.csv"))


def test_grants_need_no_codes_written_by_hand(tmp_path: Path) -> None:
    cells = {
        "Grant #": [f"2024-VT-GX-{at:04}" for at in range(ROWS)],
        "Grantee": in_turn("Harbor House", "Casa Esperanza", "Legal Aid LA"),
        "Start": in_turn("2024-01-01"),
        "End": in_turn("2025-12-31"),
        "Award": [f"${at + 1},000.00" for at in range(ROWS)],
    }
    path = sheet(tmp_path / "grants.csv", cells)
    made, text, questions = drafted(path)
    assert made.dropped == () and [one.split("'")[1] for one in questions] == ["funder_kind", "currency"]
    for line in ('funder_kind = "federal"', 'currency = "usd"'):
        name = line.split(" ")[0]
        assert f'# {name} = "…"' in text.partition("[table.constants]")[2]
        text = text.replace("[table.constants]", f"[table.constants]\n{line}")
    assert accepted(path, text) == {"funding_award": ROWS}


def test_a_count_of_beds_by_day_is_told_before_its_rows_are_rejected(tmp_path: Path) -> None:
    beds = {
        "House": in_turn("north_house", "south_house"),
        "Beds": in_turn("12"),
        "Filled": in_turn("7", "9", "11"),
    }
    by_day = {"Date": [f"2025-01-{1 + at // 2:02}" for at in range(ROWS)], **beds}
    _, _, questions = drafted(sheet(tmp_path / "beds.csv", by_day))
    assert [one for one in questions if "one row for each month" in one]
    by_month = {"Month": [f"{2024 + at // 24}-{1 + at // 2 % 12:02}-01" for at in range(ROWS)], **beds}
    _, _, questions = drafted(sheet(tmp_path / "beds.csv", by_month))
    assert not [one for one in questions if "one row for each month" in one]


def test_rows_with_names_and_a_sex_are_of_people(tmp_path: Path) -> None:
    cells = {"Ngày tiếp nhận": days(4, "%d/%m/%Y"), "Giới tính": in_turn("Nữ", "Nam")}
    refusal(lambda: drafted(sheet(tmp_path / "a.csv", cells)), "cannot be told")
    named = {"Họ và tên": [f"Nguyễn Thị Lan {at}" for at in range(ROWS)], **cells}
    made, text, _ = drafted(sheet(tmp_path / "b.csv", named))
    assert made.matched.table.name == "person" and "Nguyễn" not in text
    assert accepted(tmp_path / "b.csv", text) == {"person": ROWS}


def test_rows_that_name_no_area_are_of_the_only_one_that_is_covered(tmp_path: Path) -> None:
    cells = {"Client ID": [f"C{at}" for at in range(ROWS)], "Intake date": days(4), "Sex": in_turn("F", "M")}
    path = sheet(tmp_path / "clients.csv", cells)
    made = draft(path, None, AREAS, newest=NEWEST)
    one = write(made, "us", ["Sacramento County, California"]).text
    assert '\narea = "Sacramento County, California"' in one and accepted(path, one) == {"person": ROWS}
    several = write(made, "us", ["Sacramento County, California", "Yolo County, California"])
    assert '\n# area = "…"' in several.text and not several.questions
