"""Where a part lies: the innermost area that holds all areas of its register, and what is inside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from etl.errors import EtlError

TOP = "HUB"


@dataclass(frozen=True)
class Area:
    """One area of a part's geography."""

    code: str
    name: str
    level: int
    level_name: str
    parent: str | None


def lowest_common(areas: Iterable[Area]) -> Area | None:
    """Return the innermost area that holds all of them; None where there are several at the top.

    A county in the geography of a nation is listed with its state and the nation: it is the county.
    """
    listed = list(areas)
    inside = children(listed)
    tops = [one for one in listed if one.parent is None]
    if len(tops) != 1:
        return None
    found = tops[0]
    while len(inside.get(found.code, ())) == 1:
        [found] = inside[found.code]
    return found


def children(areas: Iterable[Area]) -> Mapping[str, list[Area]]:
    """Return the areas by the one that they lie in."""
    found: dict[str, list[Area]] = {}
    for one in areas:
        if one.parent is not None:
            found.setdefault(one.parent, []).append(one)
    return found


def placed(areas: Sequence[Area], home: Area) -> dict[str, str]:
    """Return each area of a part to the area that stands for it in a hub.

    That is the part's own area, one directly inside it, or the part's own for what lies around it.
    """
    parents = {one.code: one.parent for one in areas}
    found = {}
    for one in areas:
        chain = [one.code]
        while (parent := parents.get(chain[-1])) is not None and parent not in chain:
            chain.append(parent)
        inner = chain[: chain.index(home.code)] if home.code in chain else []
        found[one.code] = inner[-1] if inner else home.code
    return found


def refuse_overlap(codes: Mapping[str, Sequence[str]]) -> None:
    """Refuse an area that two parts have.

    Parameters
    ----------
    codes
        Parts, by what they are called in messages, to the codes of their areas in the hub.

    Raises
    ------
    EtlError
        Naming the area and the two parts.
    """
    owner: dict[str, str] = {TOP: "the hub itself"}
    for part, held in codes.items():
        for code in held:
            if code in owner:
                raise EtlError(
                    f"The area {code} is in {owner[code]} and in {part}: areas of parts must not overlap, or "
                    "people would be counted twice.",
                    "Leave one of them out, or agree who covers the area.",
                )
            owner[code] = part
