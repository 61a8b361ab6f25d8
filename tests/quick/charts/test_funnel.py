"""Funnels: the steps as given, whiskers, hatch of one length; nothing of a hidden step travels."""

import pytest

from analysis.findings.compare import Value
from tests.quick.charts import made
from ui import theme
from ui.charts.flows.funnel import FunnelStep, funnel_chart, step_of
from ui.charts.flows.funnel_groups import funnel_groups

funnel_chart = made.checked(funnel_chart)
funnel_groups = made.checked(funnel_groups)

STEPS = [
    FunnelStep("Identified", 1240, 1190, 1300),
    FunnelStep("Referred <b>", 905, 860, 950, "73% of the step before (70–76%)"),
    FunnelStep("Service began", None, 7771, 7773, "7772 never drawn"),
    FunnelStep("Still supported", 212, 190, 234),
]


def trace(figure, name: str):
    return next(one for one in figure.data if one.name == name)


def said(figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def test_bars_are_the_values_given_from_zero_in_the_order_given() -> None:
    figure = funnel_chart(STEPS)
    assert list(trace(figure, "steps").x) == [1240, 905, 212]
    assert list(trace(figure, "steps").y) == sorted(trace(figure, "steps").y)
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1] == 0, "first on top"
    assert figure.layout.xaxis.range[0] == 0


def test_names_values_and_notes_are_labels() -> None:
    figure = funnel_chart(STEPS)
    assert said(figure)[:2] == ["Identified", "Referred &lt;b&gt;"]
    assert "73% of the step before (70–76%)" in said(figure)
    assert [one.strip() for one in trace(figure, "numbers").text] == ["1,240", "905", "212"]


def test_whiskers_are_the_interval() -> None:
    bars = trace(funnel_chart(STEPS), "steps")
    assert list(bars.error_x.array) == [60, 45, 22]
    assert list(bars.error_x.arrayminus) == [50, 45, 22]
    bare = trace(funnel_chart([FunnelStep("One", 10.0)]), "steps")
    assert list(bare.error_x.array) == [None]


def test_a_hidden_step_is_a_hatched_stub_of_one_length() -> None:
    hidden = trace(funnel_chart([*STEPS, FunnelStep("Later", None)]), "not shown")
    assert hidden.marker.pattern.shape == theme.HATCH["shape"]
    assert len(set(hidden.x)) == 1, "the length says nothing"
    assert [one.strip() for one in hidden.text] == ["Not shown"] * 2


def test_nothing_of_a_hidden_step_travels() -> None:
    assert "777" not in made.sent(funnel_chart(STEPS))
    assert "customdata" not in made.sent(funnel_chart(STEPS))
    assert funnel_chart(STEPS).layout.xaxis.range[1] == pytest.approx(1300 * 1.22)


def test_hover_says_value_unit_interval_and_note() -> None:
    bars = trace(funnel_chart(STEPS, unit="people"), "steps")
    assert bars.text[0] == "<b>Identified</b><br>1,240 people (1,190–1,300)"
    assert bars.text[1].endswith("<br>73% of the step before (70–76%)")
    shares = trace(funnel_chart([FunnelStep("Referred", 61.4, 56, 66)], unit="%"), "steps")
    assert shares.text[0] == "<b>Referred</b><br>61% (56–66%)"


def test_all_hidden_and_no_steps_are_drawn_without_a_number() -> None:
    assert [one.strip() for one in trace(funnel_chart([FunnelStep("A", None)]), "not shown").text]
    assert funnel_chart([]).layout.annotations == ()


def test_the_theme_is_followed() -> None:
    assert trace(funnel_chart(STEPS, palette=theme.DARK), "steps").marker.color == theme.DARK.brand


def test_rows_keep_their_pixels_on_a_phone() -> None:
    for count in range(1, 9):
        height = funnel_chart(STEPS[:1] * count).layout.height
        assert height <= theme.HEIGHT_PHONE or height > theme.HEIGHT_LARGE


def test_groups_stand_side_by_side_on_one_scale() -> None:
    figure = funnel_groups([("Urban", STEPS), ("Rural", STEPS[:2])])
    assert {"<b>Urban</b>", "<b>Rural</b>"} <= set(said(figure))
    assert list(figure.layout.xaxis.range) == list(figure.layout.xaxis2.range)
    assert figure.layout.xaxis.domain[1] < figure.layout.xaxis2.domain[0]
    assert list(figure.layout.yaxis.range) == list(figure.layout.yaxis2.range)
    first, second = (one for one in figure.data if one.name == "steps")
    assert list(second.y) == list(first.y)[:2], "the same step stands at the same height"
    assert (first.xaxis, second.xaxis) == ("x", "x2")
    assert "777" not in made.sent(figure)


def test_groups_stand_under_each_other_on_a_phone() -> None:
    groups = [("Urban", STEPS), ("Rural", STEPS), ("Unknown", STEPS)]
    figure = funnel_groups(groups, columns=1)
    assert figure.layout.xaxis.domain == figure.layout.xaxis3.domain
    assert figure.layout.yaxis3.domain[1] < figure.layout.yaxis2.domain[0]
    assert figure.layout.height > funnel_groups(groups).layout.height


def test_a_sum_without_its_hidden_numbers_is_at_least_and_an_endless_limit_is_not_drawn(catalog) -> None:
    [people, share] = [catalog.measures[code] for code in ("people_met", "arrest_share")]
    part = Value(672.0, 620.0, float("inf"), is_part=True)
    steps = [step_of("Met", part, people), step_of("Later", None, people)]
    figure = funnel_chart(steps, unit="people")
    assert [one.strip() for one in trace(figure, "numbers").text] == ["at least 672"]
    assert trace(figure, "steps").text == ("<b>Met</b><br>at least 672 people",)
    assert figure.layout.xaxis.range[1] > 672 * 1.4, "room for the words"
    assert "nfinity" not in made.sent(figure)
    assert not step_of("Arrest", Value(61.0, 55.0, 66.0, is_part=True), share).is_part, (
        "a share lies anywhere"
    )
