"""The frame: registry, ribbon, footer, the states of a release, and the trap of a page run by itself."""

import re
import shutil

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from analysis import open_release
from tests.example_release import build
from tests.pages.conftest import said
from tests.pages.opening import SECONDS
from tests.release_states import make
from tests.sizes import LONG
from tests.support import PROJECT
from ui.view import controls, registry


def test_every_page_of_the_registry_has_its_script_and_every_script_its_line() -> None:
    scripts = {path.stem for path in (PROJECT / "pages").glob("*.py")}
    assert scripts <= {page.code for page in registry.PAGES}
    assert len({page.title for page in registry.PAGES}) == len(registry.PAGES)
    for page in registry.PAGES:
        assert page.group in registry.GROUPS
        assert {registry.entry(code).code for code in page.related} == set(page.related)
        assert page.code.isidentifier(), (
            "the code is the file's name and the address (see ui/view/registry.py)"
        )


def test_every_page_ends_with_what_the_figures_are_and_where_they_come_from(open_page, release) -> None:
    for page in registry.available():
        text = said(open_page(page.code))
        assert "Reported is not prevalence" in text, page.code
        assert f"Release {release.release_id} · public · version" in text, page.code
        assert "Synthetic data, fictional place" in text, page.code


def test_the_restricted_release_says_so_on_every_page(open_page, steward_folder) -> None:
    for page in registry.available():
        text = said(open_page(page.code, release_folder=steward_folder))
        assert "ltt-restricted" in text and "Restricted: exact small numbers, do not share" in text, page.code


def test_no_release_says_what_would_be_here_and_the_command(open_page, tmp_path) -> None:
    text = said(open_page("trends", release_folder=tmp_path / "none"))
    assert "No data has been published" in text
    assert "Trends would be here" in text
    assert "python -m etl build" in text


def test_a_release_of_a_newer_format_is_not_guessed_at(open_page, tmp_path) -> None:
    text = said(open_page(release_folder=build(tmp_path, persons=60, format=99)))
    assert "made by a newer version" in text and "format 99" in text


def test_a_damaged_release_is_not_read(open_page, folder, tmp_path) -> None:
    shutil.copytree(folder, tmp_path / "damaged")
    [file] = (tmp_path / "damaged").glob("*.duckdb")
    file.write_bytes(file.read_bytes()[:-4096])
    text = said(open_page(release_folder=tmp_path / "damaged"))
    assert "This cannot be shown" in text and "damaged" in text


def test_newer_figures_are_offered_and_never_slipped_in(open_page, tmp_path) -> None:
    place = build(tmp_path, persons=600)
    first = open_release(place).release_id
    app = open_page("trends", release_folder=place)
    build(place, persons=700)
    app.run()
    assert "Newer figures are available" in said(app)
    assert f"Release {first}" in said(app), "the figures a reader looks at do not change under their eyes"
    app.button(key="reload_release").click().run()
    assert f"Release {open_release(place).release_id}" in said(app)
    assert first != open_release(place).release_id
    assert "Newer figures" not in said(app)


def test_a_page_run_by_itself_says_how_to_start(folder, monkeypatch) -> None:
    monkeypatch.setenv("LTT_RELEASE", str(folder))
    app = AppTest.from_file(str(PROJECT / "pages" / "trends.py"), default_timeout=SECONDS).run()
    assert not app.exception
    assert "streamlit run dashboard.py" in said(app)


def test_a_deep_link_that_is_the_first_of_all_requests_leads_to_its_page(folder, monkeypatch) -> None:
    monkeypatch.setenv("LTT_RELEASE", str(folder))
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=SECONDS)
    app.switch_page("pages/trends.py").run()
    assert not app.exception
    assert [one.value for one in app.title] == ["Trends"]
    assert "Clear all filters" in said(app), "the sidebar is there too"


