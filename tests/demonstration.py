"""The demonstration as a user builds it: once a test run, by the production ETL."""

import functools
import os
import tempfile
from pathlib import Path

from etl.cli import main
from etl.config import home_at
from etl.store.locking import exclusive


@functools.cache
def demonstration_home() -> Path:
    """Return a home with the demonstration's warehouse, public and partner release; made at the first call.

    All workers of a run share one: the first makes it and the others wait. Nothing may be written there. The
    folder lies in the system's temporary files and is left to it to clear.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run:
        shared = Path(tempfile.gettempdir(), f"ltt-demonstration-{run}")
        shared.mkdir(exist_ok=True)
    else:
        shared = Path(tempfile.mkdtemp(prefix="ltt-demonstration-"))
    home, is_ready = shared / "home", shared / "ready"
    with exclusive(home_at(shared), wait=True):
        if not is_ready.exists():
            code = main(["build", "--demo", "--home", str(home)])
            code = code or main(["release", "--profile", "partner", "--home", str(home)])
            if code:
                raise RuntimeError(f"the demonstration could not be built (exit code {code})")
            is_ready.touch()
    return home


def demonstration_release(profile: str = "public") -> Path:
    """Return the folder of one of the demonstration's releases."""
    return demonstration_home() / "release" / profile
