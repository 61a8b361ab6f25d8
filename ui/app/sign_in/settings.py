"""What a deployment says about its sign-in, by file or by environment.

`LTT_SIGN_IN` names a TOML file::

    [sign_in]
    issuer = "https://login.example.org/realms/county"
    client_id = "trafficking-trends"
    client_secret = "…"                  # better: LTT_SIGN_IN_CLIENT_SECRET
    cookie_secret = "…"                  # at least 32 letters
    claim = "groups"                     # which claim of the sign-in is looked at …
    values = ["trafficking-partners"]    # … and what it must be, or hold
    release = "release/partner"          # from the folder of this file
    log = "access.log"                   # likewise; who looked at what

Each key may be given as a variable instead, `LTT_SIGN_IN_ISSUER` and so on; several `values` by commas.
`ui.app.web.settings` knows the address that the provider leads back to (`LTT_ADDRESS`).
"""

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analysis.release.access_log import FILE_NAME
from ui.app.web.settings import Origin, ServeError, origin_of, own_address

VARIABLE = "LTT_SIGN_IN"
CALLBACK = "/oauth2callback"
TABLE = "sign_in"
SHORTEST_SECRET = 32
#: Different ones; 64 digits of a random number have sixteen, all but surely.
FEWEST_LETTERS = 8
HOURS = 8
_MOST_HOURS = 24 * 30
_NEEDED = ("issuer", "client_id", "client_secret", "cookie_secret", "claim", "values", "release")
_KEYS = (*_NEEDED, "log", "hours", "audience", "scope")


@dataclass(frozen=True)
class SignIn:
    """How partners sign in.

    Attributes
    ----------
    issuer
        Address of the provider, as its tokens name it.
    client_id, client_secret
        What the provider calls this dashboard, and knows it by.
    cookie_secret
        Signs the cookie of a sign-in.
    claim, values
        Whose claim is, or holds, one of the values is a partner.
    release
        Folder of the partner release.
    log
        File of the accesses.
    address
        Where the provider leads back to.
    hours
        After so many hours a sign-in ends.
    audience
        Whom the token of a program must be made for; the client when the file says nothing.
    scope
        What is asked of the provider.
    """

    issuer: str
    client_id: str
    client_secret: str
    cookie_secret: str
    claim: str
    values: frozenset[str]
    release: Path
    log: Path
    address: Origin
    hours: float = HOURS
    audience: str = ""
    scope: str = "openid email profile"

    def for_streamlit(self) -> dict[str, Any]:
        """Return what `st.login` needs, under the names that Streamlit gives it."""
        return {
            "auth": {
                "redirect_uri": f"{self.address}{CALLBACK}",
                "cookie_secret": self.cookie_secret,
                "client_id": self.client_id,
                "client_secret": self.client_secret,
                "server_metadata_url": metadata_address(self.issuer),
                "client_kwargs": {"scope": self.scope},
            }
        }


def metadata_address(issuer: str) -> str:
    """Return where a provider describes itself."""
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


@cache
def settings() -> SignIn | None:
    """Return how partners sign in; None where a deployment has no sign-in.

    Raises
    ------
    ServeError
        If what is there cannot be used; the message names file or variable and key.
    """
    return read(os.environ)


def read(environment: Mapping[str, str]) -> SignIn | None:
    """Return the settings in an environment and the file it names.

    Raises
    ------
    ServeError
        As `settings`.
    """
    named = environment.get(VARIABLE, "").strip()
    file = Path(named) if named else None
    given = _in_file(file) if file else {}
    by_variable = {key: environment[name] for key in _KEYS if (name := _variable(key)) in environment}
    given = {**given, **{key: text for key, text in by_variable.items() if text.strip()}}
    if not given:
        return None
    where = f"{file.name}, [{TABLE}]" if file else f"the variables {VARIABLE}_…"
    missing = [key for key in _NEEDED if not given.get(key) or not str(given[key]).strip()]
    if missing:
        raise ServeError(
            f"{where}: {', '.join(missing)} missing. Next: write {missing[0]} = … there, or set "
            f"{_variable(missing[0])}; see docs/operations.md"
        )
    address = own_address()
    if address is None:
        raise ServeError(
            f"{where}: a sign-in must know where it leads back to. Next: set LTT_ADDRESS to the address "
            "readers type, such as https://trends.example.org"
        )
    return _checked(given, where, address, file.resolve().parent if file else Path.cwd())


