"""Early and late years, ends of a list of shares: arithmetic on answers, and when nothing can be said."""

import polars as pl
import pytest

from analysis import Answer, Question, load_catalog
from analysis.findings.enforcement import (
    Spans,
    compared,
    ends_of,
    first_provisional,
    largest_groups,
    spans_of,
    value_of,
)
from analysis.findings.movement import AreaChanges, area_changes

CATALOG = load_catalog()


def made(measure: str, rows: list[tuple], by: str = "") -> Answer:
    """An answer with (code, value, lower, upper, marker) rows; without a code when `by` is empty."""
    names = [*([by] if by else []), "value", "lower", "upper", "marker"]
    frame = pl.DataFrame(rows, schema=names, orient="row", strict=False)
    one = CATALOG.measures[measure]
    asked = Question(measure, [by] if by else [])
    return Answer(asked, one, frame, "", [], "", None, one.unit, 0, 0)


@pytest.mark.parametrize(
    ("first", "last", "late", "wanted"),
    [
        ("2016", "2025", "2025", (("2016", "2018"), ("2022", "2024"))),
        ("2016-01", "2025-12", "2025-07", (("2016", "2018"), ("2022", "2024"))),
        ("2016-01", "2025-12", "", (("2016", "2018"), ("2023", "2025"))),
        ("2021", "2024", "", (("2021", "2022"), ("2023", "2024"))),
        ("2020", "2024", "", (("2020", "2021"), ("2023", "2024"))),
        ("2016-05", "2021-12", "", (("2017", "2018"), ("2020", "2021"))),
        ("2022", "2024", "", None),
        ("2021", "2024", "2024", None),
        ("2025", "2025", "2025", None),
        ("2025-07", "2025-12", "2025-01", None),
    ],
)
def test_spans_are_whole_complete_years_that_do_not_overlap(first, last, late, wanted) -> None:
    found = spans_of(first, last, late)
    assert found == (None if wanted is None else Spans(*wanted))


def test_the_first_provisional_period_is_found_in_any_answer() -> None:
    hidden = made(
        "median_days_to_disposition",
        [("2024", 300.0, 280.0, 320.0, ""), ("2025", None, None, None, "c")],
        "period",
    )
    late = made(
        "charges_filed", [("2024", 380.0, None, None, ""), ("2025", 400.0, None, None, "rp")], "period"
    )
    whole = made("charges_filed", [(780.0, None, None, "p")])
    assert first_provisional([hidden, whole]) == ""
    assert first_provisional([hidden, late, whole]) == "2025"


@pytest.mark.parametrize(
    ("earlier", "later", "direction"),
    [
        ((29.0, 26.0, 32.0, ""), (47.0, 44.0, 49.0, ""), 1),
        ((47.0, 44.0, 49.0, ""), (29.0, 26.0, 32.0, ""), -1),
        ((29.0, 26.0, 32.0, ""), (31.0, 28.0, 34.0, ""), 0),
    ],
)
def test_a_change_is_claimed_beyond_both_intervals_only(earlier, later, direction) -> None:
    found = compared(made("proactive_share", [earlier]), made("proactive_share", [later]))
    assert found.direction == direction
    assert (found.earlier["value"], found.later["value"]) == (earlier[0], later[0])


def test_a_count_within_the_protection_is_no_change() -> None:
    few, more = (made("people_met", [(value, None, None, "")]) for value in (10.0, 5_000.0))
    assert compared(few, more, smallest=5.0).direction == 1
    assert compared(few, made("people_met", [(15.0, None, None, "")]), smallest=5.0).direction == 0


def test_nothing_is_compared_with_what_is_not_shown() -> None:
    shown, hidden = (
        made("proactive_share", [(29.0, 26.0, 32.0, "")]),
        made("proactive_share", [(None, None, None, "c")]),
    )
    assert compared(shown, hidden) is None
    assert compared(hidden, shown) is None
    assert value_of(hidden) is None


SHARES = [
    ("sexual_exploitation", 25.0, 23.0, 30.0, ""),
    ("forced_labour", 11.0, 9.0, 17.0, ""),
    ("domestic_servitude", None, None, None, "c"),
    ("other", 60.0, 40.0, 80.0, ""),
    ("not_recorded", 2.0, 1.0, 9.0, ""),
]


def test_the_ends_of_shares_leave_out_what_names_nothing() -> None:
    found = ends_of(made("trafficking_charge_reached_share", SHARES, "form"))
    assert (found.earlier["form"], found.later["form"], found.direction) == (
        "forced_labour",
        "sexual_exploitation",
        1,
    )
    assert ends_of(made("trafficking_charge_reached_share", SHARES[1:], "form")) is None
    close = [SHARES[0], ("forced_labour", 22.0, 18.0, 27.0, "")]
    assert ends_of(made("trafficking_charge_reached_share", close, "form")).direction == 0


def test_the_largest_groups_keep_the_order_of_the_list() -> None:
    rows = [
        (code, value, None, None, "")
        for code, value in (("a", 5.0), ("other", 99.0), ("b", 9.0), ("c", None), ("d", 7.0))
    ]
    assert largest_groups(made("investigations_opened", rows, "form"), 2) == ("b", "d")
    assert largest_groups(made("investigations_opened", rows[3:4], "form"), 2) == ()


def test_areas_are_compared_with_themselves_and_only_counted() -> None:
    measure = CATALOG.measures["detected_persons"]

    def rows(**values: float | None) -> list[dict[str, object]]:
        return [
            {"area": area, "value": value, "lower": None, "upper": None, "marker": ""}
            for area, value in values.items()
        ]

    before = rows(up=40.0, down=90.0, same=40.0, hidden=None, gone=30.0)
    after = rows(up=90.0, down=40.0, same=43.0, hidden=50.0, new=80.0)
    assert area_changes(before, after, measure, 10.0) == AreaChanges(rose=1, fell=1, compared=3)
    assert area_changes(before, rows(up=49.0), measure, 10.0) == AreaChanges(0, 0, 1)
    assert area_changes([], after, measure, 10.0) == AreaChanges(0, 0, 0)
