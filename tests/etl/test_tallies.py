"""Numbers in place of records: 14 are 14 records of the same door, and refused where they are unclear."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from etl.contracts.rules import rule_words
from etl.contracts.tables import contract, table_names
from etl.contracts.tallies import TABLES, as_tally, is_of_one_record
from tests.etl.made_home import CommandLine, Ran
from tests.etl.making_files import Rows, write_csv, write_sheets

HEAD = """\
{period}
[source]
id = "{source}"
label = "{source}"
collection = "register"
geography = "riverland"
[[table]]
name = "{table}"
tally = "new"
{more}
[table.columns]
period = "Month"
area = "Place"
gender = "Sex"
count = "New"
{columns}
"""
TOP = ("Month", "Place", "Sex", "New")
KEYS = "SELECT person_key FROM stage.person WHERE source = '{}' ORDER BY ALL"


class Tallies:
    """An office that sends numbers of people by month, place and sex."""

    def __init__(self, run: CommandLine, folder: Path) -> None:
        self.run, self.folder = run, folder

    def offer(
        self,
        rows: Rows | dict[str, Rows],
        *accept: str,
        top: Sequence[str] = TOP,
        command: str = "load",
        mapping: str = HEAD,
        **said: str,
    ) -> Ran:
        """Send rows; what is said goes into the mapping."""
        number = len(list(self.folder.iterdir()))
        if isinstance(rows, dict):
            data = write_sheets(self.folder / f"t{number}.xlsx", rows)
        else:
            data = write_csv(self.folder / f"t{number}.csv", [top, *rows])
        words = {"source": "shelter", "table": "person", "period": "", "more": "", "columns": ""} | said
        text = mapping
        for key, word in words.items():
            text = text.replace(f"{{{key}}}", word)
        toml = data.with_suffix(".toml")
        toml.write_text(text, "utf-8")
        given = (command, data, "--source", "own", "--mapping", toml, "--as-of", "2025-12-31")
        return self.run(*given, *(word for one in accept for word in ("--accept", one)))

    def send(self, *rows: Sequence[object], **said: str) -> Ran:
        done = self.offer(rows, **said)
        assert done.code == 0, done.out + done.err
        return done

    def keys(self, source: str = "shelter") -> set[str]:
        return {key for (key,) in self.run.query(KEYS.format(source))}


@pytest.fixture
def office(run_with_areas: CommandLine, tmp_path: Path) -> Tallies:
    folder = tmp_path / "tallies"
    folder.mkdir()
    return Tallies(run_with_areas, folder)


def refused(done: Ran, *words: str) -> None:
    said = f"{done.values.get('error')} {done.values.get('next_step')}"
    assert done.code == 1, done.out
    for word in words:
        assert word in said, said


def test_a_row_that_says_14_is_14_records_each_with_a_key_of_its_own(office: Tallies) -> None:
    done = office.send(
        ("2025-03", "R11", "female", 14), ("2025-03", "R11", "male", 3), ("2025-04", "R12", "male", 0)
    )
    assert len(office.keys()) == 17
    assert office.run.query(
        "SELECT count(*), count(DISTINCT person_id), min(reference_year) FROM mart.person"
    ) == [(17, 17, 2025)]
    [file] = done.values["files"]
    assert (file["rows_in"], file["rows_accepted"], file["records_accepted"]) == (3, 3, 17)
    assert file["tables"] == {"person": 17}
    [note] = [note for note in file["notes"] if "tally" in note]
    assert "3 numbers of person stand for 17 records without references" in note
    genders = office.run.query("SELECT gender, count(*) FROM mart.person GROUP BY ALL ORDER BY ALL")
    assert genders == [("female", 14), ("male", 3)]
    assert office.run.query("SELECT rows_loaded FROM mart.table_load WHERE table_name = 'person'") == [(17,)]
    reported = "SELECT period FROM mart.coverage WHERE source = 'shelter' AND status = 'reported' ORDER BY 1"
    assert office.run.query(reported) == [("2025-03",), ("2025-04",)], "a zero is a report"


def test_the_account_says_rows_and_records(office: Tallies) -> None:
    office.send(("2025-03", "R11", "female", 14))
    assert office.run.query(
        "SELECT rows_in, rows_accepted, records_accepted FROM mart.load ORDER BY load_id DESC LIMIT 1"
    ) == [(1, 1, 14)]
    told = office.run("status", "--rejected", as_json=False)
    assert told.code == 0


def test_two_contributors_with_the_same_numbers_share_no_key(office: Tallies) -> None:
    office.send(("2025-03", "R11", "female", 14))
    office.send(("2025-03", "R11", "female", 14), source="hostel")
    assert len(office.keys("shelter") | office.keys("hostel")) == 28
    assert office.run.query("SELECT count(*) FROM mart.person") == [(28,)], "nobody is merged"


def test_a_contributor_that_is_known_tells_nothing_of_the_keys_of_another(office: Tallies) -> None:
    office.send(("2025-03", "R11", "female", 14), ("2025-03", "R11", "male", 2))
    alone = office.keys("shelter")
    office.send(("2025-03", "R11", "female", 30), ("2025-03", "R11", "male", 2), source="hostel")
    assert office.keys("shelter") == alone, "what one sends does not move the noise of another"
    assert not alone & office.keys("hostel")


@pytest.mark.parametrize(("now", "kept"), [(15, 14), (12, 12)])
def test_a_corrected_number_keeps_the_keys_of_those_that_stay(office: Tallies, now: int, kept: int) -> None:
    office.send(("2025-03", "R11", "female", 14), ("2025-03", "R11", "male", 5))
    before = office.keys()
    # The order of the rows, capitals and how a month is written are no part of a key.
    office.send(("2025-03", "R11", "male", 5), ("2025-03-01", "alder vale", "Female", now))
    after = office.keys()
    assert (len(after), len(before & after)) == (now + 5, kept + 5)


def test_two_weeks_of_a_month_and_two_words_of_a_code_add_up(office: Tallies) -> None:
    words = '[table.values.gender]\n"F" = "female"\n"Girl" = "female"'
    rows = [("2025-03-07", "R11", "F", 5), ("2025-03-14", "R11", "F", 4), ("2025-03-14", "R11", "Girl", 2)]
    done = office.offer(rows, columns=words)
    assert done.code == 0, done.err
    assert len(office.keys()) == 11
    assert office.run.query("SELECT DISTINCT gender, period_start::VARCHAR FROM mart.person") == [
        ("female", "2025-03-01")
    ]


@pytest.mark.parametrize(
    ("cell", "rule"),
    [("-2", "negative"), ("3.5", "not_a_whole_number"), ("1e9", "above_maximum"), ("a few", "not_a_number")],
)
def test_what_is_no_number_of_records_is_rejected_by_its_line(office: Tallies, cell: str, rule: str) -> None:
    good = [(f"2025-{month:02d}", "R11", "female", 3 + month) for month in range(1, 7)]
    done = office.offer([*good, ("2025-07", "R11", "female", cell)])
    [file] = done.values["files"]
    assert [(one["rule"], one["column"], one["lines"]) for one in file["rejected"]] == [(rule, "count", [8])]
    assert (file["rows_in"], file["rows_accepted"], file["rows_rejected"]) == (7, 6, 1)
    assert file["records_accepted"] == sum(3 + month for month in range(1, 7))
    assert rule_words("person", rule).endswith(".")


def test_a_blank_is_no_number_and_is_left_out_and_counted(office: Tallies) -> None:
    done = office.offer([("2025-03", "R11", "female", 4), ("2025-04", "R11", "female", "")])
    [file] = done.values["files"]
    assert (file["rows_in"], file["rows_accepted"], file["rows_left_out"]) == (2, 1, {"no_cell": 1})
    assert file["period_to"] == "2025-03", "a month without a number is not reported"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("2025-03", "R11", "female", 12), ("2025-03", "R11", "male", "<5")], ("hidden (<5)", "line 3")),
        ([(f"2025-{m:02d}", "R11", "female", 5 * m) for m in range(1, 10)], ("rounded", "end in 0 or 5")),
        (
            [("2025-03", "R11", "female", 4), ("2025-03", "R11", "female", 6)],
            ("lines 2, 3 say the same", "@sheet"),
        ),
        (
            [("2025-03", "R11", "female", 4), ("2025-03", "R11", "", 9)],
            ("'shelter' in 2025-03", "divided in two ways", "rest = true", "not_recorded"),
        ),
        (
            [("2025-03", "R11", "female", 4), ("2025-03", "R1", "female", 9)],
            ("R1 and of areas in it", "rest = true"),
        ),
        (
            [(f"20{year}-03", "R11", sex, 90_001) for year in range(10, 25) for sex in ("male", "female")],
            ("2,000,000 are the most", "published counts"),
        ),
    ],
    ids=["hidden", "rounded", "repeated", "two divisions", "areas within", "too many"],
)  # fmt: skip
def test_numbers_that_are_no_whole_account_are_refused(
    office: Tallies, rows: Rows, words: Sequence[str]
) -> None:
    for command in ("check", "load"):
        refused(office.offer(rows, command=command, period='period = "2010-01..2025-12"'), *words)
    assert office.keys() == set()


def test_a_rest_is_taken_where_the_mapping_says_so(office: Tallies) -> None:
    rows = [("2025-03", "R11", "female", 4), ("2025-03", "R1", "female", 9), ("2025-03", "R1", "", 2)]
    assert office.offer(rows, more="rest = true").code == 0
    assert len(office.keys()) == 15


def test_totals_by_form_beside_totals_by_age_are_refused(office: Tallies) -> None:
    mapping = """\
