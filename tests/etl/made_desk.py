"""The keeper's desk as a page without a browser: opened with a file in it, taken to a step, looked into."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from streamlit.testing.v1 import AppTest

from etl.desk.state import Desk
from tests.support import PROJECT

CHOOSE, LOOK, MATCH, CHECK = range(4)
SECONDS = 60


@contextmanager
def desks() -> Iterator[Callable[[str, bytes], AppTest]]:
    """Hand over a function that opens a desk of the home in LTT_HOME with a file; all let go at the end."""
    apps: list[AppTest] = []

    def opened(name: str, data: bytes) -> AppTest:
        app = AppTest.from_file(str(PROJECT / "etl" / "desk" / "app.py"), default_timeout=SECONDS).run()
        apps.append(app)
        app.file_uploader[0].set_value((name, data, "text/csv")).run()
        return app

    yield opened
    for app in apps:
        app.session_state["desk"].let_go()


def at(app: AppTest, step: int) -> AppTest:
    """Go to a step."""
    app.radio(key="step").set_value(step).run()
    assert not app.exception
    return app


def desk_in(app: AppTest) -> Desk:
    """Return what a session's desk holds."""
    held: Desk = app.session_state["desk"]
    return held
