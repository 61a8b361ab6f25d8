"""What is overdue, ends, was not renewed, is owed: findings of registers and of referrals around an end."""

from datetime import date

import polars as pl
import pytest

from analysis import Answer, Question, load_catalog
from analysis.findings.scope import Scope
from analysis.findings.sentences import say
from analysis.findings.topics.partnership import (
    actions_overdue,
    after_the_end,
    agreements_ending,
    agreements_lapsed,
    laws_in_force,
    laws_of_countries,
    organisations,
    recommendations,
    reporting_below,
    who_receives,
)
from analysis.topics.laws import Provision

CATALOG = load_catalog()
DAY = date(2025, 12, 31)
ENDED = date(2021, 3, 31)


def label(dimension: str, code: str) -> str:
    return CATALOG.dimensions[dimension].in_sentence(code)


def made(measure: str, by: list[str], rows: list[tuple], where: dict | None = None) -> Answer:
    """An answer with (*codes, value, lower, upper, base) rows."""
    names = [*by, "value", "lower", "upper", "base"]
    frame = pl.DataFrame(rows, schema=names, orient="row", strict=False)
    marker = pl.when(pl.col("value").is_null()).then(pl.lit("c")).otherwise(pl.lit(""))
    frame = frame.with_columns(marker.alias("marker"), cells_shown=1, cells_total=1)
    one = CATALOG.measures[measure]
    return Answer(Question(measure, by, where or {}), one, frame, "", [], "", None, one.unit, 0, 0)


def test_overdue_actions_name_their_day_and_the_pillar_of_most() -> None:
    late = [{"pillar": "protection", "days_overdue": 327}, {"pillar": "protection", "days_overdue": 1}]
    assert say(actions_overdue(late, DAY, label)) == (
        "As of 31 December 2025, 2 actions are overdue, 2 of them on protection; the longest by 327 days."
    )
    assert say(actions_overdue(late[1:], DAY, label)) == (
        "As of 31 December 2025, 1 action is overdue; the longest by 1 day."
    )
    assert say(actions_overdue([], DAY, label)) == "No action is overdue as of 31 December 2025."


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((26, 15, 11), "26 agreements are in force; 15 end within 12 months, 11 of them within 6 months."),
        ((5, 1, 1), "5 agreements are in force; one ends within 12 months."),
        ((1, 0, 0), "1 agreement is in force; none ends within 12 months."),
        ((0, 0, 0), "No agreement is in force."),
    ],
)
def test_agreements_in_force_and_ending(counts, words) -> None:
    assert say(agreements_ending(*counts)) == words


def test_agreements_that_were_not_renewed() -> None:
    gone = [{"name": "Pact A", "end_date": ENDED}, {"name": "Pact B", "end_date": DAY}]
    assert say(agreements_lapsed(gone)) == (
        "Two agreements ended and were not renewed; the oldest, Pact A, ended on 31 March 2021."
    )
    assert say(agreements_lapsed(gone[:1])) == (
        "One agreement ended and was not renewed: Pact A, on 31 March 2021."
    )
    assert say(agreements_lapsed([])) == "Every agreement that ended was renewed."


LINK = {"from_org_type": ("police",), "to_org_type": ("legal",)}


@pytest.mark.parametrize(
    ("after", "direction", "words"),
    [
        ((46, 33, 62, None), -1, "fell to 46 (33–62) in 2022, from 120 in 2020"),
        ((118, 98, 140, None), 0, "No clear change in referrals"),
        ((None, None, None, None), 0, "cannot both be shown"),
    ],
)
def test_referrals_around_the_end_of_an_agreement(after, direction, words) -> None:
    answer = made("referrals_made", ["period"], [("2020", 120, 99, 144, None), ("2022", *after)], LINK)
    found = after_the_end(answer, Scope(), ENDED)
    assert found.direction == direction
    assert words in say(found)
    assert say(found).endswith("the agreement ended in March 2021.")


def test_the_receiver_of_most_referrals_is_named_only_where_it_is_clear() -> None:
    links = made(
        "referrals_made", ["from_org_type", "to_org_type"], [("police", "legal", 100, 80, 120, None)]
    )
    clear = [("shelter", 700, 650, 750, None), ("legal", 100, 80, 120, None)]
    close = [("shelter", 110, 90, 130, None), ("legal", 100, 80, 120, None)]
    first, second = (made("referrals_made", ["to_org_type"], rows) for rows in (clear, close))
    told = who_receives(links, first, Scope(), 9)
    assert told.direction == 1 and told.facts["alone"] == [("police", "legal")]
    assert say(told).startswith("The kind of organisation with most referrals is ")
    assert "one kind sends nearly all: to " in say(told)
    assert "received the most referrals" in say(who_receives(links, second, Scope(), 9))


def test_organisations_name_the_kinds_that_rest_on_one() -> None:
    kinds = made(
        "organisations_by_type", ["organisation_type"], [("police", 3, 3, 3, None), ("faith", 1, 1, 1, None)]
    )
    every = made("organisations_by_type", [], [(4, 4, 4, None)])
    assert say(organisations(kinds, every, Scope())) == (
        "4 organisations of 2 kinds take part; only one is of the kind: "
        f"{kinds.in_sentence('organisation_type', 'faith')}."
    )


def test_recommendations_are_numbers_while_they_are_few() -> None:
    few = made("recommendations_enacted_share", [], [(50, 31, 69, 24)])
    many = made("recommendations_enacted_share", [], [(50, 40, 60, 100)])
    assert say(recommendations(few, Scope())) == "12 of 24 recommendations have been enacted."
    assert say(recommendations(many, Scope())) == "50% (40–60%) of recommendations have been enacted."


def test_reporting_is_below_only_where_it_is_clear_and_blames_nobody() -> None:
    rows = [("police", 91, 89, 93, 575), ("health", 92, 90, 94, 969), ("school", 63, 60, 65, 1121)]
    found = reporting_below(made("duty_met_share", ["organisation_type"], rows), Scope())
    assert say(found) == ("Mandated reporting: school met 63% (60–65%) of what was due, other kinds 91–92%.")
    same = made("duty_met_share", ["organisation_type"], rows[:2])
    assert say(reporting_below(same, Scope())) == (
        "Mandated reporting: no kind of organisation is clearly below the others."
    )


def law(status: str, country: str = "US") -> Provision:
    return Provision("Act", "national", country, "protection", status, DAY, DAY, "", "")


def test_laws_say_what_is_in_force_and_what_is_on_its_way() -> None:
    laws = [law("in_force"), law("in_force", "GB"), law("adopted"), law("proposed")]
    assert say(laws_in_force(laws)) == (
        "Two laws are in force; one is adopted but not yet in force and one is proposed."
    )
    assert say(laws_in_force([])) == "No law is in force."
    assert say(laws_of_countries(laws, lambda _, code: code)) == "Laws in force, by country: GB 1 and US 1."
