"""Loads add up, replace, or change nothing; one person is counted once a year."""

from pathlib import Path

import pytest

from etl.store import warehouse
from tests.etl.made_home import CommandLine, Deliverer, person_row, snapshot


@pytest.fixture
def run(run_with_areas: CommandLine) -> CommandLine:
    return run_with_areas


def count(run: CommandLine) -> int:
    return int(run.query("SELECT count(*) FROM mart.person")[0][0])


def test_a_load_counts_every_row_once(run: CommandLine, give: Deliverer) -> None:
    done = run.load(give.quarter("q1", 2025, 1, 30))
    assert done.code == 0
    (file,) = done.values["files"]
    assert (file["rows_in"], file["rows_accepted"], file["rows_rejected"]) == (30, 30, 0)
    assert count(run) == 30
    areas = dict(run.query("SELECT area_code, count(*) FROM mart.person GROUP BY ALL"))
    assert areas == {"R11": 8, "R12": 8, "R21": 7, "R1": 7}  # by code, by name, in small letters


def test_the_same_file_twice_changes_nothing_and_says_so(run: CommandLine, give: Deliverer) -> None:
    files = give.quarter("q1", 2025, 1, 12)
    run.load(files)
    before = snapshot(run.home.root)
    again = run.load(files)
    assert again.code == 0
    assert again.values["changed"] is False
    assert again.values["files"][0]["status"] == "already_loaded"
    assert snapshot(run.home.root) == before
    words = run("load", files[0], "--source", "own", "--mapping", files[1], as_json=False)
    assert "already loaded" in words.out
    assert "nothing was changed" in words.out


def test_the_same_file_again_on_request_takes_its_own_place(run: CommandLine, give: Deliverer) -> None:
    files = give.quarter("q1", 2025, 1, 12)
    run.load(files)
    again = run.load(files, "--again")
    assert again.values["changed"] is True
    assert len(again.values["files"][0]["replaced_loads"]) == 1
    assert count(run) == 12


def test_another_mapping_makes_it_another_load(run: CommandLine, give: Deliverer) -> None:
    data, mapping = give.quarter("q1", 2025, 1, 12)
    run.load((data, mapping))
    mapping.write_text(mapping.read_text("utf-8") + '[table.values.gender]\n"female" = "other"\n', "utf-8")
    again = run.load((data, mapping))
    assert again.values["changed"] is True
    assert count(run) == 12
    assert run.query("SELECT DISTINCT gender FROM mart.person WHERE gender = 'female'") == []


def test_a_later_quarter_is_added(run: CommandLine, give: Deliverer) -> None:
    run.load(give.quarter("q1", 2025, 1, 12))
    done = run.load(give.quarter("q2", 2025, 2, 15, start=100))
    assert done.values["files"][0]["replaced_loads"] == []
    assert count(run) == 27
    states = run.query("SELECT file_name, status FROM mart.load WHERE source_id = 'shelter' ORDER BY load_id")
    assert states == [("q1.csv", "current"), ("q2.csv", "current")]
    assert run.query("SELECT value FROM meta.info WHERE key = 'as_of'") == [("2025-06-30",)]


def test_a_corrected_file_takes_the_place_of_its_months(run: CommandLine, give: Deliverer) -> None:
    run.load(give.quarter("q1", 2025, 1, 12))
    run.load(give.quarter("q2", 2025, 2, 15, start=100))
    done = run.load(give.quarter("q1 corrected", 2025, 1, 10, status="confirmed"))
    (replaced,) = done.values["files"][0]["replaced_loads"]
    assert run.query(f"SELECT file_name FROM mart.load WHERE load_id = {replaced}") == [("q1.csv",)]
    assert count(run) == 25
    first = run.query("SELECT DISTINCT status FROM mart.person WHERE period_start < DATE '2025-04-01'")
    assert first == [("confirmed",)]
    states = run.query("SELECT file_name, status FROM mart.load WHERE source_id = 'shelter' ORDER BY load_id")
    assert states == [
        ("q1.csv", "superseded"),
        ("q2.csv", "current"),
        ("q1 corrected.csv", "current"),
    ]


def test_a_correction_of_one_month_leaves_the_others(run: CommandLine, give: Deliverer) -> None:
    run.load(give.quarter("q1", 2025, 1, 12))
    run.load(give.persons("february", "2025-02", "2025-02", [person_row(900, "2025-02")]))
    by_month = run.query("SELECT period_start::VARCHAR, count(*) FROM mart.person GROUP BY ALL ORDER BY ALL")
    assert by_month == [("2025-01-01", 4), ("2025-02-01", 1), ("2025-03-01", 4)]
    assert run.query("SELECT status FROM mart.load WHERE file_name = 'q1.csv'") == [("current",)]


