"""Returns: each total is the one that the records give when counted by hand; checks that can fail."""

import io
import json
import stat
from collections import Counter
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from etl.config import Home
from etl.returns import counting, filing
from etl.returns.checks import checks_of
from etl.returns.compared import Earlier, read_figures
from etl.returns.draft import Draft
from etl.returns.evidence import evidence_of
from etl.returns.facts import facts_of
from etl.returns.page import BANNER, CANNOT, STAMP
from etl.returns.periods import period_of
from etl.returns.questions import COUNTS, table_label
from etl.returns.reading import names, read_return
from etl.returns.workbook import workbook_bytes
from etl.store import warehouse
from tests.etl import made_returns as made
from tests.etl.made_home import CommandLine
from tests.etl.made_topics import Office
from tests.etl.test_tallies import Tallies

QUARTER = ("2025-01", "2025-03")
FISCAL = ("2024-10", "2025-09")
HALF = ("2025-01", "2025-06")


def draft(home: Home, name: str, text: str, absent: str = "") -> Draft:
    """Return a return of these records; `absent` has sent every sheet before the period and none for it."""
    asked = read_return(name)
    period = period_of(text, asked.periods, asked.fiscal_month)
    with warehouse.connect(warehouse.current(home)) as connection:
        facts = facts_of(connection, period)
        if absent:
            sent = {table: {**who, absent: frozenset(("2024-12",))} for table, who in facts.reported.items()}
            facts = replace(facts, reported=sent)
        counting.prepare(connection, asked, period)
        cells = counting.cells_of(connection, asked, period, facts)
        flow, evidence = counting.flow_of(connection), evidence_of(connection, period, facts)
    return Draft(asked, period, cells, flow, facts, evidence, None)


@pytest.fixture(scope="module")
def quarter(returns_office: Office) -> Draft:
    """A return of these records, counted."""
    return draft(returns_office.run.home, "hhs_trafficking", "2025-Q1")


@pytest.fixture(scope="module")
def drafts(returns_office: Office, quarter: Draft) -> dict[str, dict[str, float | None]]:
    """The numbers of three returns, by the code of a cell."""
    counted = {
        "2025-Q1": quarter,
        "FY2025": draft(returns_office.run.home, "hhs_trafficking", "FY2025"),
        "2025-H1": draft(returns_office.run.home, "doj_task_force", "2025-H1"),
    }
    return {text: {cell.code: cell.value for cell in one.cells} for text, one in counted.items()}


def lines(values: dict[str, float | None], block: str, column: str) -> dict[str, float | None]:
    """Return the lines of a column that are no zero, by the code of a line."""
    found = {}
    for code, value in values.items():
        sheet, table, line, counted = code.split(".")
        if f"{sheet}.{table}" == block and counted == column and value != 0:
            found[line] = value
    return found


@pytest.mark.parametrize(
    ("text", "months", "sheet"),
    [("2025-Q1", QUARTER, "entry"), ("FY2025", FISCAL, "entry"), ("2025-H1", HALF, "clients")],
)
def test_clients_are_those_that_the_records_give(drafts, text, months, sheet) -> None:
    flow, values = made.flow(*months), drafts[text]
    expected = {
        "open_at_start": flow.at_start,
        "new": flow.new,
        "reopened": flow.reopened,
        "served": flow.served,
        "closed": flow.closed,
        "open_at_end": flow.at_end,
    }
    assert min(len(people) for people in expected.values()) > 0, "each way in and out is among the records"
    for code, people in expected.items():
        assert values[f"{sheet}.flow.total.clients_{code}"] == len(people), code
    new = flow.new
    assert lines(values, f"{sheet}.type", "clients_new") == {
        "total": len(new),
        **made.by_type(new, months[1]),
    }
    assert lines(values, f"{sheet}.form", "clients_new") == {
        "total": len(new),
        **made.by_form(new, months[1]),
    }
    assert lines(values, f"{sheet}.sex", "clients_new") == {
        "total": len(new),
        **made.by_gender(new, months[1]),
    }


def test_the_first_quarter_by_hand(drafts) -> None:
    """The same numbers, written down: a change of the rule shows even if both sides change."""
    values = drafts["2025-Q1"]
    found = [values[f"entry.flow.total.{code}"] for code in counting.FLOW]
    assert found == [18, 8, 2, 28, 6, 22]


