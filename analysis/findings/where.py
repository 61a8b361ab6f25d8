"""Where: areas that are clearly above or below the rate of all of them together."""

from analysis.answers.answer import Answer
from analysis.findings.area_bands import Funnel, area_funnel
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope

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


def areas_apart(counts: Answer | None, rates: Answer | None, scope: Scope) -> Finding | None:
    """Return which areas lie clearly above and below the rate of all areas together.

    Bands are a verdict of their own kind, decided by the funnel (`area_bands`). Areas are named in the order
    of the code list, never in that of their rates.

    Returns
    -------
    Finding or None
        ``band`` with the codes in `facts`; None where no area has a band.
    """
    funnel = funnel_of(counts, rates)
    if funnel is None or rates is None:
        return None
    known = funnel.areas.drop_nulls("band")
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
        facts={**sides, "compared": known.height, "total": funnel.areas.height},
        label=rates.in_sentence,
    )
