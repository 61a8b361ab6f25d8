"""The home folder of a deployment: where things lie, who may read them, and what ``deployment.toml`` says."""

import json
import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from analysis.catalog.table import Table, read_toml
from analysis.errors import echo
from etl.errors import EtlError

PROJECT = Path(__file__).resolve().parents[1]
DEFAULT_HOME = PROJECT / "data"
REFERENCE = PROJECT / "data" / "reference"
DEPLOYMENT = "deployment.toml"

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
    published_texts : tuple of str
        Columns of registers that are written in words and may leave, as register.column; or "all".
    as_of : datetime.date or None
        Fixed reporting date; without it the last day of the last covered month.
    next_update : datetime.date or None
        When the next figures are due; said in briefings.
    fiscal_years : mapping
        Years that funders count by: name to the month, 2 to 12, that they begin with.
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
    published_texts: tuple[str, ...] = ()
    as_of: date | None = None
    next_update: date | None = None
    fiscal_years: Mapping[str, int] = field(default_factory=dict)
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

    def released(self, is_synthetic: bool) -> Path:
        """Return the record of which closed periods a release was ever written for."""
        return self.restricted / ("released-demonstration.json" if is_synthetic else "released.json")


def home_at(folder: str | Path | None) -> Home:
    """Return the home folder: the argument, else ``LTT_HOME``, else the project's ``data``."""
    chosen = folder or os.environ.get("LTT_HOME") or DEFAULT_HOME
    root = Path(chosen).expanduser().resolve()
    if root.exists() and not root.is_dir():
        raise EtlError(
            f"The home {root} is a file; a folder is needed.", "python -m etl status --home FOLDER"
        )
    if "?" in str(root):  # DuckDB reads what follows as settings, and cannot write its log
        raise EtlError(
            f"The home {root} has a question mark in its path: a database cannot be written there.",
            "Rename the folder, or choose another one: --home FOLDER",
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
        is_real = any(not version.get("is_synthetic") for version in versions)
    except FileNotFoundError:
        is_real = any(home.restricted.glob("warehouse-*.duckdb"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        is_real = True  # what was loaded is not known, and not knowing is no permission
    if is_real or home.frozen(is_synthetic=False).exists():
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


def read_deployment(folder: Path, name: str = DEPLOYMENT) -> Deployment:
    """Read ``deployment.toml`` in a folder; without the file, return the defaults.

    Parameters
    ----------
    folder
        Of the deployment.
    name
        Of the file: one that is to take its place is read before it does.

    Raises
    ------
    EtlError
        For a file that is not TOML, an unknown key, a wrong type or an input outside the allowed folders.
    """
    path = folder / name
    if not path.exists():
        return Deployment(folder=folder)
    shown = str(folder / DEPLOYMENT)
    toml = read_toml(path, shown, lambda message: EtlError(message, "See docs/adding.md for an example."))
    names = toml.codes("input_folders", [])
    allowed = tuple((folder / Path(name).expanduser()).resolve() for name in names)
    deployment = Deployment(
        place=toml.text("place", ""),
        contact=toml.text("contact", ""),
        home_country=toml.text("home_country", ""),
        geography=toml.text("geography", ""),
        areas=toml.codes("areas", []),
        published_texts=toml.texts("published_texts", []),
        as_of=toml.day("as_of", None),
        fiscal_years=dict(_fiscal_year(entry) for entry in toml.tables("fiscal_year")),
        next_update=toml.day("next_update", None),
        inputs=tuple(_input(entry, folder, allowed, folder / DEPLOYMENT) for entry in toml.tables("input")),
        folder=folder,
        allowed=allowed,
    )
    toml.finish()
    country = deployment.home_country
    if country and not re.fullmatch(r"[A-Z]{2}", country):
        raise toml.fail("home_country", echo(country), "two capital letters, such as US (ISO 3166-1 alpha-2)")
    if deployment.areas and not deployment.geography:
        raise toml.fail("geography", "missing", "the geography whose codes 'areas' are, such as \"us\"")
    return deployment


def named_now(home: Home, known: Mapping[str, str]) -> dict[str, str]:
    """Return ``place`` and ``contact`` as readers are told them: as ``deployment.toml`` says now.

    Without the file, and of a place that it does not name, as the records were loaded. Made-up people stay in
    the place that they were made for.

    Parameters
    ----------
    home
        Whose file it is.
    known
        What the warehouse says of itself (``meta.info``).
    """
    said = read_deployment(home.root)
    place, contact = known.get("place", ""), known.get("contact", "")
    if known.get("is_synthetic") == "true":
        return {"place": place, "contact": contact or said.contact}
    has_file = (home.root / DEPLOYMENT).exists()
    return {"place": said.place or place, "contact": said.contact if has_file else contact}


def _fiscal_year(entry: Table) -> tuple[str, int]:
    """Return name and first month of a ``[[fiscal_year]]``; one from January is the calendar year."""
    name, first = entry.text("name"), entry.whole("first_month", least=2, most=12)
    entry.finish()
    return name, first


def _input(entry: Table, folder: Path, allowed: tuple[Path, ...], path: Path) -> Input:
    file, source, mapping = entry.text("file"), entry.text("source"), entry.text("mapping", "")
    entry.finish()
    return Input(
        file=inside(folder, file, allowed, path),
        source=source,
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
