"""Which release this session reads, and whether a newer one has been published meanwhile."""

import os
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from analysis import LttError, load_catalog, open_release
from analysis.catalog import Catalog
from analysis.errors import CatalogError
from analysis.release import Release

PROJECT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Opened:
    """What could be opened: the catalog, the release or why there is none, and whether a newer one is out."""

    catalog: Catalog | None
    release: Release | None
    problem: LttError | None
    newer: bool = False


def release_folder() -> Path:
    """Return the release folder: `LTT_RELEASE`, or the public release of the project's own data."""
    return Path(os.environ.get("LTT_RELEASE") or PROJECT / "data" / "release" / "public")


def open_for_session() -> Opened:
    """Open the release this session started with, or the newest when it has none yet.

    A session keeps its release until the reader reloads, so that figures do not change while they are read.
    """
    try:
        catalog = load_catalog()
    except CatalogError as problem:
        return Opened(None, None, problem)
    try:
        newest = open_release(release_folder())
    except LttError as problem:
        kept = st.session_state.get("_release")
        return Opened(catalog, kept, None if kept else problem)
    kept = st.session_state.setdefault("_release", newest)
    return Opened(catalog, kept, None, newer=kept.release_id != newest.release_id)


def take_newest() -> None:
    """Forget the release of this session; the next run opens the newest."""
    st.session_state.pop("_release", None)
