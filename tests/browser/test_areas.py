"""Maps and area lists in a browser: painting, clicking, keys, a phone, how often boundaries travel."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import card, colours_in, drawn, visit
from ui import theme

pytestmark = pytest.mark.browser
MAP = ".st-key-card_map"
PATHS = f"{MAP} .ltt-map_drawing path[data-code]"
FILLS = "all => all.map(one => one.getAttribute('fill'))"


def painted(page: Page) -> Page:
    """Wait until the map has drawn its areas in their colours."""
    drawn(page)
    page.wait_for_selector(f"{PATHS}[fill]")
    return page


def areas(page):
    return page.locator(".st-key-area_list").get_by_role("radio")


def point_of(page, code: str) -> tuple[float, float]:
    """Return where on the page an area's middle is."""
    box = page.locator(f'{MAP} path[data-code="{code}"]').bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_click_on_the_map_selects_and_the_second_drawing_still_works(tab, example) -> None:
    page = painted(visit(tab(), example, "geography"))
    for code, name in (("D03", "Glenmore"), ("D08", "Linden")):
        page.mouse.click(*point_of(page, code))
        page.wait_for_function(f"location.search.includes('place={code}')")
        expect(page.get_by_role("heading", name=f"{name} (district)")).to_be_visible()
        painted(page)
    assert "Map error" not in page.inner_text("body")


def test_a_click_on_a_county_opens_it_and_the_breadcrumb_leads_back(tab, example) -> None:
    page = painted(visit(tab(), example, "geography?level=1"))
    page.mouse.click(*point_of(page, "C1"))
    page.wait_for_function("location.search.includes('within=C1')")
    expect(areas(page)).to_have_count(6)
    page.get_by_role("button", name="Example region").click()
    expect(areas(page)).to_have_count(2)


def test_boundaries_travel_once_and_not_with_every_filter(tab, example) -> None:
    page = visit(tab(), example)
    fetched: list[str] = []
    page.on("request", lambda one: fetched.append(one.url) if "/boundaries/" in one.url else None)
    received = [0]
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: count(received, frame)))
    page.goto(f"{example}/geography")
    painted(page)
    assert len(fetched) == len(set(fetched)) == 2, "the districts, and the counties around them"
    before = received[0]
    page.get_by_text("Numbers", exact=True).click()
    expect(page.locator(".st-key-card_map .ltt-headline")).to_contain_text("ranged from")
    painted(page)
    assert len(fetched) == 2
    assert received[0] - before < 70_000


def count(received: list[int], frame: str | bytes) -> None:
    received[0] += len(frame)


def test_the_whole_map_fits_a_phone(tab, example) -> None:
    page = painted(visit(tab(size="phone"), example, "geography"))
    place = page.locator(f"{MAP} .ltt-map_drawing").bounding_box()
    assert place["width"] <= 390
    for box in (one.bounding_box() for one in page.locator(PATHS).all()):
        assert place["x"] <= box["x"] and box["x"] + box["width"] <= place["x"] + place["width"]
        assert place["y"] <= box["y"] and box["y"] + box["height"] <= place["y"] + place["height"]
    assert page.locator(f"{MAP} .ltt-map_names text").count() > 3


def test_giving_up_a_dimension_by_keyboard(tab, example) -> None:
    page = visit(tab(), example, "explore?by=period,area,form,gender,status")
    offer = page.get_by_role("button", name="Leave out").first
    offer.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table")).to_be_visible()


def test_the_map_paints_and_paints_again_after_a_change_of_filter(tab, example) -> None:
    page = painted(visit(tab(), example, "geography?measure=detected_persons&show=values"))
    before = page.locator(PATHS).evaluate_all(FILLS)
    held = colours_in(card(page, "map").locator(".ltt-map_drawing"))
    assert len({one for one in before if held.get(one, 0) > 200}) >= 2, "the colours are on the screen"
    page.get_by_role("combobox", name="From").click()
    page.get_by_role("option", name="2025").click()
    expect(page.locator(".ltt-filters")).to_contain_text("2025")
    after = painted(page).locator(PATHS).evaluate_all(FILLS)
    assert len(after) == len(before) == 12 and after != before
    assert set(after) <= {"url(#ltt-map-hidden)", *theme.LIGHT.sequential}


