"""Which release this session reads, and whether a newer one has been published meanwhile."""

from dataclasses import dataclass, replace

import streamlit as st

from analysis import LttError, load_catalog, open_release
from analysis.catalog.model import Catalog
from analysis.errors import CatalogError, ReleaseError
from analysis.release.catalog_of_release import catalog_for
from analysis.release.release import Release
from ui.app.serve import release_folder
from ui.app.sign_in.settings import settings
from ui.app.sign_in.visitor import ANYBODY, PARTNER, PUBLIC, Visitor
from ui.app.web.settings import LOOPBACK, own_address

NO_PARTNER_RELEASE = "The partner figures cannot be opened now. You see the public figures."


@dataclass(frozen=True)
class Opened:
    """What could be opened: the catalog, the release or why there is none, and whether a newer one is out.

    The visitor is the one asked for, or the public with a remark when the partner release cannot be opened.
    """

    catalog: Catalog | None
    release: Release | None
    problem: LttError | None
    newer: bool = False
    visitor: Visitor = ANYBODY


def open_for_session(visitor: Visitor = ANYBODY) -> Opened:
    """Open the release this session started with, or the newest when it has none yet.

    A session keeps its release until the reader reloads, so that figures do not change while they are read.
    What it kept for another role is let go first: who has signed out must not be shown it again.

    Parameters
    ----------
    visitor
        Who looks.
    """
    st.session_state.pop(_kept(PUBLIC if visitor.is_partner else PARTNER), None)
    try:
        catalog = load_catalog()
    except CatalogError as problem:
        return Opened(None, None, problem, visitor=visitor)
    if visitor.is_partner:
        try:
            return _open(visitor, partner_release())
        except LttError:
            visitor = replace(visitor, role=PUBLIC, remark=NO_PARTNER_RELEASE)
            st.session_state.pop(_kept(PARTNER), None)
    try:
        newest = public_release()
    except LttError as problem:
        kept = st.session_state.get(_kept(PUBLIC))
        known = catalog_for(kept) if kept else catalog
        return Opened(known, kept, None if kept else problem, visitor=visitor)
    return _open(visitor, newest)


def _open(visitor: Visitor, newest: Release) -> Opened:
    kept = st.session_state.setdefault(_kept(visitor.role), newest)
    return Opened(catalog_for(kept), kept, None, kept.release_id != newest.release_id, visitor)


def public_release() -> Release:
    """Open the release that is shown without a sign-in.

    Raises
    ------
    ReleaseError
        If it cannot be opened, or is none for whoever reaches this server.
    """
    release = open_release(release_folder())
    refuse_others(release)
    return release


def partner_release() -> Release:
    """Open the partner release of this deployment.

    Raises
    ------
    ReleaseError
        If it cannot be opened, or is of another profile: a steward's release never goes over a network.
    """
    known = settings()
    if known is None:
        raise ReleaseError("This deployment has no partner release.")
    release = open_release(known.release)
    if release.profile != PARTNER:
        raise ReleaseError(f"The release for partners is of the profile {release.profile}, not {PARTNER}.")
    return release


def refuse_others(release: Release) -> None:
    """Refuse what is not public to whoever reaches a server that others reach, however it was started.

    `ui.app.web.process` refuses at the start; this holds for `streamlit run` too, and for a release that is
    put there later. A deployment with an address or a sign-in of its own is reached by others by its nature,
    though it listens on this machine: a proxy stands before it.

    Raises
    ------
    ReleaseError
        If the release is a steward's or the partners' and others reach the server without a sign-in.
    """
    host = st.get_option("server.address") or "every address"
    is_for_others = host not in LOOPBACK or own_address() is not None or settings() is not None
    if release.profile == PUBLIC or not is_for_others:
        return
    if not release.is_exact:
        raise ReleaseError(
            f"A {release.profile} release is shown behind the sign-in only, and this one lies where the "
            "public one belongs.",
            "Set LTT_RELEASE to the folder of the public release; the sign-in names the other one.",
        )
    reached = "is reached by others" if host in LOOPBACK else f"listens on {host}"
    raise ReleaseError(
        "A steward release holds exact small numbers and is shown on this machine only; this server "
        f"{reached}.",
        "Start it with: make run PROFILE=steward. For other machines: make run (the public release).",
    )


def take_newest() -> None:
    """Forget the release of this session; the next run opens the newest."""
    for role in (PUBLIC, PARTNER):
        st.session_state.pop(_kept(role), None)


def _kept(role: str) -> str:
    return f"_release_{role}"
