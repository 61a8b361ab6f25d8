"""Opens pages without a browser, on a small release of made-up people."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.demonstration import demonstration_release
from tests.example_release import build
from tests.pages.opening import OpenPage, made_once, opener


@pytest.fixture(scope="session", autouse=True)
def _what_is_always_alike_is_made_once() -> Iterator[None]:
    with made_once():
        yield


@pytest.fixture(scope="session")
def steward_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A steward's release: true numbers, no threshold."""
    place = tmp_path_factory.mktemp("restricted") / "steward"
    return build(place, profile="steward", threshold=1, noise=False, persons=1_500)


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty people: almost nothing can be shown."""
    return build(tmp_path_factory.mktemp("tiny") / "public", persons=60)


@pytest.fixture(scope="session")
def demonstration() -> Path:
    """The release of the demonstration, as a user builds it: every table, every planted fact."""
    return demonstration_release()


@pytest.fixture
def open_page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Return a function that opens a page with an address, and fails on any uncaught error."""
    return opener(folder, monkeypatch)


def headlines(app: AppTest) -> dict[str, str]:
    """Return the headline of each card by the card's key, chips included."""
    bodies = "".join(element.proto.body for element in app.get("html"))
    found = re.findall(r'<h3 class="ltt-headline" data-card="([^"]*)"[^>]*>(.*?)</h3>', bodies)
    return {key: html.unescape(re.sub(r"<[^>]+>", "", words)) for key, words in found}


def verdicts(app: AppTest) -> dict[str, str]:
    """Return the verdict of each card's finding by the card's key: "long 1, newest 0"."""
    bodies = "".join(element.proto.body for element in app.get("html"))
    pattern = r'data-card="([^"]*)" data-finding="[^"]*" data-verdict="([^"]*)"'
    return dict(re.findall(pattern, bodies))


def said(app: AppTest) -> str:
    """Return everything a page says in words, HTML included."""
    parts = [element.proto.body for element in app.get("html")]
    for kind in ("title", "markdown", "warning", "caption", "button", "code"):
        parts += [
            getattr(element, "value", None) or getattr(element, "label", "") for element in app.get(kind)
        ]
    return "\n".join(str(part) for part in parts)
