"""Geography: levels, drill-down by map, list and breadcrumb, bands, years, and every state."""

import json
import re

import pytest

from analysis import Question, answer, open_release
from tests import release_states
from tests.example_release import build
from tests.pages.conftest import headlines, said


def figure(app, trace_type: str) -> dict:
    found = [json.loads(element.proto.spec) for element in app.get("plotly_chart")]
    return next(one for one in found if any(trace["type"] == trace_type for trace in one["data"]))


def mapped(app) -> dict[str, int]:
    areas = figure(app, "choroplethmap")["data"][0]
    return dict(zip(areas["locations"], areas["z"], strict=True))


def listed(app) -> list[str]:
    return next(radio for radio in app.radio if radio.key == "area_list").options


def test_it_opens_at_the_finest_level_that_shows_four_fifths_and_says_how_much(open_page) -> None:
    app = open_page("geography")
    level = next(box for box in app.selectbox if box.key == "pick_level")
    assert level.value == "2"
    assert [option.split(" (")[0] for option in level.options] == ["Districts", "Counties"]
    assert all("shown)" in option for option in level.options)


def test_it_opens_in_bands_and_numbers_are_one_click_away(open_page) -> None:
    app = open_page("geography")
    assert next(one for one in app.segmented_control if one.key == "pick_show").value == "bands"
    assert "by more than chance and protection explain" in said(app)
    numbers = headlines(open_page("geography", show="values"))["map"]
    assert re.fullmatch(r"People identified per 100,000 residents ranged from .* areas.*\.", numbers)


def test_the_map_shows_the_published_rates_in_classes_and_hatches_the_rest(open_page, release) -> None:
    app = open_page("geography", show="values")
    [published] = answer([Question("detection_rate_per_100k", ["area"], area_level=2)], release)
    shown = {row["area"]: row["value"] for row in published.frame.iter_rows(named=True)}
    groups = mapped(app)
    assert {code for code, group in groups.items() if group == 2} == {
        code for code, value in shown.items() if value is None
    }
    ordered = sorted((code for code in shown if shown[code] is not None), key=shown.__getitem__)
    assert [groups[code] for code in ordered] == sorted(groups[code] for code in ordered)


def test_the_list_is_alphabetical_and_holds_the_same_areas(open_page) -> None:
    names = listed(open_page("geography"))
    assert names == sorted(names)
    assert len(names) == 12


def test_a_sum_without_its_hidden_numbers_is_at_least_so_many_wherever_it_stands(
    open_page, demonstration
) -> None:
    [published] = answer(
        [Question("detected_persons", ["area"], {"gender": "male"}, area_level=2)],
        open_release(demonstration),
    )
    of = {row["area"]: row for row in published.frame.iter_rows(named=True) if row["value"] is not None}
    code = next(code for code, row in of.items() if row["cells_shown"] < row["cells_total"])
    number = f"at least {of[code]['value']:,.0f}"
    asked = {"measure": "detected_persons", "show": "values", "level": "2", "gender": "male", "place": code}
    app = open_page("geography", demonstration, **asked)
    radio = next(radio for radio in app.radio if radio.key == "area_list")
    captions = dict(zip(radio.options, radio.proto.captions, strict=True))
    name = published.checked.label_of("area", code)
    assert captions[name].startswith(f"{number} (")
    areas = figure(app, "choroplethmap")["data"][0]
    assert f"{number} people" in areas["text"][areas["locations"].index(code)]
    assert f"<dd>{number[:1].upper()}{number[1:]}</dd>" in said(app)


def test_choosing_in_the_list_shows_the_profile_and_goes_into_the_address(open_page) -> None:
    app = open_page("geography")
    radio = next(radio for radio in app.radio if radio.key == "area_list")
    radio.set_value("D03").run()
    assert "D03" in app.query_params["place"]
    text = said(app)
    assert "Glenmore (district)" in text
    assert "Against all areas together" in text
    assert "Residents" in text


def test_a_link_opens_a_county_with_its_districts_only(open_page) -> None:
    app = open_page("geography", within="C1", place="C1")
    assert len(listed(app)) == 6
    groups = mapped(app)
    assert {code for code, group in groups.items() if group == 0} == {f"D{n:02d}" for n in range(7, 13)}
    assert "Larkfield (county)" in said(app)


def test_the_breadcrumb_leads_back(open_page) -> None:
    app = open_page("geography", within="C1", place="D03")
    labels = [button.label for button in app.button if button.key.startswith("crumb_")]
    assert labels == ["Example region", "› Larkfield", "› Glenmore"]
    app.button(key="crumb_C1").click().run()
    assert "C1" in app.query_params["place"]
    app.button(key="crumb_whole").click().run()
    assert "within" not in app.query_params
    assert not [button for button in app.button if button.key.startswith("crumb_")]


