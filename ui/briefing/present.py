"""Presents a briefing: the whole screen, one slide at a time, by keyboard."""

from typing import Any

import streamlit as st

from ui import theme
from ui.briefing.slide import Deck, Slide
from ui.cards import table as tables
from ui.cards.words import chips_html, ribbons_html
from ui.charts.figure import Checked, Figure
from ui.view.states import escape
from ui.view.view import View

#: The page that presents.
PAGE = "briefing"
_PLACE, _DECK = "_presented_slide", "_presented"
KEYS = "Arrow keys, Home, End · B blank · N notes · Escape or Back to leave"
#: A projector of 1280 by 720 until the browser has told.
USUAL_HEIGHT = 720
_FIRST = {"place": 0, "height": USUAL_HEIGHT, "notes": False}
#: What headline, subtitle and foot of a slide take, in parts of the screen.
_CHART_PART = 0.62
_START_SCRIPT = """
export default function (component) {
  const { parentElement, setTriggerValue } = component;
  parentElement.querySelector('button').onclick = () => {
    // A browser may fill the screen after the reader has left again.
    document.documentElement.requestFullscreen?.()
      .then(() => { if (!history.state?.lttPresenting) document.exitFullscreen(); }).catch(() => {});
    history.pushState({ ...history.state, lttPresenting: true }, '');  // for the button Back to take away
    setTriggerValue('start', window.innerHeight);
  };
}
"""
_START_CSS = """
button { font: inherit; font-size: 1rem; padding: 6px 22px; border-radius: 8px; cursor: pointer;
  border: 1px solid var(--st-primary-color); background: var(--st-primary-color);
  color: var(--st-background-color); }
button:focus-visible { outline: 3px solid var(--st-text-color); outline-offset: 2px; }
"""
# The listener stays with the window: Streamlit runs a component's script again whenever its data change.
# Back ends presenting and nothing else. It is heard before Streamlit hears it, which would run the page once
# more; leaving by a key takes the entry away that Back would have.
_KEYS_SCRIPT = """
export default function (component) {
  const { parentElement, setTriggerValue, data } = component;
  window.lttPresent?.();
  const blank = document.createElement('div');
  blank.style.cssText = 'position:fixed;inset:0;background:black;z-index:1000002;display:none';
  document.body.append(blank);
  const steps = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ' ': 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
  // A place that comes back from the server is that of an earlier key: only the first one is taken.
  let now = parentElement.lttPlace ?? data.place;
  // Each is told with its moment: the same key twice would be taken for one.
  const go = (what, place) => setTriggerValue('key',
    { what, place, height: window.innerHeight, at: performance.now() });
  const press = event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = data.count;
    if (event.key in steps) now = Math.min(Math.max(now + steps[event.key], 0), last);
    else if (event.key === 'Home') now = 0;
    else if (event.key === 'End') now = last;
    else if (event.key === 'Escape') { leave(); return; }
    else if (event.key.toLowerCase() === 'b') {
      blank.style.display = blank.style.display === 'none' ? 'block' : 'none'; event.preventDefault(); return;
    } else if (event.key.toLowerCase() === 'n') {
      event.preventDefault();
      go('notes', now);
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
    parentElement.lttPlace = now;
    go('slide', now);
  };
  const address = location.pathname;
  const isOver = () => !history.state?.lttPresenting;
  const leave = () => {
    end();
    parentElement.lttPlace = undefined;
    if (document.fullscreenElement) document.exitFullscreen();
    if (!isOver()) {
      window.addEventListener('popstate', event => event.stopImmediatePropagation(),
        { capture: true, once: true });
      history.back();
    }
    go('end', now);
    // A server that is still drawing the first slide may take it for a part of that: it is told again.
    let left = 3;
    const again = setInterval(() => {
      if (!parentElement.isConnected || !isOver() || left-- === 0) clearInterval(again); else go('end', now);
    }, 1500);
  };
  const back = event => {
    if (!isOver()) return;
    if (location.pathname === address) event.stopImmediatePropagation();  // else another page is opened
    leave();
  };
  const full = () => { if (!document.fullscreenElement && data.count >= 0) leave(); };
  const end = () => {
    window.removeEventListener('keydown', press, true);
    window.removeEventListener('popstate', back, true);
    document.removeEventListener('fullscreenchange', full);
    blank.remove();
    window.lttPresent = undefined;
  };
  window.addEventListener('keydown', press, true);
  window.addEventListener('popstate', back, true);
  document.addEventListener('fullscreenchange', full);
  window.lttPresent = end;
  return end;
}
"""
_start = st.components.v2.component(
    "ltt_start", html='<button type="button">Present</button>', css=_START_CSS, js=_START_SCRIPT
)
_keys = st.components.v2.component(
    "ltt_keys", html='<div style="height:0" aria-hidden="true"></div>', js=_KEYS_SCRIPT
)


def start_button(deck: Deck) -> None:
    """Draw the button that begins; the browser fills the screen only for a click of the reader's."""
    result = _start(key="start_presenting", width="content", on_start_change=lambda: None)
    height = getattr(result, "start", None)
    if isinstance(height, int | float):
        st.session_state[_DECK] = deck
        st.session_state[_PLACE] = {"place": 0, "height": _height(height), "notes": False}
        st.rerun()


