"""Several words in one cell: a record each of one kind of help, proven by the cells, asked on the desk."""

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from etl.contracts.areas import Areas
from etl.contracts.by_distinct import texts
from etl.contracts.tables import contract
from etl.desk import drafts
from etl.drafting import editing
from etl.drafting.columns.words import words_in
from etl.drafting.draft import draft
from etl.drafting.toml_text import parsed
from etl.drafting.writing.mapping import write
from etl.ledger import NO_CELL
from etl.lines import LINE, line_and_part
from etl.mapping.model import holds_several
from tests.etl.made_desk import CHECK, MATCH, at, desk_in, desks
from tests.etl.made_home import command_line
from tests.etl.making_files import Rows, refusal
from tests.etl.test_sheets_as_kept import HEAD, checked, read

NEED = HEAD + '[[table]]\nname = "service_need"\n[table.columns]\nperson_ref = "ID"\nperiod = "When"\n'
SPLIT = NEED + 'service_type = { column = "Needs", split = [";", "\\n"] }\n'
WORDS = (
    '[table.values.service_type]\n"Home and papers" = ["housing", "legal"]\n"None" = ""\n"bed" = "housing"\n'
)
ROWS: Rows = [
    ["ID", "When", "Needs"],
    ["A1", "2025-03", "Housing; Legal"],
    ["A2", "2025-03", "bed;housing\nhealth"],
    ["A3", "2025-04", "home and papers"],
    ["A4", "2025-04", None],
    ["A5", "2025-04", "None"],
    ["A6", "2025-05", "Legal; zorbing"],
]


def kinds(made: pl.DataFrame) -> list[tuple[str, int, str]]:
    frame = texts(made)
    lines = [line_and_part(line)[0] for line in frame[LINE].to_list()]
    return sorted(zip(frame["person_ref"], lines, frame["service_type"], strict=True))


def test_each_word_of_a_cell_is_a_need_and_its_row_is_counted_once(tmp_path: Path) -> None:
    incoming = read(tmp_path, SPLIT + WORDS, ROWS)
    found = checked(incoming)
    [batch] = incoming.batches
    assert kinds(batch.frame) == [
        ("A1", 2, "housing"), ("A1", 2, "legal"), ("A2", 3, "health"), ("A2", 3, "housing"),
        ("A3", 5, "housing"), ("A3", 5, "legal"), ("A6", 8, "legal"), ("A6", 8, "zorbing"),
    ]  # fmt: skip
    assert batch.frame[LINE].is_unique().all(), "each is a record of its own"
    assert found.rejected["rule"].to_list() == ["unknown_code"]
    assert incoming.ledger.left_out == {NO_CELL: 2}, "a blank, and a word for nothing, make no need"


def test_what_comes_of_a_row_is_told_by_the_row(tmp_path: Path) -> None:
    run = command_line(tmp_path / "home")
    run.home.root.mkdir()
    (run.home.root / "deployment.toml").write_text("as_of = 2025-12-31\n", "utf-8")
    read(tmp_path, SPLIT + WORDS, ROWS)
    told = run(
        "check", tmp_path / "in.csv", "--source", "own", "--mapping", tmp_path / "m.toml", as_json=False
    )
    assert told.code == 0
    assert "3 accepted, 1 partly accepted, 0 rejected, 2 left out" in told.out, told.out


REFERRAL = SPLIT.replace("service_need", "referral").replace("person_ref", "%s")


def test_records_with_a_reference_of_their_own_are_not_divided(tmp_path: Path) -> None:
    refusal(lambda: read(tmp_path, REFERRAL % "referral_ref", ROWS), "reference of its own")
    assert read(tmp_path, REFERRAL % "person_ref", ROWS).batches[0].frame.height == 10


def test_nobody_is_helped_as_several_people_because_a_cell_is_divided(tmp_path: Path) -> None:
    """What says whose a row is keeps its words one person's; where help is told, it is needed."""
    rows: Rows = [
        ["Need", "When", "Needs", "Met"],
        ["N1", "2025-03", "Housing; Legal; unknown", "met"],
        ["N2", "2025-03", "health", "met"],
        ["N3", "2025-03", "unknown", "met"],
    ]
    bare = SPLIT.replace('person_ref = "ID"\n', "").replace("; ", ";")
    helped = bare + 'need_status = "Met"\n'
    words = '[table.values.service_type]\n"unknown" = "not_recorded"\n'
    refusal(lambda: read(tmp_path, helped + words, rows), "person_ref or service_need_ref", "whose they are")
    assert read(tmp_path, bare + words, rows).batches[0].frame.height == 4, "who was helped is not told"
    run = command_line(tmp_path / "home")
    run.home.root.mkdir()
    (run.home.root / "deployment.toml").write_text("as_of = 2025-12-31\n", "utf-8")
    read(tmp_path, 'period = "2025-01..2025-12"\n' + helped + 'service_need_ref = "Need"\n' + words, rows)
    assert run.load((tmp_path / "in.csv", tmp_path / "m.toml"), "--as-of", "2025-12-31").code == 0
    needs = run.query("SELECT service_type::VARCHAR FROM mart.service_need ORDER BY 1")
    assert [one for (one,) in needs] == ["health", "housing", "legal", "not_recorded"], needs
    assert run.query("SELECT count(*), count(need_key) FROM mart.service_need") == [(4, 4)]
    assert run.query("SELECT count(*) FROM mart.person_helped") == [(3,)]