def test_a_filter_changes_the_map_that_is_there_and_leaves_it_where_a_reader_moved_it(tab, example) -> None:
    page = painted(visit(tab(), example, "geography?show=values"))
    area = page.locator(PATHS).first
    kept, before = area.element_handle(), page.locator(PATHS).evaluate_all(FILLS)
    place = page.locator(f"{MAP} .ltt-map_drawing")

    def corner() -> tuple[float, float]:
        return tuple(area.bounding_box()[side] - place.bounding_box()[side] for side in "xy")

    home = corner()
    x, y = point_of(page, "D08")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 80, y + 40, steps=8)
    page.mouse.up()
    moved = corner()
    assert (moved[0] - home[0], moved[1] - home[1]) == pytest.approx((80, 40), abs=1)
    assert "place=" not in page.url, "who moves the map chooses nothing"
    page.get_by_role("combobox", name="From").click()
    page.get_by_role("option", name="2025").click()
    page.wait_for_function(
        f"before => ({FILLS})([...document.querySelectorAll('{PATHS}')]).join() !== before",
        arg=",".join(before),
    )
    painted(page)
    assert kept.evaluate("one => one.isConnected") and page.locator(f"{MAP} svg.main-svg").count() == 1
    assert corner() == pytest.approx(moved, abs=1)


def test_pointing_at_an_area_tells_its_numbers(tab, example) -> None:
    page = painted(visit(tab(), example, "geography?show=values"))
    tip = page.locator(f"{MAP} .ltt-map_tip")
    for code, name in (("D03", "Glenmore"), ("D08", "Linden")):
        page.mouse.move(*point_of(page, code))
        expect(tip).to_contain_text(name)
        within, around = tip.bounding_box(), page.locator(f"{MAP} .ltt-map_drawing").bounding_box()
        assert around["x"] <= within["x"]
        assert within["x"] + within["width"] <= around["x"] + around["width"] + 1
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()


def test_a_map_cannot_be_moved_out_of_sight(tab, example) -> None:
    page = painted(visit(tab(), example, "geography?show=values"))
    place = page.locator(f"{MAP} .ltt-map_drawing").bounding_box()
    x, y = point_of(page, "D08")
    for _ in range(3):
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 20, y + 20)
        page.mouse.move(x + 2_000, y + 2_000)
        page.mouse.up()
    moved = page.locator(f"{MAP} .ltt-map_drawing svg > g").evaluate("one => one.getAttribute('transform')")
    across, down = (float(one) for one in re.findall(r"[\d.]+", moved))
    assert (across, down) == pytest.approx((place["width"] / 2, place["height"] / 2), abs=1)


def test_a_tap_tells_an_area_and_chooses_it(tab, example) -> None:
    page = painted(visit(tab(size="phone"), example, "geography?show=values"))
    page.locator(f'{MAP} path[data-code="D08"]').scroll_into_view_if_needed()
    page.touchscreen.tap(*point_of(page, "D08"))
    tip = page.locator(f"{MAP} .ltt-map_tip")
    expect(tip).to_contain_text("Linden")
    page.wait_for_function("location.search.includes('place=D08')")
    painted(page)
    expect(tip).to_be_visible()


def test_keys_of_the_browser_are_not_taken_by_the_map(tab, example) -> None:
    page = painted(visit(tab(), example, "geography?show=values"))
    stop = page.locator(f"{MAP} path[tabindex]")
    assert stop.evaluate(
        """one => ['ArrowLeft', 'Enter'].every(key => one.dispatchEvent(
          new KeyboardEvent('keydown', { key, altKey: true, bubbles: true, cancelable: true })))"""
    ), "Alt and an arrow lead back to the page before"


def test_an_area_within_another_is_not_painted_over_on_paper(tab, example) -> None:
    page = painted(visit(tab(), example, "geography"))
    page.locator(f"{MAP} .ltt-map_drawing").evaluate(
        """({ lttShapes: shapes }) => shapes.set('D08', { type: 'Polygon', coordinates: [
          [[0, 0], [0, 9], [9, 9], [9, 0], [0, 0]], [[4, 4], [5, 4], [5, 5], [4, 5], [4, 4]]] })"""
    )
    page.emulate_media(media="print")
    picture = page.locator(".ltt-print-only svg")
    expect(picture).to_be_visible()
    with_hole = picture.locator(":scope > path").evaluate_all(
        """all => all.filter(one => one.getAttribute('d').split('M').length === 3)
          .map(one => one.getAttribute('fill-rule'))"""
    )
    assert with_hole == ["evenodd"]


