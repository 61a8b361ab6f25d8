"""``python -m etl map`` of lists as offices keep them: forms of the web, ticked boxes, codes, languages."""

import random
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from etl.contracts.area_words import ways_to_write
from etl.contracts.areas import Areas
from etl.contracts.batch import Batch
from etl.contracts.check import check
from etl.drafting.columns.dates import only_one
from etl.drafting.columns.months import month_columns
from etl.drafting.draft import Draft, draft
from etl.drafting.writing.mapping import write
from etl.incoming import ReadOptions
from etl.readers import TOTALS, read
from etl.sources.places import us_places
from etl.sources.records import own
from tests.etl.making_files import refusal, write_csv, write_sheets

AS_OF = date(2026, 6, 30)
ROWS = 40
AREAS = Areas(
    [
        ("06", "California", None),
        *((one.code, one.name, one.state) for one in us_places.counties().values() if one.state == "06"),
    ],
    ways_to_write("us"),
)


def in_turn(*words: str) -> list[str]:
    return [words[at % len(words)] for at in range(ROWS)]


def days(seed: int, form: str = "%Y-%m-%d", first: date = date(2024, 1, 1)) -> list[str]:
    drawn = random.Random(seed)
    return [(first + timedelta(days=drawn.randrange(700))).strftime(form) for _ in range(ROWS)]


def sheet(path: Path, cells: dict[str, list[str]]) -> Path:
    return write_csv(path, [list(cells), *map(list, zip(*cells.values(), strict=True))])


def columns(one: Draft) -> dict[str, str]:
    return {match.target.name: match.column for match in one.matched.matches}


def accepted(path: Path, text: str) -> dict[str, int]:
    """Return how many records of each table a mapping makes of a file; none may be rejected."""
    mapping = path.with_suffix(".toml")
    mapping.write_text(text, "utf-8")
    found = own.read(path, ReadOptions(mapping=mapping, as_of=AS_OF))
    rows = {}
    for batch in found.batches:
        named = AREAS.resolve(batch.frame["area"]) if "area" in batch.frame.columns else None
        frame = batch.frame if named is None else batch.frame.with_columns(named)
        made = check(Batch(batch.contract, frame), AS_OF, areas=AREAS.parents)
        assert made.rejected.is_empty(), made.rejected
        is_tally = batch.contract.is_tally
        rows[batch.table] = int(made.accepted["count"].sum()) if is_tally else made.accepted.height
    return rows


def test_a_form_of_the_web_asks_in_whole_sentences(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "answers.csv",
        {
            "Timestamp": days(1, "%m/%d/%Y 10:20:30"),
            "What county did this happen in?": in_turn("Yolo", "Placer County", "Sacramento"),
            "What kind of situation is it? (check all that apply)": in_turn(
                "Sex trafficking", "Sex trafficking, Labor trafficking", "Not sure"
            ),
            "Approximate age of the person": in_turn("17", "teens", "30-40", "20s"),
            "Is the person a minor?": in_turn("Yes", "Don't know", "No", "No"),
            "How did you hear about us?": in_turn("Poster", "Online"),
        },
    )
    found = draft(path, "person", AREAS)
    assert columns(found) == {
        "period": "Timestamp",
        "area": "What county did this happen in?",
        "age": "Approximate age of the person",
        "age_group": "Is the person a minor?",
        "form": "What kind of situation is it? (check all that apply)",
    }
    written = write(found, "us")
    assert written.questions == [], written.text
    assert '"Yes" = "child"' in written.text and '"No" = "adult"' in written.text
    assert accepted(path, written.text) == {"person": ROWS}


def test_yes_and_no_mean_a_code_only_where_the_heading_asks_for_one(tmp_path: Path) -> None:
    cells = {"Client ID": list(map(str, range(ROWS))), "Intake date": days(2), "Sex": in_turn("F", "M")}
    for heading, yes in (("Minor?", "child"), ("Adult (Y/N)", "adult"), ("Under 18", "child")):
        made = draft(sheet(tmp_path / "a.csv", {**cells, heading: in_turn("Y", "N")}), "person", AREAS)
        [group] = [match for match in made.matched.matches if match.target.name == "age_group"]
        assert group.words and {word.text: word.codes for word in group.words.words}["Y"] == (yes,)
    for heading, marks in (
        ("Child or adult", ("Y", "N")),  # yes to which?
        ("Has children", ("Y", "N")),
        ("Minor in household?", ("Y", "N")),
    ):
        path = sheet(tmp_path / "b.csv", {**cells, heading: in_turn(*marks)})
        assert "age_group" not in columns(draft(path, "person", AREAS)), heading
    counted = draft(sheet(tmp_path / "c.csv", {**cells, "Minor": in_turn("0", "1", "2")}), "person", AREAS)
    assert sum("'age_group'" in asked for asked in write(counted, "us").questions) == 3


