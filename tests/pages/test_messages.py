"""What a change of a filter sends to the browser: messages and bytes, with a budget for each page."""

import gc
import inspect
from typing import Any, ClassVar

import pytest
from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import local_script_runner

from tests.pages.opening import KnownPages
from tests.support import PROJECT
from ui.app import lasting
from ui.cards.face import face
from ui.maps import boundary_route
from ui.view import controls

SENDS, DRAWS = controls.run, face.draw
#: Page to most messages and most bytes, of the demonstration and a first filter. What a server adds to them
#: are four of its own state; a first filter draws the button that clears them, which takes two.
BUDGET = {
    "overview": (18, 35_000),
    "trends": (24, 27_000),
    "people_and_forms": (32, 60_000),
    "geography": (35, 60_000),
    "gaps": (40, 50_000),
}


class Remembered(KnownPages):
    """Pages that are known from the first run of all on."""

    known: ClassVar[dict[str, Any]] = {}

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._pages = dict(self.known) or None

    def set_pages_and_resolve(self, pages: dict[str, Any], *given: Any, **more: Any) -> Any:
        """Keep them for the runs to come."""
        self.known.update(pages)
        return super().set_pages_and_resolve(pages, *given, **more)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[ForwardMsg]:
    """Return the messages of the newest run."""
    messages: list[ForwardMsg] = []
    handed_over = local_script_runner.LocalScriptRunner.forward_msgs

    def noted(self) -> list[ForwardMsg]:
        messages[:] = handed_over(self)
        return messages

    monkeypatch.setattr(local_script_runner.LocalScriptRunner, "forward_msgs", noted)
    # A session knows the pages from its first run on; without a browser each run begins with none.
    monkeypatch.setattr("tests.pages.opening.KnownPages", Remembered)
    return messages


def kinds(messages: list[ForwardMsg]) -> list[str]:
    """Return what elements were sent."""
    return [
        message.delta.new_element.WhichOneof("type")
        for message in messages
        if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element"
    ]


@pytest.mark.parametrize("page", BUDGET)
def test_a_filter_sends_the_page_and_not_the_frame(
    open_page, demonstration, sent, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr(boundary_route, "address", lambda *_given, **_more: "/boundaries/x.json")
    app = open_page(page, release_folder=demonstration)
    monkeypatch.setattr(controls, "run", SENDS)
    monkeypatch.setattr(face, "draw", DRAWS)
    whole = len(sent)
    app.selectbox(key="pick_area").select_index(1).run()
    messages, size = BUDGET[page]
    drawn = kinds(sent)
    assert "exception" not in drawn and "heading" not in drawn
    assert len(sent) <= messages < whole, f"{page}: {len(sent)} messages"
    assert sum(message.ByteSize() for message in sent) <= size
    assert "page_link" not in drawn, "the list of pages is not sent again"
    assert not {"plotly_chart", "download_button"} & set(drawn), "a card is one message"


def test_the_library_of_charts_is_the_one_that_streamlit_brings() -> None:
    """It puts itself into the window; with another version of Streamlit this is to be looked at anew."""
    name = face.chart_library()
    source = (face.Path(face.get_static_dir()) / "static" / "js" / name).read_text("utf-8")
    assert "window.Plotly=" in source
    script = face.script()
    assert name in script and "CHUNK" not in script and "CONFIG" not in script
    assert len(face._SCRIPT) < 250, "it travels with every card"


def test_what_lasts_is_taken_out_of_the_search_once_for_each_release(monkeypatch) -> None:
    taken = []
    monkeypatch.setattr(gc, "freeze", lambda: taken.append(1))
    monkeypatch.setattr(lasting, "_known", set())
    for release in ("one", "one", "other"):
        lasting.keep(release)
    assert len(taken) == 2


def test_no_run_ends_with_a_look_through_all_objects(monkeypatch) -> None:
    """It costs more the more readers there are, and all wait meanwhile; Streamlit asks this switch."""
    monkeypatch.chdir(PROJECT)
    assert config.get_config_options(force_reparse=True)["runner.postScriptGC"].value is False
    source = inspect.getsource(script_runner)
    assert source.count("gc.collect") == 1 and 'config.get_option("runner.postScriptGC")' in source
