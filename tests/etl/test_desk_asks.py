"""What the desk takes by itself, what it asks, and until when: of all tables and of what a check refuses."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from etl.desk import drafts
from etl.desk.steps import choose
from etl.drafting import editing
from etl.errors import EtlError
from etl.readers.limits import check_kind
from tests.etl.made_desk import CHECK, LOOK, MATCH, at, desk_in, desks

ROWS = 40


def sheet() -> bytes:
    """Clients with two dates, one of which counts nobody; counties and services in words of their own."""
    out = ["Client #,Intake date,Exit date,County,Gender,Referred to,Service requested,Outcome,Date sent"]
    for number in range(ROWS):
        day = f"0{1 + number % 9}/{13 + number % 15:02d}/2025"
        county = ("Sacramento", "Sac", "Yolo")[number % 3]
        what = f"org_{number % 3},{('Housing', 'Quuxing')[number % 2]},Accepted,{day}"
        out.append(f"VH-{number},{day},{day},{county},{'FM'[number % 2]},{what}")
    return ("\n".join(out) + "\n").encode()


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Return a function that opens the desk of a home in California, with a file in it."""
    home = tmp_path / "home"
    home.mkdir()
    deployment = 'place = "P"\nas_of = 2025-12-31\ngeography = "us"\nareas = ["06"]\n'
    (home / "deployment.toml").write_text(deployment, "utf-8")
    monkeypatch.setenv("LTT_HOME", str(home))
    with desks() as opening:
        yield lambda data=b"", name="clients.csv": at(opening(name, data or sheet()), LOOK)


def tick(app: AppTest, name: str) -> Any:
    return next(one for one in app.checkbox if one.label == f"**{name}**")


def told(app: AppTest, kind: str = "caption") -> str:
    return "\n".join(one.value for one in app.get(kind)).replace("\\", "")


def going_on(app: AppTest) -> str:
    return str(next(one for one in app.button if one.label.startswith("Next: ")).proto.type)


def test_dates_that_count_nobody_are_left_out_unasked_and_a_check_takes_the_rest(
    opened: Callable[..., AppTest],
) -> None:
    app = opened()
    assert tick(app, "Intake date").value
    assert not tick(app, "Exit date").value
    assert "fill none of our fields: left out" in told(app).replace("*", "")
    at(app, CHECK)
    refusal = desk_in(app).checked.refusal
    assert refusal is None or "identify" not in refusal.message, refusal


def test_a_date_that_is_taken_and_fills_nothing_is_named_before_and_in_the_refusal(
    opened: Callable[..., AppTest],
) -> None:
    app = opened()
    tick(app, "Exit date").check().run()
    assert "As it is, step 4 refuses the sheet" in told(app)
    at(app, MATCH)
    assert "‘Exit date’ holds exact dates: match it, or take its tick away" in told(app, "markdown")
    assert going_on(app) == "secondary"
    at(app, CHECK)
    [here] = [one.value.replace("\\", "") for one in app.warning]
    assert "In step 2, Look, take the tick away from ‘Exit date’; if rows are counted by it, match" in here
    at(app, LOOK)
    tick(app, "Exit date").uncheck().run()
    assert "holds exact dates: match" not in told(at(app, MATCH), "markdown")


def test_a_second_table_is_made_of_a_date_that_the_first_had_no_use_for() -> None:
    values = {
        "file": {"drop": ["Name", "Sent", "Outcome"]},
        "table": [{"name": "person", "columns": {"period": "Intake"}}],
    }
    columns = {"period": "Sent", "decision": "Outcome"}
    drafted = {"file": {"drop": ["Intake"]}, "table": [{"name": "referral", "columns": columns}]}
    editing.add_table(values, 0, drafted, ["Sent"])
    assert [editing.dropped(values, number) for number in (0, 1)] == [("Name", "Outcome")] * 2
    assert values["table"][1]["columns"] == {"period": "Sent"}, "what was left out by hand stays out"


def test_a_tick_that_was_taken_away_stays_away_when_the_rows_become_a_second_table(
    opened: Callable[..., AppTest],
) -> None:
    app = opened()
    tick(app, "Gender").uncheck().run()
    app.selectbox(key="layout-second-0").select("person").run()
    [_, person] = editing.tables(drafts.said(desk_in(app)))
    assert "gender" not in person["columns"] and "period" in person["columns"], person
    assert not tick(app, "Gender").value