def test_a_county_chosen_in_the_list_offers_its_districts(open_page) -> None:
    app = open_page("geography", level="1", place="C2")
    assert app.button(key="open_area").label == "Show the 6 districts of Moorhaven"
    app.button(key="open_area").click().run()
    assert len(listed(app)) == 6


def test_bands_name_nobody_first(open_page) -> None:
    app = open_page("geography", show="bands")
    text = re.sub(r"<style>.*?</style>", "", said(app), flags=re.DOTALL)  # comments of the style are no words
    assert "the rate of all" in headlines(app)["map"]
    assert "by more than chance and protection explain" in text
    assert "well above" in text
    for word in ("highest", "lowest", "worst", "rank", "top "):
        assert word not in text.lower().replace("never ranked", ""), word


def test_areas_without_a_rate_have_no_band(open_page, release) -> None:
    app = open_page("geography", show="bands")
    [published] = answer([Question("detection_rate_per_100k", ["area"], area_level=2)], release)
    hidden = set(published.frame.filter(published.frame["value"].is_null())["area"])
    assert hidden
    assert {code for code, group in mapped(app).items() if group == 2} == hidden


@pytest.mark.parametrize(
    "address",
    [
        {"area": "C1"},
        {"area": "D05"},
        {"period": "2023..2024"},
        {"form": "forced_labour,domestic_servitude"},
        {"gender": "female", "age_group": "child"},
        {"collection": "outside_register"},
        {"measure": "detected_persons", "level": "1"},
        {"measure": "referrals_made"},
        {"measure": "fbi_offences_known"},
        {"within": "C2", "place": "D12", "form": "forced_labour"},
    ],
    ids=lambda address: ",".join(f"{key}={value}" for key, value in address.items()),
)
def test_filters_and_measures(open_page, address) -> None:
    app = open_page("geography", **address)
    assert "ltt-headline" in said(app)
    assert "This cannot be shown" not in said(app)


def test_an_area_that_is_not_there_falls_back_with_a_notice(open_page) -> None:
    app = open_page("geography", place="<script>", within="XX")
    assert "is not a choice of ‘area on this map’" in said(app)
    assert "is not a choice of ‘area opened on the map’" in said(app)
    assert "<script>" not in said(app)
    assert len(listed(app)) == 12


def test_published_figures_use_their_own_areas(open_page) -> None:
    app = open_page("geography", measure="fbi_offences_known", level="2")
    assert listed(app) == ["Alameda", "Harris", "Los Angeles"]
    assert "A map of these areas: nothing yet" in said(app), "the release has no shapes of them"
    assert not [element for element in app.segmented_control if element.key == "pick_show"]


def test_figures_in_areas_of_another_edition_than_the_outlines_are_listed_under_the_map(
    open_page, folder, tmp_path
) -> None:
    new = "'09110' AS code, 'Capitol Planning Region' AS name"
    changes = (
        f"INSERT INTO area SELECT * REPLACE ({new}) FROM area WHERE geography = 'us' AND name = 'Alameda'",
        "INSERT INTO observation SELECT * REPLACE ('09110' AS area_code) FROM observation "
        "WHERE area_code = (SELECT code FROM area WHERE geography = 'us' AND name = 'Alameda')",
        "INSERT INTO area_shape SELECT 'us', area.code, (SELECT any_value(wkb) FROM area_shape) FROM area "
        "WHERE geography = 'us' AND level = 2 AND code <> '09110'",
        "INSERT INTO info SELECT 'recast', json_object('us', json_object(code, ['02063', '02066'])) "
        "FROM area WHERE geography = 'us' AND name = 'Harris'",
    )
    made = release_states.changed(folder, tmp_path / "public", changes)
    text = said(open_page("geography", release_folder=made, measure="fbi_offences_known", level="2"))
    assert (
        "Not drawn, because they lie in areas of other years than the outlines: "
        "Capitol Planning Region (since 2022)."
    ) in text
    assert "Harris holds the figures of 02063 (since 2019) and 02066 (since 2019)." in text
    own = said(open_page("geography"))
    assert "Not drawn, because" not in own and "holds the figures of" not in own


def test_years_are_taken_together_where_single_years_would_hide_most(open_page, tmp_path) -> None:
    few = build(tmp_path / "few" / "public", persons=1_300)
    app = open_page("geography", release_folder=few, every_card=True, measure="detected_persons", level="2")
    text = said(app)
    assert "years are taken together, because fewer areas could be shown by single years" in text
    assert "sum of the yearly numbers that can be shown" in text


