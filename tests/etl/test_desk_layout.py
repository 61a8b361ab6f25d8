"""Sheets made for eyes: several rows of headings, blanks below a group, joined columns, a second table."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import Workbook
from streamlit.testing.v1 import AppTest

from etl.drafting import editing, looking, toml_text
from etl.drafting.writing.lines import BLANK
from etl.lines import LINE
from etl.readers.headings import MASKED
from tests.etl.made_desk import CHECK, LOOK, MATCH, at, desk_in, desks
from tests.etl.made_home import CommandLine, command_line

#: A row for each person; the month in two columns, the shelter once above its people.
GROUPED = [["Shelter", "Year", "Month", "Client ID", "Gender", "Referred to", "Decision"]]
GROUPED += [
    [
        {0: "North House", 12: "South House"}.get(n, ""), "2025", str(1 + n % 12), f"HH-{1000 + n}",
        "FM"[n % 2], "housing", "accepted",
    ]
    for n in range(24)
]  # fmt: skip
#: Three rows of headings: the year, what, the month.
TALL: list[list[Any]] = [
    ["", "2024", "", "2025", ""],
    ["", "New clients", "", "New clients", ""],
    ["Shelter", "Nov", "Dec", "Jan", "Feb"],
    *[[f"House {n}", n, n + 1, n + 2, n + 3] for n in range(1, 9)],
]


def as_csv(rows: list[list[Any]]) -> bytes:
    return ("\n".join(",".join(map(str, row)) for row in rows) + "\n").encode()


def as_book(rows: list[list[Any]], *merged: str) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append([None if cell == "" else cell for cell in row])
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(out)
    return out.getvalue()


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    made = command_line(tmp_path / "home")
    assert made("place", "--name", "Ours", "--geography", "us", "--as-of", "2025-12-31").code == 0
    return made


@pytest.fixture
def opened(run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Return a function that opens the desk at Look, with a file in it."""
    monkeypatch.setenv("LTT_HOME", str(run.home.root))
    with desks() as opened_with:
        yield lambda name, data: at(opened_with(name, data), LOOK)


def table_of(app: AppTest, number: int = 0) -> dict[str, Any]:
    return editing.tables(toml_text.parsed(desk_in(app).draft))[number]


def told(app: AppTest) -> str:
    return "\n".join(one.value for kind in ("caption", "info", "markdown") for one in app.get(kind))


def test_blanks_below_a_group_are_filled_by_one_click_and_the_month_joined_by_another(
    opened: Callable[..., AppTest], run: CommandLine, tmp_path: Path
) -> None:
    app = opened("clients.csv", as_csv(GROUPED))
    assert "2 of 24 rows filled" in told(app)
    app.button(key="layout-fill-0").click().run()
    assert "24 of 24 rows filled" in told(app) and "2 of 24" not in told(app), "the table as read has changed"
    app.button(key="layout-join-0").click().run()
    assert table_of(app)["fill_down"] == ["Shelter"]
    assert table_of(app)["columns"]["period"] == {
        "columns": ["Year", "Month"],
        "join": "-",
        "format": "yyyy-mm",
    }
    assert not [one for one in app.button if one.key in ("layout-fill-0", "layout-join-0")], "it is said"
    at(app, MATCH)
    assert any("‘Shelter’ is" in one.label for one in app.selectbox), "what is filled can be matched"
    at(app, CHECK)
    assert desk_in(app).checked.is_good, desk_in(app).checked.refusal
    [found] = desk_in(app).checked.found
    assert (found.rows.taken, found.rows.rejected) == (24, 0)
    # The command line reads the same file in the same way.
    kept, data = desk_in(app).save(), tmp_path / "clients.csv"
    data.write_bytes(as_csv(GROUPED))
    done = run("check", data, "--source", "own", "--mapping", kept)
    assert done.values["files"][0]["rows_accepted"] == 24, done.err
    at(app, LOOK)
    app.button(key="layout-apart-0-period").click().run()
    app.multiselect(key="layout-blanks-0").set_value([]).run()
    assert "fill_down" not in table_of(app) and "period" not in table_of(app)["columns"]
    app.checkbox(key="look-0-0").uncheck().run()
    app.button(key="layout-join-0").click().run()
    app.checkbox(key="look-0-1").uncheck().run()
    assert "period" not in table_of(app)["columns"], "nothing is made of a column that is left out"


