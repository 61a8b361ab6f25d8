"""The frame of the desk: its title, the steps with the state of each, and the one that is shown."""

import streamlit as st

from etl.config import home_at, read_deployment
from etl.desk import engine, start
from etl.desk.state import Desk
from etl.desk.steps import STEPS, Step, is_done
from etl.desk.steps.check import NAME as CHECK

_STEP = "step"
TITLE = "Keeper's desk"
#: What is filled with the colour of the brand: buttons that stand out, what was chosen in a box of several.
_FILLED = (
    '[data-testid^="stBase"][data-testid*="primary"]:not(:disabled)',
    '[data-testid^="stBase"][data-testid*="primary"]:not(:disabled) p',
    '[data-testid="stMultiSelect"] [data-tag] span',
    '[data-testid="stMultiSelect"] [data-tag]',
    '[data-testid="stMultiSelect"] [data-tag] button',
)
PROMISE = "On this machine alone. A file is read and not kept; its copy goes when you close this page."


def main() -> None:
    """Draw the desk."""
    st.set_page_config(page_title=TITLE, layout="centered", initial_sidebar_state="auto")
    _readable()
    with engine.refusals():
        desk = opened()
        step = _chosen(desk)
        place = STEPS.index(step)
        st.caption(f"Step {place + 1} of {len(STEPS)}")
        st.title(step.NAME)
        with engine.refusals():
            if place == 0 and desk.upload is None:
                start.show(desk.home)
            step.show(desk)
        _back_and_forth(place, desk)


def _readable() -> None:
    """Write in the colour of the paper on what is filled with the brand's, which is light on dark paper."""
    paper = st.get_option("theme.dark.backgroundColor")
    rule = f"{', '.join(_FILLED)} {{ color: {paper} !important; }}"
    st.html(f"<style>@media (prefers-color-scheme: dark) {{ {rule} }}</style>")


def opened() -> Desk:
    """Return what this session has open; it is let go when the session ends."""
    if "desk" not in st.session_state:
        st.session_state.desk = Desk(home_at(None).root)
    desk: Desk = st.session_state.desk
    _until_the_end(desk)
    return desk


@st.cache_resource(scope="session", on_release=Desk.close, show_spinner=False)
def _until_the_end(_desk: Desk) -> Desk:
    """Delete the copy of a file when the page is closed; what was said of it outlives a sleeping machine."""
    return _desk


def _chosen(desk: Desk) -> Step:
    st.session_state.setdefault(_STEP, 0)
    with st.sidebar:
        st.subheader(TITLE)
        place = read_deployment(desk.home).place
        st.caption(engine.plain(place or desk.home.name))
        number = st.radio(
            "Steps",
            range(len(STEPS)),
            format_func=lambda at: f"{at + 1}  {STEPS[at].NAME}",
            captions=[_state(one, desk) for one in STEPS],
            key=_STEP,
        )
        st.caption(PROMISE)
    return STEPS[number]


def _state(step: Step, desk: Desk) -> str:
    try:
        return engine.plain(step.state(desk))
    except Exception:  # the step itself says what is the matter; here it must not keep the others from sight
        return "cannot be told"


def _back_and_forth(place: int, desk: Desk) -> None:
    before, after = st.columns(2)
    if place > 0:
        before.button(
            f"Back: {STEPS[place - 1].NAME}",
            on_click=go_to,
            args=(place - 1,),
            width="stretch",
        )
    if place + 1 < len(STEPS):
        after.button(
            f"Next: {STEPS[place + 1].NAME}",
            on_click=go_to,
            args=(place + 1,),
            width="stretch",
            type="primary" if _is_done(place, desk) else "secondary",
            disabled=desk.checked is not None and not desk.checked.is_good and STEPS[place].NAME == CHECK,
        )


def _is_done(place: int, desk: Desk) -> bool:
    """Return whether going on is what to do now; until then the button of the step itself stands out."""
    try:
        return is_done(place, desk)
    except Exception:  # the step itself says what is the matter
        return False


def go_to(place: int) -> None:
    """Show another step, counted from 0; for a button's ``on_click``."""
    st.session_state[_STEP] = place


if __name__ == "__main__":
    main()