def test_another_contributor_replaces_nobody(run: CommandLine, give: Deliverer) -> None:
    rows = [person_row(i, "2025-01") for i in range(6)]
    run.load(give.persons("a", "2025-01", "2025-03", rows, source="shelter"))
    assert run.load(give.persons("b", "2025-01", "2025-01", rows, source="police")).code == 1, "the same rows"
    run.load(give.persons("b", "2025-01", "2025-01", rows, source="police"), "--accept", "twice")
    assert count(run) == 12, "two numberings are two sets of people"
    coverage = run.query("SELECT source, period, status FROM mart.coverage ORDER BY ALL")
    assert coverage == [
        ("police", "2025-01", "reported"),
        ("police", "2025-02", "not_reported"),
        ("police", "2025-03", "not_reported"),
        ("shelter", "2025-01", "reported"),
        ("shelter", "2025-02", "reported"),
        ("shelter", "2025-03", "reported"),
    ]


def test_one_person_is_one_row_a_year_with_what_was_recorded_last(run: CommandLine, give: Deliverer) -> None:
    rows = [
        person_row(1, "2025-02", place="R11", age="17", gender="female", status="presumed", forms="other"),
        person_row(1, "2025-03", place="R21", age="18", gender="", status="confirmed", forms="forced_labour"),
        person_row(1, "2024-12", place="R12", age="17", gender="female", status="presumed", forms=""),
    ]
    run.load(give.persons("all", "2024-01", "2025-12", rows))
    found = run.query(
        "SELECT reference_year, period_start::VARCHAR, area_code, age_band, age_group, gender, status "
        "FROM mart.person ORDER BY 1"
    )
    assert found == [
        (2024, "2024-12-01", "R12", "9_17", "child", "female", "presumed"),
        (2025, "2025-02-01", "R11", "9_17", "child", "female", "confirmed"),
    ]
    forms = run.query(
        "SELECT reference_year, code FROM mart.person_attribute WHERE kind = 'form' ORDER BY ALL"
    )
    assert forms == [(2024, "not_recorded"), (2025, "forced_labour"), (2025, "other")]
    assert run.query("SELECT count(DISTINCT person_key) FROM mart.person") == [(1,)]


def test_child_or_adult_is_kept_where_no_age_is_known(run: CommandLine, give: Deliverer) -> None:
    rows = [
        person_row(1, "2025-01", age="", gender="child"),  # the mapping reads this column as child or adult
        person_row(2, "2025-01", age="40", gender="adult"),
        person_row(3, "2025-01", age="", gender=""),
        person_row(4, "2025-01", age="", gender="adult"),
        person_row(4, "2025-02", age="30", gender=""),
        person_row(5, "2025-01", age="12", gender="adult"),
    ]
    data, mapping = give.persons("all", "2025-01", "2025-03", rows)
    mapping.write_text(
        mapping.read_text("utf-8").replace('gender = "gender"', 'age_group = "gender"'), "utf-8"
    )
    told = run.load((data, mapping))
    assert told.values["files"][0]["rejected"] == [
        {"table": "person", "rule": "age_group_disagrees", "column": "age_group", "rows": 1, "lines": [7]}
    ]
    found = run.query("SELECT age_band, age_group, count(*) FROM mart.person GROUP BY ALL ORDER BY ALL")
    assert found == [
        ("30_38", "adult", 1),
        ("39_47", "adult", 1),
        ("not_recorded", "child", 1),
        ("not_recorded", "not_recorded", 1),
    ]
    assert run("release").code == 0


def test_a_warehouse_made_before_the_column_of_child_or_adult_takes_more_files(
    run: CommandLine, give: Deliverer
) -> None:
    run.load(give.quarter("q1", 2025, 1, 9))
    with warehouse.open_for_change(run.home, "an older program") as change:
        change.connection.execute("DROP VIEW core.person; DROP VIEW core.person_record")
        change.connection.execute("ALTER TABLE stage.person DROP COLUMN age_group")
        change.connection.execute("DROP TABLE meta.made")
    assert run.load(give.quarter("q2", 2025, 2, 9, start=20)).code == 0
    assert run.query("SELECT count(*) FROM mart.person WHERE age_group <> 'not_recorded'") == [(18,)]


def test_every_kind_has_a_row_and_pairs_come_from_the_code_list(run: CommandLine, give: Deliverer) -> None:
    forms = "forced_labour;sexual_exploitation;forced_begging"
    run.load(give.persons("one", "2025-01", "2025-01", [person_row(1, "2025-01", forms=forms)]))
    kinds = run.query("SELECT kind, count(*) FROM mart.person_attribute GROUP BY ALL")
    assert sorted(kinds) == [
        ("control_method", 1),
        ("form", 3),
        ("form_pair", 3),
        ("recruitment_method", 1),
        ("sector", 1),
        ("source", 1),
        ("vulnerability", 1),
    ]
    pairs = {code for (code,) in run.query("SELECT code FROM mart.person_attribute WHERE kind = 'form_pair'")}
    assert pairs == {
        "sexual_exploitation__forced_labour",
        "sexual_exploitation__forced_begging",
        "forced_labour__forced_begging",
    }


