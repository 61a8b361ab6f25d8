"""The list of laws under a chart."""

import datetime

from ui.cards.events import Event, listed

DAY = datetime.date(2018, 4, 11)


def test_a_law_leads_to_its_text() -> None:
    told = listed([Event(1, DAY, "FOSTA–SESTA 2018", "US", 'https://a.gov/bill?a=1&b="2"')])
    assert (
        'href="https://a.gov/bill?a=1&amp;b=&quot;2&quot;" target="_blank" rel="noopener noreferrer"' in told
    )
    assert "1. 11 April 2018: <a " in told and ">FOSTA–SESTA 2018</a> (US)" in told


def test_only_a_secure_address_becomes_a_link() -> None:
    for url in ("", "javascript:alert(1)", "http://example.org", "data:text/html,x"):
        assert "<a" not in listed([Event(1, DAY, "<b>Law", "", url)])
    assert listed([]) == ""
