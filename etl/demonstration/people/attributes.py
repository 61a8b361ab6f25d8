"""What is known of each person besides where, when and in which form: age, citizenship, methods, status.

Grain: one row is one person. A person's attributes are the same in every contributor's records; what each of
them leaves out is decided in ``persons``.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from etl.demonstration.facts import Facts
from etl.demonstration.people.people import People
from etl.demonstration.region import Region
from etl.demonstration.streams import Flags, Floats, Ints, draw, stream

GENDERS = ("female", "male", "other")
STATUSES = ("confirmed", "presumed", "not_trafficked")
SECTORS = (
    "agriculture",
    "construction",
    "manufacturing",
    "hospitality",
    "domestic_work",
    "transport",
    "personal_services",
    "other",
)


@dataclass(frozen=True)
class Attributes:
    """Arrays over n people.

    Attributes
    ----------
    age : years
    gender, status : positions in ``GENDERS`` and ``STATUSES``
    country : position in ``countries`` (ISO 3166-1 alpha-2 codes, the home country first)
    first_list : position of the contributor that knew the person first
    identified_by : position in ``identifiers``
    flags : bool (n, codes) for sector, control_method, recruitment_method and vulnerability
    codes : the codes of each of those four, in order
    """

    age: Ints
    gender: Ints
    status: Ints
    country: Ints
    countries: tuple[str, ...]
    first_list: Ints
    identified_by: Ints
    identifiers: tuple[str, ...]
    flags: dict[str, Flags]
    codes: dict[str, tuple[str, ...]]


def attributes(seed: int, people: People, facts: Facts, region: Region) -> Attributes:
    """Draw the attributes of everyone.

    Parameters
    ----------
    seed : int
    people : People
    facts : Facts
    region : Region
        The places; citizenship of its home country is ``domestic``.
    """
    country, countries = _countries(seed, people, facts, region.home_country)
    first_list, identified_by, identifiers = _identified(seed, people, facts, region)
    kinds = ("control_method", "recruitment_method", "vulnerability")
    flags = {kind: _many(seed, kind, people, facts) for kind in kinds}
    codes = {kind: tuple(facts.profiles[kind]["all"]) for kind in kinds}
    status_weights = np.array([facts.profiles["status"][s] for s in STATUSES])
    return Attributes(
        age=_age(seed, people, facts),
        gender=_of_form(seed, "gender", GENDERS, people, facts),
        status=draw(status_weights, stream(seed, "person", "status").random(len(people))),
        country=country,
        countries=countries,
        first_list=first_list,
        identified_by=identified_by,
        identifiers=identifiers,
        flags={"sector": _sectors(seed, people, facts)} | flags,
        codes={"sector": SECTORS} | codes,
    )


def between(bands: list[list[Any]], which: Floats, where: Floats) -> Ints:
    """Draw whole numbers from weighted bands.

    Parameters
    ----------
    bands : list of [from, to, weight]
        Both ends included.
    which, where : arrays of shape (n,) in [0, 1)
        Choose the band, and the place in it.
    """
    table = np.array(bands, dtype=np.float64)
    band = draw(table[:, 2], which)
    low, high = table[band, 0], table[band, 1]
    return (low + np.floor(where * (high - low + 1))).astype(np.int64)


def _age(seed: int, people: People, facts: Facts) -> Ints:
    uniform = stream(seed, "person", "age").random((2, len(people)))
    child = between(facts.profiles["age"]["child"], *uniform)
    adult = between(facts.profiles["age"]["adult"], *uniform)
    return np.where(people.is_child, child, adult)


def _of_form(seed: int, field: str, codes: tuple[str, ...], people: People, facts: Facts) -> Ints:
    """Draw one code a person, with weights by the main form."""
    weights = np.array([[facts.profiles["form"][f][field][c] for c in codes] for f in facts.forms])
    return draw(weights[people.main_form], stream(seed, "person", field).random(len(people)))


def _countries(seed: int, people: People, facts: Facts, home_country: str) -> tuple[Ints, tuple[str, ...]]:
    groups = facts.profiles["countries"]
    group = _of_form(seed, "citizenship", ("domestic", *groups), people, facts)
    sizes = np.array([1, *(len(c) for c in groups.values())])
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    within = np.floor(stream(seed, "person", "country").random(len(people)) * sizes[group]).astype(np.int64)
    return first[group] + within, (home_country, *(c for names in groups.values() for c in names))


def _identified(
    seed: int, people: People, facts: Facts, region: Region
) -> tuple[Ints, Ints, tuple[str, ...]]:
    """Choose who knew each person first, among the lists that hold the person, and how they call it.

    In the county where the public tells of few, most of those it would have told of come in through others.
    """
    tables = [c.identified_by for c in facts.contributors]
    codes = tuple(dict.fromkeys(code for table in tables for code in table))
    uniform = stream(seed, "person", "first list").random(people.lists.shape)
    first = np.argmax(np.where(people.lists, uniform, -1.0), axis=1).astype(np.int64)
    weights = np.array([[table.get(code, 0.0) for code in codes] for table in tables])
    by = draw(weights[first], stream(seed, "person", "identified by").random(len(people)))
    low = facts["low_reporting"]
    is_there = np.array([d.county == low["county"] for d in region.districts])[people.district]
    is_kept = stream(seed, "person", "told by others").random(len(people)) < low["self_reported_kept"]
    by = np.where(is_there & ~is_kept & (by == codes.index("self_or_public")), codes.index("ngo"), by)
    return first, by, codes


def _many(seed: int, kind: str, people: People, facts: Facts) -> Flags:
    """Draw any number of codes a person: the chance of each, times the factor of the main form."""
    table = facts.profiles[kind]
    codes = tuple(table["all"])
    chance = np.array(
        [[table["all"][c] * table["factor"].get(f, {}).get(c, 1.0) for c in codes] for f in facts.forms]
    )
    uniform = stream(seed, "person", kind).random((len(people), len(codes)))
    return uniform < chance[people.main_form]


def _sectors(seed: int, people: People, facts: Facts) -> Flags:
    """Draw sectors by every form of a person; the extra people of the planted season are in its sector."""
    n, season = len(people), facts["seasonal_pattern"]
    chance = np.array(
        [[facts.profiles["sector"].get(f, {}).get(s, 0.0) for s in SECTORS] for f in facts.forms]
    )
    none = np.ones((n, len(SECTORS)))
    for i in range(len(facts.forms)):
        none *= np.where(people.forms[:, i, None], 1 - chance[i][None, :], 1.0)
    chances = 1 - none
    peak = np.isin((facts.first_month + people.month) % 12 + 1, season["peak_months"])
    extra = peak & people.forms[:, facts.forms.index(season["form"])]
    is_extra = stream(seed, "person", "season").random(n) < 1 - 1 / season["ratio"]
    only = np.array([1.0 if s == season["sector"] else 0.0 for s in SECTORS])
    chances[extra & is_extra] = only
    return stream(seed, "person", "sector").random((n, len(SECTORS))) < chances
