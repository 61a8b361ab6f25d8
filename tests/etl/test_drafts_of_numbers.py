"""Drafts for sheets that are no list of people: numbers, and records of other things than persons."""

from pathlib import Path

import polars as pl
import pytest

from etl.contracts.tables import contract
from etl.drafting.columns.months import kind_columns
from etl.drafting.draft import draft
from tests.etl.made_home import CommandLine
from tests.etl.making_files import refusal, write_csv, write_sheets
from tests.etl.test_drafts import AS_OF, NO_AREAS, drafted

MONTHS = [f"{name}-24" for name in ("Jan", "Feb", "Mar", "Apr", "May", "Jun")]
HEADINGS = ["Month", "Sex trafficking", "Labor trafficking", "Both", "Not specified"]
NUMBERS = [[8, 5, 3, 2], [11, 4, 0, 6], [9, 7, 2, 1], [12, 3, 5, 0], [4, 9, 1, 3], [6, 8, 2, 2]]


def by_form(path: Path, *, has_total: bool) -> Path:
    rows = [
        [month, *numbers, *([sum(numbers)] if has_total else [])]
        for month, numbers in zip(MONTHS, NUMBERS, strict=True)
    ]
    return write_sheets(path, {"New people": [[*HEADINGS, *(["Total"] if has_total else [])], *rows]})


def test_a_column_that_the_total_counts_is_asked_and_not_left_out(run: CommandLine, tmp_path: Path) -> None:
    told = drafted(run, by_form(tmp_path / "forms.xlsx", has_total=True))
    [question] = told.values["questions"]
    assert "Both" in question and "sexual_exploitation and forced_labour" in question
    mapping = Path(told.values["mapping"])
    text = mapping.read_text("utf-8")
    assert 'from = "Sex trafficking"' in text and 'to = "Not specified"' in text
    # One line is answered as it is proposed: then all numbers that the total counts are records.
    mapping.write_text(text.replace('# "Both" = ', '"Both" = '), "utf-8")
    assert run.load((tmp_path / "forms.xlsx", mapping), "--as-of", AS_OF).code == 0
    [(found,)] = run.query("SELECT count(*) FROM mart.person")
    assert found == sum(map(sum, NUMBERS))


def test_a_column_of_numbers_beside_them_is_asked_about_where_no_total_tells(
    run: CommandLine, tmp_path: Path
) -> None:
    told = drafted(run, by_form(tmp_path / "forms.xlsx", has_total=False))
    [question] = told.values["questions"]
    assert "'Both'" in question and "'Not specified'" in question and "further ones" in question


def test_tabs_that_are_called_as_months_are_the_periods_and_names_of_two_parts_fill_two_columns(
    run: CommandLine, tmp_path: Path
) -> None:
    tabs = {
        f"{name} 2024": [
            ["County", "Adults", "", "Minors", ""],
            ["", "Female", "Male", "Female", "Male"],
            ["Miami-Dade", 3 + number, 2, 5, 1],
            ["Broward", 2, 4, 1 + number, 3],
        ]
        for number, name in enumerate(("Jan", "Feb", "Mar", "Apr"), 1)
    }
    path = write_sheets(tmp_path / "new_people.xlsx", tabs)
    told = drafted(run, path)
    assert told.values["questions"] == [], Path(told.values["mapping"]).read_text("utf-8")
    assert run.load((path, Path(told.values["mapping"])), "--as-of", AS_OF).code == 0
    found = dict(
        run.query(
            "SELECT age_group || ' ' || gender, count(*) FROM mart.person "
            "WHERE month(period_start) = 4 GROUP BY 1"
        )
    )
    assert found == {"adult female": 9, "adult male": 6, "child female": 10, "child male": 4}


@pytest.mark.parametrize(
    ("headings", "rows", "columns", "beside"),
    [
        (["Female", "Male", "Hours"], [["3", "4", "20"], ["5", "2", "31"]], ("Female", "Male"), ("Hours",)),
        (
            ["Year", "Female", "Male", "All"],
            [["2024", "3", "4", "7"], ["2025", "5", "2", "7"]],
            ("Female", "Male"),
            (),
        ),
        (
            ["Female", "Male", "X", "All"],
            [["3", "4", "2", "9"], ["5", "2", "0", "7"]],
            ("Female", "Male", "X"),
            (),
        ),
    ],
)
def test_a_total_tells_which_columns_belong_together(
    headings: list[str], rows: list[list[str]], columns: tuple[str, ...], beside: tuple[str, ...]
) -> None:
    found = kind_columns(
        contract("person"),
        pl.DataFrame(rows, schema=dict.fromkeys(headings, pl.String), orient="row"),
        headings,
    )
    assert found is not None and (found.columns, found.beside) == (columns, beside)


def two_parts(last: str) -> tuple[list[str], pl.DataFrame]:
    """Return headings of three groups by sex, and rows in which the last group is the sum of the others."""
    names = [f"{group} / {sex}" for group in ("Adults", "Children", last) for sex in ("Female", "Male")]
    numbers = [(8, 3, 5, 1), (2, 4, 6, 0), (7, 7, 1, 2)]
    rows = [[*map(str, row), str(row[0] + row[2]), str(row[1] + row[3])] for row in numbers]
    return names, pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def test_totals_by_sex_are_not_counted_beside_what_they_are_totals_of() -> None:
    names, frame = two_parts("Total")
    found = kind_columns(contract("person"), frame, names)
    assert found is not None and found.columns == tuple(names[:4]) and found.beside == ()
    assert found.others == (("age_group", ("adult", "adult", "child", "child")),)
    names, frame = two_parts("Altogether")  # called as nothing that is known: the numbers tell
    found = kind_columns(contract("person"), frame, names)
    assert found is not None and (found.columns, found.beside) == (tuple(names[:4]), tuple(names[4:]))


