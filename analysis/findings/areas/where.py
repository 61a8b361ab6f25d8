"""Where: areas that are clearly above or below the rate of all of them together."""

from collections.abc import Collection
from dataclasses import replace

from analysis.answers.answer import Answer
from analysis.findings.areas.bands import Funnel, area_funnel
from analysis.findings.changes import group_changes
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope
from analysis.periods import label_of_range

ABOVE, BELOW = (3, 4), (0, 1)  # bands of `area_bands.BANDS`


def funnel_of(counts: Answer | None, rates: Answer | None) -> Funnel | None:
    """Return areas in bands around all of them together; None where counts or rates are not there.

    Parameters
    ----------
    counts, rates
        A count and its rate by ``area``, of the same areas, periods and filters.
    """
    if counts is None or rates is None or counts.refusal or rates.refusal or counts.checked is None:
        return None
    release = counts.checked.release
    return area_funnel(counts, rates, release.v, release.threshold)


def areas_apart(
    counts: Answer | None, rates: Answer | None, scope: Scope, inside: Collection[str] | None = None
) -> Finding | None:
    """Return which areas lie clearly above and below the rate of all areas together.

    Bands are a verdict of their own kind, decided by the funnel (`area_bands`). Areas are named in the order
    of the code list, never in that of their rates.

    Parameters
    ----------
    counts, rates, scope
        As `funnel_of`; of all areas.
    inside
        The areas that are spoken of; all when None. Each is still held against all areas.

    Returns
    -------
    Finding or None
        ``band`` with the codes in `facts`; None where no area has a band.
    """
    funnel = funnel_of(counts, rates)
    if funnel is None or rates is None:
        return None
    areas = funnel.areas
    if inside is not None:
        areas = areas.filter(areas["area"].is_in(list(inside)))
    known = areas.drop_nulls("band")
    if known.is_empty():
        return None
    sides = {
        side: tuple(known.filter(known["band"].is_in(list(bands)))["area"])
        for side, bands in (("above", ABOVE), ("below", BELOW))
    }
    return Finding(
        "band",
        rates.measure,
        scope,
        about="area",
        topic="areas_apart",
        direction=bool(sides["above"]) - bool(sides["below"]),
        facts={
            **sides,
            "when": when_of(rates),
            "compared": known.height,
            "total": areas.height,
            "group": (("area_level", str(rates.question.area_level or "")),),
        },
        label=rates.in_sentence,
    )


def area_band(funnel: Funnel, rates: Answer, scope: Scope, area: str) -> Finding | None:
    """Return on which side of all areas together one area lies; None where it is not among them.

    The same verdict as `areas_apart`: `direction` is 1 above, −1 below, 0 about the same or not comparable.
    """
    row = funnel.areas.filter(funnel.areas["area"] == area)
    if row.is_empty():
        return None
    band = row["band"].to_list()[0]
    return Finding(
        "band",
        rates.measure,
        scope,
        about="area",
        topic="area_band",
        direction=(band in ABOVE) - (band in BELOW),
        facts={"group": (("area", area),), "is_compared": band is not None, "when": when_of(rates)},
        label=rates.in_sentence,
    )


def when_of(rates: Answer) -> str:
    """Return the periods of a rate in words: an area can be apart over ten years and not in the newest."""
    asked = rates.checked
    parts = (asked, *asked.parts) if asked else ()
    axis = next((axis for part in parts if (axis := part.axis("period"))), None)
    if axis is None:
        return ""
    words = label_of_range(axis.codes[0], axis.codes[-1])
    return f"from {words}" if " to " in words else f"in {words}"


def areas_changed(answer: Answer, scope: Scope) -> Finding:
    """Return which areas clearly rose or fell over the long run, in the order of the code list.

    Parameters
    ----------
    answer, scope
        By year and area.
    """
    found = group_changes(answer, scope)
    if found.kind != "changes":
        return replace(found, topic="areas_changed") if found.kind == "nothing_clear" else found
    order = list(dict.fromkeys(answer.frame["area"]))
    parts = sorted(found.parts, key=lambda part: order.index(part.facts["group"][0][1]))
    return replace(found, parts=tuple(parts), topic="areas_changed")
