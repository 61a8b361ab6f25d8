"""From the claims of a sign-in to a role, and in words why it is not the higher one."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ui.app.sign_in import ended
from ui.app.sign_in.settings import SignIn

PUBLIC, PARTNER = "public", "partner"
FOR_ANOTHER = "Your sign-in was made for another service. You see the public figures."
HAS_ENDED = "Your sign-in has ended. You see the public figures; sign in again to see the partner figures."
NO_CLAIM = (
    "Your account does not say which group it belongs to. You see the public figures. Ask the people who "
    "manage your account."
)
NOT_A_PARTNER = (
    "Your account is not in a group that may see partner figures. You see the public figures. Ask the people "
    "who run this dashboard."
)
#: A provider's clock may be a little ahead.
LEEWAY_SECONDS = 120


@dataclass(frozen=True)
class Visitor:
    """Who looks, and at which release.

    Attributes
    ----------
    role
        ``public`` or ``partner``.
    name
        Who signed in, for the reader and for the log; empty without a sign-in.
    remark
        Why somebody who signed in sees the public figures; empty otherwise.
    """

    role: str = PUBLIC
    name: str = ""
    remark: str = ""

    @property
    def is_partner(self) -> bool:
        """Whether partner figures are shown."""
        return self.role == PARTNER


ANYBODY = Visitor()


def visitor_of(claims: Mapping[str, Any], settings: SignIn | None, now: float | None = None) -> Visitor:
    """Return who the claims of a sign-in speak of.

    Parameters
    ----------
    claims
        As the provider signed them; empty without a sign-in.
    settings
        None where there is no sign-in.
    now
        Seconds since 1970; the clock's when None.
    """
    if settings is None or not claims.get("is_logged_in"):
        return ANYBODY
    name = name_of(claims)
    # The library that reads the provider's answer checks who made it, and not for whom.
    if str(claims.get("iss", "")).rstrip("/") != settings.issuer.rstrip("/") or not is_for(
        claims, settings.client_id
    ):
        return Visitor(name=name, remark=FOR_ANOTHER)
    if seconds_left(claims, settings, now) <= 0 or ended.has(sign_in_of(claims)):
        return Visitor(name=name, remark=HAS_ENDED)
    remark = why_no_partner(claims, settings)
    return Visitor(name=name, remark=remark) if remark else Visitor(PARTNER, name)


def why_no_partner(claims: Mapping[str, Any], settings: SignIn) -> str:
    """Return why claims do not make a partner; empty when they do."""
    found = claims.get(settings.claim)
    held = found if isinstance(found, list) else [found]
    texts = {one for one in held if isinstance(one, str)}
    if not texts:
        return NO_CLAIM
    return "" if texts & settings.values else NOT_A_PARTNER


def is_for(claims: Mapping[str, Any], audience: str) -> bool:
    """Return whether a token was made for an audience."""
    found = claims.get("aud")
    return audience in found if isinstance(found, list) else found == audience


def seconds_left(claims: Mapping[str, Any], settings: SignIn, now: float | None = None) -> float:
    """Return how long a sign-in still holds; the provider's token says when it was made."""
    now = time.time() if now is None else now
    made = claims.get("iat")
    # Written so that what is no number at all (NaN) passes nothing either.
    if isinstance(made, bool) or not isinstance(made, (int, float)) or not made <= now + LEEWAY_SECONDS:
        return 0.0
    return made + settings.hours * 3600 - now


def sign_in_of(claims: Mapping[str, Any]) -> str:
    """Return what one sign-in is remembered by, from which nobody can be told."""
    parts = [str(claims.get(key, "")) for key in ("iss", "sub", "aud", "iat", "nonce")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def name_of(claims: Mapping[str, Any]) -> str:
    """Return how a reader is named, for themselves and for the log."""
    # An address that the provider has not checked may be anybody's: the log would then name the wrong one.
    is_checked = claims.get("email_verified") is not False
    known = ("email", "preferred_username", "name", "sub") if is_checked else ("sub",)
    found = next((claims[key] for key in known if claims.get(key)), "unnamed")
    # It stands in the log and on the page: one line of printable letters, whatever the provider sends.
    return "".join(letter for letter in str(found) if letter.isprintable())[:120]
