"""Which closed periods a release was ever written for: what was read once cannot be taken back.

The record stands beside the frozen records. It is written after a release file has reached its folder and
before the folder's manifest names it, so a period it does not hold was in no release that anybody could open.
Where the record cannot be trusted to be whole, every closed period counts as released.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from analysis.periods import Span, code_of
from analysis.release.archive import ARCHIVE
from etl.config import Home
from etl.errors import EtlError
from etl.store import warehouse

Spans = dict[tuple[str, str], Span]
"""Closed months by collection and subject."""
SERVED = ("public", "partner")
BEFORE_THE_RECORD = "before this record"


@dataclass
class Released:
    """Every release that was written, and the months each collection had closed by then.

    Attributes
    ----------
    spans
        First and last month in any release, by collection and subject.
    releases
        Id, profile and reporting date of each, oldest first.
    frozen
        Hashes that the file of frozen records may have: of the last one put, and of one about to be put.
    withdrawn
        Ids of releases that were taken out, to the moment: none of them is ever put in place again.
    """

    spans: Spans = field(default_factory=dict)
    releases: list[dict[str, str]] = field(default_factory=list)
    frozen: list[str] = field(default_factory=list)
    withdrawn: dict[str, str] = field(default_factory=dict)

    def cover(self, spans: Spans) -> None:
        """Take these months for released, besides those that are."""
        for key, span in spans.items():
            self.spans[key] = span.joined(self.spans.get(key, span))

    def add(self, spans: Spans, release_id: str, profile: str, as_of: date | str) -> None:
        """Add a release."""
        self.cover(spans)
        one = {"release_id": release_id, "profile": profile, "as_of": str(as_of)}
        if one not in self.releases:
            self.releases.append(one)

    def holds(self, key: tuple[str, str], months: Span) -> bool:
        """Tell whether a release held any of these months."""
        span = self.spans.get(key)
        return span is not None and span.first <= months.last and months.first <= span.last


def read(home: Home, is_synthetic: bool, closed: Spans) -> Released:
    """Return what was released of a home.

    Parameters
    ----------
    home, is_synthetic
        The deployment, and whether its records are made up.
    closed
        What is closed in the frozen records: all of it counts as released where there is no record, where it
        cannot be read, or where a release lies in a folder that the record does not know.
    """
    found = stored(home.released(is_synthetic))
    is_known = found is not None and _files(home) <= {one["release_id"] for one in found.releases}
    found = found or Released()
    if closed and not is_known:
        found.add(closed, BEFORE_THE_RECORD, "", "")
    return found


def stored(path: Path) -> Released | None:
    """Return a record as it was written; None where there is none, or it cannot be read."""
    found = Released()
    try:
        values = json.loads(path.read_text("utf-8"))
        for entry in values["closed"]:
            found.spans[entry["collection"], entry["subject"]] = Span(entry["first"], entry["last"])
        found.releases = [dict(one) for one in values["releases"]]
        found.frozen = [str(one) for one in values.get("frozen", [])]
        found.withdrawn = {str(name): str(day) for name, day in values.get("withdrawn", {}).items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return found


def refuse_lost(home: Home, is_synthetic: bool) -> None:
    """Refuse to go on where frozen records are gone or damaged, and releases were made of them.

    Months that a release held would be frozen anew, from whatever is loaded now: two releases of the same
    months would differ by a few people, and the difference would be theirs.

    Parameters
    ----------
    home, is_synthetic
        The deployment; frozen records of made-up people may be gone, as they protect nobody.

    Raises
    ------
    EtlError
        With the copy as the way back.
    """
    known = stored(home.released(is_synthetic))
    frozen, cure = home.frozen(is_synthetic), _newest_copy(home)
    if is_synthetic:
        cure = f"python -m etl build --demo --home {home.root}"
    if known is None or not known.spans or (is_synthetic and not frozen.exists()):
        return
    if not frozen.is_file():
        raise EtlError(f"restricted/{frozen.name} is gone, and releases were made of it.", cure)
    if known.frozen and warehouse.sha256(frozen) not in known.frozen:
        raise EtlError(f"restricted/{frozen.name} is damaged: its content is not what was written.", cure)


def refuse_older(home: Home, is_synthetic: bool, closed: Spans) -> None:
    """Refuse frozen records that are older than the last release, for the reason that `refuse_lost` has.

    Parameters
    ----------
    home, is_synthetic
        The deployment; of made-up records nothing is refused.
    closed
        What the frozen records hold.

    Raises
    ------
    EtlError
        With the copy as the way back.
    """
    known = stored(home.released(is_synthetic))
    for key, span in known.spans.items() if known and not is_synthetic else ():
        if key not in closed or closed[key].joined(span) != closed[key]:
            raise EtlError(
                f"{'/'.join(key)}: months to {code_of(span.last, 'month')} were released, and "
                f"restricted/{home.frozen(is_synthetic).name} is of an earlier day: it does not hold them.",
                _newest_copy(home),
            )


def _newest_copy(home: Home) -> str:
    return f"Bring back the newest copy: python -m etl restore FOLDER --replace --home {home.root}"


def write(home: Home, is_synthetic: bool, released: Released) -> None:
    """Write the record; whole or not at all."""
    path = home.released(is_synthetic)
    values: dict[str, Any] = {
        "closed": [
            {"collection": collection, "subject": subject, "first": span.first, "last": span.last}
            for (collection, subject), span in sorted(released.spans.items())
        ],
        "releases": released.releases,
        "frozen": released.frozen,
        "withdrawn": released.withdrawn,
    }
    warehouse.write_private(path, json.dumps(values, indent=1))


def refuse_released(released: Released, months: Iterable[tuple[tuple[str, str], Span]], home: Path) -> None:
    """Refuse to take back months that a release held.

    Raises
    ------
    EtlError
        With the year's revision as the way that is left.
    """
    for (collection, subject), span in months:
        if released.holds((collection, subject), span):
            first, last = code_of(span.first, "month"), code_of(span.last, "month")
            raise EtlError(
                f"{collection}/{subject}: a release that holds months from {first} to {last} was written to "
                "a folder that is served; what was read cannot be taken back. Nothing was changed.",
                f"Load the corrected records, then: python -m etl release --revise {first[:4]} --home {home} "
                f"(or --repair {first}, where a failed load left a small register empty)",
            )


def _files(home: Home) -> set[str]:
    """Return the ids of the release files that lie in folders that are served."""
    return {
        path.stem.removeprefix("release-")
        for profile in SERVED
        for folder in (home.release(profile), home.release(profile) / ARCHIVE)
        for path in folder.glob("release-*.duckdb")
    }
