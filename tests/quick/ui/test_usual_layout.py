"""What all figures share travels once: what a card sends, put together again, is the figure it drew."""

import pytest

from tests.quick.charts import made
from ui import theme
from ui.cards.face import defaults
from ui.charts.bars.bar import bar_chart
from ui.charts.figure import Figure
from ui.charts.time.line import line_chart

ROWS = [("2023", 120.0, ""), ("2024", 140.0, ""), ("2025", None, "c")]


def restored(figure: Figure, palette: theme.Palette) -> Figure:
    """Do what `face.js` does."""
    told = defaults.told_once()[palette.name]

    def filled(part, shared):
        if not isinstance(part, dict) or not part.get(defaults.MARK):
            return part
        return {**shared, **{name: value for name, value in part.items() if name != defaults.MARK}}

    layout = filled(figure["layout"], told["layout"])
    axes = {
        name: filled(part, told["axis"])
        for name, part in layout.items()
        if name.startswith(("xaxis", "yaxis"))
    }
    return {**figure, "layout": layout | axes}


@pytest.mark.parametrize("palette", [theme.LIGHT, theme.DARK], ids=lambda one: one.name)
def test_nothing_is_lost_and_less_travels(palette) -> None:
    answer = made.answer(("period",), ROWS)
    for figure in (
        line_chart(answer, made.load_catalog(), words=lambda _, code: code, palette=palette),
        bar_chart(
            made.answer(("gender",), [("female", 9.0, ""), ("male", 8.0, "")]),
            made.load_catalog(),
            words=lambda _, code: code,
            palette=palette,
        ),
    ):
        sent = defaults.lean(figure, palette)
        assert restored(sent, palette) == figure
        assert len(str(sent["layout"])) < len(str(figure["layout"])) - 600


def test_a_layout_of_its_own_is_sent_as_it_is() -> None:
    own = {"data": [], "layout": {"height": 300, "xaxis": {"visible": False}}}
    assert defaults.lean(own, theme.LIGHT) == own


def test_a_value_that_differs_is_sent() -> None:
    layout = theme.layout(theme.LIGHT, 300, hovermode="x unified", yaxis=theme.axis(theme.LIGHT, ticks="x"))
    sent = defaults.lean({"data": [], "layout": layout}, theme.LIGHT)["layout"]
    assert sent == {
        "height": 300,
        "hovermode": "x unified",
        "yaxis": {"ticks": "x", defaults.MARK: True},
        defaults.MARK: True,
    }
