"""Published counts that only a mapping describes stand on pages beside those of the catalog."""

from pathlib import Path

import pytest

from tests.etl.made_home import Deliverer, command_line
from tests.etl.published_by_mapping import deliver
from tests.pages.conftest import said
from tests.pages.opening import OpenPage

LABEL = "Calls to the state helpline"


@pytest.fixture(scope="module")
def helpline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of published counts by mapping and of nothing else."""
    folder = tmp_path_factory.mktemp("helpline")
    run = command_line(folder / "home")
    assert run.load(Deliverer(folder).areas()).code == 0
    assert run.load(deliver(folder)).code == 0
    assert run("release").code == 0
    return folder / "home" / "release" / "public"


@pytest.mark.parametrize(
    ("page", "address", "words"),
    [
        ("explore", {"by": "period,area", "arealevel": "2"}, ("Alder Vale", "Ash Mouth")),
        ("trends", {}, ("2023",)),
        ("geography", {"level": "2"}, ()),
        ("methods", {}, ("Office of the state helpline",)),
        ("data_quality", {}, ("State helpline",)),
        ("overview", {}, ()),
    ],
)
def test_each_page_shows_it(
    open_page: OpenPage, helpline: Path, page: str, address: dict[str, str], words: tuple[str, ...]
) -> None:
    measure = {"measure": "helpline_calls"} if page in ("explore", "trends", "geography") else {}
    app = open_page(page, release_folder=helpline, every_card=True, **address, **measure)
    text = said(app)
    for word in (LABEL, *words) if measure else words:
        assert word in text, (page, word)
    assert "is not a choice of" not in text
    if page == "geography":
        areas = next(radio for radio in app.radio if radio.key == "area_list").options
        assert areas == ["Alder Vale", "Ash Mouth", "Birch End"]


def test_figures_of_one_county_are_headed_with_the_county(
    open_page: OpenPage, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("county")
    run = command_line(folder / "home")
    assert run.load(Deliverer(folder).areas()).code == 0
    rows = "Alder Vale,2022,Calls,12,\nAlder Vale,2023,Calls,15,\nBirch End,2022,Calls,9,\n"
    assert run.load(deliver(folder, rows)).code == 0
    assert run("release").code == 0
    app = open_page(
        "trends",
        release_folder=folder / "home" / "release" / "public",
        every_card=True,
        measure="helpline_calls",
    )
    assert f"{LABEL} · Upper · 2022–2023" in said(app)
