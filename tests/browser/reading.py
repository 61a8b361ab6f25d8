"""What a test asks of a page in a browser: is it drawn, what does it say, what colours does a map hold."""

import io
import itertools
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect

from ui.theme import DARK, LIGHT
from ui.view import registry

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Mobile) Chrome/140.0 Mobile Safari/537.36",
}
#: Holds once the page was whole for `quiet` milliseconds on end: a place that tells its width has the page
#: drawn once more shortly after it looks finished. A card that has no word yet waits for its script.
DRAWN = """([call, quiet]) => {
  const app = document.querySelector('[data-testid="stApp"]');
  const whole = app && app.dataset.testScriptState === 'notRunning'
    && document.querySelector('.ltt-footer')
    && !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]')
    && [...document.querySelectorAll('[class*="st-key-card_"]')].every(one => one.textContent.trim())
    && [...document.querySelectorAll('.stPlotlyChart')].every(one => one.querySelector('.main-svg'));
  const seen = window.lttSeen;
  const since = whole ? performance.now() : Infinity;
  if (!whole || seen?.call !== call || seen.since === Infinity) window.lttSeen = {call, since};
  return performance.now() - window.lttSeen.since >= quiet;
}"""
QUIET_MS = 250
#: How often that is asked: by default at each frame, which has the page make frames for nothing else.
ASKED_EACH_MS = 100
#: What a page lies on, by theme. The colour of the words that name its filters says in which it was drawn.
PAPER = {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 24, 26)"}
#: The rules of axe that look at colours: all that another theme can change.
OF_COLOURS = ("color-contrast", "link-in-text-block")
INK_OF_FILTERS = "ink => getComputedStyle(document.querySelector('.ltt-filters')).color === ink"
_calls = itertools.count()
SMALL_TEXT = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.querySelector('.stApp'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement, text = walker.currentNode.textContent.trim();
    if (!text || !holder.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})) continue;
    if (holder.closest('style, script, [data-testid="stIconMaterial"], [aria-hidden="true"]')) continue;
    const box = holder.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;  // for screen readers only
    const size = parseFloat(getComputedStyle(holder).fontSize);
    const kind = `${holder.tagName} ${holder.className.baseVal ?? holder.className}`;
    if (size < 14) found.push(`${size}px: ${text.slice(0, 60)} (${kind})`);
  }
  return found;
}"""
#: Clicks the link of a title in the sidebar, whether or not it is seen.
CLICK_LINK = """title => [...document.querySelectorAll('.stSidebar a')]
  .find(link => link.textContent.trim() === title || link.innerText.trim() === title).click()"""
#: Left, top, right and bottom of an element in the window; nothing of it is seen once it was replaced.
PLACE_ON_SCREEN = """one => {
  one.scrollIntoView({block: 'center'});
  const box = one.getBoundingClientRect();
  const within = (edge, limit) => Math.round(Math.min(Math.max(edge, 0), limit));
  return [within(box.left, innerWidth), within(box.top, innerHeight),
          within(box.right, innerWidth), within(box.bottom, innerHeight)];
}"""
TOO_WIDE = """() => {
  const wide = [], limit = document.documentElement.clientWidth + 1;
  for (const one of document.querySelectorAll('.stMain *')) {
    if (one.closest('.ltt-table, [data-testid="stCode"], .ltt-map_drawing, svg, style')) continue;
    const box = one.getBoundingClientRect();
    if (box.width < 2 || box.right <= limit || !one.checkVisibility()) continue;
    wide.push(`${one.tagName} ${one.className} ${Math.round(box.right)}`);
  }
  return wide;
}"""


def keep_a_page_open(context: BrowserContext) -> None:
    """Open an empty page of this machine: while there is one, the process of the others stays."""
    page = context.new_page()
    page.route("**", lambda route: route.fulfill(body="", content_type="text/html"))
    page.goto("http://127.0.0.1/")


def drawn(page: Page) -> Page:
    """Wait until a page and its charts are drawn and nothing runs; return it."""
    page.wait_for_function(DRAWN, arg=[next(_calls), QUIET_MS], polling=ASKED_EACH_MS)
    return page


def visit(page: Page, address: str, path: str = "") -> Page:
    """Open a page by its address and wait until it is drawn."""
    page.goto(f"{address}/{path}")
    return drawn(page)


def follow(page: Page, title: str) -> Page:
    """Follow a link of the sidebar, also of one that is folded away, and wait until its page is drawn."""
    page.evaluate(CLICK_LINK, title)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    return drawn(page)


def drawn_again_in(page: Page, scheme: str) -> Page:
    """Draw a page that is open once more, in the other theme: what a reader's computer does at dusk.

    The colours of our own words come with the next run of the page; `r` asks for one.
    """
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        f"getComputedStyle(document.querySelector('.stApp')).backgroundColor === '{PAPER[scheme]}'"
    )
    page.keyboard.press("r")
    red, green, blue = bytes.fromhex((DARK if scheme == "dark" else LIGHT).muted[1:])
    page.wait_for_function(INK_OF_FILTERS, arg=f"rgb({red}, {green}, {blue})")
    return drawn(page)


def paper_of(page: Page) -> str:
    """Return the colour that a page lies on."""
    return str(page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor"))


def path_of(page_code: str) -> str:
    """Return the path of a page; the first one lies at the root."""
    return "" if page_code == registry.HOME.code else page_code


def title_is(page: Page, page_code: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(registry.entry(page_code).title)


def card(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-card_{key}")


def table_rows(scope: Locator) -> list[list[str]]:
    """Return the cells of the table inside a card as text, header first."""
    return scope.locator("tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )


def saved(page: Page, button: Locator, folder: Path) -> Path:
    """Click a download button and return the file.

    A button that is drawn anew while it is pressed has lost its file: the page is waited for first.
    """
    drawn(page)
    with page.expect_download() as waited:
        button.click()
    target = folder / waited.value.suggested_filename
    waited.value.save_as(target)
    return target


def violations(page: Page, *rules: str) -> list[str]:
    """Return what axe finds against a page, each with the nodes it is on: by some of its rules, or by all."""
    options = {"runOnly": list(rules)} if rules else {}
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:200]} at {node['target']}"
        for one in Axe().run(page, options=options).response["violations"]
        for node in one["nodes"]
    ]


def colours_in(scope: Locator) -> dict[str, int]:
    """Return the colours of a part of the screen as hex text, with how many pixels each has.

    The part is cut from a picture of the whole screen: a picture of an element fails when Streamlit puts a
    new element in its place meanwhile.
    """
    box = scope.evaluate(PLACE_ON_SCREEN)
    image = Image.open(io.BytesIO(scope.page.screenshot())).convert("RGB").crop(box)
    return {
        f"#{red:02x}{green:02x}{blue:02x}": count
        for count, (red, green, blue) in image.getcolors(maxcolors=1 << 24) or []
    }
