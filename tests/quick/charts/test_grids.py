"""Matrix and pairs: published numbers in a grid, hatched where not shown, starred where parts are missing."""

import polars as pl
import pytest

from tests.quick.charts import made
from ui import theme
from ui.charts.grids.matrix import matrix_chart
from ui.charts.grids.pairs import pairs_chart

matrix_chart = made.checked(matrix_chart)
pairs_chart = made.checked(pairs_chart)

ROWS = [
    ("sexual_exploitation", "female", 2836.0, ""),
    ("sexual_exploitation", "male", 649.0, "p"),
    ("forced_labour", "female", 1371.0, ""),
    ("forced_labour", "male", None, "c"),
]


def labels(figure) -> dict[tuple[float, float], str]:
    return {(one.y, one.x): one.text for one in figure.layout.annotations}


def test_numbers_stand_at_their_row_and_column() -> None:
    figure = matrix_chart(made.answer(("form", "gender"), ROWS), words=made.words)
    assert labels(figure) == {(0, 0): "2,836", (0, 1): "649", (1, 0): "1,371"}
    assert list(figure.layout.yaxis.ticktext) == ["Sexual exploitation", "Forced labour"]
    assert list(figure.layout.xaxis.ticktext) == ["Women and girls", "Men and boys"]
    assert list(figure.layout.yaxis.range) == [1.5, -0.5], "the first row is at the top"


def test_a_hidden_number_is_hatched_and_has_no_class() -> None:
    figure = matrix_chart(made.answer(("form", "gender"), ROWS), words=made.words)
    heat, hidden = figure.data
    assert heat.z[1][1] is None
    assert hidden.fillpattern.shape == "/"
    assert "Not shown: a small number, or none." in hidden.text[0]


def test_a_sum_with_missing_parts_is_starred() -> None:
    answer = made.answer(("form", "gender"), ROWS)
    partial = answer.frame.with_columns(cells_total=pl.when(pl.col("gender") == "male").then(3).otherwise(1))
    figure = matrix_chart(type(answer)(**{**vars(answer), "frame": partial}), words=made.words)
    assert labels(figure)[0, 1] == "649*"
    assert labels(figure)[0, 0] == "2,836"
    assert "sum of the 1 of 3 numbers" in figure.data[0].text[0][1]


def test_headings_stand_upright_where_a_word_would_not_fit() -> None:
    answer = made.answer(("form", "gender"), ROWS)
    wide, narrow = (matrix_chart(answer, words=made.words, width=pixels) for pixels in (1000, 140))
    assert (wide.layout.xaxis.tickangle, narrow.layout.xaxis.tickangle) == (0, -90)
    assert narrow.layout.height > wide.layout.height, "upright headings have room"


def test_text_reads_on_every_class() -> None:
    for palette in (theme.LIGHT, theme.DARK):
        figure = matrix_chart(made.answer(("form", "gender"), ROWS), words=made.words, palette=palette)
        fills = dict(zip([0, 1, 2, 3, 4], palette.sequential, strict=True))
        for one in figure.layout.annotations:
            assert max(theme.contrast(one.font.color, fill) for fill in fills.values()) >= 4.5


def test_a_matrix_needs_two_dimensions() -> None:
    with pytest.raises(ValueError, match="two dimensions"):
        matrix_chart(made.answer(("gender",), [("female", 10.0, "")]), words=made.words)


def test_pairs_are_the_lower_half() -> None:
    rows = [
        ("sexual_exploitation__forced_labour", 333.0, ""),
        ("sexual_exploitation__domestic_servitude", None, "c"),
        ("forced_labour__domestic_servitude", 578.0, ""),
    ]
    answer = made.answer(("form_pair",), rows, measure="form_pair")
    figure = pairs_chart(answer, "form", words=made.words)
    assert list(figure.layout.yaxis.ticktext) == ["Forced labour", "Domestic servitude"]
    found = labels(figure)
    assert found[0, 0] == "333"
    assert found[1, 1] == "578"
    assert (1, 0) not in found, "not shown: hatched, without a number"
    heads = [one.text for one in figure.layout.annotations if one.yanchor == "bottom"]
    assert heads == ["Sexual<br>exploitation", "Forced labour"]
