"""What is read block by block and checked part by part is what is read and checked at once."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.contracts import by_distinct as columns
from etl.contracts import check as contracts
from etl.contracts.batch import Batch
from etl.contracts.by_distinct import by_distinct, encoded, texts
from etl.contracts.parse import folded, folded_column
from etl.errors import EtlError
from etl.incoming import Incoming, SourceInfo
from etl.ledger import Ledger
from etl.lines import LINE
from etl.load.account import account
from etl.progress import Progress
from etl.protect import references
from etl.readers import Reading, packed, read, text

AS_OF = date(2026, 1, 31)
BODY = 'ref;town;note\nA1;Zoë;"one; two"\nA2;Łomża;"over\ntwo lines"\n\nA3;;\nA4;short\nA5;"""x""";-99\n'
FILES: dict[str, bytes] = {
    "utf-8": BODY.encode(),
    "mark": BODY.encode("utf-8-sig"),
    "utf-16": BODY.encode("utf-16"),
    "big-endian": b"\xfe\xff" + BODY.encode("utf-16-be"),
    "windows": BODY.replace("Łomża", "Peña").replace("\n", "\r\n").encode("cp1252"),
    "mixed": BODY.encode() + "A6;Peña;x\r\n".encode("cp1252") + "A7;Peña;y".encode(),
    "old Mac": BODY.replace("\n", "\r").encode(),
    "no mark at all": b"ref;town\n" + b"A1;x\n" * 40 + b"A2;y",
}
BROKEN: dict[str, bytes] = {
    "open mark": b'ref;town\nA1;x\nA2;"y\nA3;z\n',
    "no text": b"ref;town\nA1;x\nA2;\x00\n",
    "too wide": b"ref;town\n" + b"A1;x;y\n" * 7 + b"A2;z\n",
    "row in a cell": b'ref;town\nA1;"x\nA2;y\nA3;z"\nA4;u\n',
}


def read_with(path: Path, block: int, patch: pytest.MonkeyPatch, **options: str) -> Reading | str:
    patch.setattr(packed, "_BLOCK", block)
    try:
        return read(path, **options)
    except EtlError as error:
        return str(error)


@pytest.mark.parametrize("block", [1, 2, 3, 7, 64])
@pytest.mark.parametrize("name", [*FILES, *BROKEN])
def test_where_a_block_ends_changes_nothing(
    name: str, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes((FILES | BROKEN)[name])
    whole, parts = read_with(path, 1 << 20, monkeypatch), read_with(path, block, monkeypatch)
    if isinstance(whole, str) or isinstance(parts, str):
        assert name in BROKEN and whole == parts
        return
    assert parts.frame.equals(whole.frame)
    assert (parts.notes, parts.ledger) == (whole.notes, whole.ledger)
    assert name not in BROKEN and whole.frame.height > 4


@given(content=st.text('ab;"\n\r é', max_size=60), block=st.integers(1, 9))
def test_any_text_is_read_alike(content: str, block: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("any") / "a.csv"
    path.write_bytes(f"ref;town\n{content}".encode())
    with pytest.MonkeyPatch.context() as patch:
        whole, parts = (read_with(path, size, patch, delimiter=";") for size in (1 << 20, block))
    if isinstance(whole, str) or isinstance(parts, str):
        assert whole == parts
    else:
        assert parts.frame.equals(whole.frame) and parts.ledger == whole.ledger


def test_a_wrong_encoding_is_told_by_its_line_wherever_a_block_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"ref;town\nA1;x\nA2;\xff\n")
    for block in (1, 5, 1 << 20):
        assert "line 3 is not utf-8" in str(read_with(path, block, monkeypatch, encoding="utf-8"))


def test_rows_are_told_while_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, told = tmp_path / "a.csv", []
    path.write_bytes(FILES["no mark at all"])
    monkeypatch.setattr(packed, "_BLOCK", 32)
    read(path, advance=told.append)
    assert told == sorted(told) and told[-1] == 41 and len(told) > 3
    shown = Progress(is_shown=True, stream=io.StringIO())
    shown.start("Read a.csv")
    monkeypatch.setattr("etl.progress._BETWEEN", -1.0)
    shown.rows(1_250_000)
    assert "Read a.csv, 1,250,000 rows" in shown.stream.getvalue()  # type: ignore[attr-defined]


def test_text_that_hardly_repeats_stays_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (text, columns):
        monkeypatch.setattr(module, "FEW_ROWS", 10)
    path = tmp_path / "a.csv"
    path.write_text("ref,town\n" + "".join(f"A{number},x\n" for number in range(50)), "utf-8")
    frame = read(path, is_encoded=True).frame
    assert frame.schema["ref"] == pl.String and isinstance(frame.schema["town"], pl.Categorical)
    assert texts(frame).equals(read(path).frame)


def test_a_column_with_more_words_than_its_first_part_let_expect_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [f"w{number // 2}" for number in range(1_400)]
    path = tmp_path / "a.csv"
    path.write_text("town,kind\n" + "".join(f"{word},x\n" for word in words), "utf-8")
    monkeypatch.setattr(packed, "_BLOCK", 64)
    monkeypatch.setattr(text, "_SIZES", ((10, pl.UInt8), (20, pl.UInt16), (2**32, pl.UInt32)))
    frame = read(path, is_encoded=True).frame
    assert frame["town"].cast(pl.String).to_list() == words and frame["kind"].n_unique() == 1


def test_only_text_that_repeats_nowhere_is_left_uncounted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "FEW_ROWS", 3)
    numbers = range(1_000)
    kept = {
        "each once": ([f"a{number}" for number in numbers], pl.String),
        "neighbours alike": ([f"a{number // 8}" for number in numbers], pl.Categorical),
        "alike far apart": ([f"a{number % 200}" for number in numbers], pl.Categorical),
        "some once": ([f"a{number % 600}" for number in numbers], pl.String),
    }
    for name, (cells, kind) in kept.items():
        column = pl.Series(name, cells)
        assert isinstance(encoded(column).dtype, kind), name
        assert encoded(column).cast(pl.String).equals(column)


@pytest.mark.parametrize("cells", [["a", None, "b", "a"], [None, None], [], ["", "a"]])
def test_what_is_worked_out_by_distinct_values_is_what_each_row_gives(cells: list[str | None]) -> None:
    column = pl.Series("t", cells, pl.String)
    work: list[pl.Expr] = [pl.col("t").str.to_uppercase().alias("u"), pl.col("t").is_null().alias("n")]
    assert by_distinct(encoded(column), work).equals(by_distinct(column, work))


PEOPLE = {
    "person_ref": ["A", "B", "C", None, "E", "F", "G"],
    "period": ["2025-01", "2025-02", "2030-01", "2025-03", "x", "2025-04", "2025-05"],
    "age": ["17", "200", "18", "19", "20", "-1", "21"],
    "form": [["forced_labour"], [], ["x"], None, ["other"], ["other"], ["forced_labour", "other"]],
}


def batch() -> Batch:
    lines = pl.int_range(2, 2 + len(PEOPLE["period"]), dtype=pl.Int64, eager=True)
    return Batch.of("person", pl.DataFrame(PEOPLE).with_columns(lines.alias(LINE)))


@pytest.mark.parametrize("rows", [1, 2, 3, 7])
@pytest.mark.parametrize("kept", [lambda one: one, Batch.encoded])
def test_where_a_part_ends_changes_nothing(
    rows: int, kept: Callable[[Batch], Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = contracts.check(batch(), AS_OF, period=("2025-01", "2025-12"))
    monkeypatch.setattr(contracts, "PART_ROWS", rows)
    monkeypatch.setattr(contracts, "FEW_ROWS", 0)
    parts = contracts.check(kept(batch()), AS_OF, period=("2025-01", "2025-12"))
    assert parts.accepted.equals(whole.accepted) and parts.rejected.equals(whole.rejected)
    assert whole.accepted.height == 3 and whole.rejected.height == 4


def test_a_period_that_only_other_rows_tell_apart_is_judged_by_all_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(contracts, "PART_ROWS", 1)
    frame = pl.DataFrame({"period": ["2011-12", "2012-13"], LINE: [2, 3]})
    assert contracts.check(Batch.of("person", frame), AS_OF).rejected["rule"].to_list() == [
        "month_or_financial_year",
        "financial_year",
    ]


def test_rows_of_a_file_are_counted_once_whatever_tables_they_fill() -> None:
    lines = {"person": pl.Series([2, 3, 3]), "referral": pl.Series([3, 4])}
    refused = pl.DataFrame({"table_name": ["person", "person"], "line": [4, 5]})
    incoming = _incoming(rows=4)
    found = account(incoming, "a.csv", lines, refused)
    assert (found.accepted, found.partly, found.rejected) == (2, 1, 1)
    with pytest.raises(EtlError, match="accounted for"):
        account(_incoming(rows=5), "a.csv", lines, refused)


def _incoming(rows: int) -> Incoming:
    source = SourceInfo("a", "A", "a", "A", "", "people", True, False, "month")
    return Incoming(source, (), "2025-01", "2025-12", Ledger(lines=rows))


ODD_REFERENCES = {
    "cut short": ["A1", "1.23457E+11", "1.23457E+11", "A2"],
    "an error": ["A1", "A2", "#REF!"],
    "no number": ["A1", None, "unknown", "", "unknown"],
    "names": ["Ana", "Ben", "Carla", "Dora", "Emil"] * 8,
    "placeholder": [f"C{number}" for number in range(30)] + ["x0", "X0 "] * 8,
    "nothing odd": [f"C{number}" for number in range(30)] + ["X0"] * 3,
    "nobody": [],
}


@pytest.mark.parametrize("name", ODD_REFERENCES)
def test_references_are_refused_alike_wherever_a_part_ends(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = ODD_REFERENCES[name]
    lines = pl.int_range(2, 2 + len(cells), dtype=pl.Int64, eager=True).alias(LINE)
    people = Batch.of("person", pl.DataFrame([pl.Series("person_ref", cells, pl.String), lines]))
    told = []
    for rows in (1, 7, 1_000):
        monkeypatch.setattr(references, "_ROWS", rows)
        try:
            references.refuse_damaged(people.encoded(), "a.csv")
            told.append("")
        except EtlError as error:
            told.append(str(error))
    assert len(set(told)) == 1
    assert (told[0] == "") == name.startswith("no") or name == "no number"


@given(st.lists(st.none() | st.text("aÄß\u0041\u030aK ﬁ\t", max_size=6), max_size=5))
def test_a_column_of_references_is_folded_as_each_of_them(cells: list[str | None]) -> None:
    column = pl.Series("ref", cells, pl.String)
    assert folded_column(column).equals(column.to_frame().select(folded(pl.col("ref"))).to_series())
