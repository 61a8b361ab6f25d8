"""Which release this session reads, and whether a newer one has been published meanwhile."""

from dataclasses import dataclass

import streamlit as st

from analysis import LttError, load_catalog, open_release
from analysis.catalog.model import Catalog
from analysis.errors import CatalogError, ReleaseError
from analysis.release.catalog_of_release import catalog_for
from analysis.release.release import Release
from ui.app.serve import LOOPBACK, release_folder


@dataclass(frozen=True)
class Opened:
    """What could be opened: the catalog, the release or why there is none, and whether a newer one is out."""

    catalog: Catalog | None
    release: Release | None
    problem: LttError | None
    newer: bool = False


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
        refuse_other_machines(newest)
    except LttError as problem:
        kept = st.session_state.get("_release")
        return Opened(catalog_for(kept) if kept else catalog, kept, None if kept else problem)
    kept = st.session_state.setdefault("_release", newest)
    return Opened(catalog_for(kept), kept, None, newer=kept.release_id != newest.release_id)


def refuse_other_machines(release: Release) -> None:
    """Refuse exact numbers to a server that other machines reach, however it was started.

    `ui.app.serve` refuses at the start; this holds for `streamlit run` too, and for a release that is put
    there
    later.

    Raises
    ------
    ReleaseError
        If the release is a steward's and the server listens on more than this machine.
    """
    host = st.get_option("server.address") or "every address"
    if release.is_exact and host not in LOOPBACK:
        raise ReleaseError(
            f"A steward release holds exact small numbers and is shown on this machine only; this server "
            f"listens on {host}.",
            "Start it with: make run PROFILE=steward. For other machines: make run (the public release).",
        )


def take_newest() -> None:
    """Forget the release of this session; the next run opens the newest."""
    st.session_state.pop("_release", None)
