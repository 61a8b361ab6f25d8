"""Places and use: outline and fill, the share in words, a diamond above capacity, hatch where not shown."""

from tests.charts import made
from ui import theme
from ui.charts.occupancy import OccupancyRow, occupancy_chart

ROWS = [
    OccupancyRow("Emergency <b> shelter", 40, 38, "as of 31 December 2025"),
    OccupancyRow("Housing", 24, 27),
    OccupancyRow("Child advocacy", 30, None),
    OccupancyRow("Men's shelter", None, None),
    OccupancyRow("Outreach", None, 18),
]


def trace(figure, name: str):
    return next(one for one in figure.data if one.name == name)


def said(figure) -> str:
    return " | ".join(note.text for note in figure.layout.annotations)


def test_outlines_are_places_and_fills_are_use() -> None:
    figure = occupancy_chart(ROWS)
    places, used = trace(figure, "places"), trace(figure, "in use")
    assert list(places.x) == [40, 24, 30] and list(used.x) == [38, 27, 18]
    assert places.y[0] == used.y[0] and used.width < places.width, "the fill stands inside the outline"
    assert figure.layout.xaxis.range[0] == 0
    assert list(places.y) == sorted(places.y) and figure.layout.yaxis.range[1] == 0


def test_shares_are_labels_only_where_both_numbers_are_shown() -> None:
    shares = [one.strip() for one in trace(occupancy_chart(ROWS), "shares").text]
    assert shares == ["95%", "112%", "Not shown", "Not shown"]


def test_above_capacity_is_told_by_shape_and_words() -> None:
    figure = occupancy_chart(ROWS)
    over = trace(figure, "over capacity")
    assert list(over.x) == [27] and over.marker.symbol == "diamond"
    assert "27 of 24 places in use · over capacity" in said(figure)
    assert not [one for one in occupancy_chart(ROWS[:1]).data if one.name == "over capacity"]


def test_what_is_not_shown_is_hatched_in_one_length_and_said() -> None:
    figure = occupancy_chart(ROWS)
    stubs = trace(figure, "not shown")
    assert len(stubs.x) == 2 and len(set(stubs.x)) == 1
    assert stubs.marker.pattern.shape == theme.HATCH["shape"]
    assert "In use not shown, 30 places" in said(figure)
    assert "18 in use, places not shown" in said(figure)


def test_hover_says_numbers_share_and_note_without_markup() -> None:
    used = trace(occupancy_chart(ROWS, unit="beds"), "in use")
    assert used.hovertext[0] == (
        "<b>Emergency &lt;b&gt; shelter</b><br>38 of 40 beds in use<br>95%<br>as of 31 December 2025"
    )


def test_the_theme_is_followed_and_empty_is_empty() -> None:
    assert trace(occupancy_chart(ROWS, palette=theme.DARK), "in use").marker.color == theme.DARK.brand
    assert not occupancy_chart([]).data
    assert "NaN" not in made.sent(occupancy_chart([OccupancyRow("None yet", 0, 0)]))
    height = occupancy_chart(ROWS).layout.height
    assert height > theme.HEIGHT_LARGE
