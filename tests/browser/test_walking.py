"""Walking through the dashboard: links, filters, addresses, tables, files, the keyboard."""

import csv
import json
import re
import warnings
import zipfile
from pathlib import Path

import frictionless
import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import card, drawn, saved, table_rows, title_is, visit
from tests.browser.serving import serving
from tests.example_release import build
from tests.sizes import size
from ui.view import registry

pytestmark = pytest.mark.browser


def filters(page: Page):
    return page.locator(".ltt-filters")


def go(page: Page, title: str) -> None:
    """Follow a link of the sidebar."""
    page.locator(".stSidebar").get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    drawn(page)


def focused(page: Page) -> str:
    return page.evaluate(
        "(document.activeElement.ariaLabel || document.activeElement.innerText || '').trim().slice(0, 80)"
    )


def tab_to(page: Page, name: str, most: int = 80) -> None:
    """Press Tab until something of that name has the focus."""
    met = []
    for _ in range(most):
        page.keyboard.press("Tab")
        met.append(focused(page))
        if re.search(name, met[-1]):
            return
    pytest.fail(f"{name!r} cannot be reached by keyboard; met {met}")


@pytest.mark.parametrize("code", ["geography", "data_quality"])
def test_a_deep_link_as_the_very_first_request_lands_on_its_page_with_its_filter(tab, releases, code) -> None:
    with serving(releases("example")) as fresh:
        page = visit(tab(), fresh, f"{code}?form=forced_labour&period=2022..2024")
        title_is(page, code)
        expect(filters(page)).to_contain_text("2022–2024 · forced labour")
        page.close()  # before its server ends: a page that is open asks for it


def test_filters_survive_every_page_of_the_sidebar_and_back_and_a_reload(tab, example) -> None:
    page = visit(tab(), example, "?area=C1&form=forced_labour&period=2022..2024")
    wanted = "Larkfield · 2022–2024 · forced labour"
    titles = [one.title for one in registry.available()]
    back = titles[-2::-1][:: size(4, 1)]  # of those that are known by then, some; all in the long form
    for title in [*titles[1:], *back]:
        go(page, title)
        expect(filters(page)).to_contain_text(wanted)
    page.reload()
    drawn(page)
    expect(filters(page)).to_contain_text(wanted)
    assert {"area=C1", "form=forced_labour", "period=2022..2024"} <= set(page.url.split("?")[1].split("&"))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("geography?area=Z9", "is not a known area"),
        ("trends?form=<script>document.title='run'</script>", "is not a known form of exploitation"),
        ("explore?by=<img src=x onerror=document.title='run'>", "left out"),
        ("data_quality?period=2024%27%3B%20DROP%20TABLE%20info", "is not a period"),
        ("people_and_forms?gender=!female", "cannot say 'not'"),
        ("?collection=../../restricted", "is not a known collection"),
    ],
)
def test_what_an_address_cannot_say_falls_back_with_a_notice(tab, example, address, words) -> None:
    page = visit(tab(), example, address)
    expect(page.get_by_role("alert").filter(has_text=words).first).to_be_visible()
    assert page.title() != "run"
    assert page.locator(".stMain img[src='x'], .stMain script").count() == 0


def test_a_card_shows_its_table_and_the_file_holds_the_same_numbers(tab, example, tmp_path) -> None:
    page = visit(tab(), example, "trends?level=year&form=forced_labour")
    trend = card(page, "trend")
    trend.get_by_role("button", name="Table").click()
    expect(trend.get_by_role("table")).to_be_visible()
    header, *rows = table_rows(trend)
    file = saved(page, trend.get_by_role("button", name="Download"), tmp_path)
    written = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    written.reverse()  # a file runs from the oldest year on, a table on the screen begins with the newest
    assert [row["period"] for row in written] == [row[0] for row in rows] and len(rows) == 5
    assert [f"{int(row['value']):,}" for row in written] == [row[1] for row in rows]
    assert header[0] == "Year"
    assert all("Synthetic data, fictional place" in row["remark"] for row in written)
    assert all("not prevalence" in " ".join(row.values()) for row in written)
    expect(trend.get_by_role("columnheader").nth(1)).to_have_css("text-align", "right")
    trend.get_by_role("button", name="Chart").click()
    expect(trend.locator(".js-plotly-plot")).to_be_visible()


