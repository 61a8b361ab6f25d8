"""Agreements and grants over time: what ends soon is striped and outlined, what has ended is grey."""

import datetime

import pytest

from tests.quick.charts.made import checked
from ui import theme
from ui.charts.timelines.timeline import Span, timeline_chart

timeline_chart = checked(timeline_chart)

TODAY = datetime.date(2026, 1, 31)
DAY_MS = 86_400_000


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


ENDED = Span("Hotline", "Federal grants", day("2022-10-01"), day("2025-09-30"), "$1,250,000")
SOON = Span("Shelter <b>", "State grants", day("2023-07-01"), day("2026-06-30"), "$420,000", "under renewal")
LATER = Span("Legal aid", "County", day("2025-01-01"), day("2028-12-31"), "not shown")
OPEN = Span("Protocol", "", day("2024-03-01"), None)
ALL = [OPEN, LATER, SOON, ENDED]


def chart(bars=ALL, **more):
    return timeline_chart(bars, today=TODAY, **more)


def trace(figure, name: str):
    return next(one for one in figure.data if one.name == name)


def words(figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def mark(figure, name: str):
    return next(one for one in figure.layout.shapes if one.name == name)


def test_bars_last_from_the_first_to_the_last_day() -> None:
    bar = trace(chart(), "ends soon")
    assert list(bar.base) == ["2023-07-01"]
    assert bar.x[0] / DAY_MS == (day("2026-06-30") - day("2023-07-01")).days


def test_sorted_by_end_date_and_open_ended_last() -> None:
    figure = chart()
    order = [trace(figure, name).y[0] for name in ("ended", "ends soon", "running", "no end date")]
    assert order == sorted(order)
    assert figure.layout.yaxis.range[1] == 0, "from the top"


def test_what_ends_soon_is_told_by_pattern_and_outline_not_by_colour_alone() -> None:
    figure = chart()
    soon, ended, later = (trace(figure, name).marker for name in ("ends soon", "ended", "running"))
    assert soon.pattern.shape == "|", "not the diagonal that means not shown"
    assert soon.line.color == theme.LIGHT.amber and soon.line.width == 2
    assert ended.color == theme.LIGHT.not_recorded and later.color == theme.LIGHT.brand


def test_the_zone_begins_today_and_is_named() -> None:
    figure = chart()
    zone = mark(figure, "zone")
    assert (zone.x0, zone.x1) == ("2026-01-31", "2027-01-31")
    assert mark(figure, "today").x0 == "2026-01-31"
    assert {"<b>31 January 2026</b>", "ends within 12 months"} <= set(words(figure))
    short = chart(cliff_months=1)
    assert mark(short, "zone").x1 == "2026-02-28", "the last day of a shorter month"
    assert "ends within 1 month" in words(short)


def test_the_words_of_the_zone_keep_clear_of_the_line_of_today() -> None:
    def place(**more):
        return next(one for one in chart(**more).layout.annotations if one.text.startswith("ends within"))

    beside, cramped = place(), place(phone=True, bars=[ENDED, SOON])
    assert (beside.x, beside.xanchor, beside.xshift) == ("2026-01-31", "left", 4)
    assert (cramped.x, cramped.xanchor, cramped.bgcolor) == (1, "right", theme.LIGHT.paper)


LIMITS = {
    "2026-01-30": "ended",
    "2026-01-31": "ends soon",
    "2027-01-31": "ends soon",
    "2027-02-01": "running",
}


@pytest.mark.parametrize(("end", "state"), LIMITS.items())
def test_the_days_at_the_limits(end: str, state: str) -> None:
    figure = chart([Span("One", "", day("2025-01-01"), day(end))])
    assert [one.name for one in figure.data] == [state]


def test_a_bar_without_an_end_fades_and_has_an_arrow() -> None:
    figure = chart()
    steps = [one for one in figure.data if one.name == "goes on"]
    assert [one.marker.opacity for one in steps] == sorted(
        (one.marker.opacity for one in steps), reverse=True
    )
    assert words(figure).count("→") == 1
    far = chart([Span("Lease", "", day("2024-01-01"), day("2060-01-01"))])
    assert words(far).count("→") == 1, "one that ends beyond the chart as well"
    assert "1 January 2060" in trace(far, "running").hovertext[0]
    assert far.layout.xaxis.range[1] < "2033"


def test_a_bar_that_began_long_ago_is_cut_at_the_edge_and_says_when() -> None:
    figure = chart([Span("Old", "", day("1999-05-01"), None), ENDED])
    assert trace(figure, "no end date").base[0] == figure.layout.xaxis.range[0] > "2020"
    assert "since 1 May 1999" in trace(figure, "no end date").hovertext[0]


def test_one_that_ended_long_ago_is_still_on_the_chart() -> None:
    figure = chart([Span("Old", "", day("2001-05-01"), day("2003-05-01"))])
    assert figure.layout.xaxis.range[0] < "2003-05-01"
    assert trace(figure, "ended").x[0] > 0


def test_names_and_money_are_words_and_long_names_are_cut() -> None:
    assert {"$420,000", "not shown"} <= set(words(chart()))
    assert any(one.startswith("Shelter &lt;b&gt;") and "· State grants" in one for one in words(chart()))
    long = Span("Memorandum of understanding with the county sheriff about referrals", "Agreements",
                day("2025-01-01"), None)  # fmt: skip
    name = next(one for one in words(chart([long], phone=True)) if one.startswith("Memo"))
    assert name.endswith("…") and len(name) <= 44
    assert all(note.font.size >= 14 for note in chart().layout.annotations)


def test_hover_says_dates_state_money_and_status() -> None:
    assert trace(chart(), "ends soon").hovertext[0] == (
        "<b>Shelter &lt;b&gt;</b><br>State grants<br>1 July 2023 to 30 June 2026<br>ends soon<br>$420,000"
        "<br>under renewal"
    )


def test_forty_bars_have_room_and_none_is_an_empty_chart() -> None:
    assert chart(ALL * 10).layout.height > 40 * 40
    assert not chart([]).data
    assert trace(chart(palette=theme.DARK), "running").marker.color == theme.DARK.brand
