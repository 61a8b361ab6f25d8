"""The releases of a folder as a feed (Atom, RFC 4287), with those that were withdrawn (RFC 6721)."""

import datetime
import hashlib
from collections.abc import Mapping
from xml.etree import ElementTree as Xml

from analysis.release.archive import Archive, Published
from analysis.words import date_text

ATOM, DELETED = "http://www.w3.org/2005/Atom", "http://purl.org/atompub/tombstones/1.0"
MOST = 50  # entries: four years of monthly releases


def feed(archive: Archive, title: str, address: str, told: Mapping[str, str]) -> bytes:
    """Return the feed.

    Parameters
    ----------
    archive
        What its reader may read.
    title
        Whose figures these are.
    address
        Where the dashboard is, without a slash at its end; empty for links that start from the feed itself.
    told
        By release: what its entry says besides its day.
    """
    Xml.register_namespace("", ATOM)
    Xml.register_namespace("at", DELETED)
    root = Xml.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "en"})
    _add(root, "title", f"{_plain(title)}: releases of figures")
    profile = archive.manifest.profile if archive.manifest else "public"
    mark = hashlib.sha256(title.encode()).hexdigest()[:12]  # what may stand in a name is less than in a title
    _add(root, "id", f"urn:local-trafficking-trends:releases:{profile}:{mark}")
    days = [_moment(one) for one in archive.offered]
    _add(root, "updated", max([*days, *map(_day, archive.withdrawn.values())], default=_day("")))
    author = _add(root, "author")
    _add(author, "name", _plain(title))
    _link(root, "self", f"{address}/feed.atom" if address else "feed.atom", "application/atom+xml")
    _link(root, "alternate", f"{address}/" if address else "./", "text/html")
    for one in archive.offered[:MOST]:
        _entry(root, one, archive.before(one.release_id), address, told.get(one.release_id, ""))
    for release_id, day in archive.withdrawn.items():
        Xml.SubElement(root, f"{{{DELETED}}}deleted-entry", {"ref": _urn(release_id), "when": _day(day)})
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, "utf-8") + b"\n"


def _entry(root: Xml.Element, one: Published, before: Published | None, address: str, told: str) -> None:
    entry = _add(root, "entry")
    _add(entry, "title", f"Figures as of {date_text(one.as_of)}")
    _add(entry, "id", _urn(one.release_id))
    _add(entry, "updated", _moment(one))
    base = address or "."
    _link(entry, "alternate", f"{base}/?release={one.release_id}", "text/html")
    _link(entry, "related", f"{base}/changes?release={one.release_id}", "text/html")
    than = f" Those before were as of {date_text(before.as_of)}." if before else ""
    _add(
        entry,
        "summary",
        f"Release {one.release_id}: figures as of {date_text(one.as_of)}.{than} {told}".rstrip(),
    )


def _add(parent: Xml.Element, name: str, text: str = "") -> Xml.Element:
    element = Xml.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = text or None
    return element


def _link(parent: Xml.Element, relation: str, address: str, kind: str) -> None:
    Xml.SubElement(parent, f"{{{ATOM}}}link", {"rel": relation, "href": address, "type": kind})


def _urn(release_id: str) -> str:
    return f"urn:local-trafficking-trends:release:{release_id}"


def _moment(one: Published) -> str:
    return one.moment.isoformat(timespec="seconds") if one.moment else _day(one.as_of.isoformat())


def _day(text: str) -> str:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        day = datetime.date(1970, 1, 1)
    return f"{day.isoformat()}T00:00:00Z"


def _plain(text: str) -> str:
    """Return a text without letters that XML does not know."""
    return "".join(letter for letter in text if letter.isprintable()) or "Local Trafficking Trends"
