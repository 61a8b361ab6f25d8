"""The person sheets: what each contributor sends about the people on its list.

Grain: one row is one person on one contributor's list. The same person has the same reference in every sheet,
as agencies that share a register agree; each contributor leaves out fields of its own.
"""

import numpy as np
import polars as pl

from etl.demonstration.facts import Contributor, month_code
from etl.demonstration.files import columns
from etl.demonstration.people.attributes import GENDERS, STATUSES
from etl.demonstration.streams import Flags, Ints, stream
from etl.demonstration.world import World

MANY = ("sector", "control_method", "recruitment_method", "vulnerability")


def sheet(world: World, contributor: Contributor) -> pl.DataFrame:
    """Return one contributor's rows, oldest first, in the canonical columns.

    Returns
    -------
    polars.DataFrame
        Text and lists of text; ``month`` (Int64, position from the first month) besides, to cut deliveries.
    """
    on_list = world.people.lists[:, world.facts.contributors.index(contributor)]
    rows = np.flatnonzero(world.seen & on_list)
    gaps = {
        field: stream(world.seed, "missing", contributor.code, field).random(len(world.people))[rows] < share
        for field, share in contributor.missing.items()
    }
    return frame(world, rows, gaps, contributor.area_as).with_columns(
        known_to_agency=pl.Series([[contributor.agency]] * len(rows), dtype=pl.List(pl.String)),
        source=pl.lit(contributor.source_id),
    )


def frame(world: World, rows: Ints, gaps: dict[str, Flags], area_as: str) -> pl.DataFrame:
    """Return the given people in the canonical columns, without the fields that are missing.

    Parameters
    ----------
    rows : array of shape (m,)
        Positions of people.
    gaps : dict
        Column name to bool (m,): where the field is missing.
    area_as : ``code`` or ``name``
    """
    people, traits, facts = world.people, world.traits, world.facts
    names = world.district_names(area_as)
    entered = people.month[rows] + people.delay_months[rows]
    months = [month_code(facts.first_month + month) for month in range(int(entered.max(initial=0)) + 1)]
    many = {kind: columns.lists(traits.codes[kind], traits.flags[kind][rows], gaps[kind]) for kind in MANY}
    return pl.DataFrame(
        {
            "month": people.month[rows],
            "person_ref": columns.references("SYN-", rows + 1),
            "period": columns.dates(facts.first_month, people.month[rows], people.day[rows]),
            "entered": columns.text(months, entered),
            "area": columns.text(names, people.district[rows], gaps["area"]),
            "age": columns.numbers(traits.age[rows], gaps["age"]),
            "gender": columns.text(GENDERS, traits.gender[rows], gaps["gender"]),
            "citizenship": columns.text(traits.countries, traits.country[rows], gaps["citizenship"]),
            "status": columns.text(STATUSES, traits.status[rows], gaps["status"]),
            "identified_by": columns.text(
                traits.identifiers, traits.identified_by[rows], gaps["identified_by"]
            ),
            "form": columns.lists(facts.forms, people.forms[rows], gaps["form"]),
            **many,
        }
    )
