"""A briefing in a browser: collecting, presenting by keyboard, a file without a network."""

import contextlib
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as NotShown

from analysis import open_release
from analysis.briefing.briefing import Briefing, item
from analysis.briefing.link import to_link
from tests.browser.conftest import PATIENCE_MS
from tests.browser.reading import drawn, visit
from ui.briefing.deck import deck_of
from ui.briefing.formats.html_file import html_bytes

pytestmark = pytest.mark.browser
CARDS = (("trends", "trend"), ("people_and_forms", "forms"), ("geography", "map"))
PROJECTOR = {"width": 1280, "height": 720}


def briefing() -> Briefing:
    return Briefing("For the board", tuple(item(*card, {}) for card in CARDS))


def slide(page: Page) -> str:
    return page.locator(".ltt-slide-foot").inner_text().rsplit("\n", 1)[-1].strip()


def test_a_card_is_added_on_its_page_and_stands_on_the_briefing(tab, example) -> None:
    page = drawn(visit(tab(), example, "trends"))
    page.get_by_role("button", name="Add to briefing").first.click()
    expect(page.get_by_role("button", name="In the briefing")).to_be_visible()
    page.locator(".st-key-navigation").get_by_role("link", name="Briefing").click()
    expect(page.locator("#slides_1")).to_be_visible()


def test_it_stays_with_the_tab_when_a_link_loads_a_page_anew(tab, example) -> None:
    page = drawn(visit(tab(), example, "trends"))
    page.get_by_role("button", name="Add to briefing").first.click()
    expect(page.get_by_role("button", name="In the briefing")).to_be_visible()
    visit(page, example, "briefing")  # as a plain link does: another session
    expect(page.locator("#slides_1")).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("button", name="Standard order")).to_be_visible()
    drawn(visit(page, example, "briefing"))
    expect(page.locator("#slides_1")).to_have_count(0)

    other = visit(tab(), example, "briefing")
    expect(other.get_by_role("button", name="Standard order")).to_be_visible()


def test_it_is_presented_by_keyboard_at_the_size_of_a_projector(tab, example) -> None:
    page = tab()
    page.set_viewport_size(PROJECTOR)
    visit(page, example, f"briefing?cards={to_link(briefing())}")
    page.get_by_role("button", name="Present", exact=True).click()
    expect(page.locator(".st-key-presented h1")).to_contain_text("Briefing of")
    page.wait_for_function("window.lttPresent !== undefined")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".ltt-slide-foot")).to_contain_text("1 / 3")
    page.wait_for_selector(".st-key-presented .js-plotly-plot .main-svg")
    heading = page.locator(".st-key-presented h1")
    assert heading.evaluate("node => parseFloat(getComputedStyle(node).fontSize)") >= 26
    box = page.locator(".st-key-presented .js-plotly-plot").bounding_box()
    assert box["y"] + box["height"] <= PROJECTOR["height"], "the chart is cut off"
    assert not page.locator(".stSidebar").is_visible() or page.evaluate(
        "document.elementFromPoint(60, 300).closest('.st-key-presented') !== null"
    ), "the menu lies over the slide"

    page.keyboard.press("b")
    assert (
        page.evaluate("getComputedStyle(document.elementFromPoint(640, 360)).backgroundColor")
        == "rgb(0, 0, 0)"
    )
    page.keyboard.press("b")
    page.keyboard.press("End")
    expect(page.locator(".ltt-slide-foot")).to_contain_text("3 / 3")
    page.keyboard.press("n")
    expect(page.locator(".ltt-slide-notes")).to_be_visible()
    page.keyboard.press("Home")
    expect(page.locator(".ltt-slide-foot")).to_contain_text("0 / 3")
    page.keyboard.press("Escape")
    expect(page.locator("#slides_3")).to_be_visible()
    expect(page.locator(".st-key-presented")).to_have_count(0)


