"""Service gaps: where need goes unmet, what more places would bring, why, places, reach, the directory."""

from ui.app import frame
from ui.cards.card import Card, Drawing, FactCard, Needs, Section
from ui.topics.gaps import directory, places, unmet, what_if
from ui.topics.gaps.asked import BY_TYPE, REACH, SITUATIONS, has_both, has_no_reach, periods_of
from ui.topics.gaps.grids import NEEDS_PLACES, NEEDS_SITES, NO_AREA, grid, reach, reach_areas
from ui.topics.gaps.what_if_cards import smallest

PAGE = (
    Section(
        "Where need goes unmet",
        (
            FactCard("largest", unmet.largest, unmet.LARGEST, wide=False, title="The largest unmet needs"),
            grid("matrix", "unmet_need_share", say=unmet.grid_words),
        ),
        more=tuple(grid(measure, measure) for measure in ("needs_unmet", "needs_served", "service_needs")),
        needs=Needs("What people needed, whether they got it and why not", "service_need", ("needs_unmet",)),
    ),
    Section(
        "What more places would bring",
        (Drawing("what_if", what_if.draw, what_if.asks, slides=("what_if", "counties")),),
        more=(FactCard("smallest", smallest, SITUATIONS),),
        when=has_both,
    ),
    Section(
        "Why needs were not met",
        (
            Card("reasons", "unmet_reason_share", ("unmet_reason",), periods=periods_of),
            Card("barriers", "barrier_level_share", ("barrier_level",), periods=periods_of),
        ),
        more=(Card("no_place", "unmet_no_place_share", BY_TYPE, periods=periods_of),),
        only_with=("needs_unmet",),
    ),
    Section("Places that are listed", places.LISTED, when=places.stand_alone),
    Section(
        "Places: for whom, how full, how near",
        (FactCard("places", places.use, SITUATIONS, wide=False, title="Places in use"), reach(REACH[0])),
        more=(
            FactCard("waits", places.waits, places.WAITS, wide=False, title="The wait for a place"),
            places.WAITS_BY_SERVICE,
            Card("stay", "average_stay", BY_TYPE, periods=periods_of),
            Card("turned_away", "people_turned_away", ("period",)),
            *(grid(f"{measure}_areas", measure, notes=(NO_AREA,)) for measure in ("places", "occupancy")),
            *(reach(measure) for measure in REACH[1:]),
            *(reach_areas(measure) for measure in REACH),
        ),
        needs=NEEDS_PLACES,
    ),
    Section("Within reach", (), needs=NEEDS_SITES, when=has_no_reach),
    Section(
        "The directory",
        (Drawing("directory", directory.draw, slides=("directory",)),),
        needs=Needs("The services of the directory, and whom each serves", "service", registers=("service",)),
    ),
)

frame.show("gaps", PAGE)
