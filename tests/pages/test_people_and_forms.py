"""People and forms: one card a dimension, pairs, two dimensions together, and every state."""

import json

import pytest

from analysis import Question, answer
from tests import release_states
from tests.pages.conftest import said


def figures(app) -> list[dict]:
    return [json.loads(element.proto.spec) for element in app.get("plotly_chart")]


def headlines(app) -> int:
    return said(app).count("ltt-headline")


def test_every_dimension_has_its_card(open_page) -> None:
    text = said(open_page("people_and_forms"))
    for label in (
        "Share by form of exploitation",
        "People with two forms of exploitation",
        "Age band",
        "Share by gender",
        "Citizenship group",
        "Share by sector",
        "Share by recruitment method",
        "Share by control method",
        "Share by vulnerability",
        "First identified by",
    ):
        assert label in text, label


def test_bars_are_the_published_shares(open_page, release) -> None:
    [published] = answer([Question("form_share", ["form"])], release)
    drawn = figures(open_page("people_and_forms"))[0]["data"][0]["x"]
    assert sorted(drawn) == sorted(published.frame["value"].drop_nulls().to_list())


def test_pairs_are_published_pairs_and_no_other_number(open_page, release) -> None:
    [published] = answer([Question("form_pair", ["form_pair"])], release)
    grid = figures(open_page("people_and_forms"))[1]
    written = {
        note["text"].rstrip("*") for note in grid["layout"]["annotations"] if note["text"][0].isdigit()
    }
    assert written == {f"{value:,.0f}" for value in published.frame["value"].drop_nulls()}
    assert published.frame["value"].null_count(), "else the hatch is not tested"
    assert any(trace.get("name") == "not shown" for trace in grid["data"])


def test_groups_that_overlap_say_so(open_page) -> None:
    assert "A person can be in more than one group, so the groups do not add up." in said(
        open_page("people_and_forms")
    )


def test_two_dimensions_say_beforehand_how_much_could_be_shown(open_page) -> None:
    app = open_page("people_and_forms")
    columns = app.selectbox(key="pick_columns")
    assert all(" shown)" in option for option in columns.options)
    app.selectbox(key="pick_rows").set_value("age_band").run()
    offered = app.selectbox(key="pick_columns").options
    assert not [option for option in offered if option.startswith(("Child or adult", "Age band"))]


def test_a_choice_of_two_dimensions_is_in_the_link(open_page) -> None:
    app = open_page("people_and_forms", rows="gender", columns="status")
    assert app.selectbox(key="pick_rows").value == "gender"
    grids = [one for one in figures(app) if one["data"][0]["type"] == "heatmap"]
    assert grids[-1]["layout"]["yaxis"]["ticktext"][0] == "Women and girls"


@pytest.mark.parametrize(
    "address",
    [
        {"form": "forced_labour"},
        {"gender": "female", "age_group": "child"},
        {"area": "C1,C2", "period": "2022..2024"},
        {"area": "D06", "form": "forced_begging"},
        {"source": "north_police"},
        {"collection": "outside_register"},
    ],
    ids=lambda address: ",".join(f"{key}={value}" for key, value in address.items()),
)
def test_filters(open_page, address) -> None:
    assert headlines(open_page("people_and_forms", **address)) >= 8


def test_what_cannot_be_combined_says_what_to_give_up_and_the_rest_is_drawn(open_page) -> None:
    address = {"form": "forced_labour", "gender": "female", "status": "confirmed", "area": "C1"}
    app = open_page("people_and_forms", **address)
    text = said(app)
    assert "dimensions at once" in text
    assert "Leave out one of" in text
    assert headlines(app) >= 8, "one refusal does not take the page with it"


def test_referrals_appear_where_there_are_any(open_page, tmp_path) -> None:
    assert "Referrals: the help that was asked for" in said(open_page("people_and_forms"))
    place = release_states.make("person_only", tmp_path / "persons")
    assert "Referrals: the help" not in said(open_page("people_and_forms", release_folder=place))


def test_without_people_it_says_what_would_be_here(open_page, tmp_path) -> None:
    place = release_states.make("published_only", tmp_path / "published")
    text = said(open_page("people_and_forms", release_folder=place))
    assert "would be here" in text
    assert "python -m etl load" in text


def test_a_register_without_areas_is_complete(open_page, tmp_path) -> None:
    place = release_states.make("no_areas", tmp_path / "outside")
    assert headlines(open_page("people_and_forms", release_folder=place)) >= 8


def test_when_all_is_hidden_every_card_says_so(open_page, tiny_folder) -> None:
    assert (
        said(open_page("people_and_forms", release_folder=tiny_folder)).count("Nothing here can be shown")
        >= 5
    )
