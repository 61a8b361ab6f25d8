"""Published counts that only a mapping describes stand on pages beside those of the catalog."""

from pathlib import Path

import pytest

from tests.etl.made_home import Deliverer, command_line
from tests.etl.published_by_mapping import deliver
from tests.pages.charts_read import charts
from tests.pages.conftest import headlines, said
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


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of numbers of several years together, by state."""
    folder = tmp_path_factory.mktemp("together")
    run = command_line(folder / "home")
    rows = "".join(
        f"{state},{years},Calls,{number},\n"
        for state, numbers in (("Ohio", (31, 47, 52)), ("Utah", (12, 15, 11)))
        for years, number in zip(("2014-2016", "2016-2018", "2019-2021"), numbers, strict=True)
    )
    changes = (
        ('period = "2022-01..2023-12"', 'period = "2014..2021"'),
        ('period_resolution = "year"', 'period_resolution = "years"'),
        ('"riverland"', '"us"'),
    )
    assert run.load(deliver(folder, rows, *changes)).code == 0
    assert run("release").code == 0
    return folder / "home" / "release" / "public"


def test_years_together_are_rows_of_their_own(open_page: OpenPage, together: Path) -> None:
    app = open_page("explore", release_folder=together, measure="helpline_calls", by="period")
    assert headlines(app)["table"] == f"{LABEL}: 63 in 2019–2021."
    text = said(app)
    for words in (">Years</th>", "2014–2016", "2016–2018", "2019–2021", "not divided over the years"):
        assert words in text, words
    assert "2014–2018" not in text and ">2017<" not in text


@pytest.mark.parametrize("years", ["2017", "2015..2018"])
def test_a_part_of_the_years_says_which_there_are(open_page: OpenPage, together: Path, years: str) -> None:
    address = {"measure": "helpline_calls", "by": "period", "period": years}
    text = said(open_page("explore", release_folder=together, **address))
    if years == "2017":
        assert "This table cannot be made" in text and "There are: 2014–2016, 2016–2018, 2019–2021" in text
    else:
        assert "are left out: 2014–2016, 2019–2021" in text


def test_a_map_is_of_the_newest_years_and_names_them(open_page: OpenPage, together: Path) -> None:
    address = {"measure": "helpline_calls", "level": "1", "place": "39"}
    app = open_page("geography", release_folder=together, every_card=True, **address)
    text = said(app)
    assert f"{LABEL} · United States · 2019–2021 · by area" in text
    assert "Ohio · 2019–2021" in text, "the area beside the map"
    assert "The figure is of 2019–2021 together" in text
    assert f"{LABEL} · Ohio · 2014–2021 · by period" in text
    [bars, _] = charts(app)["profile_years_chart"]["data"]
    assert (bars["type"], list(bars["y"])) == ("bar", ["2014–2016", "2016–2018", "2019–2021"]), (
        "no line over time"
    )
    assert " · newest" not in text and "are taken together" not in text
    assert "This cannot be shown" not in text


def test_years_together_are_no_course_over_time(open_page: OpenPage, together: Path) -> None:
    text = said(open_page("trends", release_folder=together, measure="helpline_calls"))
    assert LABEL not in text
    assert "no clear change" not in text


@pytest.mark.parametrize("page", ["methods", "data_quality", "overview", "area", "briefing"])
def test_other_pages_open_with_years_together(open_page: OpenPage, together: Path, page: str) -> None:
    text = said(open_page(page, release_folder=together, every_card=True))
    if page == "data_quality":
        assert "2014–2021" in text
    if page == "methods":
        assert "of several years together" in text
