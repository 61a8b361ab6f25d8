"""Campaigns: which ran where and when, and what they cost."""

import datetime

import polars as pl

from analysis import periods
from analysis.topics import initiatives as campaigns
from analysis.topics.initiatives import Campaign


def campaign(start: str, end: str | None, **changed: object) -> Campaign:
    given = {
        "code": "a",
        "name": "A (fictional)",
        "theme": "general",
        "area": "C1",
        "start": datetime.date.fromisoformat(start),
        "end": datetime.date.fromisoformat(end) if end else None,
        "cost": 10.0,
        "contributor": "line",
        "events": 1,
        "people_reached": 2,
        "media_audience": 3,
    }
    return Campaign(**given | changed)  # type: ignore[arg-type]


def test_which_campaigns_ran_where_and_when() -> None:
    first = campaign("2018-05-01", "2018-10-31")
    whole = campaign("2019-01-01", None, code="b", area="", cost=None)
    span = periods.Span(periods.span_of("2018-10").first, periods.span_of("2018-12").last)
    assert campaigns.running([first, whole], span, ()) == [first]
    assert campaigns.running([first, whole], None, {"C2"}) == [whole], (
        "one for the whole region is one for all"
    )
    assert campaigns.total_cost([first, whole]) == 10.0
    assert first.plain_name == "A"
    assert campaigns.campaigns(pl.DataFrame()) == []