def test_where_clients_came_from_and_how_soon(drafts) -> None:
    flow = made.flow(*QUARTER)
    senders, soon = Counter(), Counter()
    by_reference = {one.ref: one for one in made.REFERRALS}
    for who in flow.new:
        spells = [
            one for one in made.SPELLS if made.client(one) == who and QUARTER[0] <= one.first <= QUARTER[1]
        ]
        first = min(one.first for one in spells)
        [opening] = [one for one in spells if one.first == first]
        referral = by_reference.get(opening.referral)
        senders[(referral.sender if referral else "") or "not_recorded"] += 1
        contact = referral.contact if referral else None
        soon["not_recorded" if contact is None else _band(contact)] += 1
    values = drafts["2025-Q1"]
    assert lines(values, "entry.source", "clients_new") == {"total": len(flow.new), **senders}
    assert lines(values, "entry.within_48h", "clients_new") == {"total": len(flow.new), **soon}


def _band(days: int) -> str:
    return "within_48h" if days <= 2 else "3_7_days" if days <= 7 else "8_28_days"


@pytest.mark.parametrize(
    ("text", "months", "block"),
    [("FY2025", FISCAL, "service_use.services"), ("2025-H1", HALF, "services.services")],
)
def test_services_are_clients_spells_and_months(drafts, text, months, block) -> None:
    first, last = months
    spells = [one for one in made.SPELLS if one.runs(first, last)]
    clients = {
        service: {made.client(one) for one in spells if one.service == service} for service in made.SERVICES
    }
    everybody = len({made.client(one) for one in spells})
    values = drafts[text]
    assert everybody == len(made.flow(first, last).served)
    assert lines(values, block, "clients_with_service") == {
        "total": everybody,
        **{service: len(people) for service, people in clients.items()},
    }
    assert lines(values, block, "service_spells") == {
        "total": len(spells),
        **Counter(one.service for one in spells),
    }
    length = Counter()
    for one in spells:
        length[one.service] += _between(max(one.first, first), min(one.last or last, last))
    assert lines(values, block, "service_months") == {"total": length.total(), **length}


def _between(first: str, last: str) -> int:
    (begins, month), (ends, other) = ((int(part) for part in text.split("-")) for text in (first, last))
    return 12 * (ends - begins) + other - month + 1


def test_needs_are_as_last_looked_at_in_the_period(drafts) -> None:
    values = drafts["2025-Q1"]
    assert lines(values, "barriers.reason", "needs_not_met") == {"total": 2, "language": 1, "not_recorded": 1}
    assert lines(values, "barriers.service", "needs_not_met") == {"total": 2, "legal": 1, "housing": 1}
    year = drafts["FY2025"]
    assert lines(year, "service_use.met", "needs") == {"total": 4, "met": 2, "partly": 1, "unmet": 1}


def test_barriers_count_notes_and_people(drafts) -> None:
    values = drafts["2025-Q1"]
    assert lines(values, "barriers.setting", "barriers") == {"total": 3, "person": 2, "provider": 1}
    assert lines(values, "barriers.setting", "people_with_barriers") == {
        "total": 2,
        "person": 1,
        "provider": 1,
    }


def test_potential_and_confirmed_people_are_never_added_up(drafts) -> None:
    values = drafts["2025-H1"]
    new = [one for one in made.PERSONS if HALF[0] <= one.month <= HALF[1]]
    for status in ("confirmed", "presumed", "not_trafficked", "not_recorded"):
        expected = {one.ref for one in new if (one.status or "not_recorded") == status}
        column = f"people_identified/{status}"
        assert lines(values, "people.type", column) == {
            "total": len(expected),
            **made.by_type(expected, HALF[1]),
        }
        assert expected, "each is among the records"
    assert not [code for code in values if code.startswith("people.") and "/" not in code]


