"""The home folder of a deployment: where things lie, who may read them, and what ``deployment.toml`` says."""

import json
import os
import re
import secrets
import stat
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from etl.errors import EtlError

PROJECT = Path(__file__).resolve().parents[1]
DEFAULT_HOME = PROJECT / "data"
REFERENCE = PROJECT / "data" / "reference"
DEPLOYMENT = "deployment.toml"
KEYS = {"place", "contact", "home_country", "geography", "areas", "as_of", "input_folders", "input"}

# Fixed and public on purpose: the demonstration region is made up, so nobody is protected by hiding this,
# and a fixed value makes its release the same on every machine.
DEMONSTRATION_SECRET = b"local trafficking trends: demonstration region, no real people"

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
SECRET_BYTES = 32
SHORTEST_SECRET = 16
RESTORE = (
    "Restore restricted/secret (or LTT_SECRET) from your backup: with another one, numbers would change."
)


@dataclass(frozen=True)
class Input:
    """One ``[[input]]`` of ``deployment.toml``: a file, the source that reads it and its mapping."""

    file: Path
    source: str
    mapping: Path | None = None


@dataclass(frozen=True)
class Deployment:
    """What ``deployment.toml`` says; every value has a default, so the file is optional.

    Attributes
    ----------
    place, contact : str
        Shown on every page: the name of the area, and whom to write to.
    home_country : str
        ISO 3166-1 alpha-2 code, or empty.
    geography : str
        Geography of the task force's own records, or empty.
    areas : tuple of str
        Codes of the areas of that geography that are covered, at any level; empty: all of them.
    as_of : datetime.date or None
        Fixed reporting date; without it the last day of the last covered month.
    inputs : tuple of Input
        Files that ``build`` loads, in this order.
    folder : pathlib.Path
        Folder of the file: relative paths start here, and inputs must lie inside it or inside ``allowed``.
    allowed : tuple of pathlib.Path
        Further folders that inputs may lie in (``input_folders``).
    """

    place: str = ""
    contact: str = ""
    home_country: str = ""
    geography: str = ""
    areas: tuple[str, ...] = ()
    as_of: date | None = None
    inputs: tuple[Input, ...] = ()
    folder: Path = DEFAULT_HOME
    allowed: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Home:
    """Paths of one deployment. Nothing outside ``etl`` may ask for ``restricted``."""

    root: Path

    @property
    def restricted(self) -> Path:
        """Folder of records, the secret and the lock; mode 0700."""
        return self.root / "restricted"

    def release(self, profile: str) -> Path:
        """Return the folder of a profile's release; the steward's stays in the restricted zone."""
        return self.restricted / "steward" if profile == "steward" else self.root / "release" / profile

    def frozen(self, is_synthetic: bool) -> Path:
        """Return the file of closed periods. Made-up and real records never share one."""
        return self.restricted / ("frozen-demonstration.duckdb" if is_synthetic else "frozen.duckdb")


def home_at(folder: str | Path | None) -> Home:
    """Return the home folder: the argument, else ``LTT_HOME``, else the project's ``data``."""
    chosen = folder or os.environ.get("LTT_HOME") or DEFAULT_HOME
    root = Path(chosen).expanduser().resolve()
    if root.exists() and not root.is_dir():
        raise EtlError(
            f"The home {root} is a file; a folder is needed.", "python -m etl status --home FOLDER"
        )
    return Home(root)


def secure(home: Home) -> list[str]:
    """Make the restricted folder, or repair its modes; return what was repaired, in words.

    Raises
    ------
    EtlError
        When the folder is a link, belongs to somebody else or its mode cannot be set.
    """
    folder = home.restricted
    if folder.is_symlink():
        raise EtlError(
            f"{folder} is a link. Records may only lie in a real folder that this user owns.",
            f"Remove the link, or move the home: --home FOLDER (now {home.root})",
        )
    folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    repaired = _tighten(folder, PRIVATE_FOLDER)
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.is_symlink():
            repaired += _tighten(path, PRIVATE_FILE)
    return repaired


def _tighten(path: Path, mode: int) -> list[str]:
    """Take away every right that ``mode`` does not give (no-op where the system has no such modes)."""
    if os.name == "nt":
        return []
    current = stat.S_IMODE(path.stat().st_mode)
    if current & ~mode == 0:
        return []
    try:
        path.chmod(mode)
    except OSError as error:
        raise EtlError(
            f"{path} can be read by others (mode {current:04o}) and this user may not change that.",
            f"Let its owner run: chmod {mode:04o} {path}",
        ) from error
    return [f"{path.name} had mode {current:04o}; set to {mode:04o}."]


def secret(home: Home, is_synthetic: bool) -> bytes:
    """Return the key of person keys and cell keys; make it at first need.

    ``LTT_SECRET`` goes before the file. It is never printed or logged. The demonstration has a fixed, public
    one, so that its release is the same everywhere.

    Raises
    ------
    EtlError
        When the secret is too short to protect anybody.
    """
    if is_synthetic:
        return DEMONSTRATION_SECRET
    given = os.environ.get("LTT_SECRET", "")
    if given:
        return _long_enough(given.encode("utf-8"), "LTT_SECRET")
    path = home.restricted / "secret"
    if not path.exists():
        _refuse_to_start_over(home)
        _write_secret(path)
    secure(home)
    try:
        value = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError as error:
        raise EtlError(f"The secret {path} is damaged.", RESTORE) from error
    return _long_enough(value, path.name)


