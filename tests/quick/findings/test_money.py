"""Money that ends, needs beside it, shares of a few, and the long run of figures that begin late."""

from datetime import date

import polars as pl
import pytest

from analysis import Answer, Question, load_catalog
from analysis.findings.basis import basis_between
from analysis.findings.compare import Value
from analysis.findings.sentences import phrases, say
from analysis.findings.topics.money import (
    awards_ending,
    largest_funder,
    money_ending,
    need_and_money,
    recorded,
)
from analysis.topics.awards import cliffs, funders, stops
from analysis.words import few_of

CATALOG = load_catalog()
DAY = date(2025, 12, 31)


def label(dimension: str, code: str) -> str:
    return CATALOG.dimensions[dimension].in_sentence(code)


def award(code: str, funder: str, end: date, amount: float, service: str = "housing") -> dict:
    return {
        "award": code,
        "funder": funder,
        "funder_kind": "state",
        "recipient_name": f"recipient of {code}",
        "purpose": "shelter" if service == "housing" else "services",
        "service_type": service,
        "pays_for": "",
        "start_date": date(2025, 1, 1),
        "end_date": end,
        "amount": amount,
        "currency": "dollars",
    }


SOON, LATER = date(2026, 6, 30), date(2028, 12, 31)
ENDING = award("a", "State office", SOON, 1_500_000)
AWARDS = [ENDING, award("b", "County", LATER, 4_000_000), award("c", "State office", SOON, 30_000, "legal")]


def needs(rows: list[tuple]) -> Answer:
    frame = pl.DataFrame(rows, schema=["service_type", "value", "lower", "upper", "marker"], orient="row")
    frame = frame.with_columns(cells_shown=1, cells_total=1)
    one = CATALOG.measures["needs_served"]
    question = Question("needs_served", ["service_type"], periods=("2024", "2024"))
    return Answer(question, one, frame, "", [], "", None, one.unit, 0, 0)


def test_money_that_ends_names_its_share_its_day_and_its_only_funder() -> None:
    assert say(money_ending(AWARDS, DAY, label)) == (
        "50% of the public money for housing and shelter ends by 30 June 2026, and no renewal is agreed: "
        "1 million dollars a year, all from one funder, State office."
    )
    lasting = [award("b", "County", LATER, 4_000_000)]
    assert say(money_ending(lasting, DAY, label)) == (
        "No public award ends within 12 months without a renewal."
    )


def test_awards_that_end_say_whether_others_pay() -> None:
    assert say(awards_ending(stops(AWARDS, DAY))) == (
        "Two awards end within 12 months and no renewal is agreed; one has no other funder."
    )
    assert say(awards_ending(stops([ENDING, AWARDS[1]], DAY))) == (
        "One award ends within 12 months and no renewal is agreed; others pay for the same each time."
    )
    assert say(awards_ending([])) == "Every award that ends within 12 months has a renewal."


def test_needs_stand_beside_money_with_their_interval_or_not_at_all() -> None:
    paid = recorded(cliffs(AWARDS, DAY, "service_type"))
    met = needs([("housing", 393.0, 355.0, 434.0, "")])
    first = "Housing and shelter: 50% of its public money ends within 12 months"
    assert say(need_and_money(paid, met, label)) == (
        f"{first}; it met 393 (355–434) needs, in full or in part, in 2024."
    )
    for nothing in (None, needs([("housing", None, None, None, "c")])):
        assert say(need_and_money(paid, nothing, label)) == f"{first}."


def test_funders_are_named_by_the_money_in_force() -> None:
    found = funders(AWARDS, DAY)
    assert [one.name for one in found] == ["State office", "County"]
    assert sum(one.share for one in found) == pytest.approx(1)
    assert say(largest_funder(found)).startswith("Two public funders pay; the largest, State office, gives 5")
    assert say(largest_funder(found[:1])) == "State office is the only public funder."


def test_a_share_of_a_few_is_told_by_its_parts_only_where_it_is_exact() -> None:
    exact, protected = CATALOG.measures["actions_on_time_share"], CATALOG.measures["contact_within_48h_share"]
    assert few_of(exact, 37.0, 19.0) == "7 of 19"
    assert few_of(exact, 37.0, 190.0) == few_of(exact, None, 19.0) == few_of(protected, 37.0, 19.0) == ""
    value = Value(37.0, 19.0, 59.0, base=19.0, marker="u")
    assert phrases.with_interval(exact, value) == "7 of 19"
    assert phrases.with_interval(protected, value) == "37% (unreliable) (19–59%)"


def test_the_long_run_of_a_younger_series_begins_with_it() -> None:
    found = basis_between("2019-01", "2025-12", 6)
    assert found.long_run and found.long_run.words == "2022–2024 against 2019–2021"
    assert found.newest and found.newest.words == "2024 against 2023"