def test_the_needs_of_a_list_of_people_are_a_second_table_of_the_same_rows(tmp_path: Path) -> None:
    people = {
        "Case no.": [f"24-{number:03}" for number in range(ROWS)],
        "Opened": days(3),
        "Sex": in_turn("Female", "Male"),
        "Type of trafficking": in_turn("Sex", "Labor", "Sex & labor"),
    }
    listed = sheet(
        tmp_path / "listed.csv", {**people, "Needs at intake": in_turn("Shelter; Legal", "Medical")}
    )
    ticked = sheet(
        tmp_path / "ticked.csv",
        {
            **people,
            "Shelter needed": in_turn("x", ""),
            "Legal services": in_turn("", "x"),
            "Food": in_turn("x"),
        },
    )
    for path, needs in ((listed, 60), (ticked, 80)):
        found = draft(path, None, AREAS)
        [beside] = found.further
        assert (found.matched.table.name, beside.matched.table.name) == ("person", "service_need")
        assert not found.unused and not beside.unused
        written = write(found, "us")
        assert written.questions == [] and written.text.count("[file]") == 1
        assert accepted(path, written.text) == {"person": ROWS, "service_need": needs}
    assert draft(ticked, "person", AREAS).further == (), "who names the table gets that one"


def test_a_sheet_of_ticked_needs_is_no_list_of_people_identified(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "log.csv",
        {
            "Client #": [f"C{number % 20}" for number in range(ROWS)],
            "Date": days(4),
            "Housing needed": in_turn("Yes", "No"),
            "Mental health needed": in_turn("No", "Yes", "Yes"),
        },
    )
    found = draft(path, None, AREAS)
    assert (found.matched.table.name, found.further) == ("service_need", ())
    assert {flag.code for flag in found.matched.flags} == {"housing", "counselling"}


def test_a_date_that_nothing_else_may_be_is_the_period_and_a_birth_is_not(tmp_path: Path) -> None:
    cells = {"Ref": list(map(str, range(ROWS))), "Sex": in_turn("F", "M"), "Form": in_turn("Sex", "Labor")}
    one = draft(sheet(tmp_path / "a.csv", {**cells, "Seen": days(5)}), "person", AREAS)
    assert columns(one)["period"] == "Seen" and not one.dropped
    assert "A birth or another date is none" in write(one, "us").text
    two = draft(sheet(tmp_path / "b.csv", {**cells, "Seen": days(5), "Told": days(6)}), "person", AREAS)
    assert "period" not in columns(two)
    assert any("which column is 'period'" in asked for asked in write(two, "us").questions)
    births = [f"{year}-0{1 + year % 9}-11" for year in range(1960, 1960 + ROWS)]
    assert only_one(pl.DataFrame({"B": births, "_line": range(ROWS)}), ["B"]) is None
    numbers = pl.DataFrame({"Zip": [str(45_000 + row) for row in range(ROWS)], "Year": ["2024"] * ROWS})
    assert only_one(numbers, ["Zip", "Year"]) is None, "numbers and years alone are no dates"


