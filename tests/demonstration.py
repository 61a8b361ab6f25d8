"""The demonstration as a user builds it: once a test run, by the production ETL."""

import functools
import tempfile
from pathlib import Path

from etl.cli import main


@functools.cache
def demonstration_home() -> Path:
    """Return a home with the demonstration's warehouse and public release; made at the first call.

    The folder lies in the run's temporary files and is left to the system to clear.
    """
    folder = Path(tempfile.mkdtemp(prefix="ltt-demonstration-"))
    code = main(["build", "--demo", "--home", str(folder)])
    if code:
        raise RuntimeError(f"the demonstration could not be built (exit code {code})")
    return folder


def demonstration_release() -> Path:
    """Return the folder of the demonstration's public release."""
    return demonstration_home() / "release" / "public"