def test_enforcement_outreach_and_money(drafts) -> None:
    values = drafts["2025-H1"]
    opened = lines(values, "investigations.type", "investigations_opened")
    assert opened == {"total": 3, "sex": 1, "both": 1, "other": 1}
    assert lines(values, "investigations.type", "investigations_with_arrest") == {
        "total": 2,
        "sex": 1,
        "both": 1,
    }
    assert lines(values, "investigations.type", "investigations_with_charge") == {"total": 1, "sex": 1}
    assert lines(values, "charges.kind", "charges") == {"total": 3, "trafficking": 2, "other_charge": 1}
    assert lines(values, "charges.kind", "defendants") == {"total": 2, "trafficking": 2, "other_charge": 1}
    # Filed in January and decided 100 days later, in April; H4 filed in October, 150 days later in March.
    assert lines(values, "charges.dispositions", "dispositions/trafficking") == {"total": 2, "convicted": 2}
    assert lines(values, "charges.dispositions", "dispositions/other_charge") == {"total": 1, "dismissed": 1}
    assert lines(values, "investigations.operations", "people_met") == {
        "total": 17,
        "online": 10,
        "workplace": 7,
    }
    referred = lines(values, "investigations.operations", "people_met_referred")
    assert referred == {"total": 4, "online": 4, "workplace": None}, "not counted is no zero"
    quarter = drafts["2025-Q1"]
    assert lines(quarter, "outreach.channel", "people_reached") == {"total": 42, "talk": 30, "stall": 12}
    assert lines(quarter, "outreach.media", "media_audience") == {"total": 500, "print": 500}
    assert lines(quarter, "training.audience", "people_trained") == {"total": 28, "police": 20, "health": 8}
    year = drafts["FY2025"]
    assert lines(year, "assistance.costs", "spending") == {"total": 375.75, "housing": 300.5, "legal": 75.25}


def test_checks_hold_for_whole_records(quarter: Draft) -> None:
    found = {check.label: check.holds for check in checks_of(quarter)}
    assert [label for label, holds in found.items() if holds is False] == []
    assert found["Open at start + new + reopened − closed = open at end"] is True
    assert found["Nobody is counted twice"] is None, "a spell of nobody may be one of the others"


@pytest.mark.parametrize("code", counting.FLOW)
def test_a_flow_that_does_not_close_is_caught(quarter: Draft, code: str) -> None:
    flow = {**quarter.flow, code: quarter.flow[code] + 1}
    broken = [check.label for check in checks_of(replace(quarter, flow=flow)) if check.holds is False]
    assert broken and broken[0].startswith("Open at start + new + reopened")


@pytest.mark.parametrize("wrong", ["entry.sex.female.clients_new", "entry.form.total.clients_new"])
def test_a_breakdown_that_does_not_add_up_is_caught(quarter: Draft, wrong: str) -> None:
    cells = [
        replace(cell, value=(cell.value or 0) + 99) if cell.code == wrong else cell for cell in quarter.cells
    ]
    broken = [check for check in checks_of(replace(quarter, cells=cells)) if check.holds is False]
    assert len(broken) == 1 and "the total is" in broken[0].words


def test_an_end_that_is_not_the_next_start_is_caught(quarter: Draft) -> None:
    start = quarter.flow["clients_open_at_start"]
    for end, holds in ((start, True), (start + 2, False)):
        earlier = Earlier("2024-Q4", {}, {"clients_open_at_end": end})
        found = {check.label: check.holds for check in checks_of(replace(quarter, earlier=earlier))}
        assert found["Open at start = open at end of 2024-Q4"] is holds


def test_a_contributor_that_has_not_reported_is_named(returns_copy: CommandLine, tmp_path: Path) -> None:
    office = Office(returns_copy, tmp_path)
    rows = ["X1,C900,2025-01,legal,yes,,still_in_service"]
    header = "service_episode_ref,person_ref,period,service_type,is_started,days_in_service,exit_type"
    office.send("service_episode", header, rows, months="2025-01..2025-02", source="clinic")
    found = {
        check.label: check for check in checks_of(draft(returns_copy.home, "hhs_trafficking", "2025-Q1"))
    }
    silent = found["Every contributor has reported"]
    assert (
        silent.holds is False
        and "clinic (Spells of service): not for 2025-03, last for 2025-02" in silent.words
    )
    assert found["Open clients are still reported on"].holds is False
    assert found["The period is whole"].holds is True


def test_a_zero_of_a_contributor_without_a_report_is_no_number(
    returns_office: Office, quarter: Draft
) -> None:
    """Nobody said that there were none: the cell cannot be filled, and the reason names who is missing."""
    told = draft(returns_office.run.home, "hhs_trafficking", "2025-Q1", "clinic")
    before = {cell.code: cell for cell in quarter.cells}
    zeros = [cell for cell in told.cells if before[cell.code].value == 0 and "Spells of service" in cell.how]
    assert zeros and all(cell.value is None for cell in zeros)
    assert all(cell.why.startswith("No report from clinic (") for cell in zeros)
    assert all(cell.value == before[cell.code].value for cell in told.cells if before[cell.code].value)
    [check] = [one for one in checks_of(told) if one.label == "Every contributor has reported"]
    assert check.holds is False and "clinic (Spells of service)" in check.words


