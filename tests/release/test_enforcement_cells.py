"""Cells of investigations, charges and operations in the demonstration's release, against a plain recount."""

import json
from collections import Counter
from functools import cache
from itertools import product
from typing import Any

import polars as pl
import pytest

from analysis import Release, open_release
from etl.demonstration import generate
from tests.demonstration import demonstration_release

STAGES = ("opened", "arrest", "charge", "trafficking_charge", "trafficking_conviction")
LARGEST_CHANGE, THRESHOLD = 5, 10
Cells = Counter[tuple[str, ...]]


@cache
def sheets() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for file in generate():
        for batch in file.batches:
            if batch.table in ("investigation", "charge", "operation"):
                found.setdefault(batch.table, []).extend(batch.frame.iter_rows(named=True))
    return found


def recorded(values: list[str] | str | None) -> list[str]:
    return [values] if isinstance(values, str) else list(values or ["not_recorded"])


def reached(investigation: dict[str, Any]) -> list[str]:
    """The furthest of the stage in the sheet and those that the linked charges show, and all before it."""
    shown = [investigation["stage"]] if investigation["stage"] else []
    for charge in _charges_of().get(investigation["investigation_ref"], []):
        is_convicted = charge["disposition"] == "convicted"
        of_trafficking = "trafficking_conviction" if is_convicted else "trafficking_charge"
        shown.append(of_trafficking if charge["is_trafficking"] == "yes" else "charge")
    if not shown:
        return ["not_recorded"]
    furthest = max(STAGES.index(stage) for stage in shown)
    return list(STAGES[1 : furthest + 1]) or ["opened"]


@cache
def _charges_of() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for charge in sheets()["charge"]:
        if charge["investigation_ref"]:
            found.setdefault(charge["investigation_ref"], []).append(charge)
    return found


def investigations_by_form_and_stage() -> Cells:
    cells: Cells = Counter()
    for one in sheets()["investigation"]:
        cells.update((one["period"][:4], *codes) for codes in product(recorded(one["form"]), reached(one)))
    return cells


def investigations_by_origin_and_outcome() -> Cells:
    rows = sheets()["investigation"]
    return Counter(
        (r["period"][:4], r["origin"] or "not_recorded", r["outcome"] or "not_recorded") for r in rows
    )


def charges_by_kind_and_disposition() -> Cells:
    kinds = {"yes": "trafficking", "no": "other_charge"}
    rows = sheets()["charge"]
    return Counter(
        (r["period"][:4], kinds[r["is_trafficking"]], r["disposition"] or "not_recorded") for r in rows
    )


def people_met_by_kind_and_what_followed() -> Cells:
    cells: Cells = Counter()
    for one in sheets()["operation"]:
        met, arrested = int(one["met"]), int(one["arrested"])
        numbers = {
            "referred": int(one["referred"]),
            "not_referred": met - int(one["referred"]),
            "arrested": arrested,
            "not_arrested": met - arrested,
            "arrested_exploited": int(one["arrested_exploited"]),
            "arrested_not_exploited": arrested - int(one["arrested_exploited"]),
        }
        for outcome, number in numbers.items():
            cells[one["period"][:4], one["operation_type"], outcome] += number
    return cells


@cache
def released() -> Release:
    return open_release(demonstration_release())


def published(subject: str, dims: tuple[str, str]) -> dict[tuple[str, ...], int]:
    fixed = ("collection", "period_level", "period", "area_level", "area", "value", "marker")
    others = [name for name in released().columns[f"cell_{subject}"] if name not in (*fixed, *dims)]
    conditions = [f"{name} IS NOT NULL" for name in dims] + [f"{name} IS NULL" for name in others]
    rows = released().rows(
        f"SELECT period, {', '.join(dims)}, value FROM cell_{subject} "
        f"WHERE period_level = 'year' AND area_level IS NULL AND {' AND '.join(conditions)}"
    )
    return {tuple(row[:-1]): row[-1] for row in rows}


@pytest.mark.parametrize(
    ("subject", "dims", "recount"),
    [
        ("investigation", ("form", "investigation_stage"), investigations_by_form_and_stage),
        (
            "investigation",
            ("investigation_origin", "investigation_outcome"),
            investigations_by_origin_and_outcome,
        ),
        ("charge", ("charge_kind", "charge_disposition"), charges_by_kind_and_disposition),
        ("operation_person", ("operation_type", "operation_outcome"), people_met_by_kind_and_what_followed),
    ],
)
def test_cells_are_the_recount_within_the_noise_and_small_ones_are_absent(subject, dims, recount) -> None:
    cells, counted = published(subject, dims), recount()
    assert len(cells) > 20
    for place, value in cells.items():
        assert value >= THRESHOLD, place
        assert abs(value - counted[place]) <= LARGEST_CHANGE, place
    large = {place for place, number in counted.items() if number >= THRESHOLD + LARGEST_CHANGE}
    assert large <= set(cells), "what is surely large enough is there"
    assert any(place not in cells for place in counted), "else the threshold is not tested"
    assert any(value != counted[place] for place, value in cells.items()), "else the noise is not tested"


def test_who_was_referred_and_arrested_is_in_no_table_together() -> None:
    columns = set(released().columns["cell_operation_person"])
    assert columns & {"operation_outcome", "operation_type"} == {"operation_outcome", "operation_type"}
    assert not any("referral" in name or "arrest" in name for name in columns)


def test_no_reference_of_an_agency_or_defendant_is_in_the_file() -> None:
    folder = demonstration_release()
    content = (folder / json.loads((folder / "manifest.json").read_text("utf-8"))["file"]).read_bytes()
    held = pl.DataFrame(sheets()["charge"]).select("charge_ref", "investigation_ref", "defendant_ref")
    for name in held.columns:
        for reference in held[name].drop_nulls().unique().sort().head(300):
            assert reference.encode() not in content