def test_a_card_about_the_data_downloads_the_table_it_shows(tab, example, tmp_path) -> None:
    page = visit(tab(), example, "data_quality")
    loads = card(page, "loads")
    file = saved(page, loads.get_by_role("button", name="Download"), tmp_path)
    shown = table_rows(loads)
    written = list(csv.reader(file.read_text("utf-8").splitlines()))
    assert [row[: len(shown[0])] for row in written] == shown, "what the file says besides stands after it"


def test_every_file_of_explore_is_a_package_that_validates(tab, example, tmp_path) -> None:
    page = visit(tab(), example, "explore?by=period,area&form=forced_labour")
    for kind in ("csv", "parquet", "xlsx", "json", "geojson"):
        file = saved(page, page.locator(f".st-key-download_{kind}").get_by_role("button"), tmp_path)
        with zipfile.ZipFile(file) as archive:
            assert archive.testzip() is None
            archive.extractall(tmp_path / kind)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # those of the validator's own dependencies
            report = frictionless.Package(str(tmp_path / kind / "datapackage.json")).validate()
        assert report.valid, report.flatten(["type", "note"])
        package = json.loads((tmp_path / kind / "datapackage.json").read_text("utf-8"))
        assert any(one["path"].endswith(f".{kind}") for one in package["resources"])
    assert numbers_of_package(tmp_path / "csv") == numbers_on_screen(page)


def numbers_of_package(folder: Path) -> list[tuple[str, str, str]]:
    rows = csv.DictReader(next(folder.glob("detected_persons*.csv")).read_text("utf-8").splitlines())
    return sorted(
        (row["period"], row["area_label"], f"{int(float(row['value'])):,}" if row["value"] else "not shown")
        for row in rows
    )


def numbers_on_screen(page: Page) -> list[tuple[str, str, str]]:
    """Return year, area and number of each row, in the order of a file: the screen begins with the newest."""
    header, *rows = table_rows(card(page, "table"))
    place = next(number for number, name in enumerate(header) if "people" in name)
    return sorted((row[header.index("Year")], row[header.index("Area")], row[place]) for row in rows)


def test_a_reader_with_a_keyboard_changes_a_filter_and_opens_a_table(tab, example) -> None:
    page = visit(tab(), example, "trends?level=year")
    tab_to(page, "^From|Selected 2021")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="2021")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(filters(page)).to_contain_text(re.compile("202[2-5]"))
    drawn(page)
    page.locator("h1").click()
    tab_to(page, "^Table$")
    page.keyboard.press("Enter")
    expect(card(page, "trend").get_by_role("table")).to_be_visible()
    page.keyboard.press("Shift+Tab")  # back into the table, which scrolls by arrow keys
    assert page.evaluate("document.activeElement.classList.contains('ltt-table')")


def test_newer_figures_are_offered_and_taken_only_when_asked(tab, tmp_path) -> None:
    place = build(tmp_path / "public", persons=600)
    with serving(place) as address:
        page = visit(tab(), address, "methods")
        expect(page.get_by_text("Newer figures are available.")).to_have_count(0)
        old = release_named(page)
        build(place, persons=700)
        go(page, "Overview")
        expect(page.get_by_text("Newer figures are available.")).to_be_visible()
        assert release_named(page) == old
        page.get_by_role("button", name="Reload").click()
        expect(page.get_by_text("Newer figures are available.")).to_have_count(0)
        drawn(page)
        assert release_named(page) != old
        page.close()


def release_named(page: Page) -> str:
    return re.search(r"Release (\w{12})", page.inner_text(".ltt-footer")).group(1)


def test_a_release_without_its_restricted_folder_is_all_the_dashboard_needs(tab, releases, tmp_path) -> None:
    """Nothing but two files in a folder of their own, and nothing of where they lie reaches the browser."""
    copy = tmp_path / "elsewhere"
    copy.mkdir()
    for file in releases("example").iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    with serving(copy, LTT_HOME=str(tmp_path / "nothing")) as address:
        page = tab()
        sent: list[bytes] = []
        page.on(
            "websocket", lambda socket: socket.on("framereceived", lambda frame: sent.append(as_bytes(frame)))
        )
        for code in ("overview", "geography", "data_quality"):
            visit(page, address, "" if code == "overview" else code)
            title_is(page, code)
        page.close()
    everything = b"".join(sent)
    assert len(everything) > 10_000
    for secret in (b"restricted/", b"warehouse", b"frozen.duckdb", str(tmp_path).encode()):
        assert secret not in everything


def as_bytes(frame: bytes | str) -> bytes:
    return frame if isinstance(frame, bytes) else frame.encode()