[source]
id = "shelter"
label = "Shelter"
geography = "riverland"
[[table]]
name = "person"
tally = "new"
[table.columns]
period = "Month"
form = "@heading"
count = "@cell"
[table.values.form]
"Sex" = "sexual_exploitation"
"Labour" = "forced_labour"
[table.unpivot]
columns = ["Sex", "Labour"]
[[table]]
name = "person"
tally = "new"
[table.columns]
period = "Month"
gender = "@heading"
count = "@cell"
[table.unpivot]
columns = ["Female", "Male"]
"""
    top = ("Month", "Sex", "Labour", "Female", "Male")
    done = office.offer([("2025-03", 3, 4, 5, 2)], top=top, mapping=mapping)
    refused(done, "divided in two ways", "some by gender, some by form")
    fine = mapping.replace('gender = "@heading"', 'age_group = "@heading"').replace(
        'form = "@heading"', 'age_band = "@heading"'
    )
    fine = (
        fine.replace("[table.values.form]", "[table.values.age_band]")
        .replace("sexual_exploitation", "9_17")
        .replace("forced_labour", "18_23")
    )
    refused(office.offer([("2025-03", 3, 4, 5, 2)], top=top, mapping=fine), "by age_band and by age_group")


def test_months_as_columns_and_a_tab_for_each_place(office: Tallies) -> None:
    mapping = """\