@pytest.mark.parametrize("start", ["briefing", f"briefing?cards={to_link(briefing())}"])
def test_the_button_back_ends_presenting_and_leads_on_to_where_the_reader_was(tab, example, start) -> None:
    page = drawn(visit(tab(), example, "trends"))
    page.get_by_role("button", name="Add to briefing").first.click()
    expect(page.get_by_role("button", name="In the briefing")).to_be_visible()
    page.locator(".st-key-navigation").get_by_role("link", name="Briefing").click()
    page.wait_for_function("location.pathname.endsWith('briefing')")
    if "cards" in start:
        visit(page, example, start)
    drawn(page)
    before = page.url
    for _ in range(2):  # the same key at the same slide, twice
        page.get_by_role("button", name="Present", exact=True).click()
        page.wait_for_function("window.lttPresent !== undefined")
        page.keyboard.press("ArrowRight")
        expect(page.locator(".ltt-slide-foot")).to_contain_text("1 / ")
        page.go_back()
        expect(page.locator(".st-key-presented")).to_have_count(0)
        expect(page.get_by_role("button", name="Present", exact=True)).to_be_visible()
        assert page.url == before
        page.wait_for_function("!document.fullscreenElement && window.lttPresent === undefined")
    for _ in range(2):
        page.get_by_role("button", name="Present", exact=True).click()
        page.wait_for_function("window.lttPresent !== undefined")
        page.keyboard.press("Escape")
        expect(page.locator(".st-key-presented")).to_have_count(0)
        drawn(page)
    if "cards" not in start:
        page.go_back()
        page.wait_for_function("location.pathname.endsWith('trends')")


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_card_moves_to_any_place_by_keys_and_the_focus_goes_with_it(tab, example, size: str) -> None:
    page = visit(tab(size), example, f"briefing?cards={to_link(briefing())}")
    headlines = page.locator("[class*=st-key-card_slide_] h3")
    first, *rest = headlines.all_inner_texts()
    picker = page.get_by_role("combobox", name="Move slide 1 to place")
    wanted = page.get_by_role("option", name="Place 3")
    _open_by_key(picker, wanted)
    if size == "phone":  # a phone opens no keyboard for a list: nothing is typed
        wanted.click()
    else:
        page.keyboard.type("3")
        expect(page.get_by_role("option")).to_have_count(1)  # the list is shortened by what is typed
        page.keyboard.press("Enter")
    expect(headlines.nth(2)).to_have_text(first, timeout=PATIENCE_MS)
    assert headlines.all_inner_texts() == [*rest, first]
    expect(page.get_by_role("combobox", name="Move slide 3 to place")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Moved to place 3 of 3.")).to_have_count(1)

    page.locator(".st-key-up_2 button").press("Enter")
    expect(page.locator(".st-key-up_1 button")).to_be_focused()
    page.locator(".st-key-up_1 button").press("Enter")
    expect(page.locator(".st-key-down_0 button")).to_be_focused()
    assert headlines.all_inner_texts() == [first, *rest]


def _open_by_key(picker: Locator, wanted: Locator) -> None:
    """Open a list by its key; one that a slow machine still draws may lose the first press."""
    for _ in range(3):
        picker.press("ArrowDown")
        with contextlib.suppress(NotShown):
            return wanted.wait_for(timeout=10_000)
    wanted.wait_for()


def test_a_kept_file_is_read_by_the_browser_and_sent_in_no_request(tab, example, tmp_path: Path) -> None:
    file = tmp_path / "board.json"
    file.write_text(
        '{"briefing": 1, "title": "Quite secret words", "cards": '
        '[{"page": "trends", "card": "trend", "note": "Speak slowly"}, {"page": "gone", "card": "x"}]}'
    )
    page = visit(tab(), example, "briefing")
    page.watch.clear()
    page.locator("input[type=file]").set_input_files(file)

    expect(page.locator("#slides_1")).to_be_visible()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Quite secret words")
    expect(page.get_by_text("gone/x")).to_be_visible()
    assert not [address for address in page.watch.asked if "secret" in address or "slowly" in address]


def back_ends_presenting(page: Page) -> None:
    """Back ends presenting at the slide that was shown and leaves the file open; then it leads out of it."""
    file = page.url
    for _ in range(2):
        page.get_by_role("button", name="Present").click()
        page.keyboard.press("End")
        page.keyboard.press("b")
        page.go_back()
        expect(page.locator("body.presenting")).to_have_count(0)
        expect(page.locator("#blank")).to_be_hidden()
        expect(page.locator(".slide").last.locator("h2")).to_be_in_viewport()
        assert page.url == file
        page.wait_for_function("!document.fullscreenElement")  # which a browser ends a moment later
    for _ in range(2):  # a key leaves no entry behind
        page.get_by_role("button", name="Present").click()
        page.keyboard.press("Escape")
        page.wait_for_function("!history.state?.lttPresenting")
    page.go_back()
    assert page.url == "about:blank"
    page.go_forward()
    expect(page.locator("#present")).to_be_attached()


def test_the_html_file_works_without_a_network(chromium: Browser, folder: Path, tmp_path: Path) -> None:
    """Opened from a disk with the network cut: every chart is drawn, keys lead, nothing is asked for."""
    hostile = item(
        "trends", "trend", {}, title="</script><script>window.broken=1</script>", note="<img src=x>"
    )
    deck = deck_of(Briefing("<b>Board</b>", (hostile, *briefing().items)), open_release(folder))
    file = tmp_path / "board.html"
    file.write_bytes(html_bytes(deck))
    context = chromium.new_context(offline=True, viewport=PROJECTOR)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    asked: list[str] = []
    broken: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(file.as_uri())

    charts = page.locator(".chart")
    for number in range(charts.count()):
        charts.nth(number).scroll_into_view_if_needed()
        expect(charts.nth(number).locator(".main-svg").first).to_be_attached()
    page.get_by_role("button", name="Present").click()
    for number in range(1, len(deck.slides) + 1):
        page.keyboard.press("ArrowRight")
        expect(page.locator(".slide.now .foot")).to_contain_text(f"{number} / {len(deck.slides)}")
    expect(page.locator(".slide.now h2")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator("body.presenting")).to_have_count(0)
    back_ends_presenting(page)

    assert page.evaluate("window.broken") is None
    assert broken == []
    assert [address for address in asked if not address.startswith(("file:", "data:", "blob:"))] == []
    context.close()
