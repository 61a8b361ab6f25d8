"""What this program is called, and which version of it runs."""

from functools import cache
from importlib import metadata

NAME = "Local Trafficking Trends"


@cache
def version() -> str:
    """Return the version of this program."""
    try:
        return metadata.version("local-trafficking-trends")
    except metadata.PackageNotFoundError:
        return "0.1.0"
