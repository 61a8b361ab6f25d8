"""The frame around every page in a browser: addresses, links, cards, theme, keyboard, first screen, print."""

import gzip
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import card, drawn, follow, visit
from tests.browser.serving import serving
from tests.demonstration import demonstration_release
from tests.example_release import build

pytestmark = pytest.mark.browser


#: Goes on in the history, each time as soon as the server has begun to draw the entry before.
ONWARD = """async steps => {
  const isRunning = () => document.querySelector('.stApp').dataset.testScriptState === 'running';
  const frame = () => new Promise(requestAnimationFrame);
  for (; steps > 0; steps -= 1) {
    const stepped = new Promise(done => addEventListener('popstate', done, {once: true}));
    history.forward();
    await stepped;
    while (!isRunning()) await frame();
  }
}"""
#: Leaves a page, by the list of pages or by going back, and clicks a button of it that is still there.
LEAVE = {
    "link": """() => {
      const links = [...document.querySelectorAll('.st-key-navigation a')];
      links.find(one => one.innerText.trim() === 'Geography').click();
      document.querySelector('.st-key-card_trend [data-press="table"]').click();
    }""",
    "back": """() => {
      const click = () => document.querySelector('.st-key-card_trend [data-press="table"]').click();
      addEventListener('popstate', click, {once: true});
      history.back();
    }""",
}


def filters(page: Page):
    return page.locator(".ltt-filters")