def test_days_are_counted_between_two_dates_of_a_referral(tmp_path: Path) -> None:
    asked = days(7, first=date(2023, 1, 1))
    decided = [(date.fromisoformat(day) + timedelta(days=9)).isoformat() for day in asked]
    said = in_turn("Y", "N", "Pending")
    answered = [day if word == "Y" else "" for day, word in zip(decided, said, strict=True)]
    cells = {
        "Client ID": [f"H{number}" for number in range(ROWS)],
        "Date of referral": asked,
        "Date accepted": answered,
        "Accepted?": said,
        "Housing": in_turn("x", ""),
        "Legal aid": in_turn("x"),
        "Referred to": in_turn("City Shelter", "Legal Center"),
    }
    path = sheet(tmp_path / "referrals.csv", cells)
    found = draft(path, None, AREAS)
    written = write(found, "us")
    assert written.questions == []
    assert 'days_to_decision = { since = "Date of referral", to = "Date accepted" }' in written.text
    assert '"N" = "declined"' in written.text
    assert accepted(path, written.text) == {"referral": ROWS + ROWS // 2}
    twice = draft(sheet(tmp_path / "t.csv", {**cells, "Accepted?": in_turn("Y", "N")}), None, AREAS)
    assert any("perhaps declined" in asked for asked in write(twice, "us").questions), "or not yet"
    months = draft(
        sheet(tmp_path / "m.csv", {**cells, "Date of referral": [day[:7] for day in asked]}), None, AREAS
    )
    assert "days_to_decision" not in columns(months), "from a month to a day no days can be counted"


def test_ages_and_sexes_of_others_are_not_those_of_the_people_identified(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "police.csv",
        {
            "Date identified": days(8),
            "Trafficker age": in_turn("44"),
            "Victim age": in_turn("17", "30"),
            "Sex of suspect": in_turn("M"),
            "Victim sex": in_turn("F", "M"),
            "Trafficker nationality": in_turn("French"),
            "Exploitation": in_turn("Sex", "Labor"),
            "Referred to": in_turn("Hospital", "Shelter"),
        },
    )
    found = columns(draft(path, None, AREAS))
    assert (found["age"], found["gender"]) == ("Victim age", "Victim sex")
    assert not {"citizenship", "identified_by"} & found.keys()


def test_codes_of_a_data_base_are_asked_about_and_its_headings_are_understood(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "export.csv",
        {
            "ClientID": list(map(str, range(ROWS))),
            "EnrollDt": days(9),
            "GenderCd": in_turn("1", "2"),
            "TraffTypeCd": in_turn("ST", "LT"),
            "AgeYrs": in_turn("15", "31"),
        },
    )
    found = draft(path, None, AREAS)
    assert columns(found) == {
        "person_ref": "ClientID",
        "period": "EnrollDt",
        "age": "AgeYrs",
        "gender": "GenderCd",
        "form": "TraffTypeCd",
    }
    assert len(write(found, "us").questions) == 2, "1 and 2"


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        (
            {
                "N° dossier": [f"D{number}" for number in range(ROWS)],
                "Date d'accueil": days(10, "%d/%m/%Y"),
                "Sexe": in_turn("Femme", "Homme"),
                "Âge": in_turn("16 ans", "34 ans"),
                "Nationalité": in_turn("nigériane", "française", "roumain"),
                "Forme d'exploitation": in_turn("exploitation sexuelle", "travail forcé"),
                "Orienté par": in_turn("police", "hôpital"),
            },
            7,
        ),
        (
            {
                "Fecha": days(11, "%d/%m/%Y"),
                "Edad": in_turn("17 años", "34"),
                "Sexo": in_turn("Mujer", "Hombre", "Niña"),
                "Nacionalidad": in_turn("hondureña", "mexicano", "Estados Unidos"),
                "Tipo de trata": in_turn("Explotación sexual", "Trabajo forzoso"),
            },
            5,
        ),
    ],
)
def test_lists_in_french_and_spanish_need_no_line(
    tmp_path: Path, cells: dict[str, list[str]], codes: int
) -> None:
    path = sheet(tmp_path / "liste.csv", cells)
    found = draft(path, None, AREAS)
    assert len(columns(found)) == codes and not found.unused, found.unused
    written = write(found, "us")
    assert written.questions == []
    assert accepted(path, written.text) == {"person": ROWS}


