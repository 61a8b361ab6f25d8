"""Laws in time and money beside needs: lanes, marks that say the status, names that never overlap."""

import datetime

import pytest

from analysis.catalog.model import PILLARS
from analysis.topics.awards import Quarter
from analysis.topics.laws import STATUS_WORDS, Provision
from tests.quick.charts.made import checked
from ui.charts.bars.need_money import ENDS, NEEDS, STAYS, NeedMoney, need_money_chart
from ui.charts.timelines.laws import SYMBOLS, _packed, laws_chart
from ui.charts.timelines.money_ahead import money_chart

laws_chart = checked(laws_chart)
need_money_chart = checked(need_money_chart)
money_chart = checked(money_chart)

TODAY = datetime.date(2025, 12, 31)
WORDS = {code: code.capitalize() for code in (*PILLARS, "not_recorded")}


def law(name: str, year: int | None, pillar: str = "protection", status: str = "in_force") -> Provision:
    day = datetime.date(year, 6, 1) if year else None
    return Provision(name, "national", "US", pillar, status, day, day, "", "")


MANY = [law(f"Trafficking Victims Protection Act number {n}", 2000 + n // 2) for n in range(30)]


@pytest.mark.parametrize("wide", [300, 640, 1_000])
def test_names_of_a_lane_never_overlap_and_stay_inside(wide) -> None:
    placed = _packed(MANY, datetime.date(1999, 1, 1), TODAY, wide, with_country=True)
    assert len(placed) == len(MANY)
    for one in placed:
        assert 0 <= one.left < one.right <= 1 + 1e-9
        for other in placed:
            if other is not one and other.row == one.row:
                assert other.right < one.left or other.left > one.right


def test_every_pillar_has_a_lane_and_one_without_a_law_says_so() -> None:
    figure = laws_chart([law("Act", 2015)], WORDS, STATUS_WORDS, today=TODAY)
    said = [note.text for note in figure.layout.annotations]
    assert "<b>Protection</b>" in said
    for pillar in ("Prevention", "Prosecution", "Partnership"):
        assert f"<b>{pillar} · no law</b>" in said


def test_the_mark_says_the_status_and_stands_on_the_day_in_force() -> None:
    found = [law("Act", 2015), law("Bill", None, status="proposed"), law("Old", 2001, status="repealed")]
    figure = laws_chart(found, WORDS, STATUS_WORDS, today=TODAY, width=340)
    marks = {trace.name: trace for trace in figure.data if trace.mode == "markers"}
    assert {name: trace.marker.symbol for name, trace in marks.items()} == {
        STATUS_WORDS[code]: SYMBOLS[code] for code in ("in_force", "proposed", "repealed")
    }
    assert list(marks["in force"].x) == ["2015-06-01"]
    assert any(note.text == "Bill (proposed)" for note in figure.layout.annotations)


def test_countries_side_by_side_are_named_and_words_are_not_read_as_html() -> None:
    figure = laws_chart([law("<b>Act", 2015)], WORDS, STATUS_WORDS, today=TODAY, with_country=True)
    assert any(note.text == "US: &lt;b&gt;Act" for note in figure.layout.annotations)


HOUSING = NeedMoney("Housing", 393.0, "393 (355–434)", 100.0, 72.0, "100 · 72% ends")
HIDDEN = NeedMoney("Travel", None, "not shown", 40.0, 0.0, "40 · 0% ends")


@pytest.mark.parametrize("width", [340, 1_000])
def test_money_that_ends_and_goes_on_add_up_and_hidden_needs_are_a_stub(width) -> None:
    figure = need_money_chart([HOUSING, HIDDEN], ("Needs", "Money"), width=width)
    traces = {trace.name: trace for trace in figure.data}
    assert list(traces[NEEDS].x) == [393.0]
    assert list(traces[ENDS].x) == [72.0, 0.0] and list(traces[STAYS].x) == [28.0, 40.0]
    assert list(traces[STAYS].base) == [72.0, 0.0]
    assert traces["not shown"].marker.pattern.shape == "/"
    below = traces[ENDS].y[0] > traces[NEEDS].y[0]
    assert below == (width == 340), "without room for two panels the money stands under the needs"


@pytest.mark.parametrize(
    ("money", "names"), [({"a": 9.0}, ["Aid"]), ({"a": 9.0, "b": 4.0}, ["Aid", "Everything else"])]
)
def test_nothing_else_is_drawn_where_all_public_money_is_for_one_purpose(money, names) -> None:
    quarters = [Quarter("2025-Q4", datetime.date(2025, 10, 1), False, money)]
    figure = money_chart(quarters, "a", "Aid", TODAY)
    assert [trace["name"] for trace in figure["data"]] == names
    texts = [one["text"] for one in figure["layout"]["annotations"]]
    assert len(texts) == len(names) + 1 and texts[0] == "Aid"
