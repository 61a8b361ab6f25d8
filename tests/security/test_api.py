"""Attacks through the API: they tell what the release holds, in every format, and no more."""

import csv
import io
import random
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import openpyxl
import polars as pl
import pyarrow.parquet
import pytest

from analysis import Question, answer, load_catalog, open_release
from analysis.api.questions import asked_as
from tests.asking import Asking, asking
from tests.security.conftest import World
from tests.security.population import Cell
from tests.sizes import LONG

CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"
NUMERIC = ["value", "denominator", "lower", "upper", "cells_shown", "cells_total"]
SEED = 12
HOSTILE = (
    *("'; DROP TABLE cell_person; --", "' OR 1=1", "\" UNION SELECT * FROM read_csv('/etc/passwd')"),
    *(
        "../../restricted/warehouse.duckdb",
        "/etc/passwd",
        "file:///etc/passwd",
        "%00",
        "\x00",
        "\r\nSet-Cookie: a=b",
    ),
    *("<script>alert(1)</script>", "${jndi:ldap://x}", "{{7*7}}", "__import__('os')", "=cmd|' /C calc'!A0"),
    *(
        "not female",
        "!female",
        "-female",
        "<>female",
        "female|male",
        "*",
        "%",
        "female\u202emale",
        "𝟗",
        "9" * 400,
    ),
)
PRIVATE = re.compile(
    r"Traceback|\.py\b|\.duckdb|restricted/|/tmp/|/home/|secret|SELECT|cell_person", re.IGNORECASE
)


@pytest.fixture(scope="module")
def ask(world: World) -> Iterator[Asking]:
    with asking(world.home.release("public")) as found:
        yield found


def address_of(cell: Cell, chance: random.Random) -> str:
    """Return one of the ways in which a cell can be asked for as one number or as one row of a table."""
    period, area, given = cell
    pairs = [*given, *([("area", area[1])] if area else [])]
    rows = [name for name, _ in pairs if name != "area" and chance.random() < 0.3]
    level = {4: "year", 7: "month" if "Q" not in period else "quarter"}[len(period)]
    by = [*(["period"] if chance.random() < 0.5 else []), *rows]
    parts = [("measure", "detected_persons"), ("by", ",".join(by)), ("period", period), ("level", level)]
    named = {"area", "form", "age_group", "age_band", "gender", "citizenship_group", "status", "source"}
    for name, code in pairs:
        parts.append((name, code) if name in named and chance.random() < 0.5 else ("where", f"{name}={code}"))
    chance.shuffle(parts)
    return f"/answers?{urlencode(parts)}"


def as_json(ask: Asking, address: str) -> list[float | None]:
    return [row["value"] for row in ask(address).json()["rows"]]


def as_csv(ask: Asking, address: str) -> list[float | None]:
    text = ask(address, headers={"accept": CSV}).text
    return [float(row["value"]) if row["value"] else None for row in csv.DictReader(io.StringIO(text))]


def as_parquet(ask: Asking, address: str) -> list[float | None]:
    found: list[float | None] = pl.read_parquet(
        io.BytesIO(ask(address, headers={"accept": PARQUET}).content)
    )["value"].to_list()
    return found


FORMATS = (as_json, as_csv, as_parquet)


def values_in(ask: Asking, address: str, turn: int) -> list[list[float | None]]:
    """Return the values of an address in one format, each in its turn; in the long form in all of them."""
    return [read(ask, address) for read in (FORMATS if LONG else FORMATS[turn % 3 :][:1])]


def test_no_small_cell_is_told_by_any_address_combination_or_format(world: World, ask: Asking) -> None:
    chance = random.Random(SEED)
    small = [cell for cell in world.targets(90, SEED) if not (cell[1] and cell[1][1] == "not_recorded")]
    hidden = 0
    for turn, cell in enumerate(small):
        address = address_of(cell, chance)
        for values in values_in(ask, address, turn):
            assert values == [world.public.get(cell)], address
        hidden += world.public.get(cell) is None
        said = ask(address.replace("/answers", "/findings")).json()["findings"]
        if world.public.get(cell) is None:
            told = " ".join(one["sentence"] for one in said)
            assert not re.search(rf"(?<![\d–-]){world.truth[cell]}(?![\d–-])", told.replace("10", "")), told
    assert hidden > len(small) / 2


