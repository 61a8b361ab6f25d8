"""Agreements and awards as bars in time: which of them end within a year of the day of the release."""

from collections.abc import Sequence

from analysis.topics.agreements import Row
from analysis.words import money
from ui.charts.figure import Figure
from ui.charts.timelines.timeline import Span, timeline_chart
from ui.topics import topic_cards
from ui.view.view import View

_FICTIONAL = " (fictional)"  # said once a page, not in every bar


def agreements_timeline(view: View, rows: Sequence[Row]) -> Figure:
    """Return one bar for each agreement, named by its two organisations."""
    return _drawn(
        view,
        [
            Span(
                label=f"{_short(row['from_name'])} → {_short(row['to_name'])}",
                group=_short(row["name"]),
                start=row["start_date"],
                end=row["end_date"],
            )
            for row in rows
        ],
    )


def awards_timeline(view: View, rows: Sequence[Row]) -> Figure:
    """Return one bar for each award of `analysis.topics.awards.stops`, with its money for a year as words."""
    return _drawn(
        view,
        [
            Span(
                label=_short(row["recipient_name"]),
                group=f"from {_short(row['funder'])}{'' if row['other_funders'] else ', nobody else pays'}",
                start=row["start_date"],
                end=row["end_date"],
                value=f"{money(row['a_year'], str(row['currency']))}",
                status="others pay for the same" if row["other_funders"] else "nobody else pays for this",
            )
            for row in rows
        ],
    )


def _drawn(view: View, spans: Sequence[Span]) -> Figure:
    return timeline_chart(spans, today=topic_cards.today(view), palette=view.palette, phone=view.phone)


def _short(name: str) -> str:
    return name.removesuffix(_FICTIONAL)