def test_single_years_are_kept_where_they_can_be_shown(open_page) -> None:
    app = open_page("geography", every_card=True, measure="detected_persons")
    assert "years are taken together" not in said(app)
    assert re.match(r"People identified( clearly (rose|fell) in|: no)", headlines(app)["by_years"])


def test_where_signs_of_low_reporting_can_be_read_they_stand_beside_the_map(open_page, demonstration) -> None:
    assert "low_reporting" in headlines(open_page("geography", release_folder=demonstration))
    assert "low_reporting" not in headlines(open_page("geography")), "the example asks no residents"


def test_a_chosen_area_is_outlined_in_the_classes_of_the_region_and_leads_to_its_page(
    open_page, demonstration
) -> None:
    whole = mapped(open_page("geography", release_folder=demonstration))
    app = open_page("geography", release_folder=demonstration, area="TM101")
    assert mapped(app) == whole
    assert "selected" in {trace.get("name") for trace in figure(app, "choroplethmap")["data"]}
    assert "All areas" in headlines(app)["map"]
    text = said(app)
    assert "Brindleport is clearly above the rate of all areas together in 2016–2025." in text
    assert re.search(r'<a href="area\?area=TM101"[^>]*>Brindleport on one page</a>', text)


def test_an_area_with_a_group_that_has_nothing_is_a_page_that_works(open_page, demonstration) -> None:
    app = open_page("geography", release_folder=demonstration, area="TM101", gender="other")
    assert "clearly" not in " ".join(headlines(app).values())
    assert "Brindleport (district)" in said(app)


def test_when_everything_is_hidden_it_says_why(open_page, tiny_folder) -> None:
    text = said(open_page("geography", release_folder=tiny_folder, measure="detected_persons", level="2"))
    assert "Nothing here can be shown" in text


def test_a_register_without_areas_says_what_would_be_here(open_page, tmp_path) -> None:
    text = said(open_page("geography", release_folder=release_states.make("no_areas", tmp_path / "none")))
    assert "People identified by area, on a map and in a list: nothing yet" in text
    assert "python -m etl template person" in text


def test_published_figures_alone_are_listed(open_page, tmp_path) -> None:
    app = open_page("geography", release_folder=release_states.make("published_only", tmp_path / "public"))
    assert listed(app) == ["Alameda", "Harris", "Los Angeles"]


def test_the_steward_release_is_not_hatched(open_page, steward_folder) -> None:
    app = open_page("geography", release_folder=steward_folder, measure="detected_persons", level="2")
    assert 2 not in mapped(app).values()


def test_circumstances_stand_beside_the_whole_with_source_and_year_and_are_never_combined(
    open_page, demonstration
) -> None:
    release = open_release(demonstration)
    context = release.table("area_context").to_dicts()
    rows = {(one["code"], one["year"], one["indicator"]): one for one in context}
    [geography] = {one["geography"] for one in context}
    county, region = release.areas[geography].at(1)[0], release.areas[geography].at(0)[0]
    text = said(open_page("geography", release_folder=demonstration, place=county, period="2016..2020"))
    assert "never combined with them into a score" in text
    here, whole = (rows[code, 2020, "unemployment_rate"] for code in (county, region))
    assert here["source"] in text
    row = re.search(r"<tr><th[^>]*>Unemployment rate</th>(.*?)</tr>", text)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row.group(1))
    assert [float(cell) for cell in cells[:2]] == [here["value"], whole["value"]]
    assert cells[2:4] == ["percent", "2020"]


def test_an_area_without_circumstances_has_no_table_of_them(open_page) -> None:
    assert "Below poverty line share" in said(open_page("geography", level="2", place="D03"))
    assert "into a score" not in said(open_page("geography", level="1", place="C2"))


def test_smoothed_rates_neighbours_and_grey_areas_stand_behind_more_figures(open_page) -> None:
    closed = headlines(open_page("geography"))
    assert not {"smoothed", "beside", "grey"} & set(
        closed
    )  # nothing is worked out for a page that is not asked
    opened = headlines(open_page("geography", every_card=True))
    assert opened["smoothed"].startswith("Allowing for chance, people identified per 100,000 residents")
    assert "districts that can be compared with those beside them" in opened["beside"]


def test_a_grey_area_is_explained_and_all_years_or_its_county_stand_in(open_page) -> None:
    app = open_page("geography", every_card=True, level="2", form="domestic_servitude", period="2024..2024")
    assert " grey: " in headlines(app)["grey"]
    assert "Grey does not mean that nobody was exploited there." in said(app)
    assert "All years together" in said(app)
