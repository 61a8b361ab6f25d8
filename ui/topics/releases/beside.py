"""Two releases side by side: one measure by year, with the figures that are others now."""

from collections.abc import Callable, Mapping

from analysis import Answer, LttError
from analysis.catalog.model import Measure
from analysis.findings.between_releases import GONE, NEW, REVISED, SAME, Beside, side_by_side
from analysis.findings.compare import Value
from analysis.findings.finding import Finding
from analysis.findings.scope import scope_of
from analysis.findings.sentences import phrases
from analysis.periods import label_of
from analysis.release.release import Release
from analysis.release.release_file import open_published
from analysis.words import date_text
from ui.cards.card import Choice, FactCard, Facts
from ui.cards.table import Table
from ui.topics.releases.offered import archive_of
from ui.view.view import View

NOT_SHOWN = "not shown"
_CAPTION = (
    "“Revised”: another number, shown anew, or no longer shown. A revision changes numbers at random once "
    "more, so “clearly” is said only where chance and protection cannot explain the difference."
)
_WORDS = {SAME: "", NEW: "new", GONE: "not there any more", REVISED: "revised"}
_DIRECTION = {1: ", clearly higher", -1: ", clearly lower", 0: ", no clear difference"}


def _others(view: View) -> dict[str, str]:
    """Return the releases that the one that is read can be held against."""
    own = view.release.release_id if view.release else ""
    return {one.release_id: one.words for one in archive_of(view).offered if one.release_id != own}


def _measures(view: View) -> dict[str, str]:
    return {one.code: one.label for one in view.measures("trends") if one.has_one_value}


def _usual(view: View) -> str:
    """Return the release before the one that is read; after the first of all, the next one."""
    ids = [one.release_id for one in archive_of(view).offered]
    own = view.release.release_id if view.release else ""
    before = archive_of(view).before(own) if own in ids else None
    return before.release_id if before else next(iter(_others(view)), "")


def _options(view: View) -> dict[str, str]:
    others, usual = _others(view), _usual(view)
    return {usual: others[usual], **others} if usual else {}


AGAINST = Choice("against", "Beside the figures as of", _options, style="select")
MEASURE = Choice("measure", "Measure", _measures, "detected_persons", style="select")


def has_others(view: View) -> bool:
    """Return whether there is another release to hold this one against."""
    return bool(_others(view))


def compared(view: View, _answers: Mapping[str, Answer]) -> Facts | None:
    """Return the table of the chosen measure in both releases; in words why not, where it cannot be asked."""
    measure, against = (view.picked.get(one.name, "") for one in (MEASURE, AGAINST))
    if view.release is None or not (measure and against):
        return None
    try:
        other = open_published(against, view.release.folder)
        earlier, later = sorted((view.release, other), key=_order(view))
        rows, now = side_by_side(view.question(measure, ("period",)), later, earlier)
    except LttError as problem:
        refused = Finding("fact", view.measure(measure), topic="not_answered", facts={"why": str(problem)})
        return Facts(refused, Table((), (), ()), subtitle=view.sentence())
    days = [f"As of {date_text(one.as_of)}" for one in (earlier, later)]
    finding = Finding("fact", view.measure(measure), topic="releases_beside", facts={"rows": rows})
    return Facts(
        finding,
        Table(
            ("Year", *_named(days, earlier, later), "What is different"),
            (False, True, True, False),
            tuple(_row(one, now.measure) for one in reversed(rows)),
        ),
        subtitle=f"{now.measure.label} · {view.sentence()}",
        caption=_CAPTION,
        answers=(now,),
        scope=scope_of(now, view.filters),
    )


BESIDE = FactCard("beside", compared)


def _order(view: View) -> Callable[[Release], int]:
    """Return what sorts releases by the order in which they were published."""
    places = {one.release_id: -place for place, one in enumerate(archive_of(view).offered)}
    return lambda release: places.get(release.release_id, 0)


def _named(days: list[str], earlier: Release, later: Release) -> list[str]:
    """Return the headers of the two releases; with their ids where both are of one day."""
    if days[0] != days[1]:
        return days
    return [f"{day}, release {one.release_id}" for day, one in zip(days, (earlier, later), strict=True)]


def _row(one: Beside, measure: Measure) -> tuple[str, ...]:
    clear = _DIRECTION[one.change.direction] if one.change else ""
    different = f"{_WORDS[one.state]}{clear}"
    return (
        label_of(one.codes["period"]),
        "" if one.state == NEW else _number(measure, one.earlier),
        "" if one.state == GONE else _number(measure, one.later),
        different,
    )


def _number(measure: Measure, value: Value | None) -> str:
    return phrases.with_interval(measure, value) if value else NOT_SHOWN
