"""A year of monthly releases, public and partner: is the amount of one organisation ever known within 10 %?

The attacker takes everything that was ever published from everything else: releases, profiles, totals and
kinds, periods, a figure and the larger one that it is a part of; and may be one of the organisations, who
takes its own amounts off. What must not come out is an amount of one organisation, or a change of it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from types import MappingProxyType

import duckdb
import pytest

from etl.config import Home
from etl.release import publish
from tests.release.support import Amount, Mart, home_with, made_up_people, release_file, small_catalog
from tests.security.conftest import SECRET, keep_secret

Leaf = tuple[str, str, str]
"""Measure, period, kind."""
Amounts = dict[Leaf, dict[str, float]]
NEAR = 0.10
EXACT = 0.0001
TOTAL, SPENT = "expenditure_in_all", "expenditure"
KIND_OF = {"expenditure": "service_type", "posts": "service_type", "private_funding": "award_purpose"}
KIND_OF |= {"posts_vacant": "service_type", "bed_nights": "service_type"}


def first_amounts() -> Amounts:
    """What organisations had reported for closed years in January."""
    money = {
        "legal": {"anchor": 81_300.0, "beacon": 64_700.0, "cedar": 118_900.0, "delta": 93_100.0},
        "health": {"anchor": 51_900.0, "cedar": 77_400.0, "ember": 64_300.0, "fjord": 88_800.0},
        "housing": {"grove": 240_500.0, "haven": 198_700.0},
        "education": {"beacon": 71_200.0},
        "interpreting": {"iris": 55_100.0},
        "counselling": {"anchor": 40_900.0, "beacon": 37_700.0, "ember": 29_300.0},
    }
    found: Amounts = {}
    for year, factor in (("2023", 0.913), ("2024", 1.0)):
        for kind, amounts in money.items():
            found[SPENT, year, kind] = {name: round(a * factor, 2) for name, a in amounts.items()}
        found["private_funding", year, "prevention"] = {"elm fund": 21_400.0, "fir fund": 30_250.0 * factor}
        found["private_funding", year, "prevention"]["gorse"] = 18_800.0
        found["private_funding", year, "shelter"] = {"elm fund": 12_300.0, "hazel": 9_000.0}
        found["bed_nights", year, "housing"] = {"grove": 4_380.0, "haven": 2_920.0, "inlet": 3_650.0}
    for quarter in ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"):
        found["posts", quarter, "legal"] = {"anchor": 12.0, "beacon": 9.0, "cedar": 15.0}
        found["posts_vacant", quarter, "legal"] = {"anchor": 2.0, "beacon": 0.0, "cedar": 0.0}
    # Somebody new has posts in the last quarter, and everybody else as many as before.
    found["posts", "2024-Q4", "legal"]["juniper"] = 14.0
    return found


def later(amounts: Amounts, month: int) -> None:
    """Change what is reported as of the end of a month of 2025."""
    if month < 12:  # the running year fills, one by one
        running = amounts.setdefault((SPENT, "2025", "housing"), {})
        running[("grove", "haven", "inlet", "marsh")[month % 4]] = 40_000.0 + 3_210.0 * month
    if month < 7:
        _change_who_reports(amounts, month)
    else:
        _change_kinds(amounts, month)


def _change_who_reports(amounts: Amounts, month: int) -> None:
    legal, health = amounts[SPENT, "2024", "legal"], amounts[SPENT, "2024", "health"]
    if month == 2:
        legal["kestrel"] = 47_777.0  # a late return of one
        amounts["private_funding", "2024", "prevention"]["larch"] = 7_777.0  # and one gift
    elif month == 3:
        health["anchor"] -= 31_100.0  # a correction downwards
        amounts["bed_nights", "2024", "housing"]["inlet"] = 3_285.0
    elif month == 4:  # two become one, and correct what they reported
        legal["anchor and beacon"] = legal.pop("anchor") + legal.pop("beacon") + 5_432.0
    elif month == 5:  # one becomes two
        whole = health.pop("cedar")
        health["cedar east"], health["cedar west"] = whole / 3, whole * 2 / 3 + 8_910.0
    elif month == 6:  # three at once, in a kind where nothing happened so far
        counselling = amounts[SPENT, "2024", "counselling"]
        counselling.update(cedar=31_000.0, delta=27_500.0, fjord=35_250.0)


def _change_kinds(amounts: Amounts, month: int) -> None:
    if month == 7:
        del amounts[SPENT, "2024", "counselling"]["anchor"]  # one disappears
        amounts[SPENT, "2024", "housing"]["marsh"] = 0.0  # one reports nothing
    elif month == 8:
        amounts[SPENT, "2024", "transport"] = {"nettle": 33_333.0}  # a kind that nobody had
        amounts[SPENT, "2024", "education"]["beacon"] += 14_141.0  # in a kind that is hidden
    elif month == 9:  # a kind that was part of what is left of the total could be shown now
        amounts[SPENT, "2024", "education"].update(osprey=6_900.0, plover=66_000.0)
        amounts["posts_vacant", "2024-Q3", "legal"].update(beacon=3.0, cedar=4.0)
    elif month == 10:  # money comes back, to three
        for name, back in (("elm fund", 5_000.0), ("fir fund", 4_300.0), ("gorse", 3_900.0)):
            amounts["private_funding", "2024", "prevention"][name] -= back
    elif month == 11:
        amounts[SPENT, "2023", "legal"]["quarry"] = 61_250.0
        amounts[SPENT, "2024", "legal"]["kestrel"] = 21_000.0
    elif month == 12:  # the year that closes now, by most of them
        for kind in ("legal", "health", "counselling"):
            before = amounts[SPENT, "2023", kind]
            amounts[SPENT, "2025", kind] = {name: round(a * 1.21 + 977.0, 2) for name, a in before.items()}


@dataclass
class Year:
    """Everything that was published in a year, and what had been reported at each time."""

    live: list[Amounts] = field(default_factory=list)
    published: list[dict[Leaf, float]] = field(default_factory=list)

    def versions(self, leaf: Leaf) -> dict[float, list[int]]:
        """Return the numbers that were ever shown of a figure, and in which releases."""
        found: dict[float, list[int]] = defaultdict(list)
        for place, release in enumerate(self.published):
            if leaf in release:
                found[release[leaf]].append(place)
        return found

    @property
    def leaves(self) -> list[Leaf]:
        return sorted({leaf for release in self.published for leaf in release})

    def given(self, place: int, leaf: Leaf) -> Mapping[str, float]:
        """Return what organisations had reported for a figure; of a total for all its kinds."""
        measure, period, _ = leaf
        if measure != TOTAL:
            return self.live[place].get(leaf, {})
        found: dict[str, float] = defaultdict(float)
        for (other, when, _), amounts in self.live[place].items():
            if (other, when) == (SPENT, period):
                for name, amount in amounts.items():
                    found[name] += amount
        return found


def shown_of(home: Home, profile: str) -> dict[Leaf, float]:
    with duckdb.connect(str(release_file(home.release(profile))), read_only=True) as connection:
        rows = connection.execute(
            "SELECT measure, period, coalesce(service_type, award_purpose, ''), value FROM observation "
            "WHERE source = 'own' AND value IS NOT NULL"
        ).fetchall()
    return {(measure, period, kind): value for measure, period, kind, value in rows}


def amounts_of(amounts: Amounts) -> list[Amount]:
    return [
        Amount(measure, period, {KIND_OF[measure]: kind}, name, value)
        for (measure, period, kind), of_leaf in amounts.items()
        for name, value in of_leaf.items()
    ]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    folder, found, amounts = tmp_path_factory.mktemp("organisations"), Year(), first_amounts()
    persons, catalog = made_up_people(40, "2024-01", "2024-12"), small_catalog()
    few = {"person": replace(catalog.subjects["person"], core=("form", "source"), detail=())}
    catalog = replace(catalog, subjects=MappingProxyType(few), sha256="organisations")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("etl.release.run.load_catalog", lambda: catalog)
        for month in range(1, 13):
            later(amounts, month)
            as_of = f"2025-{month:02d}-{28 if month == 2 else 30 if month < 12 else 31}"
            given = amounts_of(amounts)
            home = home_with(folder, Mart(persons, as_of=as_of, amounts=given))
            keep_secret(home, SECRET)
            # The partner release comes every third month only: the two are of different days.
            for profile in ("public", "partner") if month % 3 == 0 else ("public",):
                publish(home, profile)
                found.live.append({leaf: dict(of_leaf) for leaf, of_leaf in amounts.items()})
                found.published.append(shown_of(home, profile))
        yield found


def is_near(number: float, parts: Mapping[str, float], near: float = NEAR) -> list[str]:
    """Return who of these is known: by the number alone, or by another of them who takes its own off."""
    known = []
    for name, amount in parts.items():
        others = [0.0, *(value for other, value in parts.items() if other != name)]
        if amount and any(abs(number - other - amount) <= near * abs(amount) for other in others):
            known.append(name)
    return known


def changes(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    found = {name: after.get(name, 0.0) - before.get(name, 0.0) for name in {*before, *after}}
    return {name: change for name, change in found.items() if abs(change) > 1e-6}


def test_the_year_is_worth_attacking(year: Year) -> None:
    """Figures are shown, one changed, the running year is not shown, and the closed one is at last."""
    first, last = year.published[0], year.published[-1]
    assert {kind for measure, period, kind in first if (measure, period) == (SPENT, "2024")} == {
        "legal",
        "health",
        "counselling",
    }
    assert last[SPENT, "2024", "counselling"] == pytest.approx(107_900.0 + 93_750.0)
    assert year.versions((SPENT, "2024", "counselling")).keys() > {107_900.0}
    assert last["private_funding", "2024", "prevention"] == pytest.approx(
        first["private_funding", "2024", "prevention"]
    )
    assert not any(period.startswith("2025") for one in year.published[:-2] for _, period, _ in one)
    assert (SPENT, "2025", "legal") in last and (TOTAL, "2024", "") in first


def test_no_figure_is_near_the_amount_of_one(year: Year) -> None:
    for leaf in year.leaves:
        for number, places in year.versions(leaf).items():
            assert not is_near(number, year.given(places[0], leaf)), leaf


def test_no_two_releases_give_the_return_of_one(year: Year) -> None:
    """Whatever two releases differ by, of one profile or of two."""
    tried = 0
    for leaf in (one for one in year.leaves if one[0] != TOTAL):
        for (first, before), (second, after) in combinations(year.versions(leaf).items(), 2):
            for place in before:
                for other in after:
                    reported = changes(year.given(place, leaf), year.given(other, leaf))
                    assert not is_near(second - first, reported), (leaf, place, other)
                    tried += 1
    assert tried


def rests(year: Year, period: str) -> dict[tuple[int, int], float]:
    """Return each total less the kinds that are shown, of any two releases."""
    found = {}
    for place, release in enumerate(year.published):
        for other, parts in enumerate(year.published):
            if (TOTAL, period, "") in release:
                shown = [
                    value for (measure, when, _), value in parts.items() if (measure, when) == (SPENT, period)
                ]
                found[place, other] = release[TOTAL, period, ""] - sum(shown)
    return found


@pytest.mark.parametrize("period", ["2023", "2024"])
def test_no_total_less_its_kinds_gives_a_hidden_one(year: Year, period: str) -> None:
    left = rests(year, period)
    assert left
    for (place, other), number in left.items():
        hidden: dict[str, float] = defaultdict(float)
        for (measure, when, kind), amounts in year.live[place].items():
            if (measure, when) == (SPENT, period) and (SPENT, period, kind) not in year.published[other]:
                for name, amount in amounts.items():
                    hidden[name] += amount
                assert not is_near(number, amounts), (kind, place, other)
        assert abs(number) < 1 or not is_near(number, hidden), (place, other)


@pytest.mark.parametrize("period", ["2023", "2024"])
def test_totals_do_not_change_by_one(year: Year, period: str) -> None:
    """The total, and what is left of it beside the kinds that are shown, of any two releases each."""
    left, spent = rests(year, period), [leaf for leaf in year.leaves if leaf[:2] == (SPENT, period)]
    for ((place, parts), first), ((other, others), second) in combinations(left.items(), 2):
        whole = year.published[other][TOTAL, period, ""] - year.published[place][TOTAL, period, ""]
        if max(abs(second - first), abs(whole)) < 1:
            continue
        kinds = {leaf for of in (place, other) for leaf in year.live[of] if leaf[:2] == (SPENT, period)}
        for leaf in kinds | {(TOTAL, period, "")}:
            reported = changes(year.given(place, leaf), year.given(other, leaf))
            for number in (second - first, whole):
                assert abs(number) < 1 or not is_near(number, reported, EXACT), (leaf, place, other)
            if leaf not in spent and leaf in kinds and (parts, others) == (place, other):
                assert abs(second - first) < 1 or not is_near(second - first, reported), (leaf, place, other)


def test_no_period_less_another_gives_who_is_new(year: Year) -> None:
    """Posts hardly change from quarter to quarter: who joins must not be the difference."""
    shown = year.published[0]
    quarters = sorted(leaf for leaf in shown if leaf[0] == "posts")
    assert len(quarters) == 3, "the quarter in which somebody joined alone is hidden"
    for one, other in combinations(quarters, 2):
        reported = changes(year.given(0, one), year.given(0, other))
        assert abs(shown[other] - shown[one]) < 1 or not is_near(shown[other] - shown[one], reported)


def test_no_figure_and_what_it_is_a_part_of_give_one(year: Year) -> None:
    """Posts less those that nobody holds; where one alone has some, neither says how many."""
    for place, release in enumerate(year.published):
        for leaf, number in release.items():
            if leaf[0] == "posts_vacant":
                given = year.given(place, leaf)
                assert sum(1 for amount in given.values() if amount) >= 3
                whole = release["posts", leaf[1], leaf[2]]
                of_whole = year.given(place, ("posts", leaf[1], leaf[2]))
                filled = {name: posts - given.get(name, 0.0) for name, posts in of_whole.items()}
                assert not is_near(whole - number, filled)
    assert any(leaf[0] == "posts_vacant" for leaf in year.leaves), "else this was not tried"
