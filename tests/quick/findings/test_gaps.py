"""Findings about unmet need: what is clear is named, what is alike is not ranked, numbers add up."""

from dataclasses import replace

import pytest

from analysis.findings.compare import Value
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope
from analysis.findings.sentences import say
from analysis.findings.topics.gaps import (
    Unmet,
    areas_without,
    in_bands,
    longest_wait,
    more_places,
    services_listed,
    smallest_change,
    too_few_places,
    uses_of,
)
from analysis.topics.gaps import EVERYONE, Estimate, InArea, Situation, exactly
from analysis.topics.what_if import apply, in_whole_people, smallest_changes

WORDS = {
    "housing": "housing and shelter",
    "legal": "legal help",
    "health": "health care",
    "men_and_boys": "men and boys",
}
WHOLE = Scope()


def label(_dimension: str, code: str) -> str:
    return WORDS.get(code, code)


def made(**changed: object) -> Situation:
    """A full shelter: 18 places, four people a place and year, 120 not served, 75 % of them for no place."""
    usual = Situation(
        service_type="housing",
        group="men_and_boys",
        need=Estimate(250, 230, 270),
        unmet=Estimate(120, 105, 135),
        no_place=Estimate(0.75, 0.7, 0.8),
        places=18.0,
        in_use=Estimate(18, 17, 19),
        left=Estimate(72, 66, 78),
        waiting=exactly(6),
    )
    return replace(usual, **changed)


def outcome_words(change: int, area: str = "", **changed: object) -> str:
    one = made(**changed)
    return say(more_places(one, in_whole_people(apply(one, change)), area, WHOLE, label))


def test_more_places_say_who_is_served_and_who_still_goes_without() -> None:
    assert outcome_words(10) == (
        "10 more places in housing and shelter for men and boys would serve 40 (35–46) more people a year; "
        "80 would still go without."
    )
    assert outcome_words(1).startswith("1 more place in housing")
    assert outcome_words(100).endswith("; 30 would still go without, for other reasons.")


def test_places_that_do_not_help_or_are_taken_away() -> None:
    assert "would stand idle, as places are not what is lacking; 120 people a year" in outcome_words(
        20, places=60.0
    )
    assert outcome_words(0).startswith(
        "No place is added in housing and shelter for men and boys; 120 people"
    )
    fewer = outcome_words(-5)
    assert fewer.startswith("5 fewer places in housing and shelter for men and boys would serve 20 (")
    assert fewer.endswith("fewer people a year; 140 would go without.")


def test_an_allocation_is_an_estimate_in_the_headline() -> None:
    said = outcome_words(6, "Saltreach", is_estimated=True)
    assert said.startswith("Estimated: 6 more places in housing and shelter for men and boys in Saltreach")
    areas = [InArea("A", made(is_estimated=True)), InArea("B", made(unmet=exactly(30), is_estimated=True))]
    finding = areas_without(areas, WHOLE, label)
    assert finding is not None
    assert say(finding).startswith("Estimated: from 30 to 120 people a year go without housing")
    assert say(finding).endswith(" in each of the two areas.")


def test_a_published_number_by_area_is_no_estimate() -> None:
    legal = made(service_type="legal", group=EVERYONE)
    finding = areas_without([InArea("A", legal, True), InArea("B", None)], WHOLE, label)
    assert finding is not None
    assert say(finding) == (
        "About 120 people a year go without legal help in the one area that can be shown."
    )
    assert areas_without([InArea("A", None)], WHOLE, label) is None


def test_changes_stand_in_bands_and_keep_the_order_of_the_lists() -> None:
    quick = made(left=Estimate(180, 170, 190))
    alike = [made(service_type="legal"), made(service_type="health", left=Estimate(74, 68, 80))]
    banded = in_bands(smallest_changes([*alike, quick]))
    assert [(one.situation.service_type, one.band) for one in banded] == [
        ("housing", 0),
        ("legal", 1),
        ("health", 1),
    ]
    said = say(smallest_change(banded, WHOLE, label))
    assert said.startswith("9 more places in housing and shelter for men and boys would serve 90 (")
    assert said.endswith(
        "more people a year, more per place than any other service; 30 would still go without."
    )


def test_of_changes_that_are_alike_none_serves_most_per_place() -> None:
    alike = in_bands(smallest_changes([made(), made(service_type="legal", left=Estimate(74, 68, 80))]))
    finding = smallest_change(alike, WHOLE, label)
    assert finding.direction == 0
    assert "per place" not in say(finding)
    assert "for want of a place" in say(smallest_change([], WHOLE, label))


def test_too_few_and_room_are_verdicts() -> None:
    """Chance may hide a lack and protection alone may make one: neither is claimed then."""
    roomy = made(service_type="health", group=EVERYONE, places=60.0)
    close = made(service_type="legal", group=EVERYONE, unmet=Estimate(12, 3, 20))
    uses = uses_of([made(), roomy, close, made(service_type="other")])
    assert [(one.situation.service_type, one.too_few, one.has_room) for one in uses] == [
        ("housing", True, False),
        ("health", False, True),
        ("legal", False, False),
    ]
    said = say(too_few_places(uses, WHOLE, label))
    assert said == (
        "There are too few places in housing and shelter for men and boys; one of three services has room."
    )


@pytest.mark.parametrize(("second", "direction"), [(Value(6, 5, 7), 1), (Value(20, 14, 26), 0)])
def test_the_longest_wait_is_named_where_it_is_clear(second: Value, direction: int) -> None:
    first = Value(22, 16, 29, {"service_type": "housing", "eligibility": "men_and_boys"})
    second = replace(second, codes={"service_type": "legal"})
    finding = longest_wait([second, first], Value(1, 0.9, 1.1), WHOLE, label)
    assert finding.direction == direction
    said = say(finding)
    assert ("too close to tell apart" in said) is (direction == 0)
    assert said.endswith("; across all services, 1 day.")


def test_the_directory_counts_what_it_lacks_or_what_a_search_found() -> None:
    rows = [{"has_organisation": True, "has_place": False}, {"has_organisation": True, "has_place": True}]
    assert say(services_listed(rows, None)) == "2 services are listed; 1 without a known place."
    assert say(services_listed(rows, 1)) == "1 of 2 services match the search."


def test_the_largest_need_is_said_with_its_share_or_as_one_of_two() -> None:
    codes = {"service_type": "housing", "eligibility": "men_and_boys"}
    first = Unmet(Value(120.3, 108.4, 133.6, codes), Value(48, 44, 52, codes))
    facts = {"share": first.share, "when": "2023–2025"}
    clear = Finding(
        "fact", topic="largest_need", values=(first.people,), direction=1, facts=facts, label=label
    )
    assert say(clear) == (
        "Housing and shelter for men and boys is the largest unmet need: about 120 (108–134) people a year "
        "go without in 2023–2025, 48% of those who need it."
    )
    other = Value(118, 100, 140, {"service_type": "legal", "eligibility": "anyone"})
    close = replace(clear, values=(first.people, other), direction=0)
    assert say(close).endswith("and legal help (118) are the largest unmet needs, too close to tell apart.")