def test_the_words_of_all_tables_are_asked_until_they_are_answered(opened: Callable[..., AppTest]) -> None:
    app = opened()
    app.selectbox(key="layout-second-0").select("person").run()
    assert [one["name"] for one in editing.tables(drafts.said(desk_in(app)))] == ["referral", "person"]
    at(app, MATCH)
    asked = told(app, "markdown")
    assert "Referrals, Service type: 1 word to explain" in asked, asked
    assert "Referrals, Area: 1 word to explain" in asked
    assert "People identified, Area" not in asked, "one column of the same rows is explained once"
    assert going_on(app) == "secondary"
    [sac] = [one for one in app.selectbox if "-area-" in one.key]
    sac.select("06067").run()
    assert [editing.meanings(drafts.said(desk_in(app)), number, "area") for number in (0, 1)] == [
        {"sac": ("06067",)},
        {"sac": ("06067",)},
    ]
    service = next(one for one in app.multiselect if one.label.startswith("‘Quuxing’"))
    assert going_on(app) == "secondary"
    service.set_value(["other"]).run()
    assert going_on(app) == "primary" and "to explain" not in told(app, "markdown")
    [found] = desk_in(at(app, CHECK)).checked.found
    assert (found.rows.taken, found.rows.rejected) == (ROWS, 0)


def test_a_table_that_is_added_later_takes_over_what_was_said_of_the_areas(
    opened: Callable[..., AppTest],
) -> None:
    app = at(opened(), MATCH)
    next(one for one in app.selectbox if "-area-" in one.key).select("06067").run()
    at(app, LOOK).selectbox(key="layout-second-0").select("person").run()
    assert editing.meanings(drafts.said(desk_in(app)), 1, "area") == {"sac": ("06067",)}
    titles = [one.label for one in app.expander]
    assert len(titles) == len(set(titles)) == 4, titles


def test_what_no_table_has_a_field_for_is_said_and_not_suggested(opened: Callable[..., AppTest]) -> None:
    rows = sheet().decode().replace("Outcome", "Race / Ethnicity").replace("Accepted", "White")
    app = at(opened(f"{rows}Total,40\n".encode()), MATCH)
    race = next(one for one in app.selectbox if "Race" in one.label)
    assert race.value == "" and "There is no field for race and ethnicity" in told(app)
    assert "1 row left out, totals: first on line 42" in told(at(app, LOOK))


def test_the_picker_offers_no_ending_that_is_refused(tmp_path: Path) -> None:
    for ending in choose.OFFERED:
        head = {".xlsx": b"PK\x03\x04"}.get(ending, b"\x1f\x8b" if ending.endswith(".gz") else b"a,b\n")
        assert check_kind(tmp_path / f"clients{ending}", head)
    with pytest.raises(EtlError):
        check_kind(tmp_path / "clients.xltm", b"PK\x03\x04")
    assert not {".xls", ".xlsm", ".xltm", ".gz"} & {*choose.OFFERED}


def test_rows_of_longer_periods_and_financial_years_in_headings_are_asked_and_answered(
    opened: Callable[..., AppTest],
) -> None:
    """What a draft leaves open of periods can be said on the desk: there is no text to edit."""
    days = "".join(f"C{at},2025-0{1 + at % 9}-11,F,Sex\n" for at in range(12))
    app = at(
        opened(f"Client ID,Intake,Sex,Type of trafficking\n{days}C99,2024-Q4,M,Labor\n".encode()),
        MATCH,
    )
    assert "1 row of a quarter" in told(app, "markdown") and going_on(app) == "secondary"
    app.selectbox(key="settings-resolution").select("quarter").run()
    assert going_on(app) == "primary"
    at(app, CHECK)
    assert desk_in(app).checked.refusal is None
    years = at(opened(b"County,FY2022,FY2023,2023-24\nAlameda,12,9,14\nFresno,3,4,5\n"), MATCH)
    assert "in which month your financial years begin" in told(years, "markdown")
    years.selectbox(key="settings-fiscal-0").select(10).run()
    assert going_on(years) == "primary"
    at(years, CHECK)
    [file] = desk_in(years).checked.found
    assert sum(file.tables.values()) == 12 + 9 + 14 + 3 + 4 + 5


