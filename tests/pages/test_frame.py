"""The frame: registry, ribbon, footer, the states of a release, and the trap of a page run by itself."""

import shutil

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from analysis import open_release
from tests.example_release import build
from tests.pages.conftest import SECONDS, said
from tests.support import PROJECT
from ui.app import registry


def test_every_page_of_the_registry_has_its_script_and_every_script_its_line() -> None:
    scripts = {path.stem for path in (PROJECT / "pages").glob("*.py")}
    assert scripts <= {page.code for page in registry.PAGES}
    assert len({page.title for page in registry.PAGES}) == len(registry.PAGES)
    for page in registry.PAGES:
        assert page.group in registry.GROUPS
        assert {registry.entry(code).code for code in page.related} == set(page.related)
        assert page.code.isidentifier(), (
            "the code is the file's name and the address (see ui/app/registry.py)"
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
    assert "There are no figures yet" in text
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
    assert "There are no figures yet" in text and "damaged" in text


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
    assert "Headline measures" in said(app)


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
