"""Maps and area lists in a browser: painting, clicking, keys, a phone, how often boundaries travel."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import card, colours_in, drawn, visit
from ui import theme

pytestmark = pytest.mark.browser
MAP = ".st-key-card_map"


def painted(page: Page) -> Page:
    """Wait until the map has drawn its areas."""
    drawn(page)
    page.wait_for_selector(f"{MAP} canvas")
    page.wait_for_function(
        f"""() => {{
            const plot = document.querySelector('{MAP} .js-plotly-plot');
            const map = plot && plot._fullLayout && plot._fullLayout.map && plot._fullLayout.map._subplot.map;
            return map && map.loaded() && map.queryRenderedFeatures().length > 0;
        }}""",
    )
    return page


def areas(page):
    return page.locator(".st-key-area_list").get_by_role("radio")


def point_of(page, code: str) -> tuple[float, float]:
    """Return where on the page an area's middle is."""
    box = page.locator(f"{MAP} .js-plotly-plot").bounding_box()
    place = page.evaluate(
        """([selector, code]) => {
            const plot = document.querySelector(selector);
            const map = plot._fullLayout.map._subplot.map;
            const index = plot._fullData[0].locations.indexOf(code);
            const ring = (plot.calcdata[0][index].fIn || plot.calcdata[0][index]).geometry.coordinates;
            const flat = ring.flat(Infinity);
            const xs = flat.filter((_, n) => n % 2 === 0), ys = flat.filter((_, n) => n % 2 === 1);
            const mid = [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
            const spot = map.project(mid);
            return [spot.x, spot.y];
        }""",
        [f"{MAP} .js-plotly-plot", code],
    )
    return box["x"] + place[0], box["y"] + place[1]


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
    page.wait_for_function(
        f"""() => {{
            const plot = document.querySelector('{MAP} .js-plotly-plot');
            const map = plot._fullLayout.map._subplot.map;
            const seen = map.getBounds();
            return seen.getWest() <= -3.99 && seen.getEast() >= 3.99;
        }}"""
    )


def test_giving_up_a_dimension_by_keyboard(tab, example) -> None:
    page = visit(tab(), example, "explore?by=period,area,form,gender,status")
    offer = page.get_by_role("button", name="Leave out").first
    offer.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table")).to_be_visible()


def map_colours(page: Page) -> set[str]:
    """Return which colours of the sequential scale the map holds over more than a few pixels."""
    # While Streamlit puts a new drawing in the place of an old one, both are there.
    found = colours_in(card(page, "map").locator(".js-plotly-plot").last)
    return {colour for colour in theme.LIGHT.sequential if found.get(colour, 0) > 200}


def test_the_map_paints_and_paints_again_after_a_change_of_filter(tab, example) -> None:
    page = visit(tab(), example, "geography?measure=detected_persons&show=values")
    page.wait_for_function("document.querySelector('.st-key-card_map canvas')")
    before = wait_for_paint(page, set())
    page.get_by_role("combobox", name="From").click()
    page.get_by_role("option", name="2025").click()
    expect(page.locator(".ltt-filters")).to_contain_text("2025")
    drawn(page)
    after = wait_for_paint(page, before)
    assert len(before) >= 2 and len(after) >= 1
    assert "Map error" not in page.inner_text("body")


def test_a_filter_changes_the_map_that_is_there_and_leaves_it_where_a_reader_moved_it(tab, example) -> None:
    page = painted(visit(tab(), example, "geography?show=values"))
    canvas = page.locator(f"{MAP} .maplibregl-canvas")
    kept = canvas.element_handle()
    plot = page.locator(f"{MAP} .js-plotly-plot").element_handle()
    groups = "one => one.data[0].z.join()"
    middle = "one => Object.values(one._fullLayout.map._subplot.map.getCenter())"
    home, before = plot.evaluate(middle), plot.evaluate(groups)
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 80, box["y"] + box["height"] / 2 + 40, steps=8)
    page.mouse.up()
    page.wait_for_function("one => !one._fullLayout.map._subplot.map.isMoving()", arg=plot)
    moved = plot.evaluate(middle)
    assert moved != pytest.approx(home, abs=0.001)
    page.get_by_role("combobox", name="From").click()
    page.get_by_role("option", name="2025").click()
    page.wait_for_function("([plot, before]) => plot.data[0].z.join() !== before", arg=[plot, before])
    painted(page)
    assert kept.evaluate("one => one.isConnected") and page.locator(".maplibregl-canvas").count() == 1
    assert plot.evaluate(middle) == pytest.approx(moved, abs=0.001)


def wait_for_paint(page: Page, known: set[str]) -> set[str]:
    """Return the map's colours once a picture with some of them has stood still for two looks."""
    last: set[str] = set()
    for _ in range(40):
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        seen = map_colours(page)
        if seen and seen == last:
            return seen
        last = seen
    pytest.fail(f"the map did not paint; last seen {last}, before {known}")


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
    expect(page.locator(f"{MAP} .maplibregl-canvas")).to_be_hidden()
    page.set_viewport_size({"width": 1047, "height": 718})  # A4 on its side, less its margins
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.main-svg')].filter(one =>
          one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1).length"""
    )
    assert cut == 0
    page.emulate_media(media="screen")
    expect(picture).to_be_hidden()
