"""Where a browser finds boundaries: a file of their own, which travels once and not with every filter.

The address says all there is to know, so that whichever process gets the request can answer it:
``/boundaries/RELEASE/GEOGRAPHY/LEVEL.json``. `ui.app.boundaries` answers, and knows for whom.
"""

import gzip
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

import streamlit as st

from analysis.release.release import Release
from ui.maps.atlas import Atlas, atlas_of

PATH = "/boundaries"
LONGEST = 200
_MOST_KEPT = 12
_ASKED = re.compile(r"/([0-9a-f]{12})/([^/\x00-\x1f\x7f]{1,80})/([0-9])\.json")


@dataclass(frozen=True)
class Asked:
    """What an address names: the id of a release, the code of a geography, and a level of it."""

    release_id: str
    geography: str
    level: int


_kept: dict[Asked, bytes] = {}
_mounted: list[bool] = []


def mount() -> None:
    """Note that a server of ours answers; from then on `address` hands out addresses."""
    _mounted.append(True)


def address(atlas: Atlas, level: int, offered: Iterable[str]) -> str | None:
    """Return where a browser finds the boundaries of a level.

    Parameters
    ----------
    atlas, level
        Whose boundaries.
    offered
        Ids of the releases that can be read by their id.

    Returns
    -------
    str or None
        None when nobody could answer: no server of ours runs (tests, `streamlit run` without the routes, a
        base path), or the release of a page that has been open for long is offered no more. The boundaries
        then travel inside the figure.
    """
    if not _mounted or st.get_option("server.baseUrlPath") or atlas.release_id not in offered:
        return None
    return f"{PATH}/{atlas.release_id}/{quote(atlas.places.code, safe='')}/{level}.json"


def asked(path: str) -> Asked | None:
    """Return what an address names; None for one that `address` does not make."""
    found = _ASKED.fullmatch(path.removeprefix(PATH)) if len(path) <= LONGEST else None
    return Asked(found[1], found[2], int(found[3])) if found and path.startswith(PATH) else None


def packed(release: Release, wanted: Asked) -> bytes | None:
    """Return the boundaries of a level as compressed GeoJSON, made once a process; None without any."""
    if wanted not in _kept:
        atlas = atlas_of(release, wanted.geography)
        if atlas is None or not atlas.at(wanted.level):
            return None
        _kept[wanted] = gzip.compress(atlas.geojson_text(wanted.level).encode(), 6, mtime=0)
        while len(_kept) > _MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
    return _kept.get(wanted)
