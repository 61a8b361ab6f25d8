"""What an incomplete period is expected to come to: only of everybody, only from numbers that are shown."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis import Answer, Question, Release, answer, open_release
from analysis.findings.coverage import what_is_missing
from analysis.findings.scope import Scope
from analysis.findings.sentences import say
from analysis.findings.series.later import expected, incomplete
from tests import release_states
from tests.example_release import COLLECTION

SHARES = {"2025-07": 95, "2025-08": 90, "2025-09": 85, "2025-10": 75, "2025-11": 65, "2025-12": 50}
TABLE = (
    "CREATE TABLE completeness (collection VARCHAR, subject VARCHAR, month VARCHAR, years VARCHAR, "
    "months_since INTEGER, complete INTEGER, base INTEGER, spread DOUBLE)"
)


@pytest.fixture(scope="module")
def told(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """The example release, which tells how complete its newest months are."""
    rows = [
        f"INSERT INTO completeness VALUES ('{COLLECTION}', '{subject}', '{month}', '2021..2024', "
        f"{5 - place}, {share - less}, 1000, 1.0)"
        for place, (month, share) in enumerate(SHARES.items())
        for subject, less in (("person", 0), ("referral", 20))
    ]
    yield open_release(
        release_states.changed(folder, tmp_path_factory.mktemp("told") / "told", [TABLE, *rows])
    )


def asked(release: Release, **parts: object) -> Answer:
    [found] = answer([Question("detected_persons", ("period",), **parts)], release)
    return found


@pytest.mark.parametrize("level", ["year", "quarter", "month"])
def test_each_incomplete_period_is_carried_on_by_its_months(told: Release, level: str) -> None:
    found = asked(told, period_level=level)
    months = {row["period"]: row["value"] for row in asked(told, period_level="month").frame.to_dicts()}
    later = expected(found)
    wanted = {"year": ["2025"], "quarter": ["2025-Q3", "2025-Q4"], "month": list(SHARES)}[level]
    assert list(later) == wanted
    published = {row["period"]: row["value"] for row in found.frame.to_dicts()}
    for period, value in later.items():
        inside = {
            "2025": list(SHARES),
            "2025-Q3": list(SHARES)[:3],
            "2025-Q4": list(SHARES)[3:],
        }.get(period, [period])
        more = sum(months[one] * (100 / SHARES[one] - 1) for one in inside)
        middle = published[period] + more
        assert value.lower < middle < value.upper
        assert value.value == pytest.approx(middle, abs=(value.upper - value.lower) / 8)
        assert published[period] - 10 < value.lower


def test_the_sentence_says_both_numbers(told: Release) -> None:
    years = asked(told)
    late = incomplete(years, Scope(), expected(years))
    assert late is not None
    now, later = (f"{one.value:,.0f}" for one in late.values)
    ends = f"{late.values[1].lower:,.0f}–{late.values[1].upper:,.0f}"
    assert say(late) == f"2025 is incomplete: {now} so far, about {later} ({ends}) expected."
    missing = say(what_is_missing(told, COLLECTION, 6, late=late))
    assert missing.endswith(
        f"2025 is still incomplete: {now} people identified so far, about {later} ({ends}) expected."
    )


def test_referrals_are_carried_on_by_their_own_months(told: Release) -> None:
    [years, months] = answer(
        [
            Question("referrals_made", ("period",), periods=("2025", "2025")),
            Question("referrals_made", ("period",), period_level="month", periods=("2025-07", "2025-12")),
        ],
        told,
    )
    cells = {row["period"]: row["value"] for row in months.frame.to_dicts()}
    middle = years.frame["value"][-1] + sum(
        cells[month] * (100 / (share - 20) - 1) for month, share in SHARES.items()
    )
    late = incomplete(years, Scope(), expected(years))
    assert late is not None and late.values[1].lower < middle < late.values[1].upper
    assert re.fullmatch(
        r"2025 is incomplete: [\d,]+ so far, about [\d,]+ \([\d,]+–[\d,]+\) expected\.", say(late)
    )


@pytest.mark.parametrize(
    "parts",
    [
        {"where": {"area": ("C1",)}},
        {"where": {"age_group": ("child",)}},
        {"period_level": "year", "periods": ("2022", "2024")},
        {"period_level": "half"},
    ],
    ids=["an area", "a group", "complete years", "sums of months"],
)
def test_of_a_part_and_of_complete_years_nothing_is_expected(told: Release, parts: dict) -> None:
    assert expected(asked(told, **parts)) == {}


def test_with_a_hidden_month_or_without_the_table_it_is_so_far(
    told: Release, release: Release, tmp_path: Path
) -> None:
    gone = (
        "DELETE FROM cell_person WHERE period = '2025-11' AND period_level = 'month' AND area_level IS NULL"
    )
    hidden = open_release(release_states.changed(told.folder, tmp_path / "hidden", [gone]))
    for one in (hidden, release):
        years = asked(one)
        assert expected(years) == {}
        late = incomplete(years, Scope(), {})
        assert late is not None
        assert say(late).endswith("so far.") and "expected" not in say(late)
        assert say(what_is_missing(one, COLLECTION, 6, late=late)).endswith("2025 is still incomplete.")
