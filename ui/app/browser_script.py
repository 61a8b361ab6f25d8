"""What the browser does by itself: it closes the menu of a phone, prints, and leads to a part of the page.

One script a window: Streamlit may run a component's script again at any time and never ends what it began, so
it listens at the document, once. What is clicked is plain HTML that `ui.app.frame` and `ui.cards` draw.

Leading: a link may end in the name of a heading (`ui.cards.layout.heading`) or of a card (``#card_`` and its
key, which is the class Streamlit gives the card). The browser looks for it once, before there is a page.
Streamlit then draws the page in pieces, and each pushes what is below it further down; the script leads there
again until the page is whole, or until the reader moves by themselves. Where the card waits behind "More
figures" the script opens them first (`ui.cards.contents.waiting_html`). It unfolds what is around a place.

Going back and forward: the browser changes the address at once. What Streamlit still sends for the step
before would write the address of that one, as a new entry, and forget those ahead. So until all is drawn
nothing but the reader's next move writes the address (`ui.app.web.messages` has the server's half of this).

Cards: what draws them (`ui.cards.face`) comes with this script, once.

Printing: a chart keeps the width it had on the screen. While the page is printed each chart is given the
proportions it was drawn in (``--ltt-ratio``), so that the style sheet can let it fill its card on any paper.
"""

import streamlit as st

from ui.cards.face import face
from ui.charts.printing import FIT_CHART

#: From here down Streamlit lays the menu over the page.
MENU_COVERS = 768
_SCRIPT = """
export default function (component) {
  if (window.lttFrame) return;
  window.lttFrame = true;
  const { menuCovers } = component.data;
CARDS

  const closeMenu = () => {
    if (!window.matchMedia(`(max-width: ${menuCovers}px)`).matches) return;
    document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  };
  document.addEventListener('click', event => {
    const at = event.target instanceof Element ? event.target : null;
    if (at?.closest('.ltt-print')) window.print();
    const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (at?.closest('.st-key-navigation a') && !isElsewhere) closeMenu();
    if (at?.closest('.ltt-contents a')) at.closest('details')?.removeAttribute('open');
  });

  const isRunning = () => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app?.dataset.testScriptState !== 'notRunning';
  };
  const push = history.pushState.bind(history), late = 1000;
  let isStep = false, ending = 0;
  const endStep = () => {
    clearTimeout(ending);
    if (isRunning()) ending = setTimeout(endStep, late);
    else isStep = false;
  };
  history.pushState = (...given) => isStep || push(...given);
  window.addEventListener('popstate', () => {
    isStep = true;
    clearTimeout(ending);
    ending = setTimeout(endStep, late);
  });
  ['click', 'keydown'].forEach(move => window.addEventListener(move, () => { isStep = false; }, true));

  const fit = isPrinted => document.querySelectorAll('.js-plotly-plot .svg-container')
    .forEach(chart => fitChart(chart, isPrinted));
  const redrawn = new MutationObserver(() => fit(true));  // a chart may be drawn anew while it is printed
  const print = isPrinted => {
    if (isPrinted) window.lttCards.drawAll();
    fit(isPrinted);
    if (!isPrinted) return redrawn.disconnect();
    redrawn.observe(document.body, { subtree: true, childList: true, attributeFilter: ['width', 'height'] });
  };
  window.addEventListener('beforeprint', () => print(true));
  window.addEventListener('afterprint', () => print(false));
  window.matchMedia('print').addEventListener('change', change => print(change.matches));

  const moves = ['wheel', 'touchstart', 'keydown', 'mousedown'];
  const patience = 20000, step = 100, stillSteps = 15;
  let leading = 0;
  const stop = () => {
    clearInterval(leading);
    moves.forEach(move => window.removeEventListener(move, stop, true));
  };
  const hashName = () => decodeURIComponent(location.hash.slice(1));
  const wanted = () => document.getElementById(hashName())
    || document.querySelector(`.st-key-${CSS.escape(hashName())}`);
  const bring = () => {  // a card that waits behind "More figures"
    const waiting = [...document.querySelectorAll('.ltt-waiting span')]
      .find(one => one.dataset.cards.split(' ').includes(hashName()));
    const button = waiting && document.querySelector(`.st-key-${waiting.dataset.button} button`);
    button?.click();
    return Boolean(button);
  };
  const unfold = place => {
    for (let fold = place?.closest('details'); fold; fold = fold.parentElement.closest('details')) {
      if (!fold.open) fold.open = true;
    }
  };
  const lead = () => {
    stop();
    if (!location.hash) return;
    const began = performance.now(), top = place => Math.round(place.getBoundingClientRect().top);
    let last = null, still = 0, isBrought = false;
    moves.forEach(move => window.addEventListener(move, stop, true));
    leading = setInterval(() => {
      const place = wanted(), isDrawn = !isRunning();
      if (!place && isDrawn && !isBrought) isBrought = bring();
      unfold(place);
      if (place && top(place) !== last) {
        place.scrollIntoView({ block: 'start' });
        last = top(place);
        still = 0;
      } else if (place) still += 1;
      if ((isDrawn && still >= stillSteps) || performance.now() - began > patience) stop();
    }, step);
  };
  window.addEventListener('hashchange', lead);
  lead();
}
"""
_listen = st.components.v2.component(
    "ltt_frame",
    html='<div style="height:0" aria-hidden="true"></div>',
    js=FIT_CHART + _SCRIPT.replace("CARDS", face.script()),
)


def listen() -> None:
    """Let the browser do what the frame leaves to it; draws nothing that is seen."""
    with st.container(key="width_frame"):
        _listen(key="frame", data={"menuCovers": MENU_COVERS})
