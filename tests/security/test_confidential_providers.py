"""Nothing of a release tells an organisation that is marked confidential, though all registers are joined."""

import itertools
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from analysis import load_catalog
from analysis.catalog.load import CATALOG_FOLDER
from analysis.catalog.registers import CONFIDENTIAL_CODE, CONFIDENTIAL_NAME, HOLDS, Register, RegisterColumn
from analysis.errors import LttError
from etl.release.publishing.schema import CELLS, PASSED, REGISTERS, release_tables
from etl.release.unperturbed.confidential import LEAST, Confidential, mask_register, spelling
from tests.demonstration import demonstration_release
from tests.security.registers import (
    Cells,
    opened,
    publish_texts,
    referral_rows,
    released,
    send,
    texts_of,
)

HIDDEN = {  # code → name, and what an attacker who knows it knows of it
    "harbor-refuge": "Harbor Refuge",
    "quiet_cove": "The Quiet Cove, Inc.",
    "willow-lodge": "Willow Lodge",
    "safe-landing": "Safe Landing",
}
WORDS = (
    "harbor refuge",
    "harborrefuge",
    "quiet cove",
    "quietcove",
    "willow lodge",
    "safe landing",
    "willowlodge",
)
#: Columns that carry an organisation, beside registers: table → column. A new one needs a rule here and in
#: docs/disclosure.md.
ORGANISATIONS = {
    "coverage": ["source"],
    "source": ["source_id", "label", "publisher"],
    "load_summary": ["source_id"],
    "left_out_summary": ["source_id"],
    "rejected_summary": ["source_id"],
    "table_summary": ["source_id"],
    "orphan_summary": ["source_id"],
    "collection": ["label"],
    "observation": ["source", "responder"],  # the publisher of figures of others, and whose figures they are
    "area_population": ["source"],
    "area_context": ["source"],
    "series": ["source"],
}
#: Columns of texts that carry none, by table.
OTHERS = {
    "info": ["key", "value"],
    "held": ["collection", "subject", "records_text"],
    "anonymity": ["metric", "value_text"],
    "revision": ["collection", "subject", "as_of"],
    "hidden_population": ["collection", "period", "status", "reason", "method", "interval_method"],
    "hidden_overlap": ["collection", "period", "one", "other"],  # kinds of agencies, or numbers
    "hidden_agreement": ["collection", "period", "kind", "code", "agreement"],
    "completeness": ["collection", "subject", "month", "years"],
}
NOBODY = ("area", "area_shape", "law_provision")
PARTS = (
    "source",
    "organisation",
    "owner",
    "recipient",
    "funder",
    "provider",
    "publisher",
    "site",
    "contributor",
)
#: Columns of registers that hold codes of closed lists: of the catalog, of a contract, a year, a currency.
CLOSED = {
    *("kind", "pillar", "from_org_type", "to_org_type", "funder_kind", "purpose", "service_type", "currency"),
    *(
        "theme",
        "measure",
        "direction",
        "year",
        "audience_role",
        "organisation_type",
        "eligibility",
        "geography",
    ),
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Four confidential organisations in every register, each time spelt in another way."""
    made = opened(tmp_path_factory.mktemp("confidential"))
    publish_texts(made.run)
    send(
        made,
        "organisation",
        {"organisation": "harbor-refuge", "name": "Harbor Refuge", "is_confidential": "yes", "area": "R11"},
        {"organisation": "quiet_cove", "name": "The Quiet Cove, Inc.", "organisation_type": "shelter"},
        {"organisation": "willow-lodge", "name": "Willow Lodge", "organisation_type": "ngo"},
        {"organisation": "city_police", "name": "City Police", "organisation_type": "police"},
        {
            "organisation": "open_door",
            "name": "Open Door",
            "organisation_type": "shelter",
            "is_confidential": "no",
        },
    )
    # Another sheet, loaded later, does not say that it is confidential: the mark holds all the same.
    send(
        made,
        "organisation",
        {"organisation": "HR1", "name": "HARBOR-REFUGE", "organisation_type": "ngo"},
        {"organisation": "safe-landing", "name": "Safe Landing", "is_confidential": "yes"},
        source="county",
    )
    send(
        made,
        "service",
        {"service": "s1", "organisation": "willow-lodge", "name": "Willow Lodge beds",
         "service_type": "housing", "area": "R11"},
        {"service": "s2", "organisation": "harbor-refuge", "name": "Harbor Refuge advice",
         "service_type": "legal", "area": "R12"},
        {"service": "s3", "organisation": "open_door", "name": "Open Door advice", "service_type": "legal"},
        {"service": "s4", "organisation": "open_door", "name": "Beds", "service_type": "housing",
         "area": "R12"},
    )  # fmt: skip
    money = {"funder_kind": "state", "purpose": "shelter", "service_type": "housing", "currency": "dollars",
             "funder": "State Office"}  # fmt: skip
    spelt = (
        "Harbor Refuge",
        "quiet_cove",
        "willow-lodge",
        "HR1",
        "safe-landing",
        "open_door",
        "Unlisted Haven",
    )
    send(
        made,
        "funding_award",
        *(
            {**money, "award": f"{recipient.lower().replace(' ', '_')}_25",
             "recipient_organisation": recipient, "pays_for": f"{number + 7} places",
             "start_date": f"2025-0{number + 1}-01", "end_date": "2026-06-30",
             "amount": str(100_000 + 7_777 * number)}
            for number, recipient in enumerate(spelt)
        ),
        *(  # an equal grant to four: what three share stands
            {**money, "award": f"equal_{number}", "recipient_organisation": recipient, "pays_for": "Beds",
             "purpose": "services", "start_date": "2025-01-01", "end_date": "2025-12-31", "amount": "50000"}
            for number, recipient in enumerate(HIDDEN)
        ),
    )  # fmt: skip
    send(
        made,
        "partnership",
        {"partnership": "police_harbor_refuge", "name": "Police and Harbor Refuge", "kind": "referral",
         "from_organisation": "city_police", "to_organisation": "harbor refuge", "from_org_type": "police",
         "start_date": "2024-03-05"},
        {"partnership": "p2", "name": "Referrals", "kind": "training", "from_organisation": "QUIET COVE",
         "to_organisation": "open_door", "from_org_type": "ngo", "start_date": "2024-04-01"},
    )  # fmt: skip
    send(
        made,
        "action",
        {"action": "a_1", "title": "Ask Willow Lodge for beds", "kind": "action",
         "owner_organisation": "city_police", "opened_on": "2025-01-10"},
        {"action": "a_2", "title": "New locks", "kind": "action", "owner_organisation": "Safe Landing LLC",
         "opened_on": "2025-02-11", "due_on": "2025-08-12"},
    )  # fmt: skip
    send(
        made,
        "campaign",
        {"campaign": "c_1", "name": "Look twice", "start_date": "2025-03-01", "area": "R11", "cost": "9000",
         "contributor": "quiet_cove"},
    )  # fmt: skip
    send(
        made,
        "indicator",
        {"measure": "contact_within_48h_share", "target": "60", "target_year": "2026",
         "direction": "at_least", "owner": "Harbor Refuge"},
    )  # fmt: skip
    send(made, "referral", *referral_rows([*HIDDEN, "city_police"]), source="quiet_cove")
    send(made, "referral", *referral_rows(["city_police", "harbor-refuge"]), source="city_police")
    return made


@pytest.fixture(scope="module", params=["public", "partner"])
def tables(office: Any, request: pytest.FixtureRequest) -> Cells:
    """All rows of a release whose texts the keeper has confirmed, all of them."""
    assert office.run("texts", "--confirm", "all").code == 0
    return released(office.run, request.param)


def is_closed(name: str) -> bool:
    """Tell whether a column holds codes of a list of the catalog."""
    known = load_catalog().dimensions.get(name)
    return known is not None and not known.codes_from


def test_every_column_that_carries_an_organisation_has_a_rule() -> None:
    """Fails on a new table or a new column of words: say what it holds, and how a confidential one leaves."""
    catalog = load_catalog()
    for register in catalog.registers.values():
        assert {column.holds for column in register.columns} <= set(HOLDS)
    for table, columns in release_tables(catalog).items():
        worded = {name for name, kind in columns.items() if kind == "VARCHAR"}
        if table.startswith((CELLS, REGISTERS)):
            continue
        told = set(ORGANISATIONS.get(table, ())) | set(OTHERS.get(table, ()))
        assert told <= worded, table
        open_words = {name for name in worded if not is_closed(name)}
        assert table in (*ORGANISATIONS, *OTHERS, *NOBODY), f"{table} needs a rule"
        suspicious = {name for name in open_words - told if any(part in name for part in PARTS)}
        assert not suspicious, f"{table}: {suspicious} needs a rule"
        assert (
            table in ORGANISATIONS or table in OTHERS or table in ("area", "area_shape", "law_provision")
        ), table
    for register in catalog.registers.values():
        for column in register.columns:
            assert column.holds != "code" or column.kind != "VARCHAR" or column.code in CLOSED, column
    open_lists = {code for code, one in catalog.dimensions.items() if one.codes_from}
    assert open_lists == {"source", "to_organisation"}, (
        "a dimension of organisations is renamed by its code list"
    )
    assert set(PASSED) >= set(ORGANISATIONS) - {"observation", "series"}


def test_a_register_without_a_stated_rule_is_refused(tmp_path: Path) -> None:
    text = 'code = "new"\nlabel = "N"\ndescription = "D"\ntable = "mart.n"\nwhy_no_door = "W"\n[[column]]\n'
    shutil.copytree(CATALOG_FOLDER, tmp_path / "catalog")
    (tmp_path / "catalog/registers/new.toml").write_text(
        text + 'code = "shelter"\nlabel = "Shelter"\n', "utf-8"
    )
    with pytest.raises(LttError, match="holds"):
        load_catalog(tmp_path / "catalog")


def test_no_name_and_no_code_of_a_confidential_organisation_leaves(tables: Cells) -> None:
    spelt = {spelling(word) for word in (*WORDS, *HIDDEN, "Unlisted Haven")}
    for text in texts_of(tables):
        assert not any(one in spelling(text) for one in spelt), text
        assert text not in ("HR1", "quiet_cove")
    assert any(text == CONFIDENTIAL_NAME for text in texts_of(tables))
    assert any(text == "Open Door" for text in texts_of(tables)), "what is public stays"


def test_nothing_stands_beside_a_confidential_organisation_that_fewer_than_three_share(tables: Cells) -> None:
    """The attack: join all registers by kind, amount, date and area, and look for what only one can be."""
    seen = 0
    facts: dict[str, list[tuple[str, tuple[Any, ...]]]] = {}
    for register in load_catalog().registers.values():
        rows = tables[f"{REGISTERS}{register.code}"]
        beside = [_beside(register, row) for row in rows if _is_hidden(row)]
        seen += len(beside)
        for known in beside:
            facts.setdefault(register.code, []).append((register.code, tuple(sorted(known.items()))))
    assert seen > 6, "else the attack was not tried"
    for code, found in facts.items():
        for one in set(found):
            told = dict(one[1])
            assert not told or found.count(one) >= LEAST, (code, told)
    # Across registers: a value beside one of them that names exactly one row of another register.
    for (code, found), (other, rows) in itertools.permutations(facts.items(), 2):
        for (_, left), (_, right) in itertools.product(set(found), set(rows)):
            shared = set(left) & set(right)
            assert not shared or rows.count((other, right)) >= LEAST, (code, other, shared)


def _is_hidden(row: Mapping[str, Any]) -> bool:
    return bool(
        {CONFIDENTIAL_CODE, CONFIDENTIAL_NAME} & {cell for cell in row.values() if isinstance(cell, str)}
    )


def _beside(register: Register, row: Mapping[str, Any]) -> dict[str, Any]:
    named = {column.code for column in register.columns if column.holds.startswith("organisation")}
    return {
        name: cell
        for name, cell in row.items()
        if cell is not None and not (name in named and cell in (CONFIDENTIAL_CODE, CONFIDENTIAL_NAME))
    }


def test_one_that_is_only_mentioned_is_left_out_of_its_row(tables: Cells) -> None:
    [campaign], [target] = tables["register_campaign"], tables["register_indicator"]
    assert (campaign["contributor"], campaign["name"], campaign["cost"]) == (None, "Look twice", 9000.0)
    assert (target["owner"], target["target"]) == (None, 60.0)


def test_what_three_share_stays(tables: Cells) -> None:
    equal = [row for row in tables["register_award"] if row["purpose"] == "services"]
    assert [(row["recipient_name"], row["amount"], row["award"], row["pays_for"]) for row in equal] == [
        (CONFIDENTIAL_NAME, 50_000.0, None, None)
    ] * 4


def test_housing_of_an_organisation_that_is_public_is_listed_by_its_organisation(tables: Cells) -> None:
    [row] = [row for row in tables["register_service"] if row["area"] == "R12"]
    assert (row["service_type"], row["organisation"], row["name"]) == ("housing", "Open Door", None)


def test_referrals_to_confidential_organisations_are_one_code_in_the_whole_region(tables: Cells) -> None:
    cells = [row for row in tables["cell_referral"] if row["to_organisation"] is not None]
    codes = {row["to_organisation"] for row in cells}
    assert codes == {CONFIDENTIAL_CODE, "city_police"}
    assert not any(row["area"] for row in cells if row["to_organisation"] == CONFIDENTIAL_CODE)
    assert any(row["area"] for row in cells if row["to_organisation"] == "city_police")
    assert {row["code"] for row in tables["register_receiver"]} >= {
        CONFIDENTIAL_CODE,
        "city_police",
        "open_door",
    }
    assert len(tables["register_receiver"]) == 5


def test_a_confidential_contributor_is_in_no_cell_report_or_source(tables: Cells) -> None:
    assert {row["source"] for row in tables["coverage"]} == {"city_police"}
    assert not any(row["source"] == CONFIDENTIAL_CODE for row in tables["cell_referral"])
    assert [row for row in tables["source"] if row["source_id"] == CONFIDENTIAL_CODE]


def test_money_of_which_one_or_two_of_them_stand_behind_a_part_is_hidden(tables: Cells) -> None:
    money = {
        (row["award_purpose"], row["period"]): row["value"]
        for row in tables["observation"]
        if row["measure"] == "public_funding"
    }
    assert money["services", "2025"] is not None
    assert money["shelter", "2025"] is not None, "four of them stand behind it"


def test_the_stewards_release_holds_every_name(office: Any) -> None:
    told = set(texts_of(released(office.run, "steward")))
    assert {"Harbor Refuge", "Willow Lodge", "Ask Willow Lodge for beds"} <= told


COLUMNS = (
    RegisterColumn("name", "Name", holds="organisation"),
    RegisterColumn("kind", "Kind"),
    RegisterColumn("area", "Area", holds="area"),
    RegisterColumn("amount", "Amount", "DOUBLE", "number"),
    RegisterColumn("title", "Title", holds="text"),
)
REGISTER = Register("made_up", "Made up", "", "mart.made_up", COLUMNS, "")


def masked(*rows: tuple[Any, ...]) -> list[list[Any]]:
    hidden = Confidential({spelling(f"Refuge number {letter}"): place for place, letter in enumerate("abcd")})
    return sorted(mask_register(REGISTER, [(*row, None) for row in rows], hidden), key=repr)


def test_the_same_organisation_three_times_is_not_three_organisations() -> None:
    row = ("Refuge Number A", "legal", "R1", 7.0, "x")
    assert masked(row, row, row) == [[CONFIDENTIAL_NAME, None, None, None, None]] * 3


def test_what_is_shared_is_kept_and_the_rest_is_not() -> None:
    rows = [
        (f"refuge-number-{letter}", "legal", "R1", amount, "x")
        for letter, amount in zip("abc", (1.0, 2.0, 3.0), strict=True)
    ]
    assert masked(*rows) == [[CONFIDENTIAL_NAME, "legal", "R1", None, None]] * 3
    apart = [(name, kind, f"R{place}", 1.0, "x") for place, (name, kind, *_) in enumerate(rows)]
    assert masked(*apart) == [[CONFIDENTIAL_NAME, "legal", None, None, None]] * 3
    assert masked(*rows[:2]) == [[CONFIDENTIAL_NAME, None, None, None, None]] * 2


def test_a_fourth_does_not_tell_itself_apart_from_the_three() -> None:
    rows = [(f"Refuge number {letter}", "legal", "R1", 5.0, "") for letter in "abc"]
    found = masked(*rows, ("Refuge number d", "health", "R2", 6.0, ""))
    assert found.count([CONFIDENTIAL_NAME, "legal", "R1", 5.0, None]) == 3
    assert found.count([CONFIDENTIAL_NAME, None, None, None, None]) == 1


def test_names_inside_texts_and_codes_of_others_stay_out() -> None:
    assert masked(("City", "legal", "R1", 5.0, "Rent of Refuge Number-B")) == [
        ["City", "legal", "R1", 5.0, None]
    ]
    assert masked(("Friends of Refuge number b", "legal", "R1", 5.0, "x"))[0][0] == CONFIDENTIAL_NAME


def test_the_demonstration_names_no_shelter() -> None:
    content = next(demonstration_release().glob("release-*.duckdb")).read_bytes()
    for name in ("Lantern House", "Saltreach Safe Homes", "Fen Lodgings", "lantern", "fen-lodgings"):
        assert name.encode() not in content
    assert CONFIDENTIAL_NAME.encode() in content
