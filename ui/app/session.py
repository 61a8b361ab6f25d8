"""Which release this session reads, which others it may read, and whether a newer one is out meanwhile."""

from dataclasses import dataclass, field, replace

import streamlit as st

from analysis import LttError, load_catalog, open_release
from analysis.catalog.model import Catalog
from analysis.errors import CatalogError, ReleaseError
from analysis.release.archive import Archive, Published, read_archive
from analysis.release.catalog_of_release import catalog_for
from analysis.release.release import Release
from analysis.release.release_file import open_published
from ui.app.serve import release_folder
from ui.app.sign_in.settings import settings
from ui.app.sign_in.visitor import ANYBODY, PARTNER, PUBLIC, Visitor
from ui.app.web.settings import LOOPBACK, own_address

NEWEST_SHOWN = "The newest figures are shown."
DO_NOT_USE = "Do not use them any more; what is offered now is shown."
NO_PARTNER_RELEASE = "The partner figures cannot be opened now. You see the public figures."


@dataclass(frozen=True)
class Opened:
    """What could be opened: the catalog, the release or why there is none, and whether a newer one is out.

    The visitor is the one asked for, or the public with a remark when the partner release cannot be opened.
    `archive` has the releases that the visitor may choose from; `asked` is the id of the one that the address
    names, where it can be read; `remarks` say why it is another one than the reader may expect.
    """

    catalog: Catalog | None
    release: Release | None
    problem: LttError | None
    newer: bool = False
    visitor: Visitor = ANYBODY
    archive: Archive = field(default_factory=Archive)
    asked: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def state(self) -> tuple[object, ...]:
        """What a page shows of it, to tell whether it is another one by now."""
        release = self.release
        what = (release.release_id, release.profile) if release else (str(self.problem),)
        return (*what, self.newer, self.asked, self.visitor, self.archive, self.remarks)

    @property
    def earlier(self) -> Published | None:
        """The release that is read, where it was chosen and is not the newest."""
        return next(
            (one for one in self.archive.offered if one.release_id == self.asked and not one.is_newest), None
        )


def open_for_session(visitor: Visitor = ANYBODY, asked: str = "") -> Opened:
    """Open the release that the address names; else the one this session started with, or the newest.

    A session keeps its release until the reader reloads, so that figures do not change while they are read;
    one that was withdrawn meanwhile is let go at once.
    What it kept for another role is let go first: who has signed out must not be shown it again.

    Parameters
    ----------
    visitor
        Who looks.
    asked
        Id of a release, as the address has it; empty for the newest.
    """
    st.session_state.pop(_kept(PUBLIC if visitor.is_partner else PARTNER), None)
    try:
        catalog = load_catalog()
    except CatalogError as problem:
        return Opened(None, None, problem, visitor=visitor)
    if visitor.is_partner:
        try:
            return _open(visitor, partner_release(), asked)
        except LttError:
            visitor = replace(visitor, role=PUBLIC, remark=NO_PARTNER_RELEASE)
            st.session_state.pop(_kept(PARTNER), None)
    remarks = _let_go_of_withdrawn(PUBLIC)
    try:
        newest = public_release()
    except LttError as problem:
        kept = st.session_state.get(_kept(PUBLIC))
        known = catalog_for(kept) if kept else catalog
        return Opened(known, kept, None if kept else problem, visitor=visitor, remarks=remarks)
    return _open(visitor, newest, asked, remarks)


def _open(visitor: Visitor, newest: Release, asked: str, remarks: tuple[str, ...] = ()) -> Opened:
    remarks = (*remarks, *_let_go_of_withdrawn(visitor.role))
    archive = read_archive(newest.folder)
    if asked:
        try:
            chosen = open_published(asked, newest.folder)
            return Opened(
                catalog_for(chosen),
                chosen,
                None,
                visitor=visitor,
                archive=archive,
                asked=asked,
                remarks=remarks,
            )
        except LttError as problem:
            remarks = (*remarks, f"{problem.message} {NEWEST_SHOWN}")
    kept = st.session_state.setdefault(_kept(visitor.role), newest)
    is_newer_out = kept.release_id != newest.release_id
    return Opened(catalog_for(kept), kept, None, is_newer_out, visitor, archive, remarks=remarks)


def _let_go_of_withdrawn(role: str) -> tuple[str, ...]:
    """Forget a release that was withdrawn while this session read it; return the sentence about it."""
    kept = st.session_state.get(_kept(role))
    if kept is None or not kept.is_withdrawn:
        return ()
    del st.session_state[_kept(role)]
    return (f"The figures that you were reading (release {kept.release_id}) were withdrawn. {DO_NOT_USE}",)


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
