"""Steps of investigations and what followed operations: figures of several answers in one sentence."""

import polars as pl

from analysis import Answer, Question, load_catalog
from analysis.findings.groups import largest
from analysis.findings.scope import Scope
from analysis.findings.sentences import say
from analysis.findings.topics.enforcement import charges_unlinked, people_met, steps_reached

CATALOG = load_catalog()


def made(measure: str, rows: list[tuple], by: str = "") -> Answer:
    """An answer with (code, value, lower, upper, marker) rows; without a code when `by` is empty."""
    names = [*([by] if by else []), "value", "lower", "upper", "marker"]
    frame = pl.DataFrame(rows, schema=names, orient="row", strict=False)
    frame = frame.with_columns(cells_shown=1, cells_total=1)
    one = CATALOG.measures[measure]
    return Answer(Question(measure, [by] if by else []), one, frame, "", [], "", None, one.unit, 0, 0)


OPENED = made("investigations_opened", [(1000.0, 940.0, 1060.0, "")])
HIDDEN = made("arrest_share", [(None, None, None, "c")])


def test_steps_name_three_shares() -> None:
    shares = {
        "arrest": made("arrest_share", [(54.0, 52.0, 56.0, "")]),
        "charge": made("charge_reached_share", [(38.0, 36.0, 40.0, "")]),
        "conviction": made("conviction_reached_share", [(11.0, 10.0, 12.0, "")]),
    }
    assert say(steps_reached(OPENED, shares, Scope())) == (
        "54% of investigations have so far led to an arrest or summons, 38% to a charge and 11% to a "
        "trafficking conviction."
    )
    part = say(steps_reached(OPENED, {**shares, "arrest": HIDDEN}, Scope()))
    assert part.startswith("38% of investigations have so far led to a charge and 11%")
    assert say(steps_reached(OPENED, {}, Scope())).startswith("Investigations opened: 1,000 (940–1,060)")


def test_people_met_are_the_whole_and_what_followed_its_parts() -> None:
    met = made("people_met", [(900.0, None, None, "")])
    followed = {"referred": made("people_met_referred", [(500.0, None, None, "")])}
    assert say(people_met(met, followed, Scope())) == (
        "Of 900 people met in operations, 500 were referred to a service."
    )
    nobody = made("people_met", [(None, None, None, "c")])
    assert people_met(nobody, followed, Scope()).kind == "hidden"


def test_charges_without_an_investigation_are_counted() -> None:
    rows = [
        ("linked", 900.0, None, None, ""),
        ("not_found", 80.0, None, None, ""),
        ("no_reference", None, None, None, "c"),
    ]
    links = made("charges_filed", rows, "charge_link")
    assert say(charges_unlinked(links, Scope())) == ("80 charges name an investigation that we do not hold.")


def test_the_largest_groups_keep_the_order_of_the_list() -> None:
    rows = [
        (code, value, None, None, "")
        for code, value in (("a", 5.0), ("other", 99.0), ("b", 9.0), ("c", None), ("d", 7.0))
    ]
    assert largest(made("investigations_opened", rows, "form"), 2) == ("b", "d")
    assert largest(made("investigations_opened", rows[3:4], "form"), 2) == ()