@pytest.mark.parametrize(
    ("table", "filled", "may"),
    [
        ("service_need", ["period"], True),
        ("service_need", ["period", "need_status"], False),
        ("service_need", ["person_ref", "need_status"], True),
        ("service_episode", ["period"], False),
        ("service_episode", ["person_ref"], True),
        ("service_episode", ["person_ref", "service_episode_ref"], False),
        ("referral", ["period"], True),
        ("referral", ["referral_ref"], False),
    ],
)
def test_which_records_may_be_divided(table: str, filled: list[str], may: bool) -> None:
    of = contract(table)
    assert holds_several(of, of.column("service_type"), filled) is may
    assert holds_several(of, of.column("service_type")), "while nothing is known of the others"


def test_a_column_of_one_code_elsewhere_is_not_divided(tmp_path: Path) -> None:
    mapping = HEAD + '[[table]]\nname = "tip"\n[table.columns]\nperiod = "When"\n'
    split = 'channel = { column = "Needs", split = ";" }\n'
    refusal(lambda: read(tmp_path, mapping + split, ROWS), "split", "kinds of help")


KINDS = ("Housing", "Legal help", "Zorbing", "Job training", "Quuxing")
CELLS = [f"{one}; {other}" for one in KINDS for other in KINDS if one != other] + [*KINDS] * 4


def sheet(cells: list[str]) -> bytes:
    rows = [f'VH-{number},{number % 12 + 1}/25/2025,"{cell}"' for number, cell in enumerate(cells)]
    return "\n".join(["Client #,Intake date,Needs at intake", *rows]).encode()


def test_a_draft_divides_cells_where_the_parts_come_again_and_whole_cells_do_not(tmp_path: Path) -> None:
    (tmp_path / "needs.csv").write_bytes(sheet(CELLS))
    made = draft(tmp_path / "needs.csv", "service_need", Areas(()))
    said = parsed(write(made, "us").text)["table"][0]
    assert said["columns"]["service_type"] == {"column": "Needs at intake", "split": ";"}
    assert said["values"]["service_type"]["Job training"] == "employment"
    frame = pl.DataFrame({"c": [cell.replace("e", "q") for cell in CELLS], "_line": range(len(CELLS))})
    column = contract("service_need").column("service_type")
    assert words_in(column, frame, "c", is_several=True).split == (";",), "no word of it is known"
    whole = pl.DataFrame({"c": ["zip / zap", "zop"] * 9, "_line": range(18)})
    assert words_in(column, whole, "c", is_several=True).split == ()
    assert words_in(column, frame, "c").split == (), "elsewhere a cell of one code is one word"


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, bytes], AppTest]]:
    """Return a function that opens the desk of a home, with a file in it."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "deployment.toml").write_text("as_of = 2025-12-31\n", "utf-8")
    monkeypatch.setenv("LTT_HOME", str(tmp_path / "home"))
    with desks() as opening:
        yield opening


def test_the_desk_shows_what_divides_cells_and_a_word_may_mean_several(
    opened: Callable[[str, bytes], AppTest],
) -> None:
    rare = ["Housing; both of it", "Legal help"]
    app = at(opened("needs.csv", sheet([*CELLS, *rare])), MATCH)
    app.selectbox(key="match-table").select("service_need").run()
    desk, needs = desk_in(app), contract("service_need").column("service_type")
    divided = app.multiselect(key="divided-0-service_type")
    assert (divided.label, divided.value) == ("One cell holds several, separated by", [";"])
    zorbing = next(one for one in app.multiselect if one.label.startswith("‘Zorbing’"))
    zorbing.set_value(["health", "other"]).run()
    next(one for one in app.multiselect if one.label.startswith("‘Quuxing’")).set_value(["other"]).run()
    app.text_input[1].set_value("both of it")
    next(one for one in app.multiselect if one.label == "means").set_value(["legal", "immigration"])
    next(one for one in app.button if one.label == "Add this word").click().run()
    meant = editing.meanings(drafts.said(desk), 0, needs.name)
    assert meant["zorbing"] == ("health", "other") and meant["both of it"] == ("legal", "immigration")
    at(app, CHECK)
    [found] = desk.checked.found
    # Each whole cell is one or two needs; Zorbing makes one more wherever it stands, but beside "other" none.
    words = sum(len(cell.split(";")) for cell in [*CELLS, *rare])
    zorbings = sum("Zorbing" in cell for cell in CELLS)
    both = sum({"Zorbing", "Quuxing"} <= set(cell.split("; ")) for cell in CELLS)
    assert found.tables == {"service_need": words + zorbings - both + 1}
    assert (found.rows.taken, found.rows.rejected) == (len(CELLS) + 2, 0)
    # Taken back, whole cells are words again, and those that nothing explains are rejected.
    at(app, MATCH)
    app.multiselect(key="divided-0-service_type").set_value([]).run()
    assert editing.divided_by(drafts.said(desk), 0, needs.name) == ()
    at(app, CHECK)
    assert not desk.checked.is_good
    at(app, MATCH)
    app.multiselect(key="divided-0-service_type").set_value([";"]).run()
    at(app, CHECK)
    assert desk.checked.found[0].rows.taken == len(CELLS) + 2, "what was said of the words is kept"
