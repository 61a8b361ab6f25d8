"""A page in a browser that notes when its charts changed last, what travelled, and when nothing else ran.

The same script looks at every page, whoever made it. A chart changes when something inside Plotly's own
element or our own map does, in a shadow tree too, or when a map draws through WebGL.
"""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Page

QUIET_MS = 500
PATIENCE_MS = 60_000
_LISTEN = """(() => {
  const bench = window.bench = {act: 0, chart: 0, any: 0, long: []};
  const ofChart = node => {
    let at = node;
    while (at && !at.classList?.contains('js-plotly-plot') && !at.classList?.contains('ltt-map_drawing')) {
      at = at.parentNode || at.host;
    }
    return !!at;
  };
  const look = records => {
    const now = performance.now();
    bench.any = now;
    if (records.some(one => ofChart(one.target)
        || [...one.addedNodes].some(node => node.querySelector?.('.js-plotly-plot, .ltt-map_drawing')))) {
      bench.chart = now;
    }
  };
  const everything = {subtree: true, childList: true, attributes: true, characterData: true};
  const watch = root => new MutationObserver(look).observe(root, everything);
  watch(document);
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (...how) {
    const root = attach.apply(this, how);
    watch(root);
    return root;
  };
  for (const kind of [window.WebGLRenderingContext, window.WebGL2RenderingContext]) if (kind)
    for (const name of ['drawElements', 'drawArrays']) {
      const draw = kind.prototype[name];
      kind.prototype[name] = function (...how) {
        if (this.canvas.isConnected) bench.any = bench.chart = performance.now();
        return draw.apply(this, how);
      };
    }
  // What is chosen with the mouse is chosen when the button comes up.
  addEventListener('pointerup', () => { bench.act = performance.now(); }, {capture: true});
  const note = list => bench.long.push(...list.getEntries().map(one => [one.startTime, one.duration]));
  new PerformanceObserver(note).observe({type: 'longtask', buffered: true});
})()"""
_QUIET = """([since, quiet]) => {
  const bench = window.bench, app = document.querySelector('[data-testid="stApp"]');
  const isBusy = app ? app.dataset.testScriptState !== 'notRunning' || !document.querySelector('.ltt-footer')
    : document.title === 'Updating...' || !!document.querySelector('[data-dash-is-loading]');
  if (isBusy) bench.any = performance.now();
  const last = Math.max(bench.any, ...bench.long.map(([start, took]) => start + took));
  return bench.chart > since && performance.now() - last >= quiet;
}"""
_LONG = """([from, to]) => bench.long.filter(([start]) => start >= from && start < to)
  .reduce((sum, [, took]) => sum + took, 0)"""


@dataclass
class Traffic:
    """What came from a server since the last look."""

    messages: int = 0
    size: int = 0


@dataclass(frozen=True)
class Change:
    """One thing done to a page: milliseconds to its last changed chart, and what it took."""

    ms: float
    messages: int
    size: int
    long_ms: float


@dataclass
class Watched:
    """A tab of a browser and what it noted."""

    page: Page
    traffic: Traffic = field(default_factory=Traffic)

    def __post_init__(self) -> None:
        self.page.add_init_script(_LISTEN)
        network = self.page.context.new_cdp_session(self.page)
        network.send("Network.enable")
        network.on("Network.webSocketFrameReceived", self._frame)
        network.on("Network.loadingFinished", self._loaded)

    def _frame(self, event: dict[str, Any]) -> None:
        frame = event["response"]
        is_text = frame["opcode"] == 1
        self._note(len(frame["payloadData"]) if is_text else len(frame["payloadData"]) * 3 // 4)

    def _loaded(self, event: dict[str, Any]) -> None:
        if event["encodedDataLength"]:  # what the browser still had does not travel
            self._note(int(event["encodedDataLength"]))

    def _note(self, size: int) -> None:
        self.traffic.messages += 1
        self.traffic.size += size

    def open(self, address: str) -> Change:
        """Open an address; from the beginning of the navigation to the last chart."""
        self.traffic = Traffic()
        self.page.goto(address)
        return self._settled(0.0)

    def change(self, do: Callable[[Page], None]) -> Change:
        """Do something that ends in one click; from that click to the last chart that changed."""
        self.traffic = Traffic()
        before = self.page.evaluate("performance.now()")
        do(self.page)
        self.page.wait_for_function("since => bench.act > since", arg=before)
        return self._settled(self.page.evaluate("bench.act"))

    def _settled(self, since: float) -> Change:
        self.page.wait_for_function(_QUIET, arg=[since, QUIET_MS], timeout=PATIENCE_MS, polling=50)
        last = self.page.evaluate("bench.chart")
        long = self.page.evaluate(_LONG, [since, last])
        return Change(last - since, self.traffic.messages, self.traffic.size, long)


def new_tab(context: BrowserContext) -> Watched:
    """Return a new watched tab."""
    return Watched(context.new_page())


def p95(numbers: list[float]) -> float:
    """Return the number that one in twenty exceeds."""
    return sorted(numbers)[min(len(numbers) - 1, round(0.95 * len(numbers) - 0.5))]


def median(changes: list[Change], of: Callable[[Change], float]) -> float:
    """Return the middle of one number of many changes."""
    return statistics.median(of(one) for one in changes)