def test_in_high_contrast_names_and_legend_keep_the_colours_that_the_map_keeps(tab, example) -> None:
    page = tab()
    page.emulate_media(forced_colors="active")
    painted(visit(page, example, "geography?show=values"))
    for name, part in ((".ltt-map_names text", "fill"), (".ltt-legend-item i", "background-color")):
        kept = page.locator(f"{MAP} {name}").first.evaluate(
            """(one, part) => {
              const now = getComputedStyle(one)[part];
              one.style.forcedColorAdjust = 'none';
              return now === getComputedStyle(one)[part];
            }""",
            part,
        )
        assert kept, name


def test_the_map_is_one_stop_of_the_tab_key_and_arrows_lead_from_area_to_area(tab, example) -> None:
    page = painted(visit(tab(), example, "geography?show=values"))
    stop = page.locator(f"{MAP} path[tabindex]")
    expect(stop).to_have_count(1)
    page.locator(".st-key-breadcrumb button, .stMain button").first.focus()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset?.code"):
            break
    first = stop.get_attribute("data-code")
    assert first == page.evaluate("document.activeElement.dataset.code")
    tip = page.locator(f"{MAP} .ltt-map_tip")
    expect(tip).to_be_visible()
    walked = {first}
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        walked.add(stop.get_attribute("data-code"))
    assert len(walked) > 2
    expect(stop).to_have_role("button")
    name = stop.get_attribute("aria-label")
    assert "<" not in name and ", " in name
    expect(tip).to_contain_text(name.split(", ")[0])
    code = stop.get_attribute("data-code")
    page.keyboard.press("Enter")
    page.wait_for_function("code => location.search.includes(`place=${code}`)", arg=code)
    painted(page)
    assert page.evaluate("document.activeElement.dataset.code") == code, "the reader is still on it"


def test_what_is_not_shown_is_hatched_in_the_colours_of_the_theme(tab, example) -> None:
    page = painted(visit(tab(scheme="dark"), example, "geography?show=values"))
    assert "url(#ltt-map-hidden)" in page.locator(PATHS).evaluate_all(FILLS)
    held = colours_in(card(page, "map").locator(".ltt-map_drawing"))
    assert held.get(theme.DARK.hidden, 0) > 200


def test_without_outlines_the_map_says_where_the_numbers_are(tab, example) -> None:
    page = tab()
    page.route("**/boundaries/**", lambda route: route.abort())
    page.goto(f"{example}/geography")
    expect(page.locator(f"{MAP} .ltt-map_drawing")).to_contain_text("their numbers are in the table")
    page.unroute("**/boundaries/**")
    page.get_by_text("Numbers", exact=True).click()
    painted(page)
    page.watch.clear()


def test_a_reader_with_a_keyboard_chooses_an_area_in_the_list_beside_the_map(tab, example) -> None:
    page = visit(tab(), example, "geography")
    radio = page.locator(".st-key-area_list_box input[type=radio]").first
    radio.focus()
    page.keyboard.press("Space")
    page.wait_for_function("location.search.includes('place=')")
    drawn(page)
    first = page.url.split("place=")[1].split("&")[0]
    page.keyboard.press("ArrowDown")
    page.wait_for_function(
        f"location.search.includes('place=') && !location.search.includes('place={first}')"
    )
    drawn(page)
    expect(page.locator(".st-key-breadcrumb")).to_be_visible()


def test_on_paper_the_map_is_a_picture_with_numbers_and_nothing_is_cut_off(tab, example) -> None:
    page = painted(visit(tab(), example, "geography"))
    page.emulate_media(media="print")
    picture = page.locator(".ltt-print-only svg")
    expect(picture).to_be_visible()
    expect(picture).to_have_accessible_name("Map of the areas in the classes of the legend")
    fills = picture.locator(":scope > path").evaluate_all("all => all.map(one => one.getAttribute('fill'))")
    assert len(fills) == 12
    assert set(fills) <= {"url(#ltt-hatch)", theme.LIGHT.paper, *theme.LIGHT.diverging}
    expect(page.locator(".ltt-print-only li")).to_have_count(12)
    expect(page.locator(f"{MAP} .ltt-map_drawing")).to_be_hidden()
    page.set_viewport_size({"width": 1047, "height": 718})  # A4 on its side, less its margins
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.main-svg')].filter(one =>
          one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1).length"""
    )
    assert cut == 0
    page.emulate_media(media="screen")
    expect(picture).to_be_hidden()
