"""How sure the figures of one area are: who reports, and what is still missing."""

from collections.abc import Mapping
from dataclasses import replace

from analysis import Answer
from ui.cards.card import Facts
from ui.topics.data_quality.reported import by_month
from ui.view.view import View


def reports_by_month(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return who sends reports and until when, as a table alone: it is read on paper."""
    facts = by_month(view, answers)
    return replace(facts, figure=None, caption="") if facts and facts.table.rows else None