def test_the_rows_of_one_sheet_become_two_tables(opened: Callable[..., AppTest]) -> None:
    app = opened("clients.csv", as_csv(GROUPED))
    app.button(key="layout-join-0").click().run()
    first = table_of(app)["name"]
    app.selectbox(key="layout-second-0").select("referral" if first == "person" else "person").run()
    assert {table_of(app, number)["name"] for number in (0, 1)} == {"person", "referral"}
    app.button(key="layout-join-1").click().run()
    at(app, MATCH)
    assert len(app.header) == 2, "each table is told by its name"
    at(app, CHECK)
    checked = desk_in(app).checked
    assert checked.refusal is None, checked.refusal
    assert {name for one in checked.found for name in one.tables} == {"person", "referral"}
    at(app, LOOK)
    app.button(key="layout-out-1").click().run()
    assert len(editing.tables(toml_text.parsed(desk_in(app).draft))) == 1


def test_a_column_left_out_is_left_out_of_both_tables(opened: Callable[..., AppTest]) -> None:
    app = opened("clients.csv", as_csv(GROUPED))
    first = table_of(app)["name"]
    app.selectbox(key="layout-second-0").select("referral" if first == "person" else "person").run()
    for number in range(2):
        assert "Client ID" in editing.used(toml_text.parsed(desk_in(app).draft), number)
    app.checkbox(key="look-0-3").uncheck().run()
    values = toml_text.parsed(desk_in(app).draft)
    for number in range(2):
        assert "Client ID" not in editing.used(values, number)
        assert "Client ID" in editing.dropped(values, number)


def test_what_holds_for_all_tables_holds_on_for_the_others() -> None:
    tables = [
        {"name": "person", "columns": {"gender": "SEX"}},
        {"name": "referral", "columns": {"period": "When"}},
    ]
    values: dict[str, Any] = {"file": {"fill_down": ["Shelter"]}, "table": tables}
    editing.fill_down(values, 0, [])
    assert (editing.filled_down(values, 0), editing.filled_down(values, 1)) == ((), ("Shelter",))
    editing.leave_out(values, 1, "Sex")
    editing.leave_out(values, 1, "shelter")
    assert editing.filled_by(values, 0) == {} and editing.filled_down(values, 1) == ()


def test_no_name_of_a_column_that_may_be_a_cell_is_told(
    opened: Callable[..., AppTest], run: CommandLine, tmp_path: Path
) -> None:
    rows = [["Case 20250304", "Month", "Gender", "Client ID"]]
    rows += [["" if n % 4 else f"House {n}", "2025-03", "FM"[n % 2], f"HH-{n}"] for n in range(16)]
    (tmp_path / "clients.csv").write_bytes(as_csv(rows))
    done = run("map", tmp_path / "clients.csv", "--out", tmp_path / "a.toml")
    [asked] = [one for one in done.values["questions"] if one.startswith(BLANK)]
    assert MASKED in asked and not [one for one in done.values["questions"] if "20250304" in one]
    assert '# fill_down = ["Case 20250304"]' in (tmp_path / "a.toml").read_text("utf-8")
    app = opened("clients.csv", as_csv(rows))
    assert [one.key for one in app.button if one.key == "layout-fill-0"]
    assert "20250304" not in told(app)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_headings_of_several_rows_are_read_by_one_click(
    opened: Callable[..., AppTest], run: CommandLine, tmp_path: Path, kind: str
) -> None:
    data = as_csv(TALL) if kind == "csv" else as_book(TALL, "B1:C1", "D1:E1", "B2:C2", "D2:E2")
    app = opened(f"tally.{kind}", data)
    app.button(key="layout-headings").click().run()
    assert not [one for one in app.button if one.key == "layout-headings"], "it is said"
    labels = {one.label.strip("*").replace("\\", "") for one in app.checkbox}
    assert "2025 / New clients / Jan" in labels
    file = tmp_path / f"tally.{kind}"
    file.write_bytes(data)
    done = run("map", file, "--header-row", 1, "--header-rows", 3, "--out", tmp_path / "tall.toml")
    assert done.code == 0, done.err
    assert "header_rows = 3" in (tmp_path / "tall.toml").read_text("utf-8")
    twice = as_csv([TALL[0], *([*row[:1], *row[1:3], *row[1:3]] for row in TALL[2:])])
    app = opened("twice.csv", twice)
    assert desk_in(app).why is None, "of names that come twice the row above is a part"
    assert "2025 / Dec" in {one.label.strip("*") for one in app.checkbox}
    for option, number in (("--header-rows", 9), ("--header-rows", 0), ("--header-row", 0)):
        assert run("map", file, option, number, "--out", tmp_path / "b.toml").code == 2


