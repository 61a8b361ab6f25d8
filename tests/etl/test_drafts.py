"""``python -m etl map``: three workbooks as offices keep them, the two samples, and mappings taken over."""

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from etl.contracts.area_words import ways_to_write
from etl.contracts.areas import Areas
from etl.contracts.batch import Batch
from etl.contracts.check import Checked, check
from etl.contracts.tables import contract, table_names
from etl.contracts.tallies import as_tally
from etl.drafting import editing, toml_text
from etl.drafting.columns.matching import chosen
from etl.drafting.columns.months import month_columns
from etl.drafting.columns.proving import prove
from etl.drafting.columns.words import FEWEST_SHOWN, meaning, words_in
from etl.drafting.draft import draft
from etl.drafting.writing.mapping import write
from etl.incoming import ReadOptions
from etl.lines import LINE
from etl.mapping import synonyms
from etl.sources.places import us_places
from etl.sources.records import own
from tests.etl import kept_workbooks
from tests.etl.made_home import CommandLine, Ran
from tests.etl.making_files import Rows, refusal, write_csv, write_sheets
from tests.support import PROJECT

AS_OF = date(2025, 12, 31)
MOST_CHANGED = 5
FLORIDA = 'place = "South Florida"\ngeography = "us"\nareas = ["12"]\n'
NO_AREAS = Areas([])


def drafted(run: CommandLine, path: Path, *more: object) -> Ran:
    run.home.root.mkdir(exist_ok=True)
    (run.home.root / "deployment.toml").write_text(FLORIDA, "utf-8")
    out = path.with_name(f"{path.stem}_draft.toml")
    return run("map", path, "--out", out, "--as-of", AS_OF, *more)


