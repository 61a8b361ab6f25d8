"""The frame in a real browser: deep links, filters across pages, cards, keyboard, phone, print."""

import gzip
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.demonstration import demonstration_release
from tests.example_release import build
from tests.ui.conftest import serving, settled

pytestmark = pytest.mark.browser
PAGES = ["/", "/trends?form=forced_labour", "/trends?split=form"]


def filters(page):
    return page.locator(".ltt-filters")


def test_a_deep_link_as_the_first_request_after_a_start(release_folder, tab) -> None:
    with serving(release_folder) as fresh:
        page = settled(tab(f"{fresh}/trends?form=forced_labour&period=2022..2024"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Trends")
        expect(filters(page)).to_contain_text("2022–2024 · forced labour")
        expect(page.get_by_role("link", name="Overview", exact=True)).to_be_visible()


def test_filters_survive_links_reload_back_and_forward(address, tab) -> None:
    page = settled(tab(f"{address}/trends?form=forced_labour"))
    page.get_by_role("link", name="Overview", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    expect(filters(page)).to_contain_text("forced labour")
    assert "form=forced_labour" in page.url
    page.get_by_role("combobox", name="Area").click()
    page.get_by_role("option", name="Larkfield").click()
    expect(filters(page)).to_contain_text("Larkfield")
    page.get_by_role("link", name="Trends", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trends")
    expect(filters(page)).to_contain_text("Larkfield · 2021–2025 · forced labour")
    assert "area=C1" in page.url and "form=forced_labour" in page.url
    page.reload()
    expect(filters(page)).to_contain_text("Larkfield · 2021–2025 · forced labour")
    settled(page)  # leaving a page that is still loading drops the filters from its address (Streamlit 1.67)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    expect(filters(page)).to_contain_text("Larkfield")
    page.go_back()
    expect(filters(page)).to_contain_text("Whole region")
    page.go_forward()
    expect(filters(page)).to_contain_text("Larkfield")


def test_clear_is_always_there_and_empties_the_address(address, tab) -> None:
    page = settled(tab(f"{address}/trends?form=forced_labour&area=C1"))
    page.get_by_role("button", name="Clear all filters").click()
    expect(filters(page)).to_have_text("Example region · Whole region · 2021–2025")
    page.wait_for_function("!location.search.includes('form')")
    expect(page.get_by_role("button", name="Clear all filters")).to_be_disabled()


def test_a_choice_of_the_page_goes_into_the_address_and_reruns_only_the_body(address, tab) -> None:
    page = settled(tab(f"{address}/trends"), charts=3)
    page.get_by_text("Years", exact=True).click()
    expect(page.locator(".st-key-card_trend .ltt-subtitle")).to_contain_text("by year")
    page.wait_for_function("location.search.includes('level=year')")
    page.reload()
    expect(page.locator(".st-key-card_trend .ltt-subtitle")).to_contain_text("by year")


def test_hostile_addresses_are_text_in_a_notice(address, tab) -> None:
    page = tab(f"{address}/trends?form=<img src=x onerror=document.title='run'>&measure=';--")
    expect(page.get_by_role("alert").first).to_contain_text("left out")
    assert page.title() != "run"
    settled(page)


def test_the_table_says_what_the_chart_shows(address, tab) -> None:
    page = settled(tab(f"{address}/trends?level=year"))
    card = page.locator(".st-key-card_trend")
    card.get_by_role("button", name="Table").click()
    expect(card.get_by_role("table")).to_be_visible()
    expect(card.get_by_role("row")).to_have_count(6)
    expect(card.get_by_role("columnheader").nth(1)).to_have_css("text-align", "right")
    card.get_by_role("button", name="Chart").click()
    expect(card.locator(".js-plotly-plot")).to_be_visible()


def test_the_download_is_the_shown_answer_and_nothing_else(address, tab) -> None:
    page = settled(tab(f"{address}/trends?level=year&form=forced_labour"))
    with page.expect_download() as waited:
        page.locator(".st-key-card_trend").get_by_role("button", name="Download").click()
    text = waited.value.path().read_text("utf-8-sig")
    header, *rows = text.splitlines()
    assert waited.value.suggested_filename.endswith(".csv")
    assert header.split(",")[:4] == ["measure", "period", "value", "lower"]
    assert [row.split(",")[1] for row in rows] == ["2021", "2022", "2023", "2024", "2025"]
    assert "Synthetic data, fictional place" in rows[0] and "not prevalence" in rows[0]


def test_the_link_of_a_card_leads_to_the_same_view(address, tab) -> None:
    page = settled(tab(f"{address}/trends?form=forced_labour&split=gender&level=year"))
    page.locator(".st-key-card_trend").get_by_role("button", name="Copy link").click()
    link = page.get_by_test_id("stCode").inner_text().strip()
    assert link.startswith(f"{address}/trends?")
    again = settled(tab(link))
    headline = ".st-key-card_trend .ltt-headline"
    assert again.inner_text(headline) == page.inner_text(headline)
    assert again.inner_text(".ltt-filters") == page.inner_text(".ltt-filters")


def test_every_chart_has_words_for_those_who_cannot_see_it(address, tab) -> None:
    page = settled(tab(f"{address}/trends?level=year"), charts=1)
    described = page.locator(".st-key-card_trend [aria-label*='by year']").first
    words = described.get_attribute("aria-label")
    assert "by year" in words and "Lowest" in words and "highest" in words


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(address, tab, path, scheme) -> None:
    page = settled(tab(f"{address}{path}", color_scheme=scheme))
    found = Axe().run(page).response["violations"]
    assert not found, [(one["id"], one["nodes"][0]["html"][:160]) for one in found]


def test_charts_follow_the_theme(address, tab) -> None:
    ink = {}
    for scheme in ("light", "dark"):
        page = settled(tab(f"{address}/trends", color_scheme=scheme))
        ink[scheme] = page.evaluate("getComputedStyle(document.querySelector('.xtick text')).fill")
    assert ink["light"] != ink["dark"]


def test_a_reader_with_a_keyboard_reaches_filters_and_card_buttons(address, tab) -> None:
    page = settled(tab(f"{address}/"))
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(document.activeElement.ariaLabel || document.activeElement.innerText || '').slice(0, 60)"
            )
        )
        if "Table" in reached:
            break
    said = " | ".join(reached)
    for name in ("Trends", "More filters", "People identified", "Table"):
        assert name in said, said
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-card_headlines").get_by_role("table").first).to_be_visible()


def test_the_first_screen_tells_all_pillars_and_how_fresh_they_are_without_scrolling(tab) -> None:
    """On the demonstration, which has the most to tell."""
    with serving(demonstration_release()) as served:
        page = settled(tab(f"{served}/"))
        assert page.locator("h3.ltt-pillar").count() == 5
        for card in ("headlines", "how_fresh_and_complete"):
            box = page.locator(f".st-key-card_{card}").bounding_box()
            assert box["y"] + box["height"] <= 900, (card, box)
        for card in ("changes", "trend"):
            assert page.locator(f".st-key-card_{card}").bounding_box()["y"] <= 820


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_everything_without_scrolling_sideways(address, tab, path) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "user_agent": "Mozilla/5.0 (Android 14; Mobile)"}
    page = settled(tab(f"{address}{path}", **phone))
    wide = page.evaluate("document.querySelector('.stMain').scrollWidth")
    assert wide <= 390
    if "split" not in path:
        assert page.locator(".js-plotly-plot").first.bounding_box()["height"] <= 241


def test_print_keeps_the_ribbon_and_drops_the_buttons(address, tab) -> None:
    page = settled(tab(f"{address}/"))
    page.emulate_media(media="print")
    expect(page.locator(".ltt-ribbon")).to_be_visible()
    expect(page.get_by_role("button", name="Table").first).to_be_hidden()
    expect(page.locator(".stSidebar")).to_be_hidden()


def test_the_browser_gets_compressed_scripts_once(address) -> None:
    index = urllib.request.urlopen(f"{address}/").read().decode()
    path = next(part.split('"')[0] for part in index.split('src="') if part.startswith("./static/js/"))
    plain = urllib.request.urlopen(f"{address}/{path[2:]}").read()
    request = urllib.request.Request(f"{address}/{path[2:]}", headers={"Accept-Encoding": "gzip"})
    for _ in range(2):
        answer = urllib.request.urlopen(request)
        packed = answer.read()
        assert answer.headers["Content-Encoding"] == "gzip"
        assert len(packed) < len(plain) / 2
        assert gzip.decompress(packed) == plain


def test_nobody_sees_a_traceback(release_folder, tab, tmp_path) -> None:
    place = build(tmp_path, persons=60)
    with serving(place) as address:
        page = tab(f"{address}/")
        (place / "manifest.json").write_text('{"format": 1, "file": []}')
        page.reload()
        page.wait_for_selector(".ltt-state")
        words = page.inner_text(".stMain")
        assert "Traceback" not in words and "Error" not in words
