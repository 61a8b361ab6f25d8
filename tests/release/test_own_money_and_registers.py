"""The demonstration's release: the rule for organisations, leaf by leaf, and registers by their columns."""

from collections import defaultdict
from collections.abc import Mapping

import pytest

from analysis import Release, load_catalog, open_release
from etl.config import home_at
from etl.store import warehouse
from tests.demonstration import demonstration_home, demonstration_release

BUSINESS = ("private_funding", "expenditure", "bed_nights", "posts", "posts_vacant", "duty_due", "duty_met")
DIVIDED = ("period", "award_purpose", "service_type", "duty", "pillar", "organisation_type")
Leaves = dict[tuple[str, ...], dict[str, float]]


@pytest.fixture(scope="module")
def release() -> Release:
    return open_release(demonstration_release())


@pytest.fixture(scope="module")
def leaves() -> Leaves:
    """What every organisation brought to every number, by a plain loop over the warehouse."""
    found: Leaves = defaultdict(lambda: defaultdict(float))
    with warehouse.connect(warehouse.current(home_at(demonstration_home()))) as connection:
        rows = connection.execute(
            f"SELECT measure, {', '.join(DIVIDED)}, organisation, value FROM mart.figure "
            f"WHERE measure IN {BUSINESS}"
        ).fetchall()
    for *key, organisation, value in rows:
        found[tuple(key)][organisation] += value
    return found


def passes(parts: Mapping[str, float]) -> bool:
    """The rule, by a plain loop: three of them, none above 85 %, none within 10 % for another of them."""
    amounts = sorted((amount for amount in parts.values() if amount), reverse=True)
    if len(amounts) < 3 or amounts[0] > 0.85 * sum(amounts):
        return False
    return sum(amounts[2:]) > 0.1 * amounts[0]


def test_every_business_figure_is_its_sum_or_hidden_by_the_rule(leaves: Leaves, release: Release) -> None:
    shown = release.rows(
        f"SELECT measure, {', '.join(DIVIDED)}, value, marker FROM observation WHERE source = 'own'"
    )
    seen, passed, hidden = 0, 0, 0
    for *key, value, marker in shown:
        if key[0] not in BUSINESS:
            continue
        parts = leaves[tuple(key)]
        assert marker == ("" if value is not None else "c")
        if value is not None:
            assert passes(parts), key
            assert value == pytest.approx(sum(parts.values()))
        base = {"duty_met": "duty_due", "posts_vacant": "posts"}.get(key[0])
        if base and value is not None:
            whole = leaves[(base, *key[1:])]
            assert passes({name: amount - parts.get(name, 0.0) for name, amount in whole.items()}), key
        seen += 1
        passed += passes(parts)
        hidden += passes(parts) and value is None  # beside its base, or another period
    assert seen == len(leaves)
    assert any(value is None for *_, value, _ in shown), "else the rule was not tried"
    assert 0 < hidden < 0.1 * passed


def test_the_total_of_spending_gives_away_no_more_than_the_rule_allows(
    leaves: Leaves, release: Release
) -> None:
    """The attack: the total less every kind of help that is shown. What is left has to pass the rule."""
    rows = release.rows(
        "SELECT measure, period, service_type, value FROM observation "
        "WHERE source = 'own' AND measure IN ('expenditure', 'expenditure_in_all')"
    )
    totals = {period: value for measure, period, _, value in rows if measure == "expenditure_in_all"}
    assert len(totals) >= 5 and all(totals.values()), "else the attack was not tried"
    for period, total in totals.items():
        hidden: dict[str, float] = defaultdict(float)
        shown = 0.0
        for measure, when, service, value in rows:
            if measure == "expenditure" and when == period:
                shown += value or 0.0
                key = ("expenditure", period, None, service, None, None, None)
                for organisation, amount in leaves[key].items() if value is None else ():
                    hidden[organisation] += amount
        left = total - shown
        assert left == pytest.approx(sum(hidden.values()))
        assert passes(hidden)


def test_no_organisation_key_leaves_with_the_figures(release: Release) -> None:
    assert not set(release.columns["observation"]) & {"organisation", "organisation_key"}


def test_registers_hold_their_named_columns_and_nothing_of_private_money(release: Release) -> None:
    for code, register in load_catalog().registers.items():
        assert release.register(code).columns == [one.code for one in register.columns]
    content = (release.folder / release.manifest.file).read_bytes()
    with warehouse.connect(warehouse.current(home_at(demonstration_home()))) as connection:
        private = connection.execute(
            "SELECT DISTINCT award, funder FROM mart.funding_award WHERE NOT is_public"
        ).fetchall()
    assert len(private) > 50
    rows = [row for code in load_catalog().registers for row in release.register(code).rows()]
    written = {str(cell) for row in rows for cell in row}
    assert not written & {part for row in private for part in row if part}
    for name in {part for row in private for part in row if part}:
        assert name.encode() not in content, "private funders and gifts are nowhere in the file"