def test_what_is_shown_to_partners_alone_is_told_to_nobody_else(world: World, ask: Asking) -> None:
    chance = random.Random(SEED)
    theirs = [cell for cell in world.partner.cells if cell not in world.public.cells]
    theirs = [cell for cell in theirs if not (cell[1] and cell[1][1] == "not_recorded")]
    for turn, cell in enumerate(chance.sample(theirs, 25)):
        address = address_of(cell, chance)
        for values in values_in(ask, address, turn):
            assert values == [None], address
        for more in ("&figures=partner",):
            assert ask(f"{address}{more}").status_code == 403
    for headers in ({"authorization": "Bearer abc"}, {"authorization": "bearer "}):
        assert ask("/answers?measure=detected_persons", headers=headers).status_code == 401
    forged = {"x-forwarded-user": "pat", "cookie": "_streamlit_user=2|1:0|pat"}
    assert ask("/answers?measure=detected_persons", headers=forged).json()["profile"] == "public"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_refused_and_name_nothing_of_the_server(ask: Asking, text: str) -> None:
    word = quote(text, safe="")
    addresses = [
        f"/answers?measure={word}",
        f"/measures/{word}",
        f"/geo/{word}",
        f"/{word}",
        *(
            f"/answers?measure=detected_persons&{name}={value}"
            for name, value in (
                *(
                    (name, word)
                    for name in ("by", "level", "arealevel", "collection", "area", "period", "gender")
                ),
                *(("where", f"gender={word}"), ("where", f"{word}=female"), ("where", word), (word, "1")),
            )
        ),
    ]
    for address in addresses:
        found = ask(address)
        assert 400 <= found.status_code < 500, address
        assert found.headers["content-type"] == "application/problem+json"
        body = found.text.replace(text, "")
        assert not PRIVATE.search(body), (address, body)
        assert "<script" not in found.text and "set-cookie" not in found.headers


def test_the_name_of_a_file_is_letters_digits_and_underscores_whatever_is_asked(ask: Asking) -> None:
    for query in (
        "measure=detected_persons",
        "measure=form_share&period=2023&where=gender=female,male&area=C1",
        f"measure=detected_persons&by=&where=form={','.join(load_catalog().dimensions['form'].codes[:-1])}",
    ):
        header = ask(f"/answers?{query}", headers={"accept": CSV}).headers["content-disposition"]
        assert re.fullmatch(r'attachment; filename="[a-z0-9_]{1,90}\.csv"', header), header


def test_a_folder_in_place_of_a_release_tells_nothing(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"file": "/etc/passwd", "sha256": "0", "profile": "public"}')
    with asking(tmp_path) as ask:
        found = ask("/answers?measure=detected_persons")
        assert found.status_code == 503 and not PRIVATE.search(found.text) and tmp_path.name not in found.text


def numbers_in(content: bytes) -> Iterator[tuple[str, float]]:
    """Yield every number of every data file in a package, with what a file keeps about its numbers."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, part in parts.items():
        if name.endswith(".csv") and name not in ("dictionary.csv", "sources.csv"):
            for row in csv.DictReader(io.StringIO(part.decode())):
                yield from ((name, float(row[column])) for column in NUMERIC if row[column])
        elif name.endswith(".parquet"):
            file = pyarrow.parquet.ParquetFile(io.BytesIO(part))
            for column in file.read().select(NUMERIC).columns:
                yield from ((name, float(one)) for one in column.to_pylist() if one is not None)
            for group in range(file.metadata.num_row_groups):
                for place in range(file.metadata.num_columns):
                    kept = file.metadata.row_group(group).column(place).statistics
                    ends = (kept.min, kept.max) if kept is not None and kept.has_min_max else ()
                    yield from ((name, float(one)) for one in ends if isinstance(one, int | float))
        elif name.endswith(".xlsx"):
            for sheet in openpyxl.load_workbook(io.BytesIO(part)).worksheets:
                cells = (cell for row in sheet.iter_rows(values_only=True) for cell in row)
                yield from (
                    (f"{name} {sheet.title}", float(one)) for one in cells if isinstance(one, int | float)
                )


def test_no_file_of_a_package_holds_a_number_that_is_no_answer(world: World, ask: Asking) -> None:
    """Tables that are mostly hidden, in every format: what lies in the files is what the door answers."""
    asked = {"by": ("period", "gender", "status"), "area_level": None}, {"by": ("area", "citizenship_group")}
    release = open_release(world.home.release("public"))
    for parts in asked:
        question = Question("detected_persons", periods=("2023", "2024"), **parts)
        [told] = answer([question], release)
        assert told.cells_shown < told.cells_total, "something is hidden"
        numbers = [name for name in told.frame.columns if told.frame[name].dtype.is_numeric()]
        allowed = {one for name in numbers for one in told.frame[name].round_sig_figs(9).drop_nulls()}
        found = list(numbers_in(ask("/package", params=[("question", asked_as(question))]).content))
        assert {name.rsplit(".", 1)[1].split()[0] for name, _ in found} == {"csv", "parquet", "xlsx"}
        for name, one in found:
            assert one in allowed, (name, one)