def test_two_schemes_and_rejected_rows_are_told(quarter: Draft) -> None:
    evidence = replace(quarter.evidence, schemes=2, spells_of_nobody=0, rejected={"barrier": 3, "tip": 9})
    found = {check.label: check for check in checks_of(replace(quarter, evidence=evidence))}
    twice, turned_away = found["Nobody is counted twice"], found["Rows that were turned away"]
    assert twice.holds is None and "2 schemes" in twice.words
    assert "Barriers to help 3." in turned_away.words and "9" not in turned_away.words, "no reports are asked"


def test_rejected_rows_and_schemes_are_found(returns_copy: CommandLine, tmp_path: Path) -> None:
    office = Office(returns_copy, tmp_path)
    rows = ["X1,C900,2025-01,legal,yes", "X2,C901,2025-01,nonsense,yes"]
    header = "service_episode_ref,person_ref,period,service_type,is_started"
    office.send("service_episode", header, rows, months="2025-01..2025-03", source="clinic")
    evidence = draft(returns_copy.home, "hhs_trafficking", "2025-Q1").evidence
    assert (evidence.schemes, evidence.rejected) == (2, {"service_episode": 1})


def test_numbers_in_place_of_records_are_told(run_with_areas: CommandLine, tmp_path: Path) -> None:
    """Whoever stands in a number of January may stand in that of February: the funder is told."""
    sheets = tmp_path / "sheets"
    sheets.mkdir()
    Tallies(run_with_areas, sheets).send(
        ("2025-01", "R11", "female", 14), ("2025-02", "R11", "female", 9), ("2025-04", "R11", "female", 5)
    )
    one = draft(run_with_areas.home, "doj_task_force", "2025-Q1")
    assert (one.evidence.tallied, one.evidence.people) == ({"person": 3}, 23), (
        "March was reported on, with nobody"
    )
    [check] = [check for check in checks_of(one) if check.label == "Numbers in place of records"]
    assert check.holds is None and f"{table_label('person')} 3 months" in check.words
    later = draft(run_with_areas.home, "doj_task_force", "2025-Q3")
    assert "Numbers in place of records" not in {check.label for check in checks_of(later)}


def test_rows_of_a_year_are_no_rows_of_a_quarter(returns_copy: CommandLine, tmp_path: Path) -> None:
    office = Office(returns_copy, tmp_path)
    office.send(
        "expenditure",
        "organisation,service_type,period,amount,currency",
        ["O3,legal,2025,900,dollars"],
        source="town",
    )
    one = draft(returns_copy.home, "hhs_trafficking", "FY2025")
    spending = [cell for cell in one.cells if cell.column_code == "spending"]
    assert {cell.value for cell in spending} == {None}
    assert "1 rows of 'Spending'" in spending[0].why
    found = {check.label: check.holds for check in checks_of(one)}
    assert found["Dates by month"] is False


def test_a_register_that_knows_one_status_is_told(office: Office) -> None:
    office.send("person", "person_ref,period,status", ["C1,2025-01,confirmed", "C2,2025-02,confirmed"])
    one = draft(office.run.home, "doj_task_force", "2025-Q1")
    cells = {cell.column_code.partition("/")[2]: cell for cell in one.cells if cell.block == "first"}
    assert cells["confirmed"].value == 2 and cells["not_trafficked"].value == 0
    assert cells["presumed"].value is None and "not kept apart" in cells["presumed"].why
    [check] = [check for check in checks_of(one) if "kept apart" in check.label]
    assert check.holds is False and "only ever says 'confirmed'" in check.words


def test_what_nobody_wrote_down_is_no_zero(office: Office) -> None:
    office.send("person", "person_ref,period", ["C1,2025-01", "C2,2025-02"])
    one = draft(office.run.home, "doj_task_force", "2025-Q1")
    values = {cell.code: cell for cell in one.cells}
    assert values["people.first.total.people_identified/not_recorded"].value == 2
    confirmed = values["people.first.total.people_identified/confirmed"]
    assert confirmed.value is None and "not recorded for anybody" in confirmed.why
    female = values["people.sex.female.people_identified/not_recorded"]
    assert female.value is None and "Gender is not recorded" in female.why
    charges = values["charges.kind.total.charges"]
    assert charges.value is None and "python -m etl template charge" in charges.why
    status = {check.label: check.holds for check in checks_of(one)}
    assert status["Potential and confirmed people are kept apart"] is False