def test_totals_between_months_are_passed_over_and_groups_say_women_and_girls(tmp_path: Path) -> None:
    months = ["Jan-24", "Feb-24", "Mar-24", "Q1 total", "Apr-24", "May-24", "Q2", "YTD"]
    head = ["Program", "Client group", *months]
    rows: list[list[object]] = []
    for kind in ("Sex trafficking", "Labor trafficking"):
        for place, group in enumerate(("Women", "Men", "Girls", "Boys")):
            rows.append([kind if not place else None, group, 1, 2, 3, 6, 4, 5, 9, 15])
        rows.append([f"Subtotal {kind.lower()}", None, 4, 8, 12, 24, 16, 20, 36, 60])
    book = write_sheets(tmp_path / "monthly.xlsx", {"2024": [head, *rows]})
    assert read(book, totals=TOTALS).frame.height == 8
    found = draft(book, None, AREAS)
    assert found.matched.table.name == "person" and found.matched.table.is_tally
    assert found.months and found.months.columns == ("Jan-24", "Feb-24", "Mar-24", "Apr-24", "May-24")
    written = write(found, "us")
    [asked] = written.questions
    assert asked.startswith("a blank in")
    text = written.text.replace('# fill_down = ["Program"]', 'fill_down = ["Program"]')
    assert accepted(book, text) == {"person": 8 * (1 + 2 + 3 + 4 + 5)}


@pytest.mark.parametrize(
    ("names", "months"),
    [
        (["Jan 2024", "Feb 2024", "Mar 2024", "Q1 2024"], ("Jan 2024", "Feb 2024", "Mar 2024")),
        (["Q1 2024", "Q2 2024", "Q3 2024", "2024 total"], ("Q1 2024", "Q2 2024", "Q3 2024")),
        (["FY2021", "FY2022", "2022-23", "Total"], ("FY2021", "FY2022", "2022-23")),
        (["Jan", "Feb", "1st quarter", "Apr", "Average"], ("Jan", "Feb", "Apr")),
        (["Jan", "Notes", "Feb", "Mar"], None),
    ],
)
def test_periods_as_headings(names: list[str], months: tuple[str, ...] | None) -> None:
    found = month_columns(names)
    assert (found.columns if found else None) == months


@pytest.mark.parametrize(
    ("names", "is_financial"),
    [
        (["2025-01", "2025-02", "2025-03"], False),
        (["2025/01", "2025/02", "2025/03"], False),
        (["2010-10", "2010-11", "2010-12"], False),
        (["2009-10", "2010-11", "2011-12"], True),
        (["2023-24", "2024-25", "2025-26"], True),
        (["FY2023", "FY24", "2024/25"], True),
        (["2023", "2024", "2025"], False),
    ],
)
def test_months_are_no_financial_years(names: list[str], is_financial: bool) -> None:
    found = month_columns(["County", *names])
    assert found and (found.columns, found.is_financial) == (tuple(names), is_financial)


@pytest.mark.parametrize(
    ("periods", "resolution", "asked"),
    [
        (["2024-01", "Mar 2024", "2024-05-06", "2024-Q3"], "", "1 row of a quarter"),
        (["Q1 2024", "Q2 2024", "Q3 2024", "Q4 2024"], "quarter", ""),
        (["2021", "2022", "2023", "2024"], "year", ""),
        (["Q1 2024", "Q2 2024", "Q3 2024", "2024"], "quarter", "1 row of a year"),
    ],
)
def test_a_register_is_of_months_quarters_or_years(
    tmp_path: Path, periods: list[str], resolution: str, asked: str
) -> None:
    cells = [["Period", "Female", "Male"], *([period, "3", "4"] for period in periods)]
    written = write(draft(write_csv(tmp_path / "new clients.csv", cells), None, AREAS), "us")
    assert ('period_resolution = "' in written.text.split("# OPEN")[0]) == bool(resolution), written.text
    assert not resolution or f'\nperiod_resolution = "{resolution}"' in written.text
    assert any(asked in question for question in written.questions) if asked else written.questions == []


def test_numbers_of_which_nothing_tells_what_they_count_are_not_taken_for_a_list(tmp_path: Path) -> None:
    """A row with two numbers in it is not one report."""
    rows = [["Quarter", "County", "Inbound", "Outbound"]]
    rows += [[f"Q{1 + at % 4} 202{at // 4}", "Yolo", str(7 + at), str(3 + at)] for at in range(12)]
    path = write_csv(tmp_path / "hotline.csv", rows)
    refusal(lambda: draft(path, None, AREAS), "hotline.csv", "what one row of it stands for")
    refusal(lambda: draft(path, "tip", AREAS), "hotline.csv", "numbers of which nothing tells", "'tip'")
    known = write_csv(tmp_path / "hotline calls.csv", [["Quarter", "County", "Calls", "Texts"], *rows[1:]])
    found = draft(known, None, AREAS)
    assert found.matched.table.name == "tip" and found.matched.table.is_tally
    assert accepted(known, write(found, "us").text) == {"tip": sum(10 + 2 * at for at in range(12))}


