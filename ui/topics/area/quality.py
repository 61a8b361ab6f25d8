"""How sure the figures of one area are: who reports, and what is still missing."""

from collections.abc import Mapping

from analysis import Answer
from analysis.findings.coverage import what_is_missing
from analysis.findings.scope import Scope
from analysis.periods import label_of
from analysis.topics.data_quality import contributors
from ui.cards.card import Facts
from ui.cards.table import Table
from ui.view.view import View


def reports_by_month(view: View, _answers: Mapping[str, Answer]) -> Facts | None:
    """Return who sends reports, for how many months, and until when; of the whole region."""
    if view.release is None or view.collection is None:
        return None
    roster = contributors(view.release, view.collection.collection)
    if not roster:
        return None
    late = view.catalog.protection.provisional_months
    rows = tuple(
        (
            each.label,
            f"{each.months} of {len(each.reported)}",
            label_of(each.last_month) if each.last_month else "",
        )
        for each in roster
    )
    return Facts(
        what_is_missing(view.release, view.collection.collection, late),
        Table(("Contributor", "Months with a report", "Last report"), (False, True, False), rows),
        subtitle=f"Who reports on people identified · {view.place}",
        scope=Scope(ignored=("area",)),
    )
