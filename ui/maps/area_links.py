"""Links to the page of each area, in the order of the code list, counties with their districts."""

from ui.view import controls
from ui.view.states import escape
from ui.view.view import View

PAGE = "area"


def link_html(view: View, code: str, words: str = "") -> str:
    """Return a link to the page of one area."""
    name = words or view.choices.areas.get(code, code)
    return f'<a href="{escape(view.link_to(PAGE, area=code))}" target="_self">{escape(name)}</a>'


def links_html(view: View) -> str:
    """Return links to all areas as a list: each county, then its districts."""
    geography = controls.geography_of(view.release, view.filters.collection) if view.release else None
    if geography is None:
        return ""
    counties = geography.at(1)
    items = [
        f"<li>{link_html(view, county)}"
        f"<span>{''.join(link_html(view, code) for code in geography.within(county, 2))}</span></li>"
        for county in counties
    ]
    if not counties:
        items = [f"<li>{link_html(view, code)}</li>" for code in geography.at(2)]
    return f'<ul class="ltt-areas">{"".join(items)}</ul>'