def test_headings_that_were_said_hold_for_every_tab(run: CommandLine, tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "North"
    for tab in (book.active, book.create_sheet("South")):
        tab.append(["Clients", "of", "ours"])
        tab.append(["Client ID", "Month", "Gender"])
        for n in range(8):
            tab.append([f"{tab.title}-{n}", "2025-03", "FM"[n % 2]])
    book.save(tmp_path / "two.xlsx")
    done = run("map", tmp_path / "two.xlsx", "--header-row", 2, "--out", tmp_path / "two.toml")
    assert done.code == 0, done.err
    text = (tmp_path / "two.toml").read_text("utf-8")
    assert 'sheets = "*"' in text and "header_row = 2" in text
    assert done.values["check"]["files"][0]["rows_accepted"] == 16
    book.remove(book["South"])
    book.save(tmp_path / "one.xlsx")
    done = run("map", tmp_path / "one.xlsx", "--header-row", 2, "--out", tmp_path / "one.toml", as_json=False)
    assert done.code == 0 and "Not read" not in done.out


def test_a_draft_says_in_comments_what_the_layout_may_mean(run: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "clients.csv").write_bytes(as_csv(GROUPED))
    assert run("map", tmp_path / "clients.csv", "--out", tmp_path / "a.toml").code == 0
    text = (tmp_path / "a.toml").read_text("utf-8")
    assert '# fill_down = ["Shelter"]' in text
    assert '# period = { columns = ["Year", "Month"], join = "-", format = "yyyy-mm" }' in text
    # A running number in front, and a note that is mostly empty, are no groups.
    plain = [
        ["No.", "Gender", "Month", "Note"],
        *[[n, "FM"[n % 2], "2025-03", "x" if n == 1 else ""] for n in range(9)],
    ]
    (tmp_path / "plain.csv").write_bytes(as_csv(plain))
    named = ("--table", "person", "--out", tmp_path / "b.toml")
    assert run("map", tmp_path / "plain.csv", *named).code == 0
    assert "fill_down" not in (tmp_path / "b.toml").read_text("utf-8")
    assert "headings may be" not in (tmp_path / "b.toml").read_text("utf-8")


KINDS = [
    ["Client ID", "Month", "Role", "Sector 1", "Sector 2"],
    ["North house", "", "", "", ""],
    *[
        [f"A{n}", f"2025-{n % 12 + 1:02d}", ("Survivor", "Suspect")[n % 3 == 0], "Farm", "Quuxing"]
        for n in range(12)
    ],
    ["South house", "", "", "", ""],
    *[[f"B{n}", f"2025-{n % 12 + 1:02d}", "Survivor", "Hotel", ""] for n in range(12)],
]  # fmt: skip


def test_rows_are_kept_by_a_word_and_a_rare_one_is_typed(opened: Callable[..., AppTest]) -> None:
    app = opened("clients.csv", as_csv([row for row in KINDS if row[1]]))
    app.selectbox(key="layout-only-0").select("Role").run()
    words = next(one for one in app.multiselect if one.label == "where ‘Role’ is")
    assert words.options == ["Survivor"], "a word of four rows is not shown"
    words.set_value(["Survivor"])
    next(one for one in app.button if one.label == "Read only these rows").click().run()
    assert table_of(app)["only"] == {"Role": ["Survivor"]}
    assert "Only rows are read whose Role is one of 1 word" in told(app).replace("\\", "")
    [found] = desk_in(at(app, CHECK)).checked.found
    assert (found.rows.taken, dict(found.rows.left_out)) == (20, {"filter": 4})
    app = at(app, LOOK)
    app.button(key="layout-all-0-0").click().run()
    assert "only" not in table_of(app)


def test_words_to_keep_rows_by_hold_nobody(opened: Callable[..., AppTest]) -> None:
    """Six rows each: a first name in small letters, a number, a day; and a client's own letters."""
    cells = ["housing", "sex trafficking", "maria", "HH-204", "12/03/2024", "J.D."]
    rows = [[f"K{'AB'[n % 2]}", "2025-03", cells[n % 6]] for n in range(36)]
    app = opened("clients.csv", as_csv([["Client ID", "Month", "Kind"], *rows]))
    shown = {}
    for name in ("Kind", "Client ID"):
        app.selectbox(key="layout-only-0").select(name).run()
        shown[name] = next(one for one in app.multiselect if one.label == f"where ‘{name}’ is").options
    assert shown == {"Kind": ["housing", "sex trafficking"], "Client ID": []}
    many = pl.DataFrame({"a": [f"{chr(97 + n // 5)} house" for n in range(130)], LINE: range(130)})
    assert looking.kept_words(many, "a") == (), "26 different texts are no list of words"


def test_headings_of_groups_fill_a_field_and_their_words_are_matched(opened: Callable[..., AppTest]) -> None:
    app = opened("clients.csv", as_csv(KINDS))
    app.selectbox(key="layout-groups-0").select("identified_by").run()
    assert table_of(app)["group_rows"] is True and table_of(app)["columns"]["identified_by"] == "@group"
    app = at(app, MATCH)
    assert "The heading of its group is: First identified by" in told(app)
    [title] = [one.label for one in app.expander if "headings of groups" in one.label]
    assert "2 words of the headings of groups, 2 open" in title
    north = next(one for one in app.selectbox if one.label.startswith("‘North house’"))
    north.select("ngo").run()
    assert table_of(app)["values"]["identified_by"] == {"North house": "ngo"}
    app = at(app, LOOK)
    app.selectbox(key="layout-groups-0").select_index(None).run()
    assert "group_rows" not in table_of(app) and "identified_by" not in table_of(app)["columns"]


def test_words_of_joined_columns_are_matched(opened: Callable[..., AppTest]) -> None:
    app = opened("clients.csv", as_csv([row for row in KINDS if row[1]]))
    values = toml_text.parsed(desk_in(app).draft)
    editing.join(values, 0, "sector", {"columns": ["Sector 1", "Sector 2"], "synonyms": True})
    desk_in(app).write(toml_text.written(values))
    app = at(app, MATCH)
    [title] = [one.label for one in app.expander if one.label.startswith("Sectors")]
    assert "3 words of ‘Sector 1’ and ‘Sector 2’" in title, title
    next(one for one in app.multiselect if one.label.startswith("‘Quuxing’")).set_value(["other"]).run()
    assert table_of(app)["values"]["sector"]["Quuxing"] == "other"


def test_the_text_of_the_mapping_is_taken_if_a_load_could_read_it_and_is_not_shown_unasked(
    opened: Callable[..., AppTest],
) -> None:
    app = at(opened("clients.csv", as_csv([row for row in KINDS if row[1]])), CHECK)
    assert not app.text_area
    app.toggle(key="check-text-shown").set_value(True).run()
    before = desk_in(app).draft
    app.text_area[0].set_value(before + "\n[table.only]\nRole = 3\n")
    use(app)
    assert desk_in(app).draft == before and "only.Role" in "".join(one.value for one in app.error).replace(
        "\\", ""
    )
    app.text_area[0].set_value(
        before.replace("[table.columns]", 'only = { Role = ["Suspect"] }\n[table.columns]')
    )
    use(app)
    assert table_of(app)["only"] == {"Role": ["Suspect"]}
    [found] = desk_in(app).checked.found
    assert found.rows.taken == 4, "it is checked anew"
    assert not list(desk_in(app).upload.path.parent.glob("text.toml"))


def use(app: AppTest) -> None:
    next(one for one in app.button if one.label == "Use this text").click().run()
    assert not app.exception


def test_a_column_of_ticks_is_given_its_meaning_and_loses_it_again(opened: Callable[..., AppTest]) -> None:
    """Whatever its heading is: forms of a person, kinds of help of the needs of the same rows."""
    head = ["Client ID", "Intake date", "Sex", "Sex trafficking", "Box 7", "Shelter", "Legal aid"]
    ticks = [["x" if at % 3 else "" for _ in range(4)] for at in range(12)]
    rows = [[f"C{at}", "2025-03-04", "FM"[at % 2], *ticked] for at, ticked in enumerate(ticks)]
    app = at(opened("clients.csv", as_csv([head, *rows])), MATCH)
    [box, *_] = [one for one in app.selectbox if one.label == "‘Box 7’ is"]
    assert box.value == "" and "yes means Forced labour (Forms of exploitation)" in box.options
    box.select("form=forced_labour").run()
    people, needs = table_of(app), table_of(app, 1)
    assert people["flags"] == {"form": {"Sex trafficking": "sexual_exploitation", "Box 7": "forced_labour"}}
    assert needs["flags"] == {"service_type": {"Shelter": "housing", "Legal aid": "legal"}}
    captions = [one.value.replace("\\", "") for one in app.caption]
    assert any("Used for People identified: yes means Forced labour" in one for one in captions)
    next(one for one in app.selectbox if one.label == "‘Box 7’ is").select("").run()
    assert table_of(app)["flags"] == {"form": {"Sex trafficking": "sexual_exploitation"}}
    assert not app.exception and not app.warning