def test_columns_that_a_further_table_of_the_same_rows_does_not_use_stand_in_a_panel(
    opened: Callable[..., AppTest],
) -> None:
    rows = "".join(f"C{at},2025-03-11,F,Sex,Shelter\n" for at in range(12))
    app = at(opened(f"Client ID,Intake,Sex,Type of trafficking,Needs\n{rows}".encode()), MATCH)
    assert [one.label for one in app.expander if "not used here" in one.label] == [
        "2 further columns of these rows, not used here"
    ]


def grants() -> bytes:
    rows = "".join(f"g{at},Harbor House,2024-01-01,2025-12-31,{50_000 + at}\n" for at in range(12))
    return f"Award code,Grantee,Start,End,Amount\n{rows}".encode()


def test_what_all_rows_have_in_common_is_said_on_the_desk(opened: Callable[..., AppTest]) -> None:
    app = at(opened(grants()), MATCH)
    assert "or the same for every row" in told(app, "warning")
    app.selectbox(key="same-0-funder_kind").select("federal").run()
    app.text_input(key="same-0-currency").set_value("US Dollars").run()
    assert not app.warning and going_on(app) == "primary"
    assert editing.same_for_all(drafts.said(desk_in(app)), 0) == {
        "funder_kind": "federal",
        "currency": "us_dollars",
    }
    [file] = desk_in(at(app, CHECK)).checked.found
    assert file.rows.taken == 12
    at(app, MATCH).selectbox(key="same-0-funder_kind").select("").run()
    assert "Where the money comes from" in told(app, "warning"), "taken back, it is needed again"


def test_the_area_of_a_list_that_names_none_is_said_once_for_all_its_tables(
    opened: Callable[..., AppTest],
) -> None:
    rows = "".join(f"C{at},2025-03-11,F,Sex,Shelter\n" for at in range(12))
    app = at(opened(f"Client ID,Intake,Sex,Type of trafficking,Needs\n{rows}".encode()), MATCH)
    assert going_on(app) == "primary", "an office that works in the whole region need not say it"
    app.selectbox(key="same-0-area").select("06067").run()
    said = drafts.said(desk_in(app))
    assert [editing.same_for_all(said, number) for number in (0, 1)] == [{"area": "06067"}] * 2
    app.selectbox(key="same-1-area").select("").run()
    assert "constants" not in str(drafts.said(desk_in(app)))
    county = at(opened(), MATCH)
    assert not [one for one in county.selectbox if one.key.startswith("same-")], "a column says it"


def test_the_year_of_columns_that_say_none_is_asked_and_answered(opened: Callable[..., AppTest]) -> None:
    app = at(
        opened(b"How received,Jul,Aug,Sep,Oct,Nov,Dec,Jan\nPhone,3,4,5,6,7,8,9\nWeb,1,2,3,4,5,6,7\n"), MATCH
    )
    assert going_on(app) == "secondary" and "in which year is" in told(app, "markdown")
    app.number_input(key="settings-year-0").set_value(2023).run()
    assert going_on(app) == "primary"
    [file] = desk_in(at(app, CHECK)).checked.found
    assert (file.period_from, file.period_to) == ("2023-07", "2024-01") and sum(file.tables.values()) == 70
    at(app, MATCH).number_input(key="settings-year-0").set_value(2024).run()
    assert 'months_from = "2024-07"' in desk_in(app).draft


def test_numbers_that_no_name_explains_are_asked_about_and_nobody_until_then(
    opened: Callable[..., AppTest],
) -> None:
    app = at(
        opened(b"County,Jan-25,Feb-25,Mar-25,Apr-25\nAlameda,12,9,14,8\nFresno,3,4,5,6\n", "inspections.csv"),
        MATCH,
    )
    assert going_on(app) == "secondary" and "do these numbers count people new" in told(app, "markdown")
    assert desk_in(at(app, CHECK)).checked.refusal is not None
    at(app, MATCH).checkbox(key="settings-counted-0").check().run()
    assert going_on(app) == "primary"
    [file] = desk_in(at(app, CHECK)).checked.found
    assert sum(file.tables.values()) == 61
    at(app, MATCH).checkbox(key="settings-counted-0").uncheck().run()
    assert going_on(app) == "secondary"