def test_clearing_takes_every_shared_filter_back(open_page) -> None:
    app = open_page("trends", form="forced_labour", area="C1", period="2022..2023", gender="female")
    assert "forced labour" in said(app)
    app.button(key="clear").click().run()
    assert "Example region · Whole region · 2021–2025<" in said(app)
    assert app.button(key="clear").disabled


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ({"form": "=cmd|' /C calc'!A0"}, "not a known form of exploitation"),
        ({"area": "../../etc/passwd"}, "not a known area"),
        ({"period": "2021-01-01..2021-02-02"}, "is not a period"),
        ({"gender": "!female"}, "cannot say 'not'"),
        ({"form": "a," * 100}, "too much"),
        ({"age_group": "child", "age_band": "9_17"}, "cannot be combined"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_unknown_and_hostile_addresses_fall_back_with_a_notice(open_page, address, word) -> None:
    app = open_page("overview", **address)
    assert any(word in one.value for one in app.warning), [one.value for one in app.warning]
    assert "ltt-headline" in said(app), "the page works"


def test_filters_outlive_a_change_of_page_in_both_directions(open_page) -> None:
    app = open_page("overview", form="forced_labour", period="2022..2023")
    for page in ("trends", "overview"):
        app.switch_page(f"pages/{page}.py").run()
        assert "2022–2023 · forced labour" in said(app), page
        assert app.query_params == {"form": "forced_labour", "period": "2022..2023"}


def test_two_ways_to_tell_age_exclude_each_other_in_the_sidebar(open_page) -> None:
    app = open_page("overview", age_group="child")
    app.multiselect(key="pick_age_band").set_value(["9_17"]).run()
    assert app.session_state["age_group"] == "" and app.session_state["age_band"] == "9_17"
    assert not app.warning


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.20", ""])
def test_exact_numbers_are_not_shown_by_a_server_that_others_reach(
    open_page, steward_folder, folder, host: str
) -> None:
    before = config.get_option("server.address")
    config.set_option("server.address", host)
    try:
        refused, public = (
            said(open_page(release_folder=steward_folder)),
            said(open_page(release_folder=folder)),
        )
    finally:
        config.set_option("server.address", before)
    assert "on this machine only" in refused
    assert "make run PROFILE=steward" in refused
    assert "Restricted: exact small numbers" not in refused
    assert "on this machine only" not in public
    assert "on this machine only" not in said(open_page(release_folder=steward_folder))


def test_names_that_nothing_goes_by_are_told(open_page) -> None:
    app = open_page(
        "trends", perod="2023", **{"<b>x": "1", "a": "1", "z": "1"}, form="forced_labour", role="police"
    )
    [told] = [one.value for one in app.warning]
    assert "'perod'" in told and "and 1 more in the link are no filters here" in told
    assert "<" not in told and "role" not in told
    [alone] = [one.value for one in open_page("trends", perod="2023").warning]
    assert alone == "'perod' in the link is no filter here; it was left out."


HOSTILE = [
    {"area": "D03", "gender": "other", "form": "forced_begging"},
    {"area": ["C1", "C2"]},
    {"area": "D01,D01"},
    {"area": "C1,D01"},
    {"period": "2025..2021"},
    {"area": "<script>alert(1)</script>", "measure": "<b>", "level": "x", "show": "'\"", "by": "period,<i>"},
    {"area": "x" * 5_000, "zz": "1"},
]


@pytest.mark.parametrize("address", HOSTILE, ids=lambda address: " ".join(address)[:30])
def test_no_address_breaks_a_page(open_page, address) -> None:
    pages = registry.available()
    for page in pages if LONG else pages[HOSTILE.index(address) % 2 :: 2]:
        text = said(open_page(page.code, **address))
        assert "could not be drawn" not in text and "<script>alert" not in text, page.code


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ({"area": ["C1", "C2"]}, "‘area’ stands in the link more than once; the last one is used"),
        ({"area": "D01,D01"}, "names the same area more than once; it counts once"),
        ({"area": "C1,D01"}, "Ashby lies in Larkfield, which is chosen too; Larkfield is shown"),
        ({"period": "2025..2021"}, "The period ended before it began"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_contradiction_in_the_address_is_told(open_page, address, word) -> None:
    app = open_page("trends", **address)
    assert any(word in one.value for one in app.warning), [one.value for one in app.warning]


def test_an_area_without_anything_to_show_leaves_the_map_on_its_own_level(open_page, demonstration) -> None:
    app = open_page("geography", release_folder=demonstration, area="TM101", gender="other")
    assert "Nothing here can be shown" in said(app) or "ltt-state" in said(app)


def test_a_page_binds_no_name_that_the_registry_does_not_know() -> None:
    with pytest.raises(ValueError, match="registry"):
        controls.bound_text("unheard_of")


def test_a_link_to_the_search_of_methods_is_no_unknown_name(open_page) -> None:
    assert not open_page("methods", find="share").warning


def test_child_or_adult_is_not_behind_more_filters(open_page) -> None:
    app = open_page("overview")
    folded = [one.key for one in app.sidebar.expander[0].multiselect]
    assert "pick_age_group" not in folded and "pick_age_band" in folded
    assert app.multiselect(key="pick_age_group").label == "Child or adult"


def test_without_a_place_the_title_names_the_geography(open_page, tmp_path) -> None:
    app = open_page(release_folder=make("published_only", tmp_path / "published"))
    text = said(app)
    assert re.search(r'class="ltt-filters">[^·<]+ · Whole region', text)
    assert "To protect people" not in text, "figures of others are exact"


def test_the_foot_of_a_page_tells_the_smallest_number_of_its_own_release(open_page, tmp_path) -> None:
    partner = build(tmp_path / "partner", profile="partner", threshold=8)
    for page in ("people_and_forms", "trends"):
        text = said(open_page(page, release_folder=partner))
        assert "numbers below 8 are not shown" in text, page
        assert "fewer than 10" not in text and "below 10" not in text, page


def test_a_newcomer_is_led_to_the_made_up_region_an_empty_sheet_and_the_guide(open_page, tmp_path) -> None:
    text = said(open_page(release_folder=tmp_path / "none"))
    for step in ("python -m etl build --demo", "python -m etl template person", "docs/adding.md"):
        assert step in text
    assert "manifest" not in text
