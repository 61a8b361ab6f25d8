"""Every protected subject of the catalog, in the demonstration as users build it: recounted cell by cell, and
attacked as the made-up people of the other tests are.

The tolerance is that of `test_one_look`: at most 1 in 1,000 small numbers known with 95 %; for 400 targets
that is none, and so it is for fewer.
"""

from collections import Counter
from functools import cache

import numpy as np
import pytest

from analysis import load_catalog
from analysis.periods import span_of
from tests.security.inference import Attacker, is_known, poisson, shares_of
from tests.security.population import LARGEST, SMALL, SURE, Cell, Published, noise_of, weak
from tests.security.subjects import PROFILES, SUBJECTS, Case, case_of
from tests.security.test_one_look import HIDDEN, PROTECTION, RARENESS, chances, share_known_by_chance
from tests.sizes import size

TARGETS = size(150, 400)
TOLERATED = 1e-3
OF_PEOPLE = tuple(code for code in SUBJECTS if load_catalog().subjects[code].person)
#: Subjects without dimensions have a few hundred cells, by period and area, and hardly a small one.
UNDIVIDED = tuple(code for code in SUBJECTS if not load_catalog().subjects[code].dimensions)
EACH = pytest.mark.parametrize("subject", SUBJECTS)
INSIDER = pytest.mark.parametrize("is_insider", [False, True], ids=["outsider", "knows all shares"])


# --- recount ---


@EACH
@pytest.mark.parametrize("profile", PROFILES)
def test_every_cell_is_a_recount_within_the_noise_and_no_small_one_is_there(
    subject: str, profile: str
) -> None:
    """All cells of all tables of the closed list, not a sample: published beside plainly counted."""
    case, threshold = case_of(subject), PROTECTION.threshold[profile]
    assert _number(case, profile) >= 300
    if subject not in UNDIVIDED:
        assert _number(case, "cell WHERE n < 8") >= 100, "else the threshold is not tested"
    both = f"{profile} AS published LEFT JOIN cell USING (name)"
    true = "coalesce(cell.n, 0)"
    assert _number(case, f"{both} WHERE published.n < {threshold}") == 0
    assert _number(case, f"{both} WHERE abs(published.n - {true}) > {PROTECTION.noise_d}") == 0
    assert _number(case, f"{both} WHERE {true} <= {threshold - PROTECTION.noise_d - 1}") == 0
    surely = f"cell ANTI JOIN {profile} USING (name) WHERE cell.n >= {threshold + PROTECTION.noise_d}"
    assert _number(case, surely) == 0, "what is surely large enough is there"
    changed = _number(case, f"{both} WHERE published.n <> {true}")
    assert changed > 0.6 * _number(case, profile), "else there is no noise"


@EACH
def test_a_partner_sees_the_same_numbers_and_more_of_them(subject: str) -> None:
    """Two noises over the same people would average out."""
    case = case_of(subject)
    both = "public JOIN partner USING (name)"
    assert _number(case, f"{both} WHERE public.n = partner.n") == _number(case, "public")
    only_partners = _number(case, "partner WHERE n < 10")
    assert _number(case, "partner") == _number(case, "public") + only_partners
    assert only_partners > 0 or subject in UNDIVIDED


def _number(case: Case, rows: str) -> int:
    found = case.connection.execute(f"SELECT count(*) FROM {rows}").fetchone()
    return int(found[0]) if found else 0


# --- attack ---


@EACH
@pytest.mark.parametrize(
    ("profile", "is_insider"),
    [("public", False), ("public", True), ("partner", True)],
    ids=["outsider", "knows all shares", "partner who knows all shares"],
)
def test_no_small_cell_is_known_from_its_wholes_and_parts(
    subject: str, profile: str, is_insider: bool
) -> None:
    case, published = case_of(subject), _published(subject, profile)
    targets = case.targets(TARGETS)
    assert len(targets) >= (1 if subject in UNDIVIDED else size(150, 200))
    assert len(_known(case, published, targets, is_insider)) <= TOLERATED * len(targets)


@INSIDER
@pytest.mark.parametrize("subject", ["barrier", "operation_person", "outcome"])
def test_the_same_attack_opens_numbers_that_are_only_hidden(subject: str, is_insider: bool) -> None:
    case = case_of(subject)
    targets = case.targets(TARGETS)
    found = _known(case, weak(case.cells("cell"), 10), targets, is_insider)
    assert len(found) > 0.05 * len(targets)


@cache
def _published(subject: str, profile: str) -> Published:
    return case_of(subject).published(profile)


