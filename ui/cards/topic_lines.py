"""One line for each topic of the response: its first measure, how it moved, and the way to its page."""

from collections.abc import Iterable, Sequence

from analysis import Answer, Measure
from analysis.periods import label_of
from analysis.words import with_unit
from ui.app import registry
from ui.app.states import escape
from ui.app.view import View
from ui.cards import scorecard

GROUPS = ("Respond", "Evaluate")
Line = tuple[registry.PageEntry, Measure]
Told = tuple[registry.PageEntry, Answer]


def chosen(view: View, taken: Iterable[str]) -> list[Line]:
    """Return the pages of the response that have figures, with the measures that may stand for each.

    Those that name the page in ``headline_of`` come first, in catalog order, then the first one that is at
    home on the page; own figures before published ones. Measures already told are left out. A page of
    figures over time or on a map has a line for what others publish (FBI offences).
    """
    told, found = set(taken), []
    for page in registry.available():
        held = [one for one in view.measures(page.code) if one.has_one_value and one.code not in told]
        named = sorted((one for one in held if one.headline_of == page.code), key=_is_published)
        at_home = [one for one in held if _home(one) == page.code]
        found += [(page, one) for one in dict.fromkeys([*named, *at_home[:1]])]
    return found


def _is_published(measure: Measure) -> bool:
    return measure.door == "published"


def _home(measure: Measure) -> str:
    topics = [page.code for page in registry.available() if page.group in GROUPS]
    if _is_published(measure):
        return measure.pages[0]
    return next((code for code in measure.pages if code in topics), "")


def told(lines: Sequence[Line], answers: Sequence[Answer]) -> list[Told]:
    """Return one answer for each page: the first whose figure is shown, else the first that may be asked.

    Parameters
    ----------
    lines
        From `chosen`.
    answers
        Theirs by ``period``, in the same order.
    """
    found: dict[str, Told] = {}
    for (page, _), answer in zip(lines, answers, strict=True):
        if answer.refusal:
            continue
        kept = found.get(page.code)
        if kept is None or (not _is_shown(kept[1]) and _is_shown(answer)):
            found[page.code] = (page, answer)
    return list(found.values())


def _is_shown(answer: Answer) -> bool:
    return scorecard.told(answer)["value"] is not None


def lines_html(view: View, lines: Sequence[Told]) -> str:
    """Return the lines as an HTML list: page, newest figure, change in words."""
    return f'<ul class="ltt-topics">{"".join(_line(view, page, answer) for page, answer in lines)}</ul>'


def _line(view: View, page: registry.PageEntry, answer: Answer) -> str:
    row = scorecard.told(answer)
    value = with_unit(answer.measure, row["value"])
    said = f"{escape(answer.measure.label)}: <b>{escape(value)}</b> in {escape(label_of(row['period']))}"
    change = scorecard.change(view, answer) if row["value"] is not None else ""
    return (
        f'<li><a href="{escape(view.link_to(page.code))}" target="_self">{escape(page.title)}</a>'
        f"<span>{said}</span><span>{escape(change)}</span></li>"
    )


def pages_html(view: View) -> str:
    """Return links to all pages that have figures, as one HTML line; empty where none has."""
    pages = [one for one in registry.available() if one.code != view.page.code and view.measures(one.code)]
    links = (
        f'<a href="{escape(view.link_to(one.code))}" target="_self">{escape(one.title)}</a>' for one in pages
    )
    return f'<p class="ltt-pages">Figures are on: {" · ".join(links)}</p>' if pages else ""
