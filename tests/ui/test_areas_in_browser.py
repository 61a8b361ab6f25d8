"""Maps, lists and tables in a real browser: painting, clicking, keys, phones, files."""

import io
import zipfile

import frictionless
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.ui.conftest import PATIENCE_MS, settled

pytestmark = pytest.mark.browser
PAGES = ["/geography?place=D03", "/geography?show=bands", "/people_and_forms", "/explore?by=period,area"]
MAP = ".st-key-map_chart"
PHONE = {"viewport": {"width": 390, "height": 844}, "user_agent": "Mozilla/5.0 (Android 14; Mobile)"}


def painted(page):
    """Wait until the map has drawn its areas."""
    settled(page)
    page.wait_for_selector(f"{MAP} canvas")
    page.wait_for_function(
        f"""() => {{
            const plot = document.querySelector('{MAP} .js-plotly-plot');
            const map = plot && plot._fullLayout && plot._fullLayout.map && plot._fullLayout.map._subplot.map;
            return map && map.loaded() && map.queryRenderedFeatures().length > 0;
        }}""",
        timeout=PATIENCE_MS,
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


def test_a_click_on_the_map_selects_and_the_second_drawing_still_works(address, tab) -> None:
    page = painted(tab(f"{address}/geography"))
    for code, name in (("D03", "Glenmore"), ("D08", "Linden")):
        page.mouse.click(*point_of(page, code))
        page.wait_for_function(f"location.search.includes('place={code}')")
        expect(page.get_by_role("heading", name=f"{name} (district)")).to_be_visible()
        painted(page)
    assert "Map error" not in page.inner_text("body")


def test_a_click_on_a_county_opens_it_and_the_breadcrumb_leads_back(address, tab) -> None:
    page = painted(tab(f"{address}/geography?level=1"))
    page.mouse.click(*point_of(page, "C1"))
    page.wait_for_function("location.search.includes('within=C1')")
    expect(areas(page)).to_have_count(6)
    page.get_by_role("button", name="Example region").click()
    expect(areas(page)).to_have_count(2)


def test_the_list_selects_with_keys_what_the_map_selects_with_a_click(address, tab) -> None:
    page = painted(tab(f"{address}/geography"))
    areas(page).first.focus()
    page.keyboard.press("Space")
    page.wait_for_function("location.search.includes('place=D01')")
    expect(page.get_by_role("heading", name="Ashby (district)")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("location.search.includes('place=D02')")


def test_boundaries_travel_once_and_not_with_every_filter(address, tab) -> None:
    page = tab(f"{address}/")
    fetched: list[str] = []
    page.on("request", lambda one: fetched.append(one.url) if "/boundaries/" in one.url else None)
    received = [0]
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: count(received, frame)))
    page.goto(f"{address}/geography")
    painted(page)
    assert len(set(fetched)) == 1
    before = received[0]
    page.get_by_text("Bands", exact=True).click()
    expect(page.locator(".st-key-card_map .ltt-headline")).to_contain_text("above all areas together")
    painted(page)
    assert len(set(fetched)) == 1
    assert received[0] - before < 120_000


def count(received: list[int], frame: str | bytes) -> None:
    received[0] += len(frame)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(address, tab, path, scheme) -> None:
    page = settled(tab(f"{address}{path}", color_scheme=scheme), charts=0)
    found = Axe().run(page).response["violations"]
    assert not found, [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_everything_without_scrolling_sideways(address, tab, path) -> None:
    page = settled(tab(f"{address}{path}", **PHONE), charts=0)
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= 390


def test_the_whole_map_fits_a_phone(address, tab) -> None:
    page = painted(tab(f"{address}/geography", **PHONE))
    page.wait_for_function(
        f"""() => {{
            const plot = document.querySelector('{MAP} .js-plotly-plot');
            const map = plot._fullLayout.map._subplot.map;
            const seen = map.getBounds();
            return seen.getWest() <= -3.99 && seen.getEast() >= 3.99;
        }}"""
    )


def test_the_download_is_a_valid_data_package(address, tab, tmp_path) -> None:
    page = settled(tab(f"{address}/explore?by=period,area"), charts=0)
    with page.expect_download() as waited:
        page.get_by_role("button", name="GeoJSON").click()
    assert waited.value.suggested_filename.endswith("_geojson.zip")
    with zipfile.ZipFile(io.BytesIO(waited.value.path().read_bytes())) as archive:
        archive.extractall(tmp_path)
    assert frictionless.Package(str(tmp_path / "datapackage.json")).validate().valid


def test_giving_up_a_dimension_by_keyboard(address, tab) -> None:
    page = settled(tab(f"{address}/explore?by=period,area,form,gender,status"), charts=0)
    offer = page.get_by_role("button", name="Leave out").first
    offer.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table")).to_be_visible()


def test_the_link_of_a_table_leads_to_the_same_table(address, tab) -> None:
    page = settled(
        tab(f"{address}/explore?by=period,gender&measure=detected_persons&form=forced_labour"), charts=0
    )
    page.get_by_role("button", name="Copy link").click()
    link = page.get_by_test_id("stCode").inner_text().strip()
    again = settled(tab(link), charts=0)
    assert again.inner_text("table") == page.inner_text("table")
