"""One line for each topic of the response: its first measure, how it moved, and the way to its page."""

from collections.abc import Iterable, Sequence

from analysis import Answer, Measure
from analysis.periods import label_of
from analysis.wording import number_text
from ui import registry, scorecard
from ui.states import escape
from ui.view import View

GROUPS = ("Respond", "Evaluate")
Line = tuple[registry.PageEntry, Measure]


def chosen(view: View, taken: Iterable[str]) -> list[Line]:
    """Return the pages of the response that have figures, each with the measure that stands for it.

    That is the first one in catalog order that is at home on the page, is one number and is not among those
    already told. A page of figures over time or on a map has a line for what others publish (FBI offences).
    """
    told, found = set(taken), []
    for page in registry.available():
        held = (one for one in view.measures(page.code) if scorecard.is_one(one) and one.code not in told)
        first = next((one for one in held if _home(one) == page.code), None)
        if first:
            found.append((page, first))
    return found


def _home(measure: Measure) -> str:
    topics = [page.code for page in registry.available() if page.group in GROUPS]
    first = measure.pages[0] if measure.door == "published" else ""
    return next((code for code in measure.pages if code in topics), first)


def lines_html(view: View, lines: Sequence[tuple[registry.PageEntry, Answer]]) -> str:
    """Return the lines as an HTML list: page, newest figure, change in words."""
    return f'<ul class="ltt-topics">{"".join(_line(view, page, answer) for page, answer in lines)}</ul>'


def _line(view: View, page: registry.PageEntry, answer: Answer) -> str:
    row = scorecard.told(answer)
    value = number_text(answer.measure, row["value"])
    said = f"{answer.measure.label}: <b>{escape(value)}</b> in {escape(label_of(row['period']))}"
    return (
        f'<li><a href="{escape(view.link_to(page.code))}" target="_self">{escape(page.title)}</a>'
        f"<span>{said}</span><span>{escape(scorecard.change(view, answer))}</span></li>"
    )