def read_by_others(environment: Mapping[str, str]) -> str:
    """Return a sentence when other accounts of this machine can read the file with the secrets; else nothing.

    No reason not to start: what a container mounts is often readable by everybody in it.
    """
    named = environment.get(VARIABLE, "").strip()
    if os.name != "posix" or not named or not Path(named).stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        return ""
    name = Path(named).name
    return f"{name} holds secrets, and other accounts of this machine can read it. Next: chmod 600 {name}"


def _checked(given: Mapping[str, Any], where: str, address: Origin, folder: Path) -> SignIn:
    texts = {key: given.get(key) for key in _KEYS if key not in ("values", "hours")}
    wrong = [key for key, value in texts.items() if value is not None and not isinstance(value, str)]
    if wrong:
        raise ServeError(f"{where}: {wrong[0]} must be text in quotation marks")
    issuer = str(given["issuer"]).strip()
    # Only the site is looked at: a provider may lie under a path.
    origin_of("/".join(issuer.split("/")[:3]), f"{where}: issuer")
    if not issuer.isprintable() or any(letter in issuer for letter in "?# "):
        raise ServeError(f"{where}: issuer holds letters that no provider's address ends with")
    secret = str(given["cookie_secret"])
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_LETTERS:
        raise ServeError(
            f"{where}: cookie_secret has fewer than {SHORTEST_SECRET} letters, or repeats a few of them, and "
            "could be guessed. Next: "
            'python -c "import secrets; print(secrets.token_hex(32))"'
        )
    release = folder / str(given["release"])
    log = folder / str(given["log"]) if given.get("log") else release.parent.parent / FILE_NAME
    if log.resolve().is_relative_to(release.resolve()):
        raise ServeError(f"{where}: log lies inside the release. Next: name a file elsewhere")
    if log.is_dir():
        raise ServeError(f"{where}: log names a folder. Next: name a file in it")
    return SignIn(
        issuer=issuer,
        client_id=str(given["client_id"]),
        client_secret=str(given["client_secret"]),
        cookie_secret=str(given["cookie_secret"]),
        claim=str(given["claim"]),
        values=_values(given["values"], where),
        release=release,
        log=log,
        address=address,
        hours=_hours(given.get("hours", HOURS), where),
        audience=str(given.get("audience") or given["client_id"]),
        scope=str(given.get("scope") or SignIn.scope),
    )


def _values(given: object, where: str) -> frozenset[str]:
    values = given.split(",") if isinstance(given, str) else given
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise ServeError(f'{where}: values must be a list of texts, such as ["trafficking-partners"]')
    found = frozenset(one.strip() for one in values if one.strip())
    if not found:
        raise ServeError(f"{where}: values names nobody, so nobody could see partner figures")
    return found


def _hours(given: object, where: str) -> float:
    wanted = f"{where}: hours is not a number of hours from 1 to {_MOST_HOURS}"
    try:
        hours = float(str(given))
    except ValueError:
        raise ServeError(wanted) from None
    if not 1 <= hours <= _MOST_HOURS:
        raise ServeError(wanted)
    return hours


def _in_file(file: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ServeError(f"{VARIABLE} names {file.name}, which cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # The reader's own message would quote a line, and a secret stands in one of them.
        raise ServeError(
            f"{file.name} is not valid TOML. Next: see the example in docs/operations.md"
        ) from None
    table = found.get(TABLE)
    if not isinstance(table, dict):
        raise ServeError(f"{file.name} has no table [{TABLE}]. Next: see the example in docs/operations.md")
    unknown = sorted(set(table) - set(_KEYS))
    if unknown:
        raise ServeError(
            f"{file.name}, [{TABLE}]: {unknown[0]} is no key. Allowed: {', '.join(sorted(_KEYS))}"
        )
    return table


def _variable(key: str) -> str:
    return f"{VARIABLE}_{key.upper()}"
