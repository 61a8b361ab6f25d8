"""People with a month of entry: some are entered at once, others months later, and not all are there yet."""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from analysis import Catalog, load_catalog
from tests.release.support import Mart, Person, Referral, made_up_people, made_up_referrals, small_catalog

ENTERED = load_catalog().subjects["person"].entered
#: Share of a month's people that is entered after so many months.
SHARES = (0.5, 0.16, 0.12, 0.1, 0.06, 0.04, 0.02)
FIRST = "2021-01"


def tiny_catalog() -> Catalog:
    """Return a catalog of one question, so that a release takes half a second."""
    catalog = small_catalog()
    subjects = {
        "person": replace(catalog.subjects["person"], core=("form",), detail=()),
        "referral": replace(catalog.subjects["referral"], core=("service_type",), detail=()),
    }
    return replace(catalog, subjects=MappingProxyType(subjects), sha256="tiny")


def entered(people: Sequence[Person], seed: int = 3, shares: Sequence[float] = SHARES) -> list[Person]:
    """Return people of whom each was entered after some months."""
    after = np.random.default_rng(seed).choice(len(shares), len(people), p=shares)
    return [
        replace(person, multi={**person.multi, ENTERED: (str(months),)})
        for person, months in zip(people, after, strict=True)
    ]


def referred(people: Sequence[Person], seed: int = 7) -> list[Referral]:
    """Return a referral of each person, entered after as many months as the person was."""
    made = made_up_referrals([one for one in people for _ in (0, 1)], seed)
    months = {one.key: int(one.multi[ENTERED][0]) for one in people}
    first = {one.person: one for one in made if one.person is not None}
    return [replace(one, entered_after=months[person]) for person, one in first.items()]


def many(count: int, last: str = "2025-12", seed: int = 5) -> list[Person]:
    """Return people of the years from `FIRST` on, each with a month of entry."""
    return entered(made_up_people(count, FIRST, last, seed=seed, prefix="entered"), seed)


def seen_on(people: Sequence[Person], month: str) -> list[Person]:
    """Return the people who were entered by the end of a month."""
    year, number = map(int, month.split("-"))
    newest = 12 * year + number - 1
    return [
        person
        for person in people
        if 12 * person.month.year + person.month.month - 1 + int(person.multi[ENTERED][0]) <= newest
    ]


def mart_of(people: Sequence[Person], month: str, day: str = "", first: str = FIRST) -> Mart:
    """Return a register as it was on the last day of a month, or on another `day`."""
    ends = {"01": 31, "02": 28, "03": 31, "04": 30, "06": 30, "09": 30, "12": 31}
    as_of = day or f"{month}-{ends[month[5:]]}"
    return Mart(list(people), as_of=as_of, reported=(first, month))
