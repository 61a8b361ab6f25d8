"""One area of another edition than the outlines says so; one that is drawn does not."""

import shapely

from analysis import load_catalog
from analysis.release.places import Area, Geography
from ui.maps.atlas import Atlas
from ui.maps.editions import area_note
from ui.maps.places import Places

NAMES = {"02261": "Valdez-Cordova", "02063": "Chugach", "02013": "Aleutians East"}
AREAS = Geography("us", [Area(code, name, 2, "county", None, False) for code, name in NAMES.items()])
DRAWN = Atlas("key", AREAS, {"02261": shapely.box(0, 0, 1, 1)})


def test_an_area_of_another_edition_says_when_it_holds() -> None:
    told = area_note(load_catalog(), Places(AREAS, DRAWN), "02063")
    assert told == "Chugach is an area since 2019; the map draws areas of other years."


def test_nothing_is_said_where_it_is_drawn_or_its_years_are_not_known_or_there_is_no_map() -> None:
    catalog = load_catalog()
    assert area_note(catalog, Places(AREAS, DRAWN), "02261") == ""
    assert area_note(catalog, Places(AREAS, DRAWN), "02013") == ""
    assert area_note(catalog, Places(AREAS, None), "02063") == ""
    assert area_note(catalog, None, "02063") == ""