def test_filters_survive_links_reload_back_and_forward(tab, example) -> None:
    page = visit(tab(), example, "trends?form=forced_labour")
    page.get_by_test_id("stSidebarUserContent").get_by_role("link", name="Overview", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    drawn(page)  # until then what was drawn of the page before stands beside it
    expect(filters(page)).to_contain_text("forced labour")
    assert "form=forced_labour" in page.url
    page.get_by_role("combobox", name="Area").click()
    page.get_by_role("option", name="Larkfield").click()
    expect(filters(page)).to_contain_text("Larkfield")
    page.get_by_test_id("stSidebarUserContent").get_by_role("link", name="Trends", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trends")
    expect(filters(page)).to_contain_text("Larkfield · 2021–2025 · forced labour")
    assert "area=C1" in page.url and "form=forced_labour" in page.url
    page.reload()
    expect(filters(page)).to_contain_text("Larkfield · 2021–2025 · forced labour")
    drawn(page)  # leaving a page that is still loading drops the filters from its address (Streamlit 1.67)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    expect(filters(page)).to_contain_text("Larkfield")
    page.go_back()
    expect(filters(page)).to_contain_text("Whole region")
    page.go_forward()
    expect(filters(page)).to_contain_text("Larkfield")


def pick_area(page: Page, name: str) -> None:
    page.get_by_role("combobox", name="Area", exact=True).click()
    page.get_by_role("option", name=name).click()
    expect(filters(page)).to_contain_text(name)
    drawn(page)


@pytest.mark.parametrize("way", LEAVE)
def test_what_a_page_says_after_it_was_left_does_not_stop_the_next_one(tab, example, way) -> None:
    page = follow(visit(tab(), example, "geography"), "Trends")
    page.evaluate(LEAVE[way])
    expect(page.get_by_role("heading", level=1)).to_have_text("Geography")
    drawn(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_text("This page could not be drawn")).to_have_count(0)


def test_quick_steps_forward_end_at_the_page_and_the_filters_of_their_entry(tab, example) -> None:
    page = visit(tab(), example, "trends")
    pick_area(page, "Larkfield")
    follow(page, "People and forms")
    pick_area(page, "Whole region")
    for title, area in (("People and forms", "Larkfield"), ("Trends", "Larkfield"), ("Trends", "Whole")):
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        expect(filters(page)).to_contain_text(area)
        drawn(page)
    for steps, path, area in ((2, "people_and_forms?area=C1", "Larkfield"), (1, "people_and_forms", "Whole")):
        page.evaluate(ONWARD, steps)
        drawn(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("People and forms")
        expect(filters(page)).to_contain_text(area)
        assert page.url == f"{example}/{path}"


def test_clear_is_always_there_and_empties_the_address(tab, example) -> None:
    page = visit(tab(), example, "trends?form=forced_labour&area=C1")
    page.get_by_role("button", name="Clear all filters").click()
    expect(filters(page)).to_have_text("Example region · Whole region · 2021–2025")
    page.wait_for_function("!location.search.includes('form')")
    expect(page.get_by_role("button", name="Clear all filters")).to_be_disabled()


def top_of(page: Page, place: str) -> float:
    """Return how far below the window's upper edge an element begins, once the page stands still."""
    drawn(page)
    page.wait_for_function(
        """place => { const top = Math.round(document.querySelector(place).getBoundingClientRect().top);
        const still = top === window.lttLast; window.lttLast = top; return still; }""",
        arg=place,
        polling=300,
    )
    return page.evaluate("place => document.querySelector(place).getBoundingClientRect().top", place)


def test_a_long_page_says_what_is_on_it_and_leads_there(tab, example) -> None:
    page = visit(tab(), example, "people_and_forms")
    contents = page.get_by_role("navigation", name="On this page")
    links = contents.get_by_role("link")
    titles = page.get_by_test_id("stMain").get_by_role("heading", level=2)
    assert set(links.all_inner_texts()) <= set(titles.all_inner_texts()) and links.count() >= 3
    last = links.last
    last.click()
    expect(titles.get_by_text(last.inner_text(), exact=True)).to_be_in_viewport()
    page.emulate_media(media="print")
    expect(contents).to_be_hidden()


def test_a_short_page_has_no_list_of_what_is_on_it(tab, example) -> None:
    page = visit(tab(), example, "trends")
    expect(page.get_by_role("navigation", name="On this page")).to_have_count(0)


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_link_to_a_card_leads_to_the_card(tab, example, size) -> None:
    page = visit(tab(size), example, "people_and_forms#card_together")
    assert abs(top_of(page, ".st-key-card_together")) < page.viewport_size["height"] / 2


def test_a_link_to_a_card_behind_more_figures_opens_them(tab, example) -> None:
    page = visit(tab(), example, "geography#card_by_years")
    expect(card(page, "by_years")).to_be_in_viewport(timeout=20_000)


def test_a_link_to_a_measure_unfolds_its_definition_and_what_is_around_it(tab, example) -> None:
    page = visit(tab(), example, "methods")
    entry = page.locator("#m_child_share")
    expect(entry).to_be_hidden()
    page = visit(tab(), example, "methods#m_child_share")
    entry = page.locator("#m_child_share")
    expect(entry.locator("dd").first).to_be_in_viewport(timeout=20_000)
    assert abs(top_of(page, "#m_child_share")) < page.viewport_size["height"] / 2
    page.evaluate("location.hash = '#term-not_shown'")
    expect(page.locator("#term-not_shown")).to_be_in_viewport(timeout=20_000)


def test_a_choice_of_the_page_goes_into_the_address(tab, example) -> None:
    page = visit(tab(), example, "trends")
    page.get_by_role("combobox", name="Step").click()
    page.get_by_role("option", name="Quarters").click()
    expect(card(page, "trend").locator(".ltt-subtitle")).to_contain_text("by quarter")
    page.wait_for_function("location.search.includes('level=quarter')")
    page.reload()
    drawn(page)  # what is asked of cards is asked once they came
    expect(card(page, "trend").locator(".ltt-subtitle")).to_contain_text("by quarter")


@pytest.mark.parametrize(
    ("address", "chosen", "same"),
    [
        ("trends?form=forced_labour&split=gender&level=year", "trend", ".ltt-headline"),
        ("explore?by=period,gender&measure=detected_persons&form=forced_labour", "table", "table"),
    ],
)
def test_the_link_of_a_card_leads_to_the_same_view(tab, example, address, chosen, same) -> None:
    page = visit(tab(), example, address)
    if chosen == "table":  # Explore is one table: its link is shown to be copied
        page.get_by_role("button", name="Copy link").click()
        link = page.get_by_test_id("stCode").inner_text().strip()
    else:
        link = card(page, chosen).get_by_role("link", name="Link to this card").get_attribute("href")
        assert link.endswith(f"#card_{chosen}")
    assert link.startswith(f"{example}/{address.split('?')[0]}?")
    again = tab()
    again.goto(link)
    drawn(again)
    what = f".st-key-card_{chosen} {same}"
    assert again.inner_text(what) == page.inner_text(what)
    assert again.inner_text(".ltt-filters") == page.inner_text(".ltt-filters")


def test_every_chart_has_words_for_those_who_cannot_see_it(tab, example) -> None:
    page = visit(tab(), example, "trends?level=year")
    words = card(page, "trend").locator("[aria-label*='by year']").first.get_attribute("aria-label")
    assert "by year" in words and "Lowest" in words and "highest" in words


def test_charts_follow_the_theme(tab, example) -> None:
    ink = {}
    for scheme in ("light", "dark"):
        page = visit(tab(scheme=scheme), example, "trends")
        ink[scheme] = page.evaluate("getComputedStyle(document.querySelector('.xtick text')).fill")
    assert ink["light"] != ink["dark"]


def test_a_reader_with_a_keyboard_reaches_links_filters_and_card_buttons(tab, example) -> None:
    page = visit(tab(), example)
    reached: list[str] = []
    while "Table" not in reached and len(reached) < 60:
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(document.activeElement.ariaLabel || document.activeElement.innerText || '').slice(0, 60)"
            )
        )
    said = " | ".join(reached)
    for name in ("Trends", "More filters", "People identified", "Table"):
        assert name in said, said
    page.keyboard.press("Enter")
    expect(card(page, "headlines").get_by_role("table").first).to_be_visible()


def test_the_first_screen_tells_all_pillars_and_how_fresh_they_are_without_scrolling(tab) -> None:
    """On the demonstration, which has the most to tell."""
    with serving(demonstration_release()) as served:
        page = visit(tab(), served)
        assert card(page, "headlines").locator(".ltt-pillar").count() == 5
        expect(card(page, "summary")).to_contain_text("What is missing.")
        for key in ("summary", "headlines"):
            box = card(page, key).bounding_box()
            assert box["y"] + box["height"] <= 900, (key, box)
        page.close()  # before its server ends: a page that is open asks for it


@pytest.mark.parametrize("path", ["", "trends"])
def test_a_chart_on_a_phone_leaves_room_for_words(tab, example, path) -> None:
    page = visit(tab(size="phone"), example, path)
    assert page.locator(".js-plotly-plot").first.bounding_box()["height"] <= 241


def test_a_window_made_narrow_is_drawn_as_on_a_phone_and_back(tab, example) -> None:
    """What the browser calls itself says nothing of a window beside another one."""
    page = visit(tab(), example, "trends")
    height = "document.querySelector('.js-plotly-plot').getBoundingClientRect().height"
    assert page.evaluate(height) > 241
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(f"{height} <= 241")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.wait_for_function(f"{height} > 241")


def test_the_browser_gets_compressed_scripts_once(example) -> None:
    index = urllib.request.urlopen(f"{example}/").read().decode()
    path = next(part.split('"')[0] for part in index.split('src="') if part.startswith("./static/js/"))
    plain = urllib.request.urlopen(f"{example}/{path[2:]}").read()
    request = urllib.request.Request(f"{example}/{path[2:]}", headers={"Accept-Encoding": "gzip"})
    for _ in range(2):
        answer = urllib.request.urlopen(request)
        packed = answer.read()
        assert answer.headers["Content-Encoding"] == "gzip"
        assert len(packed) < len(plain) / 2
        assert gzip.decompress(packed) == plain


def test_nobody_sees_a_traceback(tab, tmp_path) -> None:
    place = build(tmp_path, persons=60)
    with serving(place) as address:
        page = visit(tab(), address)
        (place / "manifest.json").write_text('{"format": 1, "file": []}')
        page.reload()
        page.wait_for_selector(".ltt-state")
        words = page.inner_text(".stMain")
        assert "Traceback" not in words and "Error" not in words
        page.close()


@pytest.mark.parametrize("state", ["example", "steward"])
def test_on_a_phone_no_ribbon_lies_over_a_control(tab, served, state) -> None:
    page = visit(tab(size="phone"), served(state))
    for name in ("stExpandSidebarButton", "stMainMenu"):
        button = page.get_by_test_id(name).bounding_box()
        for ribbon in page.locator(".ltt-ribbon").all():
            box = ribbon.bounding_box()
            assert box["y"] >= button["y"] + button["height"], (name, box)
    page.get_by_test_id("stExpandSidebarButton").click()
    bottom = page.locator(".stSidebar .st-key-pick_age_group").bounding_box()
    assert bottom["y"] + bottom["height"] <= 844, "the first filters are seen without scrolling"


def test_the_menu_of_a_phone_closes_after_a_tap_and_opens_again(tab, example) -> None:
    page = tab(size="phone")
    page.add_init_script("localStorage.clear()")  # Streamlit keeps there that an earlier test left it open
    visit(page, example)
    menu = page.locator(".stSidebar")
    for title in ("Trends", "Reporting"):
        expect(menu).to_have_attribute("data-collapsed", "true")
        page.get_by_test_id("stExpandSidebarButton").tap()
        expect(menu).to_have_attribute("data-collapsed", "false")
        menu.get_by_role("link", name=title, exact=True).tap()
        expect(menu).to_have_attribute("data-collapsed", "true")
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        drawn(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_is_seen_in_the_menu_and_the_first_filters_are_on_one_screen(tab, example, scheme) -> None:
    page = visit(tab(scheme=scheme), example)
    page.locator(".st-key-navigation").get_by_role("link", name="Overview").focus()
    page.keyboard.press("Tab")
    link = page.locator(".st-key-navigation a:focus")
    expect(link).to_have_css("outline-style", "solid")
    expect(link).to_have_css("outline-width", "2px")
    box = page.locator(".stSidebar .st-key-pick_age_group").bounding_box()
    assert box["y"] + box["height"] <= 900


def test_a_page_prints_itself_at_a_key(tab, example) -> None:
    page = visit(tab(), example)
    page.evaluate("window.print = () => { window.lttPrinted = true; }")
    page.get_by_role("button", name="Print this page").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("window.lttPrinted")