def opened(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def test_the_workbook_says_for_whom_it_is_and_how_it_came_about(returns_copy: CommandLine) -> None:
    assert returns_copy("return", "hhs_trafficking", "--period", "2024-Q4").code == 0
    assert returns_copy("place", "--name", "Harbour office").code == 0
    done = returns_copy("return", "hhs_trafficking", "--period", "2025-Q1")
    assert done.code == 0, done.err
    path = Path(done.values["file"])
    assert path == returns_copy.home.restricted / "returns" / "hhs_trafficking-2025-Q1.xlsx"
    book = opened(path)
    assert all(name.startswith(STAMP) for name in book.sheetnames)
    for sheet in book:
        assert sheet["A1"].value == BANNER
        assert BANNER in sheet.oddHeader.center.text and BANNER in sheet.oddFooter.left.text
    assert book.properties.category == STAMP and BANNER in book.properties.subject
    front = "\n".join(str(cell.value) for row in book.worksheets[0] for cell in row)
    assert "undoes the protection" in front and "OMB 0970-0467" in front and "no list of people" in front
    assert "Harbour office" in front, "as it is called now"
    tabs = [name.removeprefix(f"{STAMP} ") for name in book.sheetnames]
    assert tabs == [
        "read first",
        *("Program entry", "Case closure", "Barriers", "Victim outreach", "Subrecipients", "Training"),
        *("Partnerships", "Technical help"),
        *("how counted", "not filled", "checks", "changes"),
    ], "the funder's order; sheets of the year only are not in a quarter"
    one = draft(returns_copy.home, "hhs_trafficking", "2025-Q1")
    how = [[cell.value for cell in row] for row in book[f"{STAMP} how counted"].iter_rows(min_row=5)]
    assert len(how) == len(one.cells), "each cell has a line"
    for line, cell in zip(how, one.cells, strict=True):
        tab, place = line[0].rsplit(", ", 1)
        value = book[f"{STAMP} {tab}"][place].value
        assert value == (CANNOT if cell.value is None else cell.value), cell.code
        assert cell.how == line[4] and line[4]
    gaps = "\n".join(str(cell.value) for row in book[f"{STAMP} not filled"] for cell in row)
    assert "Race and ethnicity" in gaps and "Family members" in gaps
    assert "nobody can divide" not in gaps and "No sheet 'Agreements' is loaded" in gaps


def test_many_columns_have_room(quarter: Draft) -> None:
    """Many categories set apart, and words of any length and kind, make a workbook all the same."""
    [sheet, *_] = quarter.asked.sheets
    cells = [
        replace(
            cell,
            block="flow",
            row_code="total",
            code=f"{cell.code}.{number}",
            column_code=f"{number}",
            column="=1+1",
            how="x" * 40_000,
        )
        for number, cell in enumerate(quarter.cells[:40])
    ]
    wide = replace(sheet, blocks=sheet.blocks[:1])
    asked = replace(quarter.asked, sheets=(wide,))
    content = workbook_bytes(replace(quarter, asked=asked, cells=cells), [])
    book = openpyxl.load_workbook(io.BytesIO(content))
    heads = book.worksheets[1][5]
    assert len(heads) == 41 and {head.data_type for head in heads[1:]} == {"s"}, "words are never formulas"


def test_changes_are_told_by_cell(returns_copy: CommandLine) -> None:
    before = returns_copy("return", "hhs_trafficking", "--period", "2024-Q4")
    lonely = opened(Path(before.values["file"]))[f"{STAMP} changes"]
    assert "2024-Q3 was not made here" in lonely["A4"].value and before.values["compared_with"] is None
    done = returns_copy("return", "hhs_trafficking", "--period", "2025-Q1")
    assert done.values["compared_with"] == "2024-Q4"
    sheet = opened(Path(done.values["file"]))[f"{STAMP} changes"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5) if row[1].value]
    was, now = made.flow("2024-10", "2024-12"), made.flow(*QUARTER)
    table = "Client program entry: Clients in the period"
    change = len(now.served) - len(was.served)
    assert (
        change and [table, "Total", "Served in the period", len(was.served), len(now.served), change] in rows
    )
    assert all(row[3] != row[4] for row in rows), "what did not change is not listed"
    found = {row[0].value: row[1].value for row in opened(Path(done.values["file"]))[f"{STAMP} checks"]}
    assert found["Open at start = open at end of 2024-Q4"] == "holds"


