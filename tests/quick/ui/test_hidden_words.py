"""What a card that hides everything advises: only what a reader has chosen can be given up."""

import pytest

from analysis.questions.filters import Filters
from ui.view.states import all_hidden_html


@pytest.mark.parametrize(
    ("filters", "advice"),
    [
        (Filters(), ""),
        (Filters(areas=("TM1",)), "Choose fewer filters."),
        (
            Filters(where=(("gender", ("male",)),), periods=("2024", "2025")),
            "Choose fewer filters or a longer period.",
        ),
        (Filters(periods=("2024", "2025")), "Choose a longer period."),
    ],
)
def test_it_advises_to_give_up_what_was_chosen(filters: Filters, advice: str) -> None:
    text = all_hidden_html(filters)
    assert (advice in text) if advice else ("Next:" not in text)
    assert "Next:" not in all_hidden_html(filters, has_step=True)
