"""What the desk says before a step is taken: what is missing, and where on its pages the answer is given."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from etl.cli import Refusal
from etl.desk import drafts, plainly
from etl.desk.state import Desk
from etl.desk.steps.release import rejected
from tests.etl import kept_workbooks
from tests.etl.made_home import CommandLine, Deliverer, person_row


def _missing(files: tuple[tuple[str, int], ...]) -> None:  # a script of its own
    from etl.desk.steps.release import _what_is_missing  # noqa: PLC0415

    _what_is_missing(files)


def _refused(message: str, following: str) -> None:  # a script of its own
    from etl.cli import Refusal  # noqa: PLC0415
    from etl.desk import engine  # noqa: PLC0415

    engine.refused(Refusal(message, following))


def test_a_refusal_says_first_what_to_do_on_the_pages_and_below_it_the_words_of_the_command() -> None:
    message, following = (
        "a.csv: 9 of 20 rows were rejected: unknown_country in citizenship (9).",
        "Look at the rule with the most rows first. To load the others all the same: --accept rejected",
    )
    app = AppTest.from_function(_refused, kwargs={"message": message, "following": following}).run()
    [here], [error], [folded] = app.warning, app.error, app.expander
    assert "step 3, Match" in here.value and "The country is not known" in here.value
    for word in ("--accept", "unknown_country", "rule"):
        assert word not in here.value.replace("\\", "")
    assert error.value.replace("\\", "") == f"{message}\n\n**Next:** {following}"
    assert folded.error[0].value == error.value
    app = AppTest.from_function(_refused, kwargs={"message": "Another load runs.", "following": ""}).run()
    assert [one.value for one in app.error] == ["Another load runs."] and not app.expander


def test_rows_that_were_rejected_are_told_before_months_close(
    run_with_areas: CommandLine, tmp_path: Path
) -> None:
    run = run_with_areas
    rows = [person_row(number, "2025-01") for number in range(20)]
    broken = rows[0].replace("2025-01", "then")
    file, mapping = Deliverer(tmp_path).persons("year", "2025-01", "2025-01", [*rows, broken])
    assert run("load", file, "--source", "own", "--mapping", mapping).code == 0
    closing = {"register/person": "1 month (2025-01) of register/person"}
    assert rejected(run.home.root, closing) == ((file.name, 1),)
    assert not rejected(run.home.root, {}), "no month closes"
    app = AppTest.from_function(_missing, kwargs={"files": ((file.name, 1),)}).run()
    [told] = app.warning
    assert "1 row of what is loaded was rejected" in told.value.replace("\\", "") and "step 4" in told.value


def test_a_line_is_told_with_its_tab(tmp_path: Path) -> None:
    book = kept_workbooks.by_county(tmp_path / "reports.xlsx")
    desk = Desk(tmp_path / "home")
    desk.take(book.name, book.read_bytes())
    desk.write('[file]\nsheets = "*"\nskip_sheets = ["Summary"]\n[[table]]\nname = "tip"\n')
    tabs = drafts.parts(desk, 0)
    names = [tab.name for tab in drafts.tabs(desk) if tab.name != "Summary"]
    assert list(tabs.values()) == names and list(tabs) == list(range(1, len(names) + 1))
    assert drafts.by_tab("2, 1,007 of part 2", tabs) == f"2 of tab ‘{names[0]}’, 1,007 of tab ‘{names[1]}’"
    assert drafts.by_tab("2 and 15 more", tabs) == f"2 of tab ‘{names[0]}’ and 15 more"
    desk.let_go()


def test_a_column_with_an_apostrophe_is_named_in_full() -> None:
    listed = (
        "'Client's name' (names of people, told by its name), 'Left (day)' (exact dates of x, told by its"
    )
    told = plainly.answer(Refusal(f"a.csv: columns identify people: {listed} content). Nothing", ""))
    assert "‘Client's name’, which may hold names of people" in told and "‘Left (day)’; if rows" in told
