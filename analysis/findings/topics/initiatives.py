"""What changed while an initiative ran, beyond what changed where it did not: an effect, never a cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.answers.answer import Answer
from analysis.findings.compare import NAMES_NOTHING, Value
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope
from analysis.periods import span_of
from analysis.statistics.checked import Flags, Numbers
from analysis.statistics.series.contrast import (
    FEWEST_BEFORE,
    FEWEST_DURING,
    MOST_HIDDEN,
    Contrast,
    Ratio,
    alone,
    contrast,
    hidden_share,
)
from analysis.statistics.series.poisson import NoFitError
from analysis.topics.initiatives import Initiative, Window, window

#: Why nothing can be said, in words; by code.
WHY = {
    "outside": "it began outside of the years for which there are numbers",
    "early": f"fewer than {FEWEST_BEFORE} quarters with numbers lie before it",
    "late": f"fewer than {FEWEST_DURING} quarters with numbers lie after its beginning",
    "hidden": "too many of its numbers are below 10 and not shown; larger areas together may show more",
    "everywhere": "it holds everywhere, so nothing can be set against it",
    "nothing": "there is nothing to set against it: no other numbers can be shown for these quarters",
    "none": "there are no numbers that could show it",
}


@dataclass(frozen=True, eq=False)
class Study:
    """What was found of one initiative.

    Attributes
    ----------
    initiative, window
        The initiative, and the quarters looked at.
    own, usable
        Its numbers, NaN where hidden; which quarters count.
    others
        Codes of the comparison, with their numbers.
    result
        The contrast; None where there is none, and `why` then says a code of `WHY`.
    alone, expected
        Against its own trend and season, and what that lets expect; None where that cannot be said.
    at_most
        Whether only the upper limit of the effect is known: all its numbers are hidden while it ran.
    """

    initiative: Initiative
    window: Window
    own: Numbers
    usable: Flags
    others: Mapping[str, Numbers]
    result: Contrast | None
    why: str
    alone: Ratio | None
    expected: Numbers | None
    at_most: bool = False

    @property
    def direction(self) -> int:
        """1, −1, or 0 without a difference that can be claimed."""
        return self.result.effect.direction if self.result is not None and self.result.is_fair else 0


def study(
    one: Initiative,
    answer: Answer,
    years: Answer | None = None,
    left_out: Sequence[str] = (),
    confidence: float = 0.95,
) -> Study:
    """Look at one initiative.

    Parameters
    ----------
    one
        The initiative.
    answer
        Its numbers by quarter, and by `Initiative.by` where there is that.
    years
        The same by year: a year that is hidden says more of its quarters than they do.
    left_out
        Codes that are no fair comparison.
    confidence
        Of two-sided limits.
    """
    empty = Window((), (), ())
    if answer.refusal or answer.frame.is_empty() or answer.checked is None:
        return _nothing(one, empty, "none")
    known = sorted(answer.frame["period"].unique(), key=lambda code: span_of(code).first)
    shown = window(one, known)
    series = _series(answer, one.by, shown)
    during = np.array(shown.during, dtype=bool)
    own, is_firm = series.pop(one.own, (np.full(len(during), np.nan), np.zeros(len(during), dtype=bool)))
    usable = is_firm & ~np.array(shown.is_part, dtype=bool)
    if (why := _why_not(own, during, usable)) is not None:
        return _nothing(one, shown, why, own=own)
    release = answer.checked.release
    at_most = bool(np.isnan(own[during & usable]).all())
    if at_most:
        own = _capped(own, shown, years, one, release.threshold)
    more = {
        "usable": usable,
        "noise_variance": release.v,
        "threshold": release.threshold,
        "confidence": confidence,
    }
    season = np.array([1 + span_of(code).first % 12 // 3 for code in shown.periods])
    try:
        against, expected = alone(own, during, season=season, **more)
    except (NoFitError, ValueError):
        against, expected = None, None
    others = {
        code: values
        for code, (values, firm) in series.items()
        if code not in left_out
        and code not in NAMES_NOTHING
        and bool(firm[usable].all())
        and np.isnan(values[usable]).mean() <= MOST_HIDDEN
    }
    why, result = ("everywhere" if not one.by else "nothing", None)
    if others:
        try:
            result, why = contrast(own, np.array(list(others.values())), during, **more), ""
        except (NoFitError, ValueError):
            why = "hidden"
    return Study(one, shown, own, usable, others, result, why, against, expected, at_most)


def _why_not(own: Numbers, during: Flags, usable: Flags) -> str | None:
    """Return a code of `WHY` where a series is too short, or too much of it is hidden."""
    if not during.any():
        return "outside"
    if not usable.any():
        return "none"
    if usable[: int(np.flatnonzero(during)[0])].sum() < FEWEST_BEFORE:
        return "early"
    if (usable & during).sum() < FEWEST_DURING:
        return "late"
    return "hidden" if hidden_share(own, during, usable) > MOST_HIDDEN else None


def _nothing(one: Initiative, shown: Window, why: str, own: Numbers | None = None) -> Study:
    none = np.full(len(shown.periods), np.nan)
    return Study(
        one, shown, none if own is None else own, np.ones(len(none), dtype=bool), {}, None, why, None, None
    )


def _series(answer: Answer, by: str, shown: Window) -> dict[str, tuple[Numbers, Flags]]:
    """Return the numbers of each code, and which are there to stay: hidden ones are, missing are not."""
    place = {code: n for n, code in enumerate(shown.periods)}
    found: dict[str, tuple[Numbers, Flags]] = {}
    for row in answer.frame.filter(pl.col("period").is_in(list(place))).iter_rows(named=True):
        values, firm = found.setdefault(
            row[by] if by else "", (np.full(len(place), np.nan), np.zeros(len(place), dtype=bool))
        )
        marker, n = row["marker"] or "", place[row["period"]]
        is_whole = row["cells_shown"] == row["cells_total"]
        if row["value"] is not None and is_whole:
            values[n] = row["value"]
        firm[n] = "p" not in marker and (row["value"] is not None or "c" in marker)
    return found


def _capped(own: Numbers, shown: Window, years: Answer | None, one: Initiative, threshold: int) -> Numbers:
    """Return the most that hidden numbers can be while it ran: quarters of a hidden year share its most."""
    most = max(threshold - 1, 0)
    hidden_years = set()
    if years is not None and not years.refusal:
        rows = years.frame.iter_rows(named=True)
        hidden_years = {
            row["period"]
            for row in rows
            if (not one.by or row[one.by] == one.own)
            and row["value"] is None
            and "c" in (row["marker"] or "")
        }
    capped = own.copy()
    for n, code in enumerate(shown.periods):
        if shown.during[n] and np.isnan(own[n]):
            capped[n] = most / 4 if code[:4] in hidden_years else most
    return capped


def initiative_effect(found: Study, answer: Answer, scope: Scope, against: str, what: str) -> Finding:
    """Return what changed beyond the comparison.

    Parameters
    ----------
    found
        From `study`.
    answer, scope
        Its numbers.
    against
        Words of the comparison: "the other counties".
    what
        Words of what is counted: "people known to the help line in Saltreach".
    """
    effect = found.result.effect if found.result is not None else None
    facts = {
        "study": found,
        "name": found.initiative.name,
        "kind": found.initiative.kind,
        "against": against,
        "what": what,
    }
    return Finding(
        "effect",
        answer.measure,
        scope,
        () if effect is None else (Value(effect.ratio, effect.lower, effect.upper),),
        topic="initiative_effect",
        direction=found.direction,
        facts={**facts, "group": (("initiative", f"{found.initiative.code} {what}"),)},
        label=answer.in_sentence,
    )


def initiative_alone(found: Study, answer: Answer, scope: Scope, what: str) -> Finding:
    """Return how the numbers compare with their own trend and season."""
    one = found.alone
    return Finding(
        "effect",
        answer.measure,
        scope,
        () if one is None else (Value(one.ratio, one.lower, one.upper),),
        topic="initiative_alone",
        direction=one.direction if one is not None else 0,
        facts={"study": found, "what": what, "group": (("initiative", f"{found.initiative.code} alone"),)},
        label=answer.in_sentence,
    )


def initiative_others(
    studies: Mapping[str, Ratio], answer: Answer, scope: Scope, one: Initiative, where: str
) -> Finding:
    """Return at how many other contributors the numbers of the area differ as well.

    Parameters
    ----------
    studies
        The effect at each that can be compared, with limits that hold for all of them together.
    answer, scope
        Numbers by contributor.
    one, where
        The initiative, and the name of its area.
    """
    moved = tuple(code for code, effect in studies.items() if effect.direction)
    facts = {
        "name": one.name,
        "count": len(studies),
        "moved": moved,
        "where": where,
        "group": (("initiative", f"{one.code} others"),),
    }
    return Finding(
        "effect",
        answer.measure,
        scope,
        topic="initiative_others",
        direction=int(bool(moved)),
        facts=facts,
        label=answer.in_sentence,
    )


def placebos(found: Study, scope: Scope) -> Finding:
    """Return how the real effect stands among those at dates and places at which nothing happened."""
    return Finding("effect", None, scope, topic="initiative_placebos", facts={"study": found})


def initiative_list(count: int, kinds: Sequence[str], scope: Scope) -> Finding:
    """Return how many initiatives there are, of which kinds."""
    return Finding(
        "fact", None, scope, topic="initiative_list", facts={"count": count, "kinds": tuple(kinds)}
    )
