"""Who asks, and which release that opens.

The caller is nobody in particular, a reader who signed in, or a program with a token
(`ui.app.sign_in.bearer`). A token that opens nothing is refused in words, and so is one whose release cannot
be opened: a program must not take public figures for those it asked for.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from analysis import LttError
from analysis.api.addresses import ROOT
from analysis.api.call import Offered
from analysis.api.problems import Problem
from analysis.errors import ReleaseNotOffered
from analysis.release.archive import Archive, read_archive, whole_archive
from analysis.release.release import Release
from analysis.release.release_file import open_published
from ui.app.session import partner_release, public_release, release_folder
from ui.app.sign_in import bearer, cookies
from ui.app.sign_in.settings import SignIn, settings
from ui.app.sign_in.visitor import ANYBODY, PARTNER, PUBLIC, Visitor, visitor_of
from ui.app.web.asgi import Scope

NO_SIGN_IN = "This deployment has no sign-in, so no token opens anything."
_KINDS = {401: "bad-token", 403: "not-yours", 503: "no-provider"}


class Callers:
    """Tells who asks, with the keys of the provider that it has fetched.

    Parameters
    ----------
    settings
        How partners sign in; None where there is no sign-in.
    """

    def __init__(self, settings: SignIn | None) -> None:
        self.settings = settings
        self._tokens = bearer.Tokens(settings) if settings else None

    async def visitor_of(self, scope: Scope) -> Visitor:
        """Return who asks.

        Raises
        ------
        Problem
            For a token that opens nothing.
        """
        token = bearer.token_of(scope)
        if token is None:
            return visitor_of(cookies.claims_of(scope), self.settings) if self.settings else ANYBODY
        if self._tokens is None:
            raise Problem(401, _KINDS[401], NO_SIGN_IN)
        try:
            return await self._tokens.visitor_of(token)
        except bearer.TokenRefusedError as refused:
            raise Problem(refused.status, _KINDS[refused.status], refused.words) from None


def open_for(visitor: Visitor, figures: str, release_id: str = "") -> Release | None:
    """Return the release that a caller reads; None when it cannot be opened.

    Parameters
    ----------
    visitor
        Who asks.
    figures
        ``public`` or ``partner``; the caller's own when empty.
    release_id
        Of one that is offered beside the newest; the newest when empty.

    Raises
    ------
    Problem
        For figures that are not open to the caller, and for a release that is not offered to it.
    """
    wanted = figures or visitor.role
    if wanted == PARTNER and not visitor.is_partner:
        raise Problem(403, "not-yours", "Partner figures open with a token, or after signing in.")
    release = _opened(partner_release if wanted == PARTNER else public_release)
    if figures == PUBLIC and release is not None and release.profile != PUBLIC:
        raise Problem(403, "not-yours", "This server shows exact figures to their keepers, and no others.")
    if release is None and release_id and (archive := all_withdrawn(visitor, figures)):
        raise _not_offered(archive, release_id)
    if release is None or not release_id:
        return release
    try:
        return open_published(release_id, release.folder)
    except ReleaseNotOffered as problem:
        raise _told(problem) from None
    except LttError:
        return None


def all_withdrawn(visitor: Visitor, figures: str = "") -> Archive | None:
    """Return what is known of a caller's releases where every one was withdrawn; None in any other case.

    Parameters
    ----------
    visitor, figures
        As `open_for`.
    """
    wanted, known = figures or visitor.role, settings()
    folder = (known.release if known else None) if wanted == PARTNER else release_folder()
    if folder is None or (wanted == PARTNER and not visitor.is_partner):
        return None
    with suppress(LttError):
        found = whole_archive(Path(folder))
        if not found.offered and found.manifest is not None and found.manifest.profile == wanted:
            return found
    return None


def _not_offered(archive: Archive, release_id: str) -> Problem:
    try:
        archive.find(release_id)
    except ReleaseNotOffered as problem:
        return _told(problem)
    raise AssertionError("an archive without a release offers one")


def _told(problem: ReleaseNotOffered) -> Problem:
    return Problem(404, "no-such-release", problem.message, f"Offered: {ROOT}/releases.")


def releases_of(visitor: Visitor) -> tuple[Offered, ...]:
    """Return every release that a caller may read, the public ones first, of each profile newest first."""
    openings = [public_release, *([partner_release] if visitor.is_partner else [])]
    newest = [release for opening in openings if (release := _opened(opening)) is not None]
    return tuple(
        Offered(one, release.threshold) for release in newest for one in read_archive(release.folder).offered
    )


def _opened(opening: Callable[[], Release]) -> Release | None:
    with suppress(LttError):
        return opening()
    return None