def test_money_in_columns_of_months_is_spending_and_not_places(tmp_path: Path) -> None:
    rows = [["Program", "Provider", "Jan 2024", "Feb 2024", "Mar 2024"]]
    rows += [[kind, "Harbor House", "$1,200.50", "$300", "(50)"] for kind in ("Shelter", "Legal aid", "Food")]
    found = draft(write_csv(tmp_path / "spend.csv", rows), None, AREAS)
    assert found.matched.table.name == "expenditure"
    assert 'amount = { column = "@cell", as = "money" }' in write(found, "us").text


def test_one_word_of_a_name_makes_no_reference(tmp_path: Path) -> None:
    """ "Victim 2 age" is no number of a victim: people of one age would be one person."""
    path = sheet(
        tmp_path / "police.csv",
        {
            "Report date": days(12),
            "Victim 1 age": in_turn("17", "30"),
            "Victim 1 sex": in_turn("F", "M"),
            "Victim 2 age": in_turn("22", ""),
            "Case status": in_turn("open", "closed"),
        },
    )
    assert "person_ref" not in columns(draft(path, "person", AREAS))


def test_days_are_read_with_their_endings(tmp_path: Path) -> None:
    written = ["March 3rd, 2024", "June 1st, 2024", "May 22nd, 2024", "July 4th, 2024"]
    cells = {"Survivor #": list("abcd"), "Date of intake": written, "Sex": list("FMFM")}
    path = write_csv(tmp_path / "s.csv", [list(cells), *map(list, zip(*cells.values(), strict=True))])
    text = write(draft(path, "person", AREAS), "us").text
    assert 'date_format = "mmm d, yyyy"' in text
    assert accepted(path, text) == {"person": 4}