[source]
id = "shelter"
label = "Shelter"
geography = "riverland"
[file]
sheets = "*"
header_row = 2
[[table]]
name = "tip"
tally = "new"
[table.columns]
period = { columns = ["@heading"], format = "mmm yyyy" }
area = "@sheet"
channel = "How"
count = "@cell"
[table.values.channel]
"By phone" = "phone"
[table.unpivot]
from = "Jan 2025"
to = "Mar 2025"
"""
    head = ["How", "Jan 2025", "Feb 2025", "Mar 2025", "Total"]
    rows: Rows = [["Reports"], head, ["By phone", 4, None, 2, 6], ["web", 1, 0, 3, 4], ["Total", 5, 0, 5, 10]]
    done = office.offer({"Alder Vale": rows, "Ash Mouth": rows}, mapping=mapping)
    assert done.code == 0, done.out + done.err
    [file] = done.values["files"]
    assert (file["rows_in"], file["rows_accepted"], file["rows_left_out"]) == (6, 4, {"total": 2})
    assert (file["records_accepted"], file["tables"]) == (20, {"tip": 20})
    found = "SELECT area_code, channel, month(period_start), count(*) FROM mart.tip GROUP BY ALL ORDER BY ALL"
    assert office.run.query(found)[:4] == [
        ("R11", "phone", 1, 4),
        ("R11", "phone", 3, 2),
        ("R11", "web", 1, 1),
        ("R11", "web", 3, 3),
    ]
    both = mapping.replace('area = "@sheet"\n', "")
    refused(office.offer({"Alder Vale": rows, "Ash Mouth": rows}, mapping=both), "say the same", "@sheet")
    total = [*rows[:-1], ["text", 1, 1, 1, 3], ["All", 6, 1, 6, 13]]
    by_words = mapping.replace('"By phone" = "phone"', '"By phone" = "phone"\n"All" = "other"')
    refused(
        office.offer({"Alder Vale": total}, mapping=by_words.replace("header", 'totals = ["Total"]\nheader')),
        "sums of the rows above",
        "totals",
    )


LISTED = HEAD.replace('tally = "new"\n', "").replace('count = "New"', 'person_ref = "New"')


def test_numbers_are_never_mixed_with_listed_records(office: Tallies) -> None:
    numbers, people = ("2025-03", "R11", "female", 14), ("2025-03", "R11", "female", "C-1")
    office.send(numbers)
    # The same source: a correction of another kind is accepted by name.
    done = office.offer([people], mapping=LISTED)
    refused(done, "listed records that of numbers", "--accept tally")
    # Another source of the same contributor.
    column = 'source = "Who"\n[table.values.source]\n"S" = "shelter"'
    top = (*TOP, "Who")
    listed = {"top": top, "source": "region", "columns": column}
    refused(
        office.offer([(*people, "S")], mapping=LISTED, **listed),
        "'shelter' in 2025-03 is held already",
        "never mixed",
    )
    refused(office.offer([(*numbers, "S")], **listed), "'shelter' in 2025-03 is held already", "from t0.csv")
    # Another month is no mix.
    later = ("2025-04", "R11", "female", "C-1", "S")
    assert office.offer([later], mapping=LISTED, **listed).code == 0
    refused(office.offer([("2025-04", "R11", "female", 3)]), "'shelter' in 2025-04", "never mixed")
    assert office.offer([people], "tally", "fewer", mapping=LISTED).code == 0
    assert office.run.query(
        "SELECT count(*), bool_or(is_tally) FROM stage.person WHERE period_start = '2025-03-01'"
    ) == [(1, False)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('tally = "new"', ""), ("tally' is missing beside 'count'", 'tally = "new"', "places_in_use")),
        (('tally = "new"', 'tally = "in care"'), ("'in care'", "service_capacity", "places_in_use")),
        (('"New"', '"In care"'), ("called as a stock is", "places_in_use", "New …")),
        (('count = "New"', 'count = "New"\nperson_ref = "Client"'), ("columns.person_ref", "no references")),
        (('count = "New"', 'count = "New"\nknown_to_agency = "Known"'), ("columns.known_to_agency",)),
        (('count = "New"', '[table.constants]\ncount = "3"'), ("constants.count", "a column that holds")),
        (('name = "person"', 'name = "service_need"'), ("only for person, tip, referral",)),
        (('count = "New"', ""), ("columns.count",)),
        (('tally = "new"', "rest = true"), ("tally",)),
    ],
)  # fmt: skip
def test_a_mapping_must_say_that_numbers_are_of_new_ones(
    office: Tallies, change: tuple[str, str], words: Sequence[str]
) -> None:
    mapping = HEAD.replace('name = "{table}"', 'name = "person"').replace(*change)
    top = ("Month", "Place", "Sex", "New", "In care", "Client", "Known")
    refused(office.offer([("2025-03", "R11", "female", 3, 3, "C", "x")], top=top, mapping=mapping), *words)


def test_a_table_is_of_numbers_or_of_records_in_one_mapping(office: Tallies) -> None:
    both = HEAD + '[[table]]\nname = "person"\n[table.columns]\nperiod = "Month"\n'
    refused(
        office.offer([("2025-03", "R11", "female", 3)], mapping=both), "both of numbers (tally) and of listed"
    )


def test_ages_as_people_write_them_divide_once(office: Tallies) -> None:
    columns = 'age = { column = "Age", as = "age" }'
    rows = [
        ("2025-03", "R11", "female", 3, "under 18"),
        ("2025-03", "R11", "female", 4, "18-23"),
        ("2025-03", "R11", "female", 2, "19"),
    ]
    assert office.offer(rows, top=(*TOP, "Age"), columns=columns).code == 0
    found = office.run.query(
        "SELECT age_band, age_group, count(*) FROM mart.person GROUP BY ALL ORDER BY ALL"
    )
    assert sorted(found) == sorted([("18_23", "adult", 6), ("not_recorded", "child", 3)])


def test_the_same_numbers_under_another_name_stop_and_equal_ones_by_chance_do_not(office: Tallies) -> None:
    year = [(f"2025-{month:02d}", "R11", "female", month % 5 + 1) for month in range(1, 9)]
    office.send(*year)
    done = office.offer(year, source="hostel")
    refused(done, "held already under collection 'register'", "--accept twice")
    other = [*year[:-1], ("2025-08", "R11", "female", 9)]
    assert office.offer(other, source="hostel").code == 0, "one month differs: other people"


def test_referrals_may_name_who_was_asked(office: Tallies) -> None:
    mapping = HEAD.replace('gender = "Sex"', 'service_type = "Sex"\nto_organisation = "To"')
    rows = [("2025-03", "R11", "housing", 6, "harbour"), ("2025-03", "R11", "housing", 2, "lantern")]
    assert office.offer(rows, top=(*TOP, "To"), table="referral", mapping=mapping).code == 0
    keys = "count(DISTINCT referral_key), count(DISTINCT to_organisation_key), count(person_key)"
    assert office.run.query(f"SELECT count(*), {keys} FROM mart.referral") == [(8, 8, 2, 0)]


@pytest.mark.parametrize("name", sorted(TABLES))
def test_the_contract_of_numbers_keeps_what_holds_for_each_of_them(name: str) -> None:
    listed, numbers = contract(name), as_tally(contract(name))
    assert set(numbers.names) - set(listed.names) == {"count"}
    assert all(is_of_one_record(listed.column(gone)) for gone in set(listed.names) - set(numbers.names))
    assert numbers.is_tally and not listed.is_tally
    assert name in table_names()
