"""How many examples tests draw, and where they find files that are not part of the project.

The real files and published reference tables are not shipped. A test that needs one asks here and is
skipped, with the reason, on a clone that does not have them.
"""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared"


def examples(usual: int) -> int:
    """Return how many examples a test draws that usually draws so many: fewer in the profile `quick`."""
    return max(5, usual * settings.default.max_examples // 100)


def awaited(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end; in a thread: a browser of another test may have a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def _shared(kind: str, parts: tuple[str, ...]) -> Path:
    path = SHARED.joinpath(kind, *parts)
    if not path.exists():
        pytest.skip(
            f"{kind}/{'/'.join(parts)} is not on this machine: real and reference files are not shipped"
        )
    return path


def real_data(*parts: str) -> Path:
    """Return a path under the folder of real files, or skip the test."""
    return _shared("real-data", parts)


def reference(*parts: str) -> Path:
    """Return a path under the folder of published reference tables, or skip the test."""
    return _shared("reference", parts)
