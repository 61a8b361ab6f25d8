"""The releases that can be read, each with its fixed address and what was new in it."""

from collections.abc import Mapping

from analysis import Answer
from analysis.findings.finding import Finding
from analysis.release.archive import Archive, Published, read_archive
from analysis.words import date_text
from ui.cards.card import FactCard, Facts
from ui.cards.special_card import scope_of_register
from ui.cards.table import Table
from ui.view.controls import RELEASE
from ui.view.states import escape
from ui.view.view import View

COLUMNS = ("Figures as of", "Published", "Release", "Read now")
_CAPTION = "Only releases under the rules of protection of today are offered."


def archive_of(view: View) -> Archive:
    """Return the releases that the reader may choose from; those of a slide lie where its release does."""
    if view.archive.offered or view.release is None:
        return view.archive
    return read_archive(view.release.folder)


def listed(view: View, _answers: Mapping[str, Answer]) -> Facts | None:
    """Return the list."""
    offered = archive_of(view).offered
    if view.release is None or not offered:
        return None
    first = min(one.as_of for one in offered)
    finding = Finding("fact", topic="releases_offered", facts={"count": len(offered), "first": first})
    rows = tuple(_row(view, one) for one in offered)
    items = "".join(_item(view, one) for one in offered)
    feed = f'<ul class="ltt-links"><li>{_link("/feed.atom", "Feed of releases (Atom)")}</li></ul>'
    return Facts(
        finding,
        Table(COLUMNS, (False,) * len(COLUMNS), rows),
        subtitle="Releases that can be read, the newest first",
        figure=f'<ul class="ltt-links">{items}</ul>{feed}',
        caption=_CAPTION,
        scope=scope_of_register(view),
    )


OFFERED = FactCard("offered", listed)


def _row(view: View, one: Published) -> tuple[str, ...]:
    published = date_text(one.day) if one.day else "not written down"
    is_read = view.release is not None and one.release_id == view.release.release_id
    return (date_text(one.as_of), published, one.release_id, "yes" if is_read else "no")


def _item(view: View, one: Published) -> str:
    newest = " (newest)" if one.is_newest else ""
    page = f"{view.page.code}?{RELEASE}={one.release_id}"
    new = _link(f"/changes?{RELEASE}={one.release_id}", "What was new")
    return f"<li>{_link(page, f'Figures as of {one.words}{newest}')} · {new}</li>"


def _link(address: str, words: str) -> str:
    # A feed and a text are no pages of the app: they lie beside it, whatever folder it is served under.
    target = address.lstrip("/") if address.startswith("/") else address
    return f'<a href="{escape(target)}" target="_self">{escape(words)}</a>'
