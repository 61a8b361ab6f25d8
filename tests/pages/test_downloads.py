"""Every download of every page can be made, and its rows hold the filters that the page was opened with."""

import csv
from collections.abc import Callable
from typing import Any

import pytest

from ui.view import hand_over, registry

PAGES = [page.code for page in registry.available() if page.code != "explore"]


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Catch what the download buttons would hand over."""
    made: dict[str, bytes] = {}

    def caught(_label: str, data: Callable[[], bytes], *, file_name: str, **_more: Any) -> bool:
        assert file_name not in made, "two files of one name"
        made[file_name] = data()
        return False

    monkeypatch.setattr(hand_over, "button", caught)
    return made


def test_a_page_is_taken_along_with_its_filters(open_page, demonstration, files) -> None:
    open_page(
        "trends",
        release_folder=demonstration,
        menu_is_open=True,
        area="TM2",
        age_group="child",
        period="2019..2024",
    )
    [(name, content)] = [(name, content) for name, content in files.items() if name.endswith(".html")]
    assert "larkfield_tm2" in name
    assert "age_group_child" in name
    text = content.decode("utf-8")
    assert "Trends: Larkfield · Tarrowmere" in text
    assert "People identified · Larkfield · 2019–2024 · children (under 18) · by year" in text


@pytest.mark.parametrize("page", PAGES)
def test_downloads_of_a_page(open_page, demonstration, files, page: str) -> None:
    open_page(page, release_folder=demonstration, area="TM2", age_group="child", period="2019..2024")
    files = {name: content for name, content in files.items() if name.endswith(".csv")}
    assert files or page not in ("trends", "reporting", "funding"), "pages with cards have files"
    for name, content in files.items():
        header, *rows = csv.reader(content.decode("utf-8").splitlines())
        assert not header[0].startswith("\ufeff"), name
        if header[0] != "measure":
            continue  # a table about the data itself, which no filter limits
        assert {"age_group", "area"} <= set(header), name
        # The map and the list of Geography are of all areas, whichever of them was chosen.
        assert ("larkfield_tm2" in name or page == "geography") and "age_group_child" in name
        for row in rows:
            cell = dict(zip(header, row, strict=True))
            if not cell["area"]:
                continue  # a row of a table of another shape in the same file
            assert cell["area"].startswith("TM") or cell["area"] == "all", name
            assert cell["area"] != "all" or cell["area_label"] == "Whole region"
