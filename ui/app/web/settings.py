"""What a deployment says about its own address, by environment.

``LTT_ADDRESS``
    Where readers find it, as they type it: ``https://trends.example.org``. The server then answers to that
    name and to this machine's own, and a sign-in leads back there.
``LTT_FRAME_ANCESTORS``
    Which sites may show it in a frame, separated by blanks: ``https://county.example.org``. None otherwise.
``LTT_API_RATE``
    How many requests a minute one address of the network, or one token, may make to ``/api/``.
"""

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

#: Names by which a machine calls itself.
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
#: A browser leaves them out of an address, so they are left out where addresses are compared.
_USUAL_PORTS = {"http": 80, "https": 443}
ADDRESS, FRAME_ANCESTORS, API_RATE = "LTT_ADDRESS", "LTT_FRAME_ANCESTORS", "LTT_API_RATE"
#: Enough for a notebook that asks for every measure twice; far from what keeps the server busy.
USUAL_API_RATE, HIGHEST_API_RATE = 300, 1_000_000


class ServeError(Exception):
    """The dashboard cannot start as asked; the message says why and what to do."""


@dataclass(frozen=True)
class Origin:
    """A site: its scheme and its name, with a port where that is not the usual one."""

    scheme: str
    host: str
    port: int | None

    def __str__(self) -> str:
        """Return it as a browser writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{f':{self.port}' if self.port else ''}"

    @property
    def is_secure(self) -> bool:
        """Whether what travels to it is encrypted."""
        return self.scheme == "https"


def origin_of(text: str, variable: str) -> Origin:
    """Return the site in a text.

    Raises
    ------
    ServeError
        If it is no address of a site, or an unencrypted one that is not on this machine.
    """
    wanted = f"{variable} is {text!r}. Allowed: an address such as https://trends.example.org, without a path"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ServeError(wanted) from None
    host = (parts.hostname or "").rstrip(".")
    rest = parts.path.rstrip("/") or parts.query or parts.fragment or parts.username
    # What stands in a header or in a list of names is taken letter by letter: nothing that could end it.
    is_name = host.isascii() and all(letter.isalnum() or letter in "-.:" for letter in host)
    if not host or rest or not is_name or parts.scheme not in ("https", "http"):
        raise ServeError(wanted)
    if parts.scheme == "http" and host not in LOOPBACK:
        raise ServeError(f"{variable} is {text!r}, which is not encrypted. Next: write https://{host}")
    return Origin(parts.scheme, host, None if port == _USUAL_PORTS[parts.scheme] else port)


def own_address() -> Origin | None:
    """Return where readers find this server, if the deployment says so.

    Raises
    ------
    ServeError
        As `origin_of`.
    """
    text = os.environ.get(ADDRESS, "").strip()
    return origin_of(text, ADDRESS) if text else None


def frame_ancestors() -> tuple[Origin, ...]:
    """Return the sites that may show this one in a frame.

    Raises
    ------
    ServeError
        As `origin_of`.
    """
    return tuple(origin_of(text, FRAME_ANCESTORS) for text in os.environ.get(FRAME_ANCESTORS, "").split())


def api_rate() -> int:
    """Return how many requests a minute one caller may make to ``/api/``.

    Raises
    ------
    ServeError
        If the environment says something that is no such number.
    """
    text = os.environ.get(API_RATE, "").strip() or str(USUAL_API_RATE)
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= HIGHEST_API_RATE:
        raise ServeError(
            f"{API_RATE} is {text[:40]!r}. Allowed: a whole number from 1 to {HIGHEST_API_RATE}, requests a "
            f"minute. Next: leave it out for {USUAL_API_RATE}"
        )
    return int(text)


def allowed_hosts(host: str) -> list[str]:
    """Return the names the server answers to; none means every name.

    Bound to this machine it answers to this machine's names only: a page elsewhere whose name is pointed at
    127.0.0.1 would otherwise be of the same origin, and could read what a reader here may see.

    Parameters
    ----------
    host
        The address it listens on.
    """
    own = own_address()
    if own is None:
        return sorted(LOOPBACK) if host in LOOPBACK else []
    return sorted({*LOOPBACK, own.host})