def test_rejected_rows_are_kept_by_rule_and_never_by_value(run: CommandLine, give: Deliverer) -> None:
    rows = [person_row(i, "2025-01") for i in range(5)]
    rows += [
        person_row(50, "2025-01", age="219"),
        person_row(51, "2025-01", place="Nowhere Wold"),
        person_row(52, "2025-02"),  # the file is declared for January
        person_row(53, "2025-13"),
        person_row(54, "2025"),
        person_row(55, "2025-01", gender="zzz"),
    ]
    done = run.load(give.persons("bad", "2025-01", "2025-01", rows), "--accept", "rejected")
    assert done.values["files"][0]["rows_rejected"] == 6
    kept = run.query("SELECT line, rule, column_name FROM mart.rejected_row ORDER BY line")
    assert kept == [
        (7, "above_maximum", "age"),
        (8, "unknown_area", "area"),
        (9, "outside_declared_period", "period"),
        (10, "impossible_period", "period"),
        (11, "period_too_coarse", "period"),
        (12, "unknown_code", "gender"),
    ]
    stored = warehouse.current(run.home).read_bytes()
    for value in ("Nowhere Wold", "C00051", "C00001"):
        assert value.encode() not in stored
        assert value not in done.out + done.err


def test_a_file_of_which_nothing_is_left_is_refused(run: CommandLine, give: Deliverer) -> None:
    before = snapshot(run.home.root)
    done = run.load(give.persons("bad", "2025-01", "2025-01", [person_row(1, "2025-01", place="Nowhere")]))
    assert done.code == 1
    assert "the one row was rejected: unknown_area in area (1), line 2." in done.values["error"]
    assert snapshot(run.home.root) == before


def test_a_contributor_without_people_in_a_month_has_reported(run: CommandLine, give: Deliverer) -> None:
    run.load(give.quarter("q1", 2025, 1, 6))
    assert run.load(give.persons("q2", "2025-04", "2025-06", [])).code == 0
    assert count(run) == 6
    assert run.query("SELECT count(*) FROM mart.coverage WHERE status = 'reported'") == [(6,)]


def test_a_folder_is_loaded_as_one_change(run: CommandLine, give: Deliverer, tmp_path: Path) -> None:
    folder = tmp_path / "two months"
    folder.mkdir()
    both = Deliverer(folder)
    both.persons("b", "2025-04", "2025-04", [person_row(i, "2025-04") for i in range(3)])
    both.persons("a", "2025-01", "2025-01", [person_row(i, "2025-01") for i in range(10, 14)])
    mapping = folder / "b.toml"
    mapping.write_text(mapping.read_text("utf-8").replace('period = "2025-04..2025-04"\n', ""), "utf-8")
    (folder / "notes.md").write_text("not data", "utf-8")
    done = run.load((folder, mapping))
    assert done.code == 0, done
    assert [file["file"] for file in done.values["files"]] == ["a.csv", "b.csv"]
    assert done.values["version"] == 2
    assert count(run) == 7


def test_two_files_of_a_folder_for_the_same_months_are_refused(
    run: CommandLine, give: Deliverer, tmp_path: Path
) -> None:
    folder = tmp_path / "corrections"
    folder.mkdir()
    both = Deliverer(folder)
    both.quarter("q1", 2025, 1, 5)
    _, mapping = both.quarter("q1 corrected", 2025, 1, 6)
    before = snapshot(run.home.root)
    done = run.load((folder, mapping))
    assert done.code == 1
    assert "q1.csv and q1 corrected.csv are both from source 'shelter'" in done.values["error"]
    assert snapshot(run.home.root) == before


def test_months_that_are_not_over_are_not_reported_yet(run: CommandLine, give: Deliverer) -> None:
    files = give.quarter("q2", 2025, 2, 12)
    early = run.load(files, "--as-of", "2025-05-20")
    assert early.code == 1
    assert "(2025-04 to 2025-06) end after the reporting date 2025-05-20" in early.values["error"]
    may = give.persons("may", "2025-04", "2025-05", [person_row(i, "2025-05") for i in range(6)])
    assert run.load(may, "--as-of", "2025-05-20").code == 0
    assert run.query("SELECT value FROM meta.info WHERE key = 'as_of'") == [("2025-05-20",)]


def test_the_reporting_date_is_the_last_covered_day(run: CommandLine, give: Deliverer) -> None:
    run.load(give.persons("february", "2024-02", "2024-02", [person_row(1, "2024-02")]))
    assert run.query("SELECT value FROM meta.info WHERE key = 'as_of'") == [("2024-02-29",)]


def test_sources_of_one_collection_must_fit_together(run: CommandLine, give: Deliverer) -> None:
    run.load(give.quarter("q1", 2025, 1, 5))
    data, mapping = give.persons("year", "2025-01", "2025-12", [person_row(1, "2025")], source="yearly")
    text = mapping.read_text("utf-8").replace(
        'label = "yearly"', 'label = "yearly"\nperiod_resolution = "year"'
    )
    mapping.write_text(text, "utf-8")
    told = run.load((data, mapping), "--as-of", "2026-01-31")
    assert told.code == 1
    assert "does not fit 'shelter'" in told.values["error"]
