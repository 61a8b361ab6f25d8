"""Who reported when, as bars: plain where something came, hatched where nothing did."""

import pytest

from analysis.topics.data_quality import Contributor
from tests.quick.charts.made import checked
from ui import theme
from ui.charts.grids.coverage import coverage_chart

coverage_chart = checked(coverage_chart)

MONTHS = [f"{year}-{month:02d}" for year in (2023, 2024) for month in range(1, 13)]


def contributor(label: str, *silent: str) -> Contributor:
    reported = tuple((month, month not in silent) for month in MONTHS)
    last = max((month for month, said in reported if said), default="")
    return Contributor(label.lower(), label, reported, last, bool(last) and last < MONTHS[-1])


@pytest.fixture
def figure():
    gap = ("2023-05", "2023-06", "2024-11", "2024-12")
    return coverage_chart([contributor("Police"), contributor("Health <b>&", *gap)])


def bars(figure, name: str) -> list[tuple[str, str, int]]:
    [trace] = [trace for trace in figure.data if trace.name == name]
    months = [round(length / (30.4375 * 86_400_000)) for length in trace.x]
    return list(zip(trace.y, trace.base, months, strict=True))


def test_reported_months_are_bars_as_long_as_they_lasted(figure) -> None:
    health = "Health &lt;b&gt;&amp;"
    assert bars(figure, "Reported") == [
        ("Police", "2023-01-01", 24),
        (health, "2023-01-01", 4),
        (health, "2023-07-01", 16),
    ]
    assert bars(figure, "No report") == [(health, "2023-05-01", 2), (health, "2024-11-01", 2)]


def test_silence_is_hatched_and_said(figure) -> None:
    [silent] = [trace for trace in figure.data if trace.name == "No report"]
    assert silent.marker.pattern.shape == theme.HATCH["shape"]
    assert silent.hovertext[0] == "Health &lt;b&gt;&amp;: no report, 2023-05 to 2023-06 (2 months)"


def test_names_stand_above_their_bars_in_the_order_of_the_roster(figure) -> None:
    names = [note.text for note in figure.layout.annotations]
    assert names == ["Police", "Health &lt;b&gt;&amp;"], "a label is text, never markup"
    assert list(figure.layout.yaxis.categoryarray) == names[::-1]
    assert all(note.font.size >= 14 and note.xanchor == "left" for note in figure.layout.annotations)


def test_the_axis_ends_with_the_newest_month(figure) -> None:
    assert list(figure.layout.xaxis.range) == ["2023-01-01", "2025-01-01"]


def test_everyone_reporting_needs_no_hatch() -> None:
    figure = coverage_chart([contributor("Police")], theme.DARK)
    assert [trace.name for trace in figure.data] == ["Reported"]
    assert figure.data[0].marker.color == theme.DARK.brand


def test_an_empty_roster_is_an_empty_chart() -> None:
    assert not coverage_chart([]).data
