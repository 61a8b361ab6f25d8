"""The releases that can be read, each with its fixed address and what was new in it."""

from collections.abc import Mapping

from analysis import Answer
from analysis.findings.finding import Finding
from analysis.release.archive import Published
from analysis.words import date_text
from ui.cards.card import Facts
from ui.cards.special_card import draw_facts
from ui.cards.table import Table
from ui.view.controls import RELEASE
from ui.view.states import escape
from ui.view.view import View

COLUMNS = ("Figures as of", "Published", "Release", "Read now")
_CAPTION = (
    "Only releases made under the rules of protection of today are offered. An address with a release in it "
    "always shows that release; one without always shows the newest."
)


def draw(view: View, _answers: Mapping[str, Answer]) -> None:
    """Draw the list."""
    offered = view.archive.offered
    if view.release is None or not offered:
        return
    first = min(one.as_of for one in offered)
    finding = Finding("fact", topic="releases_offered", facts={"count": len(offered), "first": first})
    rows = tuple(_row(view, one) for one in offered)
    items = "".join(_item(view, one) for one in offered)
    feed = f'<p class="ltt-caption">{_link("/feed.atom", "Feed of releases (Atom)")}</p>'
    draw_facts(
        view,
        "offered",
        Facts(
            finding,
            Table(COLUMNS, (False,) * len(COLUMNS), rows),
            subtitle="Releases that can be read, the newest first",
            figure=f'<ul class="ltt-topics">{items}</ul>{feed}',
            caption=_CAPTION,
        ),
    )


def _row(view: View, one: Published) -> tuple[str, ...]:
    published = date_text(one.day) if one.day else "not written down"
    is_read = view.release is not None and one.release_id == view.release.release_id
    return (date_text(one.as_of), published, one.release_id, "yes" if is_read else "no")


def _item(view: View, one: Published) -> str:
    newest = " (newest)" if one.is_newest else ""
    page = f"{view.page.code}?{RELEASE}={one.release_id}"
    new = _link(f"/changes?{RELEASE}={one.release_id}", "What was new")
    return f"<li>{_link(page, f'Figures as of {one.words}{newest}')} {new}</li>"


def _link(address: str, words: str) -> str:
    # A feed and a text are no pages of the app: they lie beside it, whatever folder it is served under.
    target = address.lstrip("/") if address.startswith("/") else address
    return f'<a href="{escape(target)}" target="_self">{escape(words)}</a>'
