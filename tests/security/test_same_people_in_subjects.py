"""The same people counted in several subjects: as people, and by what was recorded about them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from analysis import Catalog, load_catalog
from analysis.catalog.model import Subject
from etl.release import publish
from etl.store import warehouse
from tests.release.support import (
    Mart,
    Referral,
    cells_of,
    home_with,
    made_up_people,
    made_up_referrals,
    release_file,
    small_catalog,
)
from tests.security.inference import poisson
from tests.security.population import LARGEST, SMALL, SURE, noise_of
from tests.security.test_one_look import HIDDEN, PROTECTION, RARENESS, chances, share_known_by_chance

SUBJECTS = 5  # people, referrals, needs, tips, investigations
DRAWS_OF_ONE = 1 + PROTECTION.revisions_per_year
Where = tuple[object, ...]


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Catalog]]:
    """The release job sees the catalog in this list."""
    catalogs = [small_catalog()]
    monkeypatch.setattr("etl.release.run.load_catalog", lambda: catalogs[0])
    yield catalogs


def with_subjects(catalog: Catalog, **subjects: Subject) -> Catalog:
    """Return a catalog with other subjects of some names, as a catalog of its own."""
    own = MappingProxyType({**catalog.subjects, **subjects})
    return replace(catalog, subjects=own, sha256=f"with {', '.join(subjects)}")


def one_referral_each(folder: Path) -> tuple[dict[Where, int], dict[Where, int]]:
    """Publish people with exactly one referral each; shown numbers by period and area, of both subjects."""
    people = made_up_people(3_000, seed=3)
    referrals = {one.person: one for one in made_up_referrals(people)}
    example = next(iter(referrals.values()))
    each = [
        referrals.get(one.key)
        or Referral(f"referral-{one.key}", one.month, one.area, example.single, person=one.key)
        for one in people
    ]
    home = home_with(folder, Mart(people, each))
    publish(home, "partner")
    found = []
    for subject in ("person", "referral"):
        cells = cells_of(release_file(home.release("partner")), subject)
        found.append({cell[:5]: value for cell, (value, _) in cells.items() if not any(cell[5:])})
    return found[0], found[1]


def test_people_with_one_referral_each_have_one_number_for_both(
    chosen: list[Catalog], tmp_path: Path
) -> None:
    people, referrals = one_referral_each(tmp_path)
    assert len(people) > 200
    assert referrals == people, "no second draw to average with the first"


def people_and_helped(folder: Path) -> tuple[dict[Where, int], dict[Where, int]]:
    """Publish people who were all helped in their year; shown numbers by year and area, of both subjects."""
    home = home_with(folder, Mart(made_up_people(1_200, seed=5)))
    with warehouse.open_for_change(home, "test") as change:
        change.connection.execute(
            "CREATE TABLE mart.person_helped AS SELECT collection, person_key, reference_year, "
            "make_date(reference_year, 12, 1) AS period_start, area_code FROM mart.person; "
            "INSERT INTO mart.collection SELECT * REPLACE ('person_helped' AS subject) "
            "FROM mart.collection WHERE subject = 'person'"
        )
    publish(home, "partner")
    found = []
    for subject in ("person", "person_helped"):
        cells = cells_of(release_file(home.release("partner")), subject)
        found.append(
            {cell[:5]: n for cell, (n, _) in cells.items() if cell[1] == "year" and not any(cell[5:])}
        )
    return found[0], found[1]


def test_people_who_were_all_helped_have_one_number_for_both(chosen: list[Catalog], tmp_path: Path) -> None:
    helped = load_catalog().subjects["person_helped"]
    chosen[0] = with_subjects(chosen[0], person_helped=helped)
    people, found = people_and_helped(tmp_path / "one")
    assert len(people) >= 10
    assert found == people, "no second draw to average with the first"


def test_with_keys_of_their_own_they_would_be_drawn_again(chosen: list[Catalog], tmp_path: Path) -> None:
    catalog = chosen[0]
    chosen[0] = with_subjects(catalog, referral=replace(catalog.subjects["referral"], person=""))
    people, referrals = one_referral_each(tmp_path)
    both = people.keys() & referrals.keys()
    assert sum(people[cell] != referrals[cell] for cell in both) > 0.7 * len(both)


def test_as_many_draws_as_subjects_and_revisions_would_make_small_cells_known() -> None:
    threshold = PROTECTION.threshold["partner"]
    assert share_known_by_chance(threshold, DRAWS_OF_ONE) < 1e-3
    assert share_known_by_chance(threshold, SUBJECTS * DRAWS_OF_ONE) > 1e-3


def test_every_subject_about_people_says_so() -> None:
    """A subject whose table names the person and whose file does not would draw noise of its own."""
    subjects = load_catalog().subjects
    assert subjects["referral"].person == subjects["person"].key
    # Open referrals are referrals at the end of a year: the same records, and so the same keys.
    assert subjects["open_referral"].key == subjects["referral"].key
    # People helped are people, in the year they were helped.
    assert subjects["person_helped"].key == subjects["person_helped"].person == subjects["person"].key
    again = ("open_referral", "person_helped")
    names = [one.key for code, one in subjects.items() if code not in again]
    assert len(names) == len(set(names)), "the name of the identifier keeps keys of different things apart"


# --- several records each: what the protection of events cannot do for the people behind them ---


def share_known(threshold: int, each: int) -> float:
    """Share of small numbers of people known from their number and that of their records, so many each.

    The attacker knows that everybody has exactly ``each`` records, and how rare the people are.
    """
    people, events = chances(threshold), events_seen(threshold, each)
    worst = 0.0
    for mean in RARENESS:
        prior = poisson(float(mean))
        known = 0.0
        for one in people.values():
            for other in events.values():
                joint = prior * one * other
                best = int(joint.argmax())
                if best in SMALL and joint[best] >= SURE * joint.sum():
                    known += joint[best]
        worst = max(worst, known / prior[list(SMALL)].sum())
    return worst


def events_seen(threshold: int, each: int) -> dict[int, np.ndarray]:
    """Probability of what is seen of the events, by number of people."""
    seen: dict[int, np.ndarray] = {}
    for count in range(LARGEST):
        for change, chance in noise_of(count * each).items():
            value = count * each + change if count * each + change >= threshold else HIDDEN
            seen.setdefault(value, np.zeros(LARGEST))[count] += chance
    return seen


@pytest.mark.parametrize("profile", ["public", "partner"])
def test_two_records_each_do_not_make_people_known(profile: str) -> None:
    assert share_known(PROTECTION.threshold[profile], 2) < 1e-3


@pytest.mark.parametrize("profile", ["public", "partner"])
def test_five_records_each_would(profile: str) -> None:
    """Why needs and services are counted as people who have them: docs/adding.md, "A new subject"."""
    assert share_known(PROTECTION.threshold[profile], 5) > 0.2