def end() -> None:
    """Present no more."""
    st.session_state.pop(_DECK, None)
    st.session_state.pop(_PLACE, None)


def presented() -> Deck | None:
    """Return the slides that are presented now; None while nothing is."""
    deck = st.session_state.get(_DECK)
    return deck if isinstance(deck, Deck) else None


def draw(view: View, deck: Deck) -> None:
    """Draw one slide over the whole page, and listen to the keys."""
    state: dict[str, Any] = st.session_state.get(_PLACE) or dict(_FIRST)
    data = {"place": state["place"], "count": len(deck.slides)}
    with st.container(key="presented"):
        result = _keys(key="presenting_keys", data=data, on_key_change=lambda: None)
        pressed = getattr(result, "key", None)
        if isinstance(pressed, dict) and _follow(pressed, state, len(deck.slides)):
            st.rerun()
        place = state["place"]
        if place == 0:
            _cover(deck)
        else:
            _slide(view, deck, deck.slides[place - 1], place, state)


def _follow(pressed: dict[str, Any], state: dict[str, Any], count: int) -> bool:
    """Take in a key; return whether another slide, or none, is to be drawn."""
    if pressed.get("what") == "end":
        end()
        return True
    place = pressed.get("place")
    kept = dict(state)
    if isinstance(place, int):
        kept["place"] = min(max(place, 0), count)
    if pressed.get("what") == "notes":
        kept["notes"] = not state["notes"]
    kept["height"] = _height(pressed.get("height"))
    st.session_state[_PLACE] = kept
    return kept != state


def _height(told: object) -> int:
    return int(told) if isinstance(told, int | float) and 300 <= told <= 5_000 else USUAL_HEIGHT


def _cover(deck: Deck) -> None:
    facts = (
        ("Figures", deck.period),
        ("As of", deck.as_of),
        ("Next update", deck.next_update),
        ("Contact", deck.contact),
    )
    listed = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in facts if text)
    said = "".join(f"<p>{escape(text)}</p>" for text in (deck.reported, deck.protection) if text)
    st.html(
        f'<div class="ltt-slide ltt-slide-cover"><h1>{escape(deck.title)}</h1><p class="ltt-slide-place">'
        f"{escape(deck.place)}</p><dl>{listed}</dl>{said}"
        f'<p class="ltt-slide-keys">{KEYS}</p></div>{_foot(deck, 0)}'
    )


def _slide(view: View, deck: Deck, slide: Slide, place: int, state: dict[str, Any]) -> None:
    chips = chips_html(slide.chips)
    head = (
        f'<p class="ltt-slide-section">{escape(slide.section)}</p><h1>{escape(slide.headline)} {chips}</h1>'
        + (f"<p><strong>{escape(slide.finding)}</strong></p>" if slide.finding else "")
        + (f'<p class="ltt-slide-under">{escape(slide.subtitle)}</p>' if slide.subtitle else "")
        + (f'<p class="ltt-slide-changed">{escape(slide.changed)}</p>' if slide.changed else "")
    )
    # The foot stands with the head, in the first element: Streamlit puts the next slide's in its place at
    # once, while what is below may stay until the run has ended.
    st.html(f'<div class="ltt-slide">{head}</div>{_foot(deck, place)}')
    if slide.missing:
        st.html(f'<div class="ltt-slide"><p>{escape(slide.missing)}</p></div>')
    elif slide.figure is not None:
        st.plotly_chart(
            Checked(_large(slide.figure, state["height"])),
            key=f"presented_{place}",
            theme=None,
            config=theme.CONFIG,
            alt=slide.alt,
            width="stretch",
        )
    if slide.drawing:
        st.html(f'<div class="ltt-slide-drawing">{slide.drawing}</div>')
    if slide.figure is None and not slide.drawing:
        for titled in slide.tables:
            st.html(tables.to_html(titled.table, titled.title))
    words = " ".join(filter(None, (slide.caption, slide.source)))
    notes = "".join(f"<li>{escape(line)}</li>" for line in slide.spoken) if state["notes"] else ""
    st.html(
        f'<p class="ltt-slide-caption">{escape(words)}</p>'
        + (f'<ul class="ltt-slide-notes">{notes}</ul>' if notes else "")
    )


def _large(figure: Figure, height: int) -> Figure:
    """Return a figure for a projector: as high as the slide leaves it, in letters that the last row reads."""
    layout = figure["layout"]
    font = dict(layout.get("font", {})) | {"size": max(15, round(height / 45))}
    return figure | {"layout": layout | {"height": round(height * _CHART_PART), "font": font}}


def _foot(deck: Deck, place: int) -> str:
    stamps = ribbons_html(deck.stamp, deck.synthetic)
    return (
        f'<div class="ltt-slide-foot"><span>{escape(deck.title)} · {escape(deck.place)} · as of '
        f"{escape(deck.as_of)}</span>{stamps}<span>{place} / {len(deck.slides)}</span></div>"
    )
