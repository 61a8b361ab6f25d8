"""People and forms: change, one card a dimension, pairs, two dimensions together, and every state."""

import pytest

from analysis import Question, answer, open_release
from tests import release_states
from tests.pages.charts_read import charts, values_of
from tests.pages.conftest import headlines, said, verdicts

OPEN = ["people", "children", "forms", "pairs", "age", "gender", "together"]


def test_what_a_meeting_needs_is_open_and_the_rest_is_behind_a_button(open_page) -> None:
    assert list(headlines(open_page("people_and_forms"))) == OPEN
    every = headlines(open_page("people_and_forms", every_card=True))
    assert len(every) == 17
    assert not [words for words in every.values() if "Nothing can be shown" in words]


def test_change_over_the_years_stands_first(open_page, demonstration) -> None:
    """Planted: more people are identified, and more of them are children."""
    app = open_page("people_and_forms", demonstration)
    told, found = headlines(app), verdicts(app)
    assert (
        told["people"].startswith("People identified rose from about ")
        and " a year in 2016–2018" in told["people"]
    )
    assert told["children"].startswith("The share of children rose from 2")
    assert found["people"].startswith("long 1") and found["children"].startswith("long 1")


def test_ages_are_no_categories(open_page, demonstration) -> None:
    """Bands differ in width: children, and half of all, never the largest band."""
    [share] = answer([Question("child_share")], open_release(demonstration))
    told = headlines(open_page("people_and_forms", demonstration))["age"]
    assert told.startswith(f"{share.frame['value'][0]:.0f}% (")
    assert told.endswith(" of the people identified were children; half were 18–23 or younger.")


def test_bars_are_the_published_shares(open_page, release) -> None:
    [published] = answer([Question("form_share", ["form"])], release)
    drawn = values_of(charts(open_page("people_and_forms"))["forms_chart"]["data"][0]["x"])
    assert sorted(drawn) == sorted(published.frame["value"].drop_nulls().to_list())


def test_pairs_are_published_pairs_and_no_other_number(open_page, release) -> None:
    [published] = answer([Question("form_pair", ["form_pair"])], release)
    grid = charts(open_page("people_and_forms"))["pairs_chart"]
    written = {
        note["text"].rstrip("*") for note in grid["layout"]["annotations"] if note["text"][0].isdigit()
    }
    assert written == {f"{value:,.0f}" for value in published.frame["value"].drop_nulls()}
    assert published.frame["value"].null_count(), "else the hatch is not tested"
    assert any(trace.get("name") == "not shown" for trace in grid["data"])


def test_groups_that_overlap_say_so(open_page) -> None:
    assert "A person can be in several groups." in said(open_page("people_and_forms"))


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
    assert charts(app)["together_chart"]["layout"]["yaxis"]["ticktext"][0] == "Women and girls"


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
    assert len(headlines(open_page("people_and_forms", every_card=True, **address))) >= 13


def test_what_cannot_be_combined_says_what_to_give_up_and_the_rest_is_drawn(open_page) -> None:
    address = {"form": "forced_labour", "gender": "female", "area": "C1"}
    app = open_page("people_and_forms", **address)
    text = said(app)
    assert "dimensions at once" in text
    assert "Leave out one of" in text
    assert "people" in headlines(app), "one refusal does not take the page with it"


def test_referrals_stand_on_their_own_page(open_page) -> None:
    assert "Referrals" not in " ".join(headlines(open_page("people_and_forms", every_card=True)).values())


def test_without_people_it_says_what_would_be_here(open_page, tmp_path) -> None:
    place = release_states.make("published_only", tmp_path / "published")
    text = said(open_page("people_and_forms", release_folder=place))
    assert "People identified, by form of exploitation, age, gender and more: nothing yet" in text
    assert text.count("python -m etl template person") == 1


def test_a_register_without_areas_is_complete(open_page, tmp_path) -> None:
    place = release_states.make("no_areas", tmp_path / "outside")
    assert list(headlines(open_page("people_and_forms", release_folder=place))) == OPEN


def test_when_all_is_hidden_every_card_says_so(open_page, tiny_folder) -> None:
    text = said(open_page("people_and_forms", release_folder=tiny_folder))
    assert text.count("Nothing here can be shown") >= 4