def test_the_same_records_give_the_same_bytes_and_others_keep_the_earlier_file(
    returns_copy: CommandLine, tmp_path: Path
) -> None:
    first = Path(returns_copy("return", "doj_task_force", "--period", "2025-H1").values["file"]).read_bytes()
    again = returns_copy("return", "doj_task_force", "--period", "2025-H1")
    path = Path(again.values["file"])
    assert path.read_bytes() == first and again.values["changed_since_made"] == 0
    assert again.values["kept"] is None
    Office(returns_copy, tmp_path).send(
        "training_session", "period,audience_role,attendees", ["2025-02,police,3"], source="school"
    )
    other = returns_copy("return", "doj_task_force", "--period", "2025-H1")
    assert other.values["changed_since_made"] == 4, "trainings and people trained, in all and of the police"
    assert Path(other.values["kept"]).read_bytes() == first != path.read_bytes()


def test_only_the_keeper_may_read_it_and_the_log_holds_no_number(returns_copy: CommandLine) -> None:
    returns_copy("return", "hhs_trafficking", "--period", "2025-Q1")
    folder = returns_copy.home.restricted / "returns"
    folder.chmod(0o755)  # as a copy may leave it
    returns_copy("return", "hhs_trafficking", "--period", "FY2025")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = [*folder.iterdir(), returns_copy.home.restricted / filing.LOG]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    logged = [
        json.loads(line) for line in (returns_copy.home.restricted / filing.LOG).read_text().splitlines()
    ]
    assert [(line["return"], line["period"]) for line in logged] == [
        ("hhs_trafficking", "2025-Q1"),
        ("hhs_trafficking", "FY2025"),
    ]
    assert all(
        set(line) == {"at", "who", "return", "period", "warehouse", "file", "handed_over"} for line in logged
    )
    assert read_figures(folder / "hhs_trafficking-2025-Q1.json") is not None


def test_a_file_that_is_handed_over_is_the_same_and_is_logged(
    returns_copy: CommandLine, tmp_path: Path
) -> None:
    inside = returns_copy("return", "hhs_trafficking", "--period", "2025-Q1")
    out = tmp_path / "for the funder.xlsx"
    done = returns_copy("return", "hhs_trafficking", "--period", "2025-Q1", "--handed-over", "--out", out)
    assert done.code == 0 and out.read_bytes() == Path(inside.values["file"]).read_bytes()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    last = json.loads((returns_copy.home.restricted / filing.LOG).read_text().splitlines()[-1])
    assert last["handed_over"] is True and last["file"] == str(out)


def test_what_is_printed_holds_no_number_of_the_return(returns_copy: CommandLine) -> None:
    """Terminals are copied into e-mails: how many cells there are may be said, what stands in them not."""
    done = returns_copy.plain(
        "return", "hhs_trafficking", "--period", "2025-Q1", "--home", returns_copy.home.root
    )
    one = draft(returns_copy.home, "hhs_trafficking", "2025-Q1")
    filled = sum(cell.value is not None for cell in one.cells)
    numbers = {word.strip(".,:;()") for word in done.out.replace(str(returns_copy.home.root), "").split()}
    assert {word for word in numbers if word.isdigit()} == {str(filled), str(len(one.cells))}


def test_every_count_can_be_asked_by_every_division_it_knows(returns_office: Office) -> None:
    asked = read_return("hhs_trafficking")
    period = period_of("2025-Q1", asked.periods, asked.fiscal_month)
    with warehouse.connect(warehouse.current(returns_office.run.home)) as connection:
        counting.prepare(connection, asked, period)
        for code, count in COUNTS.items():
            for by in count.by:
                found = counting._amounts(connection, count, by, "", {})
                total = found.pop(("total", ""))
                parts = [value for value in found.values() if value is not None]
                assert not count.adds_up(by) or sum(parts) == total, (code, by)


def test_each_return_of_the_catalog_reads_and_is_listed(returns_copy: CommandLine) -> None:
    done = returns_copy("return", "--list")
    assert [one["name"] for one in done.values["returns"]] == names() == ["doj_task_force", "hhs_trafficking"]
    for name in names():
        for sheet in read_return(name).sheets:
            assert sheet.blocks or sheet.gaps