def changed(before: str, after: str) -> int:
    """Return how many lines were changed, added or taken away."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    signs = [line[0] for line in lines if re.match(r"[-+](?![-+]{2})", line)]
    return max(signs.count("+"), signs.count("-"))


@pytest.mark.parametrize(
    ("make", "rows"),
    [(kept_workbooks.clients, 120), (kept_workbooks.by_month, 4), (kept_workbooks.by_county, 120)],
)
def test_three_workbooks_need_no_changed_line(
    run: CommandLine, tmp_path: Path, make: Callable[[Path], Path], rows: int
) -> None:
    path = make(tmp_path / "book.xlsx")
    told = drafted(run, path)
    assert told.code == 0, told.out
    assert told.values["questions"] == [], "each is a line to change"
    [file] = told.values["check"]["files"]
    assert (file["rows_accepted"], file["rejected"]) == (rows, []), file


FLORIDA_AREAS = Areas(
    [
        ("12", "Florida", None),
        *((one.code, one.name, one.state) for one in us_places.counties().values() if one.state == "12"),
    ],
    ways_to_write("us"),
)


@pytest.mark.parametrize(
    ("make", "edit", "rows"),
    [
        (kept_workbooks.office, (), {"person": 60, "referral": 60, "tip": 60}),
        (kept_workbooks.new_by_sex, (), {"person": 36}),
        (kept_workbooks.new_by_way, (), {"tip": 36}),
        (kept_workbooks.in_spanish, (), {"person": 80}),
        (kept_workbooks.in_german, (), {"person": 80}),
        (kept_workbooks.below_merged_headings, (), {"person": 60}),
        (kept_workbooks.programs, (), {"service": 30}),
        (
            kept_workbooks.seen_by_words,
            (('# "Both" = "…"', '"Both" = ["forced_labour", "sexual_exploitation"]'),),
            {"person": 80},
        ),
    ],
)
def test_workbooks_of_other_kinds_need_at_most_five_changed_lines(
    tmp_path: Path, make: Callable[[Path], Path], edit: Sequence[tuple[str, str]], rows: Mapping[str, int]
) -> None:
    path = make(tmp_path / "book.xlsx")
    written = write(draft(path, None, FLORIDA_AREAS), "us")
    after = written.text
    for before, edited in edit:
        assert before in after, after
        after = after.replace(before, edited)
    assert len(written.questions) == len(edit) == changed(written.text, after) <= MOST_CHANGED
    (tmp_path / "m.toml").write_text(after, "utf-8")
    found = own.read(path, ReadOptions(mapping=tmp_path / "m.toml", as_of=AS_OF))
    accepted = {}
    for batch in found.batches:
        frame = batch.frame
        named = FLORIDA_AREAS.resolve(frame["area"]) if "area" in frame.columns else None
        frame = frame if named is None else frame.with_columns(named)
        made = check(Batch(batch.contract, frame), AS_OF, areas=FLORIDA_AREAS.parents)
        assert made.rejected.is_empty(), made.rejected
        accepted[batch.table] = made.accepted.height
    assert accepted == rows, after


def test_all_tables_of_a_workbook_are_drafted_and_the_tabs_left_are_told(
    run: CommandLine, tmp_path: Path
) -> None:
    path = kept_workbooks.office(tmp_path / "office.xlsx")
    told = drafted(run, path)
    assert told.code == 0, told.out
    [file] = told.values["check"]["files"]
    assert file["tables"] == {"person": 60, "referral": 60, "tip": 60}, (
        "the summary would count clients twice"
    )
    made = draft(path, None, FLORIDA_AREAS)
    assert set(made.left) == {"Summary", "Lists"}
    alone = draft(path, None, FLORIDA_AREAS, sheet="Tips")
    assert (alone.matched.table.name, alone.further) == ("tip", ())
    named = draft(path, "referral", FLORIDA_AREAS)
    assert (named.matched.table.name, named.further) == ("referral", ())
    refusal(lambda: draft(path, None, FLORIDA_AREAS, sheet="Tip"), "office.xlsx", "Tip")


@pytest.mark.parametrize(
    ("make", "table", "rows"),
    [(kept_workbooks.new_reports, "tip", 4), (kept_workbooks.new_clients, "person", 72)],
)
def test_numbers_of_new_ones_become_records_without_a_changed_line(
    run: CommandLine, tmp_path: Path, make: Callable[[Path], Path], table: str, rows: int
) -> None:
    path = make(tmp_path / "numbers.xlsx")
    told = drafted(run, path)
    assert told.code == 0, told.out
    text = Path(told.values["mapping"]).read_text("utf-8")
    assert 'tally = "new"' in text
    assert told.values["questions"] == [], text
    [file] = told.values["check"]["files"]
    assert (file["rows_accepted"], file["rejected"]) == (rows, []), file
    assert list(file["tables"]) == [table]
    loaded = run.load((path, Path(told.values["mapping"])), "--as-of", AS_OF)
    assert loaded.code == 0, loaded.out
    [(found, keys)] = run.query(f"SELECT count(*), count(DISTINCT {table}_key) FROM mart.{table}")
    assert found == keys == file["records_accepted"] > 100


def test_a_sheet_of_those_in_care_is_drafted_as_no_numbers_of_new_ones(tmp_path: Path) -> None:
    rows: Rows = [
        ["Month", "Sex", "Currently in care"],
        *([f"2025-{m:02d}", "F", m % 4] for m in range(1, 13)),
    ]
    made = draft(write_csv(tmp_path / "clients.csv", rows), "person", NO_AREAS)
    assert not made.matched.table.is_tally


def test_what_identifies_is_dropped_with_the_reason_and_rare_words_are_not_written(
    run: CommandLine, tmp_path: Path
) -> None:
    path = kept_workbooks.clients(tmp_path / "book.xlsx")
    told = drafted(run, path)
    text = Path(told.values["mapping"]).read_text("utf-8")
    for column, rule in (("First name", "names"), ("DOB", "dates of birth"), ("Remarks", "free text")):
        assert re.search(rf'^  "{column}", +# may hold {rule}', text, re.MULTILINE), text
    for written in ("Maria", "Olena", "HH-1000", "1999", "Long story"):
        assert written not in text + told.out + told.err


def clients(changes: Mapping[int, Sequence[object]] | None = None) -> Rows:
    rows: list[list[object]] = [["Client ID", "Intake", "Gender", "Type of exploitation"]]
    for number in range(40):
        rows.append([f"C-{number:03d}", f"{1 + number % 12:02d}/{1 + number % 12:02d}/2025", "F", "labor"])
    for number, cells in (changes or {}).items():
        rows[number] = list(cells)
    return rows


def test_what_is_not_sure_is_left_open_and_rare_words_are_told_by_line(tmp_path: Path) -> None:
    unknown = {number: [f"C-9{number}", "03/03/2025", "F", "hotwork"] for number in range(1, 7)}
    rare = {30: ["C-930", "03/03/2025", "quuxian", "labor"], 31: ["C-931", "03/03/2025", "M", "labor"]}
    made = draft(write_csv(tmp_path / "c.csv", clients({**unknown, **rare})), None, NO_AREAS)
    written = write(made, "")
    text = written.text
    assert made.matched.table.name == "person"
    assert "# date_format" in text and "\ndate_format" not in text, "3 March is no proof"
    assert '# "hotwork" = "…"' in text
    assert "quuxian" not in text and "line 31" in text
    assert "synonyms = true" in text, "M stands in one row, and is a listed word"
    assert '"M"' not in text
    assert len(written.questions) == 3
    after = text.replace('# date_format = "dd/mm/yyyy"', 'date_format = "dd/mm/yyyy"')
    after = after.replace('# "hotwork" = "…"', '"hotwork" = "forced_labour"').replace(
        '# "…" = "…"', '"quuxian" = "other"'
    )
    assert changed(text, after) == 3 <= MOST_CHANGED
    (tmp_path / "m.toml").write_text(after, "utf-8")
    incoming = own.read(tmp_path / "c.csv", ReadOptions(mapping=tmp_path / "m.toml", as_of=AS_OF))
    found = check(incoming.batches[0], AS_OF)
    assert found.rejected.is_empty()
    assert found.accepted["gender"].value_counts().sort("gender").rows() == [
        ("female", 38),
        ("male", 1),
        ("other", 1),
    ]


#: What a keeper of the two samples has to change in the draft: no geography of theirs comes along, and their
#: home country is made up.
SAMPLES = {
    "shelter_tidy.csv": {
        '# geography = "us"': 'geography = "tarrowmere"',
        '# "Tarrowmere" = "…"': '"Tarrowmere" = "ZZ"',
    },
    "task_force_sheet.xlsx": {
        '# geography = "us"': 'geography = "tarrowmere"',
        '# "Tarrowmerean" = "…"': '"Tarrowmerean" = "ZZ"',
    },
}


def persons(path: Path, mapping: Path) -> Checked:
    incoming = own.read(path, ReadOptions(mapping=mapping, as_of=AS_OF))
    batch = next(batch for batch in incoming.batches if batch.table == "person")
    return check(batch, AS_OF, period=(incoming.period_from, incoming.period_to))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_need_at_most_five_changed_lines(tmp_path: Path, name: str) -> None:
    path = PROJECT / "data" / "sample" / name
    text = write(draft(path, None, NO_AREAS), "").text
    after = text
    for before, edited in SAMPLES[name].items():
        assert before in after, text
        after = after.replace(before, edited)
    assert changed(text, after) <= MOST_CHANGED
    (tmp_path / "m.toml").write_text(after, "utf-8")
    found, shipped = persons(path, tmp_path / "m.toml"), persons(path, path.with_suffix(".toml"))
    assert found.rejected.height <= shipped.rejected.height
    for column in ("period", "gender", "status", "form", "citizenship"):
        assert found.accepted[column].to_list() == shipped.accepted[column].to_list(), column


def test_a_mapping_of_an_earlier_file_is_taken_over_and_only_what_is_new_is_asked(
    run: CommandLine, tmp_path: Path
) -> None:
    old = tmp_path / "old.toml"
    old.write_text(
        '# ours\n[source]\nid = "o"\nlabel = "O"\n[file]\ndate_format = "mm/dd/yyyy"\ndrop = "Remarks"\n'
        '[[table]]\nname = "person"\n[table.columns]\nperson_ref = "Client ID"\nperiod = "Date of intake"\n'
        'gender = "Gender"\nform = "Type of exploitation"\n[table.values.gender]\n"F" = "female"\n',
        "utf-8",
    )
    fresh = {number: [f"C-9{number}", "03/03/2025", "Woman", "hotwork"] for number in range(1, 7)}
    rows = [[*row, cell] for row, cell in zip(clients(fresh), ["Phone", *["555-123-4567"] * 40], strict=True)]
    rows[0][1] = "Intake date"
    rows[0][3] = "Type of exploitation"
    for row in rows[7:]:
        row[3] = "forced_labour"
    path = write_csv(tmp_path / "new.csv", rows)
    told = drafted(run, path, "--from", old)
    assert told.code == 0, told.out
    text = Path(told.values["mapping"]).read_text("utf-8")
    assert text.startswith("# ours\n")
    assert 'period = "Intake date"' in text and "Date of intake" not in text
    assert '"Woman" = "female"' in text
    assert '# "hotwork" = "…"' in text
    assert re.search(r'drop = \[\n  "Phone",', text) and '"Remarks"' in text
    assert len(told.values["questions"]) == 4, told.values["questions"]
    [file] = told.values["check"]["files"]
    assert (file["rows_accepted"], [one["rule"] for one in file["rejected"]]) == (34, ["unknown_code"])
    assert "555-123" not in text + told.out
    again = drafted(run, path, "--from", old)
    assert again.code == 1 and "already there" in again.out


def test_a_draft_of_nothing_known_says_what_to_do(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", [["Foo", "Bar"], ["1", "2"], ["3", "4"]])
    refusal(lambda: draft(path, None, NO_AREAS), "x.csv", "none of its columns", "--table person")
    refusal(lambda: draft(path, "observation", NO_AREAS), "published", "by hand")
    empty = write_csv(tmp_path / "e.csv", [["Client ID", "Intake", "Gender"]])
    refusal(lambda: draft(empty, None, NO_AREAS), "e.csv", "no rows", "Fill it in")


@pytest.mark.parametrize(
    ("values", "formats", "doubtful"),
    [
        (["03/04/2025", "25/03/2025"], ("dd/mm/yyyy",), ()),
        (["03/04/2025"], (), ("dd/mm/yyyy", "mm/dd/yyyy")),
        (["02/02/2025"], (), ("dd/mm/yyyy", "mm/dd/yyyy")),
        (["12/31/2025", "7-Jan-25", "2025-03-01", "Mar 2025"], ("d-mmm-yy", "mm/dd/yyyy", "mmm yyyy"), ()),
        (["45292", "45293"], ("excel_days",), ()),
        (["2025-03", "2025-Q1"], (), ()),
    ],
)
def test_formats_are_proven_by_all_values(
    values: list[str], formats: tuple[str, ...], doubtful: tuple[str, ...]
) -> None:
    found = prove(values)
    assert (sorted(found.formats), found.doubtful) == (sorted(formats), doubtful)
    assert found.unread == ()


def test_what_is_no_date_is_told_and_financial_years_are_recognised() -> None:
    assert prove(["12/31/2025", "soon"]).unread == ("soon",)
    assert prove(["FY2024", "2023/24"]).is_financial


@pytest.mark.parametrize(
    ("names", "columns", "needs_year"),
    [
        (["Site", "Jan", "Feb", "Mar", "Total"], ("Jan", "Feb", "Mar"), True),
        (["Site", "2025-01", "2025-02", "2025-03"], ("2025-01", "2025-02", "2025-03"), False),
        (["enero", "febrero", "marzo", "x"], ("enero", "febrero", "marzo"), True),
        (["Jan", "Feb"], None, False),
        (["2023", "2024", "2025"], ("2023", "2024", "2025"), False),
        (["2023", "2024"], None, False),
    ],
)
def test_columns_of_months(names: list[str], columns: tuple[str, ...] | None, needs_year: bool) -> None:
    found = month_columns(names)
    assert (found.columns if found else None) == columns
    assert found is None or found.needs_year == needs_year


def test_words_mean_codes_with_a_confidence() -> None:
    meant = synonyms.words_of(contract("person").column("form"))
    assert meaning("Sex trafficking", meant) == (("sexual_exploitation",), 1.0)
    assert meaning("sex & labor", meant, is_list=True) == (("sexual_exploitation", "forced_labour"), 0.8)
    codes, sure = meaning("forced mariage", meant)
    assert codes == ("forced_marriage",) and 0.8 <= sure < 1
    assert meaning("hotwork", meant) == ((), 0.0)


NAMED = (
    "Zulmira Quackenbush", "Dr. Xylander", "forced labour for Mr. Olmstead",
    "sexual exploitation by uncle Pedro Salas",
)  # fmt: skip


def test_words_that_are_only_like_known_ones_or_hold_a_name_are_not_written_unasked(tmp_path: Path) -> None:
    forms = [*NAMED, "labor at sea", "Forced-Labour"]
    rows = {1 + at: [f"C-9{at}", "13/03/2025", "F", forms[at // 6]] for at in range(36)}
    made = draft(write_csv(tmp_path / "c.csv", clients(rows)), None, NO_AREAS)
    written = write(made, "")
    for name in ("Quackenbush", "Xylander", "Olmstead", "Pedro"):
        assert name not in written.text + " ".join(written.questions)
    said = tomllib.loads(written.text)["table"][0]
    assert said["values"]["form"] == {"Forced-Labour": "forced_labour"}
    assert '# "labor at sea" = "forced_labour"' in written.text and "line 2, 3" in written.text
    values = toml_text.parsed('[[table]]\nname = "person"\n')
    form = contract("person").column("form")
    editing.fill(values, 0, chosen(form, "Type of exploitation", made.sheet.frame), made.sheet.frame)
    assert values["table"][0]["values"]["form"] == said["values"]["form"]


def test_words_far_from_all_known_ones_are_not_compared_letter_by_letter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def compared(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("etl.drafting.columns.words.SequenceMatcher", compared)
    meant = synonyms.words_of(contract("person").column("form"))
    assert meaning("zzyzx qwk 17", meant) == ((), 0.0)


def test_several_words_in_a_cell_are_told_apart_and_rare_ones_not_shown() -> None:
    cells = ["Sex\nLabor"] * FEWEST_SHOWN + ["Labor; begging", "ring 555-123-4567"]
    frame = pl.DataFrame({"f": cells, LINE: range(2, len(cells) + 2)})
    found = words_in(contract("person").column("form"), frame, "f")
    assert set(found.split) == {"\n", ";"}
    shown = {word.text: word.is_shown for word in found.words}
    assert shown == {"Sex": True, "Labor": True, "begging": False, "ring 555-123-4567": False}
    often = pl.DataFrame({"f": ["ring 555-123-4567"] * 9, LINE: range(9)})
    assert not any(word.is_shown for word in words_in(contract("person").column("gender"), often, "f").words)


def test_the_shipped_synonyms_are_of_columns_and_codes_that_are_there() -> None:
    allowed: dict[str, set[str]] = {}
    for table in (*map(contract, table_names()), as_tally(contract("person"))):
        for column in table.columns:
            allowed.setdefault(column.name, set()).update(column.codes, column.rolls_up)
    for field, code, words in synonyms._rows():
        assert field in allowed, field
        assert all(words), (field, code)
        assert not code or code in allowed[field], (field, code)
    seen = [(field, word) for field, code, words in synonyms._rows() if code for word in words]
    assert len(seen) == len(set(seen)), "one word, one code"


def test_shipped_words_are_understood_where_the_mapping_says_so(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(
        '[source]\nid = "o"\nlabel = "O"\n[[table]]\nname = "person"\n[table.columns]\nperiod = "When"\n'
        'gender = { column = "Sex", synonyms = true }\n[table.values.gender]\n"f" = "other"\n',
        "utf-8",
    )
    path = write_sheets(
        tmp_path / "in.xlsx", {"A": [["When", "Sex"], ["2025-01", "Mujer"], ["2025-01", "F"]]}
    )
    incoming = own.read(path, ReadOptions(mapping=tmp_path / "m.toml", as_of=AS_OF))
    found = check(incoming.batches[0], AS_OF)
    assert found.accepted["gender"].to_list() == ["female", "other"], "own words hold before shipped ones"