def test_a_part_of_a_heading_that_means_nothing_known_is_asked(run: CommandLine, tmp_path: Path) -> None:
    names, frame = two_parts("Zorb")
    rows = [[f"2024-0{number}", *row[:4], "4", "9"] for number, row in enumerate(frame.rows(), 1)]
    path = write_csv(tmp_path / "people.csv", [["Month", *names], *rows])
    told = drafted(run, path, "--table", "person")
    female, male = told.values["questions"]
    assert "Zorb / Female" in female and "Zorb / Male" in male and "child, adult" in male
    text = Path(told.values["mapping"]).read_text("utf-8")
    assert '"Adults / Male" = "adult"' in text and '# "Zorb / Male" = "…"' in text


def test_many_columns_of_numbers_are_looked_through_at_once() -> None:
    """All spans of 400 columns against all columns would take minutes."""
    names = [f"X{number}" for number in range(200)] + ["Female", "Male"] + [f"Y{at}" for at in range(199)]
    row = {name: [str(3 * number + 2), str(5 * number + 1)] for number, name in enumerate(names)}
    row |= {"Y198": [str(sum(int(row[name][at]) for name in names[199:203])) for at in (0, 1)]}
    found = kind_columns(contract("person"), pl.DataFrame(row), names)
    assert found is not None and found.columns == tuple(names[199:203])


def test_rows_of_a_log_are_not_taken_for_people(tmp_path: Path) -> None:
    """20 trainings are not 20 people who were identified, and an arrest is of a suspect."""
    trainings = write_csv(
        tmp_path / "log.csv",
        [
            ["Date", "Audience", "# attended", "Scored pre", "Pre-test avg", "Post-test avg", "County"],
            ["2024-03-01", "Law enforcement", "23", "20", "45%", "60%", "Broward"],
            ["2024-04-09", "Teachers", "31", "30", "52%", "70%", "Broward"],
        ],
    )
    made = draft(trainings, None, NO_AREAS)
    matched = {one.target.name: one for one in made.matched.matches}
    assert made.matched.table.name == "training_session"
    assert matched["attendees"].column == "# attended" and matched["mean_pre"].reads == ("percent",)
    assert "mean_post" not in matched, "an average is taken only beside how many took the test"
    arrests = write_csv(
        tmp_path / "arrests.csv",
        [
            ["Incident #", "Arrest date", "Charge", "Sex", "Disposition"],
            ["24-1001", "2024-03-01", "Human trafficking - sex", "M", "Convicted"],
            ["24-1002", "2024-03-07", "Promoting prostitution", "F", "Pending"],
        ],
    )
    assert draft(arrests, None, NO_AREAS).matched.table.name == "charge"


def test_what_a_row_stands_for_is_not_guessed_from_columns_that_many_tables_have(tmp_path: Path) -> None:
    rows = [
        ["Date", "County", "Sex", "Age"],
        ["2024-03-01", "Broward", "F", "34"],
        ["2024-03-07", "Dade", "M", "17"],
    ]
    bare = write_csv(tmp_path / "export.csv", rows)
    refusal(
        lambda: draft(bare, None, NO_AREAS), "export.csv", "what one row of it stands for", "--table person"
    )
    assert draft(bare, "person", NO_AREAS).matched.table.name == "person"
    named = write_csv(tmp_path / "clients.csv", rows)
    assert draft(named, None, NO_AREAS).matched.table.name == "person", "the name of the file tells"


def by_quarter(path: Path, title: str, headings: list[str]) -> Path:
    rows = [[title], [], ["Sex", *headings, "Total"], ["Female", 5, 6, 7, 8, 26], ["Male", 1, 2, 3, 4, 10]]
    return write_sheets(path, {"New clients": rows})


@pytest.mark.parametrize(
    ("name", "title", "headings", "months"),
    [
        ("clients.xlsx", "New clients 2024", ["Q1", "Q2", "Q3", "Q4"], ("2024-01", "2024-10")),
        ("in 2024.xlsx", "New clients", ["1st Qtr", "2nd Qtr", "3rd Qtr", "4th Qtr"], ("2024-01", "2024-10")),
        ("in 2023-24.xlsx", "New clients", ["Nov", "Dec", "Jan", "Feb"], ("2023-11", "2024-02")),
    ],
)
def test_the_year_of_months_and_quarters_that_say_none_is_that_of_a_name(
    run: CommandLine, name: str, title: str, headings: list[str], months: tuple[str, str]
) -> None:
    path = by_quarter(run.home.root.parent / name, title, headings)
    told = drafted(run, path)
    assert told.values["questions"] == [], Path(told.values["mapping"]).read_text("utf-8")
    assert run.load((path, Path(told.values["mapping"])), "--as-of", AS_OF).code == 0
    month = "strftime(period_start, '%Y-%m')"
    [found] = run.query(f"SELECT min({month}), max({month}), count(*) FROM mart.person")
    assert found == (*months, 36)


@pytest.mark.parametrize(
    "title", ["Printed 3 January 2025", "FY2024", "2023 and 2024", "Client counts as of 2024", "New clients"]
)
def test_a_year_that_may_be_another_one_is_asked(run: CommandLine, tmp_path: Path, title: str) -> None:
    told = drafted(run, by_quarter(tmp_path / "clients.xlsx", title, ["Q1", "Q2", "Q3", "Q4"]))
    assert told.values["questions"] == ['in which year is "Q1", the first of the columns']
    assert 'months_from = "20…-01", format = "\'Q\'q"' in Path(told.values["mapping"]).read_text("utf-8")
