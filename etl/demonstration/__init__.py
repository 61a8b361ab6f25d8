"""The demonstration: a fictional region with planted facts, and large made-up samples.

Everything is seeded and the same on every run. Each table of the data model is a module that draws from the
people of the region (``world``); further tables join with a module of ``topics``.
"""

from datetime import date

from etl.demonstration.facts import Facts, load_facts
from etl.demonstration.files.deliveries import deliveries, in_order
from etl.demonstration.people import persons as person_sheets
from etl.demonstration.people import referral_sheets
from etl.demonstration.people.referrals import referrals
from etl.demonstration.places.places import reference_files
from etl.demonstration.region import Region, load_region
from etl.demonstration.sampling import Sample, sample
from etl.demonstration.topics import topic_files, topic_sheets
from etl.demonstration.world import world
from etl.incoming import Incoming

__all__ = ["Facts", "Region", "Sample", "generate", "load_facts", "load_region", "sample"]


def generate(
    seed: int | None = None,
    persons: int | None = None,
    as_of: date | None = None,
    facts: Facts | None = None,
) -> list[Incoming]:
    """Make the demonstration region as the files its agencies would send.

    Parameters
    ----------
    seed : int, optional
        Zero or more; the same seed gives the same files on every platform. By default that of
        ``planted_facts.toml``, as are the other parameters.
    persons : int, optional
        People identified over the ten years, about.
    as_of : datetime.date, optional
        Day on which the files are collected; records that come in later are not there yet. A later day gives
        the same people and the records that had been late.
    facts : Facts, optional
        Other planted facts than those of the file (tests switch one off).

    Returns
    -------
    list of Incoming
        Reference files first, then the contributors' files in the order in which they came in.
    """
    facts, region = facts or load_facts(), load_region()
    seed = facts["seed"] if seed is None else seed
    seen = world(seed, persons or facts["persons"], as_of, facts, region)
    made = referrals(seen)
    files: list[Incoming] = []
    for contributor in facts.contributors:
        sheets = {
            "person": person_sheets.sheet(seen, contributor),
            "referral": referral_sheets.sheet(seen, contributor, made),
        } | topic_sheets(seen, made, contributor)
        files += deliveries(seen, contributor, sheets)
    return reference_files(seed, facts, region) + in_order(files) + topic_files(seen, made)
