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

    That is the first one in catalog order that is at home on the page (the first topic of its `pages`), is
    one number and is not among those already told.
    """
    told, found = set(taken), []
    topics = [page for page in registry.available() if page.group in GROUPS]
    codes = [page.code for page in topics]
    for page in topics:
        held = [one for one in view.measures(page.code) if scorecard.is_one(one) and one.code not in told]
        home = [next(code for code in one.pages if code in codes) for one in held]
        first = next((one for one, code in zip(held, home, strict=True) if code == page.code), None)
        if first:
            found.append((page, first))
    return found


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
