"""How differently need and places lie over groups or areas, and where which is the larger.

Columns, a row a group: `need` (people) and `places`; `group` names a row. With `turnover` (people whom one
place takes a year) and `added` places also which of these would be used, and which would stand idle.
"""

import argparse
from typing import Any

from analysis.replay.columns import add_confidence, add_file, add_noise_variance, labels
from analysis.replay.reading import Table
from analysis.statistics.segregation import dissimilarity, gap, taken

_SIDES = {1: "more need", -1: "more places", 0: "not clear"}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what this statistic is asked with."""
    add_file(parser, "groups with need and places")
    add_noise_variance(parser)
    add_confidence(parser)


def replay(table: Table, options: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of the answer; as `analysis.replay.command.run`."""
    names = labels(table, "group")
    need = table.numbers("need", "a number, 0 or more", at_least=0)
    places = table.numbers("places", "a number, 0 or more", at_least=0)
    given = {"noise_variance": options.noise_variance, "confidence": options.confidence}
    try:
        found = dissimilarity(need, places, **given)
    except ValueError as error:
        return {"refused": f"{error}.", "index": None}
    apart = gap(need, places, **given)
    answer: dict[str, Any] = {
        "index": found.value,
        "lower": found.lower,
        "upper": found.upper,
        "index_as_counted": found.raw,
        "index_by_chance": found.by_chance,
        "groups": {
            name: {
                "gap": float(apart.difference[place]),
                "lower": float(apart.lower[place]),
                "upper": float(apart.upper[place]),
                "clearly": _SIDES[int(apart.direction[place])],
            }
            for place, name in enumerate(names)
        },
    }
    if "added" in table.headings:
        added = table.numbers("added", "a number, 0 or more", at_least=0)
        turnover = table.numbers("turnover", "a number, 0 or more", at_least=0)
        wanting = [max(one, 0.0) for one in apart.difference.tolist()]
        used, idle = taken(added, wanting, turnover)
        for place, name in enumerate(names):
            answer["groups"][name] |= {"used": float(used[place]), "idle": float(idle[place])}
    return answer
