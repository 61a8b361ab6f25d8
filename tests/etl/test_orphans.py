"""Rows that point at nothing loaded: kept, counted by column, told by load and status, released rounded."""

import duckdb

from etl.config import home_at
from etl.release import publish
from tests.etl.made_topics import Office
from tests.release.support import release_file

CHARGES = "charge_ref,investigation_ref,period,is_trafficking"


def test_rows_that_point_at_nothing_are_kept_counted_and_found_once_it_comes(office: Office) -> None:
    rows = [f"CH-{number},INV-{number % 12},2025-03,yes" for number in range(24)] + ["CH-99,,2025-04,yes"]
    done = office.offer("charge", CHARGES, rows)
    assert done.code == 0
    lost = [
        {"table": "charge", "column": "investigation_ref", "refers_to": "investigation", "rows": 24},
    ]
    assert done.values["orphans"] == lost, "a row that names none is no orphan"
    assert "INV-" not in done.out + done.err
    assert office.query("SELECT count(*) FROM mart.charge") == [(25,)]
    assert office.run("status").values["warehouse"]["orphans"] == lost
    told = office.run("status", as_json=False).out
    assert "charge.investigation_ref: 24 rows, no such investigation" in told

    office.send(
        "investigation", "investigation_ref,period,agency_type", [f"INV-{n},2025-01," for n in range(10)]
    )
    query = "SELECT rows_loaded, rows_rejected, orphans, period_from, period_to FROM mart.table_load"
    assert office.query(f"{query} WHERE table_name = 'charge'") == [(25, 0, 4, "2025-01", "2025-12")]
    assert office.query(f"{query} WHERE table_name = 'investigation'") == [
        (10, 0, None, "2025-01", "2025-12")
    ]


def test_places_of_an_unknown_service_are_counted_and_only_their_keepers_read_how_many(
    office: Office,
) -> None:
    months = [f"2025-{month:02d}" for month in range(1, 13)]
    rows = [f"{service},{month},anyone,5" for service in ("unknown_beds", "beds") for month in months]
    office.send("service_capacity", "service,period,eligibility,places", rows)
    office.send("service", "service,name,service_type", ["beds,Beds,housing"])
    home = home_at(office.run.home.root)
    assert office.query("SELECT orphans FROM mart.orphan WHERE table_name = 'service_capacity'") == [(12,)]
    counts = "SELECT rows_text, rejected_text, orphans_text FROM table_summary"
    columns = "SELECT label, column_label, refers_label, orphans_text FROM orphan_summary"
    for profile, table, column in (
        ("public", ("", "", ""), []),
        ("steward", ("24", "0", "12"), [("Places of services", "Code of the service", "Services", "12")]),
    ):
        publish(home, profile)
        with duckdb.connect(str(release_file(home.release(profile))), read_only=True) as connection:
            of_places = "WHERE table_name = 'service_capacity'"
            assert connection.execute(f"{counts} {of_places}").fetchall() == [table]
            assert connection.execute(f"{columns} {of_places}").fetchall() == column


def test_codes_that_two_sources_share_are_said_when_they_are_loaded(office: Office) -> None:
    """Two registers that both count 1, 2, 3: the second list stands for the first, and it is told."""
    header = "organisation,name,organisation_type"
    rows = [f"{number},House {number},ngo" for number in (1, 2, 3)]
    done = office.offer("organisation", header, rows, source="north")
    assert done.values["notes"] == []
    done = office.offer("organisation", header, [*rows[1:], "4,House 4,ngo"], source="south")
    [said] = done.values["notes"]
    assert said.startswith("organisation: 2 rows have the organisation of a row of another source")
    assert "will count" in said and "House" not in said
    assert office.query("SELECT count(*) FROM mart.organisation") == [(4,)]
