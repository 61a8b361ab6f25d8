"""The demonstration as a user builds it, by the production ETL: once for each state of what builds it."""

import functools
import hashlib
import tempfile
from pathlib import Path

from etl.cli import main
from etl.config import home_at
from etl.store.locking import exclusive
from tests.support import PROJECT

BUILT_FROM = (
    *("etl", "analysis/catalog", "analysis/questions", "analysis/release", "analysis/statistics"),
    *("data/catalog", "data/reference"),
)
SUFFIXES = (".py", ".sql", ".toml", ".json", ".csv", ".topojson")


@functools.cache
def demonstration_home() -> Path:
    """Return a home with the demonstration's warehouse, public and partner release; made at the first call.

    All workers and later runs share one as long as the code and the catalog that build it stay the same:
    the first makes it and the others wait. Nothing may be written there. The folder lies in the system's
    temporary files and is left to it to clear.
    """
    shared = Path(tempfile.gettempdir(), f"ltt-demonstration-{_state()}")
    shared.mkdir(exist_ok=True)
    home, is_ready = shared / "home", shared / "ready"
    with exclusive(home_at(shared), wait=True):
        if not is_ready.exists():
            code = main(["build", "--demo", "--home", str(home)])
            code = code or main(["release", "--profile", "partner", "--home", str(home)])
            if code:
                raise RuntimeError(f"the demonstration could not be built (exit code {code})")
            is_ready.touch()
    return home


def _state() -> str:
    """Return a hash of everything that the demonstration is built from."""
    digest = hashlib.sha256()
    for name in BUILT_FROM:
        for path in sorted((PROJECT / name).rglob("*")):
            if path.suffix in SUFFIXES:
                digest.update(path.relative_to(PROJECT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def demonstration_release(profile: str = "public") -> Path:
    """Return the folder of one of the demonstration's releases."""
    return demonstration_home() / "release" / profile