def _known(case: Case, published: Published, targets: dict[Cell, int], is_insider: bool) -> list[Cell]:
    ways = case.ways
    shares = shares_of({**case.margins(), **targets}, targets, ways.partitions) if is_insider else None
    attacker = Attacker(
        published, shares, partitions=ways.partitions, divisions=ways.divisions, finer=ways.finer
    )
    posteriors = {cell: attacker.posterior(cell) for cell in targets}
    assert sum(found is not None for found in posteriors.values()) > 0.5 * len(targets), "something to use"
    return [cell for cell, found in posteriors.items() if is_known(found, targets[cell])]


# --- several records about the same person ---


@pytest.mark.parametrize("subject", OF_PEOPLE)
def test_people_differ_in_how_many_records_they_have(subject: str) -> None:
    """Were everybody's number the same and above two, a number of records would be one of people."""
    each = records_each(subject)
    assert max((number for k, number in each.items() if k > 2), default=0) < 0.5 * each.total()


@pytest.mark.parametrize("subject", OF_PEOPLE)
def test_numbers_of_records_do_not_make_people_known_to_who_knows_how_many_records_people_have(
    subject: str,
) -> None:
    """The attacker sees people and records, each with a noise of its own, and knows the distribution."""
    assert share_known(records_each(subject)) < TOLERATED


def test_they_would_if_everybody_had_five() -> None:
    assert share_known(Counter({5: 1})) > 0.2


def test_outcomes_of_all_parts_of_life_together_would() -> None:
    """Why every table of outcomes is divided by the part of life: most people are looked at in several."""
    assert share_known(records_each("outcome", always=())) > 2 * TOLERATED


def records_each(subject: str, always: tuple[str, ...] | None = None) -> Counter[int]:
    """Return how many people have how many records in a year of the demonstration, within the finest tables
    that nobody can avoid: one for each category of the dimensions that divide every table."""
    one = load_catalog().subjects[subject]
    divided = "".join(f", {dim}" for dim in (one.always if always is None else always))
    rows = case_of(subject).of_mart(
        f"SELECT count(*) FROM {{table}} WHERE {one.person} IS NOT NULL "
        f"GROUP BY collection, {one.person}, reference_year{divided}"
    )
    return Counter(int(row[0]) for row in rows)


def share_known(each: Counter[int]) -> float:
    """Return the share of small numbers of people known, for the rareness at which it is largest."""
    most = max(each)
    one = np.array([each[k] / each.total() for k in range(most + 1)])
    seen: dict[int, np.ndarray] = {}
    records = np.array([1.0])
    for people in range(LARGEST):
        for count in np.flatnonzero(records > 1e-12):
            for change, chance in noise_of(int(count)).items():
                value = int(count) + change
                shown = value if value >= PROTECTION.threshold["public"] else HIDDEN
                seen.setdefault(shown, np.zeros(LARGEST))[people] += records[count] * chance
        records = np.convolve(records, one)
    of_people = np.array(list(chances(PROTECTION.threshold["public"]).values()))
    both = of_people[:, None, :] * np.array(list(seen.values()))[None, :, :]
    worst = 0.0
    for mean in RARENESS:
        prior = poisson(float(mean))
        joint = (both * prior).reshape(-1, LARGEST)
        best = joint.argmax(axis=1)
        height = joint[np.arange(len(joint)), best]
        is_sure = np.isin(best, SMALL) & (height >= SURE * joint.sum(axis=1)) & (height > 0)
        worst = max(worst, float(height[is_sure].sum() / prior[list(SMALL)].sum()))
    return worst


# --- stocks: the same people again in every month, with another noise ---


def test_a_small_stock_that_stands_still_for_a_year_is_not_known_and_for_five_years_it_is() -> None:
    """Said in docs/disclosure.md: places in use are counted anew each month, so draws can be averaged."""
    threshold = PROTECTION.threshold["public"]
    assert share_known_by_chance(threshold, 12, 8_000) < TOLERATED
    assert share_known_by_chance(threshold, 60, 4_000) > 0.1


def test_no_small_stock_of_the_demonstration_stands_still_for_a_year() -> None:
    """The numbers of which months can be averaged: of a service type or an area, 5 to 9 in each month."""
    case = case_of("place_use")
    given = "period_level = 'month' AND place_state = 'in_use' AND eligibility IS NULL AND n BETWEEN 5 AND 9"
    months = case.cells("cell", given)
    by_place: dict[tuple[object, object], dict[str, int]] = {}
    for (period, area, codes), n in months.items():
        by_place.setdefault((area, codes), {})[period] = n
    longest = max(_longest_run(one) for one in by_place.values())
    assert 2 <= longest < 12


def _longest_run(numbers: dict[str, int]) -> int:
    """Return for how many months on end a number stays the same."""
    longest = run = 0
    last: tuple[int, int] | None = None
    for period in sorted(numbers):
        month, n = span_of(period).first, numbers[period]
        run = run + 1 if last == (month - 1, n) else 1
        longest, last = max(longest, run), (month, n)
    return longest
