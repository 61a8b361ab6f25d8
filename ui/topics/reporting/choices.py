"""What answers to reports are compared by."""

from ui.cards.card import Choice

BY = Choice(
    "compare",
    "Compare",
    {"channel": "Channels", "reporter_type": "Reporters", "area_kind": "Urban and rural"},
)
