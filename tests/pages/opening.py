"""Opens pages in this process, without a browser: for the tests of pages, and for benchmarks."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test

from analysis.release.access_log import LOG_VARIABLE, beside
from tests.support import PROJECT
from ui.cards.face import face, finished
from ui.view import controls

SECONDS = 60
DRAWS, PLACES = face.draw, finished.place_of
OpenPage = Callable[..., AppTest]


@contextmanager
def made_once() -> Iterator[None]:
    """Make once what every `AppTest` makes anew: what packages say of themselves, and the pages' scripts.

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


class EverySection(dict[str, bool]):
    """Which sections are opened: all of them."""

    def get(self, _title: str, _default: bool | None = None) -> bool:
        return True


def opener(folder: Path, patch: pytest.MonkeyPatch) -> OpenPage:
    """Return a function that opens a page with an address, and fails on any uncaught error.

    With `every_card` the figures behind "More figures" are opened as well, with `menu_is_open` what takes the
    page along. With `as_sent` cards are drawn as a browser gets them, and kept.

    Parameters
    ----------
    folder
        The release that is opened unless another is given.
    patch
        Sets the release for the time of a test.
    """

    def opened(
        page: str = "overview",
        release_folder: Path = folder,
        *,
        every_card: bool = False,
        menu_is_open: bool = False,
        as_sent: bool = False,
        **address: Any,
    ) -> AppTest:
        patch.setenv("LTT_RELEASE", str(release_folder))
        # As `ui.app.serve` does: looks at exact numbers are written down beside them.
        patch.setenv(LOG_VARIABLE, os.environ.get(LOG_VARIABLE) or str(beside(release_folder)))
        patch.setattr(app_test, "PagesManager", KnownPages)
        # A test without a browser reads what a run has drawn: each draws everything.
        patch.setattr(controls, "run", lambda _fragments: st.rerun())
        # What a card hands to the browser, as pieces that such a test can read and click.
        patch.setattr(face, "draw", DRAWS if as_sent else face.draw_in_pieces)
        patch.setattr(finished, "place_of", PLACES if as_sent else lambda *_given, **_more: None)
        app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=SECONDS)
        for name, value in address.items():
            app.query_params[name] = value
        if every_card:
            app.session_state["more_is_open"] = EverySection()
        if menu_is_open:
            app.session_state["take_along"] = True
        if page != "overview":
            app.switch_page(f"pages/{page}.py")
        app.run()
        assert not app.exception, app.exception[0].value
        return app

    return opened
