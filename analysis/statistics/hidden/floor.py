"""How much an estimate of people on no list needs at least, and when it is contested; imports nothing."""

FEWEST_LISTS, FEWEST_PERSONS, FEWEST_IN_OVERLAPS = 3, 100, 20
#: Rules that differ by more than this factor have no common answer.
MOST_APART = 2.0
MOST_LISTS_TO_SEARCH = 8
#: Why a table has no estimate.
REASONS = (
    *("nobody", "empty_list", "same_people", "no_overlap", "few_lists", "list_apart"),
    *("few_persons", "few_shared", "no_estimate"),
)