@pytest.mark.parametrize(("name", "part"), [("Qtr", "{}"), ("Quarter", "Q{}"), ("Month", "{}")])
def test_a_year_and_its_parts_in_two_columns_are_one_line_to_uncomment(
    tmp_path: Path, name: str, part: str
) -> None:
    rows = [["Year", name, "County", "Female", "Male"]]
    rows += [[str(2023 + at // 4), part.format(1 + at % 4), "Yolo", "3", "4"] for at in range(8)]
    path = write_csv(tmp_path / "new clients.csv", rows)
    written = write(draft(path, None, AREAS), "us")
    [asked] = [one for one in written.questions if one.startswith("together")]
    assert 'period = "Year"' not in written.text and name in asked
    text = written.text.replace("# period = {", "period = {")
    assert ('period_resolution = "quarter"' in text) == (name != "Month")
    assert accepted(path, text) == {"person": 8 * 7}


def test_small_numbers_that_are_hidden_make_no_record_of_a_row(tmp_path: Path) -> None:
    rows = [["Month", "County", "Minors", "Adults"]]
    rows += [[f"2024-{1 + at:02}", "Yolo", ("<5", "7")[at % 2], str(at)] for at in range(12)]
    path = write_csv(tmp_path / "served.csv", rows)
    found = draft(path, None, AREAS)
    assert found.matched.table.name == "person" and found.matched.table.is_tally
    mapping = tmp_path / "m.toml"
    mapping.write_text(write(found, "us").text, "utf-8")
    [batch] = own.read(path, ReadOptions(mapping=mapping, as_of=AS_OF)).batches
    frame = batch.frame.with_columns(AREAS.resolve(batch.frame["area"]))
    rejected = check(Batch(batch.contract, frame), AS_OF, areas=AREAS.parents).rejected
    assert set(rejected["rule"]) == {"hidden_by_publisher"}, "for which a load refuses the whole file"


def test_ticks_under_years_are_no_numbers_of_people(tmp_path: Path) -> None:
    cells = {"Client ID": [str(at) for at in range(ROWS)], "Intake date": days(13), "Sex": in_turn("F", "M")}
    years = {"2022": in_turn("x", ""), "2023": in_turn("", "x"), "2024": in_turn("x")}
    found = draft(sheet(tmp_path / "clients.csv", {**cells, **years}), None, AREAS)
    assert (found.matched.table.name, found.matched.table.is_tally, found.months) == ("person", False, None)


def test_rows_of_several_things_are_asked_which_of_them_counts_people(tmp_path: Path) -> None:
    months = ["Jan 2024", "Feb 2024", "Mar 2024"]
    rows = [["Indicator", *months], ["New clients", "4", "5", "6"], ["Clients exited", "1", "2", "3"]]
    path = write_csv(tmp_path / "indicators.csv", [*rows, ["Bed nights", "90", "80", "70"]])
    written = write(draft(path, None, AREAS), "us")
    [asked] = written.questions
    assert "told apart by 'Indicator'" in asked
    text = written.text.replace(
        '# only = { "Indicator" = ["…"] }', 'only = { "Indicator" = ["New clients"] }'
    )
    assert accepted(path, text) == {"person": 15}


@pytest.mark.parametrize(
    "known", [{"Client ID": [f"C{at}" for at in range(ROWS)]}, {"Age": in_turn("17", "30")}]
)
def test_numbers_beside_a_reference_or_an_age_are_of_one_person(
    tmp_path: Path, known: dict[str, list[str]]
) -> None:
    cells = {**known, "Intake date": days(14), "Zip": in_turn("95814", "95695"), "Kids": in_turn("0", "2")}
    path = sheet(tmp_path / "clients.csv", cells)
    for table in (None, "person"):
        found = draft(path, table, AREAS).matched.table
        assert (found.name, found.is_tally) == ("person", False)


@pytest.mark.parametrize(
    "name",
    ["B-day", "Né le", "Née le", "Nac.", "F. nac.", "Fecha nac", "F/N", "Nato il", "Geb.", "Geb.-Datum"],
)
def test_a_birth_under_a_short_name_is_left_out_and_no_period(tmp_path: Path, name: str) -> None:
    cells = {"Client ID": [f"C{at}" for at in range(ROWS)], "Gender": in_turn("F", "M"), name: days(15)}
    found = draft(sheet(tmp_path / "clients.csv", cells), "person", AREAS)
    assert "period" not in columns(found)
    assert found.dropped == ((name, "dates of birth"),)


def test_a_date_of_which_nothing_tells_what_it_is_fills_nothing_unasked(tmp_path: Path) -> None:
    cells = {
        "Client ID": [f"C{at}" for at in range(ROWS)],
        "Gender": in_turn("F", "M"),
        "Visa expiry": days(16),
    }
    path = sheet(tmp_path / "clients.csv", cells)
    written = write(draft(path, "person", AREAS), "us")
    [asked] = written.questions
    assert asked.startswith("which column is 'period'? Perhaps 'Visa expiry'")
    assert '\n# period = "Visa expiry"' in written.text and '\nperiod = "Visa' not in written.text


def test_help_that_was_given_is_no_need_and_people_stay_people(tmp_path: Path) -> None:
    people = {
        "Client ID": [f"C{at}" for at in range(ROWS)],
        "Intake date": days(17),
        "Gender": in_turn("F", "M"),
    }
    help_ = {
        "Housing needed": in_turn("Y", "N"),
        "Housing provided": in_turn("N", "Y"),
        "Legal needed": in_turn("Y"),
    }
    found = draft(sheet(tmp_path / "needs.csv", {**people, **help_}), None, AREAS)
    [beside] = found.further
    assert (found.matched.table.name, beside.matched.table.name) == ("person", "service_need")
    assert [flag.column for flag in beside.matched.flags] == ["Housing needed", "Legal needed"]
    assert beside.unused == ("Housing provided",)


def test_words_of_other_things_are_no_forms_and_no_means_of_control(tmp_path: Path) -> None:
    cells = {
        "Client ID": [f"C{at}" for at in range(ROWS)],
        "Intake date": days(18),
        "Gender": in_turn("F", "M"),
        "Visa purpose": in_turn("Work", "Other"),
        "Drug use": in_turn("Y", "N"),
        "Debts": in_turn("N", "Y"),
        "Isolated": in_turn("Y"),
    }
    found = draft(sheet(tmp_path / "clients.csv", cells), "person", AREAS)
    assert "form" not in columns(found)
    assert not any(flag.target == "control_method" for flag in found.matched.flags)
