"""What changed, topic by topic: one finding a measure, and the way to its page."""

from collections.abc import Iterable, Mapping

from analysis import Answer, Measure
from analysis.findings.changes import what_changed
from analysis.findings.finding import Finding
from analysis.findings.scope import scope_of
from ui.cards import words
from ui.cards.card import Ask, Facts
from ui.cards.table import Table
from ui.topics.overview import tiles
from ui.view import registry
from ui.view.states import escape
from ui.view.view import View

GROUPS = ("Respond", "Evaluate")
MOST = 8


def asks(view: View) -> dict[str, Ask]:
    """Return the questions of the list: the measures of the tiles, then one of each topic, by year."""
    taken = tiles.asks(view)
    topics = {measure.code: Ask(measure.code, ("period",)) for _, measure in _topics(view, taken)}
    return taken | topics


def make(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return the list of clear changes, each said once, and how many measures were looked at.

    What does not follow a filter of the page is left out. Which are named is chosen under false-discovery
    control over the family that the catalog fixes: all measures of the list, whether or not they are loaded.
    """
    first = next(iter(answers), "")  # the page has just said it
    pairs = [(answer, scope_of(answer, view.filters)) for code, answer in answers.items() if code != first]
    family = len(_family(view))
    clear, unclear = what_changed(pairs, family)
    if not clear and not unclear:
        return None
    shown = clear[:MOST]
    items = "".join(_line(view, finding) for finding in shown)
    finding = Finding(
        "fact",
        topic="what_changed",
        facts={"clear": len(clear), "compared": len(clear) + len(unclear), "looked_at": family},
    )
    rows = tuple((_measure(one).label, words.say(one)) for one in (*clear, *unclear))
    return Facts(
        finding,
        Table(("Measure", "What changed"), (False, False), rows),
        subtitle=view.sentence(),
        figure=f'<ul class="ltt-topics">{items}</ul>' if items else None,
        answers=tuple(answer for answer, scope in pairs if not (answer.refusal or scope.ignored)),
    )


def pages_html(view: View) -> str:
    """Return links to all pages that have figures, as one HTML line; empty where none has."""
    pages = [one for one in registry.available() if one.code != view.page.code and view.measures(one.code)]
    links = (
        f'<a href="{escape(view.link_to(one.code))}" target="_self">{escape(one.title)}</a>' for one in pages
    )
    return f'<p class="ltt-pages">Figures are on: {" · ".join(links)}</p>' if pages else ""


def _line(view: View, finding: Finding) -> str:
    page = _page_of(_measure(finding))
    return (
        f'<li><a href="{escape(view.link_to(page.code))}" target="_self">{escape(page.title)}</a>'
        f"{words.sentence_html(finding)}</li>"
    )


def _measure(finding: Finding) -> Measure:
    if finding.measure is None:
        raise TypeError("a change has a measure")
    return finding.measure


def _page_of(measure: Measure) -> registry.PageEntry:
    """Return the page that a reader goes to for more about a measure."""
    known = {page.code: page for page in registry.available()}
    topics = [page.code for page in known.values() if page.group in GROUPS]
    elsewhere = (code for code in measure.pages if code != registry.HOME.code)
    homes = (measure.headline_of, *(code for code in measure.pages if code in topics), *elsewhere)
    return next((known[code] for code in homes if code in known), registry.HOME)


def _topics(view: View, taken: Iterable[str]) -> list[tuple[registry.PageEntry, Measure]]:
    """Return for each page of the response the measure that stands for it, unless a tile tells it."""
    kept: list[tuple[registry.PageEntry, Measure]] = []
    for page in registry.available():
        named = [one for one in view.measures(page.code) if one.headline_of == page.code]
        named.sort(key=lambda one: one.door == "published")
        free = [one for one in named if one.code not in taken]
        if free:
            kept.append((page, free[0]))
    return kept


def _family(view: View) -> set[str]:
    """Return the codes of the list's family, as the catalog fixes it."""
    measures = view.catalog.measures.values()
    return {
        one.code for one in measures if one.headline_of or ("overview" in one.pages and one.has_one_value)
    }
