"""The role of a program that brings a token: ``Authorization: Bearer …`` of the same provider.

The token must be signed by the provider, made for the audience of this deployment, not over, and carry the
claim that makes a partner. The provider's keys are fetched when the first token comes, and again when a token
names a key that is not known.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from ui.app.sign_in import ended
from ui.app.sign_in.settings import SignIn, metadata_address
from ui.app.sign_in.visitor import (
    LEEWAY_SECONDS,
    PARTNER,
    Visitor,
    is_for,
    name_of,
    sign_in_of,
    why_no_partner,
)
from ui.app.web.asgi import Scope

#: Signatures that only the provider can make; never one by a shared secret, and never none.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
KEYS_HOLD_SECONDS = 3600
#: A flood of tokens with made-up keys must not become a flood of requests to the provider.
ASK_AGAIN_SECONDS = 30
PATIENCE_SECONDS = 5.0
LONGEST_TOKEN = 16_000
#: What a provider that is down, or that answers nonsense, makes of the question for its keys.
_NO_KEYS = (httpx.HTTPError, httpx.InvalidURL, JoseError, ValueError, KeyError, TypeError, AttributeError)
NOT_VALID = "The token is not one of this deployment's provider, or it is over."
FOR_ANOTHER = "The token was made for another audience."
NO_PROVIDER = "The provider's keys cannot be fetched now."


@dataclass(frozen=True)
class TokenRefusedError(Exception):
    """A token that opens nothing: the status to answer with, and why in words."""

    status: int
    words: str


def token_of(scope: Scope) -> str | None:
    """Return the token that a request brings; None when it brings none."""
    for name, value in scope["headers"]:
        kind, _, token = value.decode("latin-1").partition(" ")
        if name == b"authorization" and kind.lower() == "bearer":
            return str(token).strip()
    return None


class Tokens:
    """Checks tokens against the keys of a provider.

    Parameters
    ----------
    settings
        How partners sign in.
    """

    def __init__(self, settings: SignIn) -> None:
        self.settings = settings
        self._keys: KeySet | None = None
        self._fetched = float("-inf")
        self._fetching = asyncio.Lock()

    async def visitor_of(self, token: str, now: float | None = None) -> Visitor:
        """Return who a token speaks of; always a partner.

        Raises
        ------
        TokenRefusedError
            If the token opens nothing, with 401 for a bad one, 403 for one of no partner, and 503 when the
            provider cannot be asked.
        """
        claims = await self._claims(token)
        self._check_time(claims, time.time() if now is None else now)
        if str(claims.get("iss", "")).rstrip("/") != self.settings.issuer.rstrip("/"):
            raise TokenRefusedError(401, NOT_VALID)
        if not is_for(claims, self.settings.audience):
            raise TokenRefusedError(401, FOR_ANOTHER)
        # The token of a sign-in travels in the address of the way out, and stays in a browser's history.
        if ended.has(sign_in_of(claims)):
            raise TokenRefusedError(401, NOT_VALID)
        if why_no_partner(claims, self.settings):
            raise TokenRefusedError(403, "The token carries no group that may see partner figures.")
        return Visitor(PARTNER, name_of(claims))

    @staticmethod
    def _check_time(claims: Mapping[str, Any], now: float) -> None:
        ends, begins = claims.get("exp"), claims.get("nbf", 0)
        numbers = all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in (ends, begins))
        if not numbers or not begins - LEEWAY_SECONDS <= now < float(str(ends)):
            raise TokenRefusedError(401, NOT_VALID)

    async def _claims(self, token: str) -> Mapping[str, Any]:
        if not token or len(token) > LONGEST_TOKEN:
            raise TokenRefusedError(401, NOT_VALID)
        keys = await self._known_keys(KEYS_HOLD_SECONDS)
        try:
            return jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError, TypeError, KeyError):
            pass
        # The provider may have changed its keys since.
        keys = await self._known_keys(ASK_AGAIN_SECONDS)
        try:
            return jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError, TypeError, KeyError):
            raise TokenRefusedError(401, NOT_VALID) from None

    async def _known_keys(self, hold: float) -> KeySet:
        # One after the other: of many tokens that come at once, the first fetches for all.
        async with self._fetching:
            hold = ASK_AGAIN_SECONDS if self._keys is None else hold
            if time.monotonic() - self._fetched > hold:
                with suppress(*_NO_KEYS):
                    self._keys = await self._fetch()
                self._fetched = time.monotonic()
            if self._keys is None:
                raise TokenRefusedError(503, NO_PROVIDER)
            return self._keys

    async def _fetch(self) -> KeySet:
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            described = (await client.get(metadata_address(self.settings.issuer))).raise_for_status().json()
            if str(described["issuer"]).rstrip("/") != self.settings.issuer.rstrip("/"):
                raise ValueError("another issuer")
            keys = (await client.get(described["jwks_uri"])).raise_for_status().json()
        return KeySet.import_key_set(keys)
