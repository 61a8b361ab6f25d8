"""Opens pages without a browser, on a small release of made-up people."""

import html
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test

from tests.demonstration import demonstration_release
from tests.example_release import build
from tests.support import PROJECT

SECONDS = 60
OpenPage = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def _what_is_always_alike_is_made_once() -> Iterator[None]:
    """Every `AppTest` reads what installed packages say of themselves, and compiles the scripts of the pages.

    Both take a good part of the time of a page, and a server does them once in its life.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        compiled = ScriptCache()
        patch.setattr(app_test, "ScriptCache", lambda: compiled)
        yield


class KnownPages(PagesManager):
    """Pages that are registered before the first visit, as `ui.app.server` does it."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        PagesManager.uses_pages_directory = False


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
    """Return a function that opens a page with an address, and fails on any uncaught error.

    With `every_card` the figures behind "More figures" are opened as well.
    """

    def opened(
        page: str = "overview", release_folder: Path = folder, *, every_card: bool = False, **address: Any
    ) -> AppTest:
        monkeypatch.setenv("LTT_RELEASE", str(release_folder))
        monkeypatch.setattr(app_test, "PagesManager", KnownPages)
        app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=SECONDS)
        for name, value in address.items():
            app.query_params[name] = value
        if every_card:
            app.session_state["more_is_open"] = EverySection()
        if page != "overview":
            app.switch_page(f"pages/{page}.py")
        app.run()
        assert not app.exception, app.exception[0].value
        return app

    return opened


class EverySection(dict[str, bool]):
    """Which sections are opened: all of them."""

    def get(self, _title: str, _default: bool | None = None) -> bool:
        return True


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