def _refuse_to_start_over(home: Home) -> None:
    """Refuse a new secret where records were keyed with another: the same people would get other numbers."""
    manifest = home.restricted / "manifest.json"
    try:
        versions = json.loads(manifest.read_text("utf-8"))["versions"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    if any(not version.get("is_synthetic") for version in versions):
        raise EtlError(f"The secret of {home.root} is not there, but records were loaded with it.", RESTORE)


def _write_secret(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    aside = path.with_name(f"{path.name}.new")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_bytes(SECRET_BYTES).hex())
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def _long_enough(value: bytes, name: str) -> bytes:
    if len(value) < SHORTEST_SECRET:
        raise EtlError(
            f"The secret in {name} is shorter than {SHORTEST_SECRET} bytes.",
            RESTORE,
        )
    return value


def read_deployment(folder: Path) -> Deployment:
    """Read ``deployment.toml`` in a folder; without the file, return the defaults.

    Raises
    ------
    EtlError
        For a file that is not TOML, an unknown key, a wrong type or an input outside the allowed folders.
    """
    path = folder / DEPLOYMENT
    if not path.exists():
        return Deployment(folder=folder)
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise EtlError(f"{path} cannot be read: {error}.", "See docs/adding.md for an example.") from error
    _only_known(values, KEYS, path)
    texts = {key: _text(values, key, path) for key in ("place", "contact", "home_country", "geography")}
    if texts["home_country"] and not re.fullmatch(r"[A-Z]{2}", texts["home_country"]):
        raise EtlError(f"{path}: home_country must be two capital letters, such as US.", "ISO 3166-1 alpha-2")
    names = _list(values, "input_folders", str, path, '["/path/to/folder"]')
    allowed = tuple((folder / Path(name).expanduser()).resolve() for name in names)
    entries = _list(values, "input", dict, path, "one [[input]] for each file")
    inputs = tuple(_input(entry, folder, allowed, path) for entry in entries)
    return Deployment(
        **texts,
        areas=_areas(values, path),
        as_of=_date(values, path),
        inputs=inputs,
        folder=folder,
        allowed=allowed,
    )


def _input(entry: dict[str, Any], folder: Path, allowed: tuple[Path, ...], path: Path) -> Input:
    _only_known(entry, {"file", "source", "mapping"}, path, "[[input]] ")
    for key in ("file", "source"):
        if not entry.get(key):
            raise EtlError(f"{path}: an [[input]] has no {key}.", 'Write file = "…" and source = "…".')
    mapping = _text(entry, "mapping", path)
    return Input(
        file=inside(folder, _text(entry, "file", path), allowed, path),
        source=_text(entry, "source", path),
        mapping=inside(folder, mapping, allowed, path) if mapping else None,
    )


def inside(folder: Path, name: str, allowed: tuple[Path, ...], path: Path) -> Path:
    """Return the path of ``name`` under ``folder``, which must stay inside it or a folder of ``allowed``.

    Links are followed first, so a link cannot lead out.
    """
    target = (folder / Path(name).expanduser()).resolve()
    if not any(target.is_relative_to(root) for root in (folder.resolve(), *allowed)):
        raise EtlError(
            f"{path}: {name!r} lies outside the folder {folder}.",
            'Move the file, or allow its folder: input_folders = ["/path/to/folder"] at the top of the file.',
        )
    return target


def _only_known(values: dict[str, Any], known: set[str], path: Path, where: str = "") -> None:
    unknown = sorted(set(values) - known)
    if unknown:
        raise EtlError(
            f"{path}: {where}has an unknown key {unknown[0]!r}. Known: {', '.join(sorted(known))}.",
            "Correct or remove the key.",
        )


def _text(values: dict[str, Any], key: str, path: Path) -> str:
    value = values.get(key, "")
    if not isinstance(value, str):
        raise EtlError(f"{path}: {key} must be text in quotes, not {type(value).__name__}.", f'{key} = "…"')
    return value


def _list(values: dict[str, Any], key: str, kind: type, path: Path, example: str) -> list[Any]:
    value = values.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, kind) for item in value):
        raise EtlError(f"{path}: {key} must be a list: {example}.", "See docs/adding.md for an example.")
    return value


def _areas(values: dict[str, Any], path: Path) -> tuple[str, ...]:
    areas = tuple(dict.fromkeys(_list(values, "areas", str, path, '["12", "12086"], codes in quotes')))
    if areas and not values.get("geography"):
        raise EtlError(
            f"{path}: areas needs geography, whose codes they are.", 'Write both, such as geography = "us".'
        )
    return areas


def _date(values: dict[str, Any], path: Path) -> date | None:
    value = values.get("as_of")
    if value is not None and type(value) is not date:
        raise EtlError(
            f"{path}: as_of must be a date such as 2026-06-30, without quotes.", "as_of = 2026-06-30"
        )
    return value
