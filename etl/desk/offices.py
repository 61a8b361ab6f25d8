"""Which offices a home knows by which code: those that were loaded, and those of the mappings it keeps."""

from pathlib import Path

from etl.config import Home
from etl.desk import drafts
from etl.desk.state import Desk, mappings
from etl.drafting import toml_text
from etl.errors import EtlError
from etl.store import warehouse


def others(desk: Desk, code: str, label: str) -> tuple[str, ...]:
    """Return the names of other offices that a code belongs to.

    Parameters
    ----------
    code, label
        Of the office that the open mapping names.
    """
    if not code:
        return ()
    loaded = drafts.known(desk, ("offices", _version(desk.home)), lambda *_: _loaded(desk.home))
    found = [loaded.get(code, ""), *_of_mappings(desk.home, code)]
    own = label.casefold().split()
    return tuple(dict.fromkeys(one for one in found if one and one.casefold().split() != own))


def _version(home: Path) -> str:
    manifest = warehouse.parse_manifest(Home(home))
    return str(manifest.current) if manifest else ""


def _loaded(home: Path) -> dict[str, str]:
    manifest = warehouse.parse_manifest(Home(home))
    current = manifest.version(manifest.current) if manifest else None
    if current is None or current.is_synthetic:  # one's own records never stand beside made-up ones
        return {}
    with warehouse.connect(Home(home).restricted / current.file) as connection:
        return dict(connection.execute("SELECT source_id, label FROM stage.source").fetchall())


def _of_mappings(home: Path, code: str) -> list[str]:
    """Return what the kept mappings of a code call it: the newest of each, not what was kept beside it."""
    path = mappings(home) / f"{code}.toml"
    try:
        source = toml_text.parsed(path.read_text("utf-8")).get("source")
    except (OSError, UnicodeDecodeError, EtlError):
        return []
    label = source.get("label") if isinstance(source, dict) else None
    return [label] if isinstance(label, str) else []
