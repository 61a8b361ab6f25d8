"""The same people under another name are told before they are counted twice; other people are not."""

import pytest

from tests.etl.made_home import CommandLine, Deliverer, person_row
from tests.etl.made_topics import Office

MONTHS = ("2025-01", "2025-02", "2025-03")
ROWS = [person_row(number, MONTHS[number % 3]) for number in range(30)]
COUNT = "SELECT count(*) FROM mart.person"


@pytest.fixture
def loaded(run_with_areas: CommandLine, give: Deliverer) -> CommandLine:
    assert run_with_areas.load(give.persons("first", *MONTHS[::2], ROWS)).code == 0
    return run_with_areas


@pytest.mark.parametrize(
    ("source", "collection", "told"),
    [
        ("hostel", "other", "30 of the 30 rows of person are held already under collection 'register'"),
        ("hostel", "register", "from source 'shelter'"),
        ("shelter", "other", "source 'shelter' was under collection 'register' so far"),
    ],
)
def test_the_same_people_under_another_name_stop_until_it_is_accepted(
    loaded: CommandLine, give: Deliverer, source: str, collection: str, told: str
) -> None:
    again = give.persons("again", *MONTHS[::2], ROWS, source=source, collection=collection)
    for command in ("check", "load"):
        done = loaded(command, again[0], "--source", "own", "--mapping", again[1])
        assert done.code == 1
        assert told in done.values["error"]
        assert "--accept twice" in done.values["next_step"]
    assert loaded.query(COUNT) == [(30,)]
    done = loaded.load(again, "--accept", "twice")
    assert (done.code, done.values["files"][0]["held_already"][0]["rows"]) == (0, 30)


def test_people_held_already_among_new_ones_are_told_with_their_number(
    loaded: CommandLine, give: Deliverer
) -> None:
    rows = [*ROWS[:8], *(person_row(number, "2025-02") for number in range(100, 130))]
    mixed = give.persons("mixed", *MONTHS[::2], rows, source="hostel", collection="other")
    done = loaded("load", mixed[0], "--source", "own", "--mapping", mixed[1], as_json=False)
    assert done.code == 0
    assert "8 of the 38 rows of person are held already" in done.out


def test_other_people_with_the_same_numbers_are_other_people(loaded: CommandLine, give: Deliverer) -> None:
    rows = [person_row(number, MONTHS[number % 3], age=str(70 - number)) for number in range(30)]
    done = loaded.load(give.persons("others", *MONTHS[::2], rows, source="hostel", collection="other"))
    assert (done.code, loaded.query(COUNT)) == (0, [(60,)])


def test_records_without_a_number_are_known_by_their_file(loaded: CommandLine, give: Deliverer) -> None:
    rows = [person_row(number, MONTHS[number % 3], client="") for number in range(30)]
    unnumbered = give.persons("unnumbered", *MONTHS[::2], rows, source="desk", collection="desk")
    assert loaded.load(unnumbered).code == 0
    again = give.persons("unnumbered", *MONTHS[::2], rows, source="counter", collection="counter")
    assert "30 of the 30 rows" in loaded.load(again).values["error"]
    changed = [*rows, person_row(31, "2025-02", client="")]
    assert loaded.load(give.persons("more", *MONTHS[::2], changed, source="c", collection="c")).code == 0


def test_a_moved_or_doubled_table_of_any_kind_of_record_stops(office: Office) -> None:
    header = "referral_ref,person_ref,period,area,service_type,decision"
    rows = [f"F{number},C{number},2025-0{number % 3 + 1},R11,housing,accepted" for number in range(12)]
    office.send("referral", header, rows)
    done = office.offer("referral", header, rows, source="hotline")
    assert "12 of the 12 rows of referral are held already" in done.values["error"]


def test_a_source_never_goes_to_another_collection_unasked(loaded: CommandLine, give: Deliverer) -> None:
    later = [person_row(number, "2025-04") for number in range(100, 120)]
    done = loaded.load(give.persons("later", "2025-04", "2025-04", later, collection="other"))
    assert (done.code, "all of it would go with this file" in done.values["error"]) == (1, True)
    assert loaded.query("SELECT DISTINCT collection FROM mart.person") == [("register",)]
