"""Reads the further parameter files of the demonstration, each once."""

import tomllib
from functools import cache
from typing import Any

from etl.demonstration.region import FOLDER


@cache
def parameters(name: str) -> dict[str, Any]:
    """Return ``data/reference/demonstration/<name>.toml``."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
