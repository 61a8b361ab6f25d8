"""Files that are wrong in ways nobody thought of: seeded, and judged by what may never happen.

A file of persons (text or workbook), its mapping, or a boundary file is changed at random and offered to
``check``. Whatever it is, the command ends with a sentence: no traceback, no defect, no value of a cell in
what is printed, and a file that is taken has every row accounted for.
"""

import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from tests.etl.made_home import CommandLine, Deliverer, Ran, person_row

MARK = "Zq7"  # in every client number: must never be seen again
_BITS = (
    '"',
    '""',
    "\n",
    "\r",
    ",",
    ";",
    "\t",
    "\x00",
    "\ufeff",
    "é",
    "Total",
    "NA",
    "1e999",
    "99999999999999999999",
    "",
)


@dataclass(frozen=True)
class Judged:
    """A mutated file, what the command said of it, and what is wrong with that (empty: nothing)."""

    name: str
    ran: Ran
    wrong: str


def rows(number: int) -> str:
    """Return a table of persons as text, with a title, a blank line and a total."""
    lines = [person_row(n, f"2025-0{n % 3 + 1}").replace("C000", f"{MARK}C000") for n in range(number)]
    header = "client,month,place,age,gender,status,forms"
    return "\n".join([header, *lines[: number // 2], "", *lines[number // 2 :], "Total,,,,,,", ""])


def _bytes(data: bytes, draw: random.Random) -> bytes:
    """Change a few bytes: put something in, take something out, double, cut."""
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(data) + 1)
        kind = draw.randrange(6)
        if kind == 0:
            data = data[:at] + draw.choice(_BITS).encode() + data[at:]
        elif kind == 1:
            data = data[:at] + data[at + draw.randint(1, 12) :]
        elif kind == 2:
            data = data[:at] + bytes([draw.randrange(256)]) + data[at + 1 :]
        elif kind == 3:
            data = data[:at] + data[max(0, at - draw.randint(1, 60)) : at] + data[at:]
        elif kind == 4:
            data = data[: max(1, at)] if draw.random() < 0.3 else data
        else:
            one, other = draw.choice(_BITS[:6]).encode(), draw.choice(_BITS).encode()
            data = data.replace(one, other, draw.randint(1, 3)) if one else data
    return data


def _text(folder: Path, draw: random.Random) -> tuple[Path, Path]:
    data, mapping = Deliverer(folder).persons("text", "2025-01", "2025-03", [])
    data.write_bytes(_bytes(rows(draw.randint(2, 40)).encode(), draw))
    return data, mapping


def _mapping(folder: Path, draw: random.Random) -> tuple[Path, Path]:
    data, mapping = Deliverer(folder).persons("mapping", "2025-01", "2025-03", [])
    data.write_text(rows(12), "utf-8")
    mapping.write_bytes(_bytes(mapping.read_bytes(), draw))
    return data, mapping


def _workbook(folder: Path, draw: random.Random) -> tuple[Path, Path]:
    _, mapping = Deliverer(folder).persons("book", "2025-01", "2025-03", [])
    book = openpyxl.Workbook()
    for line in rows(draw.randint(2, 20)).split("\n"):
        book.active.append([cell or None for cell in line.split(",")])
    if draw.random() < 0.3:
        book.create_sheet("Old").sheet_state = draw.choice(["hidden", "veryHidden", "visible"])
    whole = io.BytesIO()
    book.save(whole)
    path = folder / "book.xlsx"
    if draw.random() < 0.3:
        path.write_bytes(_bytes(whole.getvalue(), draw))
        return path, mapping
    with zipfile.ZipFile(whole) as packed, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as changed:
        victim = draw.choice(packed.namelist())
        for name in packed.namelist():
            content = packed.read(name)
            changed.writestr(name, _bytes(content, draw) if name == victim else content)
    return path, mapping


def _boundaries(folder: Path, draw: random.Random) -> tuple[Path, None]:
    square = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"R{number}", "name": f"Area {number}"},
            "geometry": draw.choice([{"type": "Polygon", "coordinates": [square]}, None]),
        }
        for number in range(3)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    path = folder / "areas.geojson"
    path.write_bytes(_bytes(text.encode(), draw))
    return path, None


KINDS: tuple[Callable[[Path, random.Random], tuple[Path, Path | None]], ...] = (
    _text,
    _text,
    _workbook,
    _mapping,
    _boundaries,
)


def judged(run: CommandLine, folder: Path, seed: int, files: int) -> Iterator[Judged]:
    """Offer mutated files to ``check`` and judge what it says, one after the other."""
    draw = random.Random(seed)
    for number in range(files):
        place = folder / str(number)
        place.mkdir()
        kind = KINDS[number % len(KINDS)]
        path, mapping = kind(place, draw)
        words = ["--source", "own", "--mapping", mapping] if mapping else ["--source", "boundaries"]
        ran = run("check", path, *words, "--as-of", "2025-12-31")
        yield Judged(f"{kind.__name__} {number} of seed {seed}", ran, _wrong(ran))


def _wrong(ran: Ran) -> str:
    said = ran.out + ran.err
    if "defect in this program" in said or "Traceback" in said or "panick" in said:
        return said
    if MARK.casefold() in said.casefold():
        return "a value of a cell was printed"
    if ran.code not in (0, 1):
        return f"exit code {ran.code}"
    for file in ran.values.get("files", []):
        told = file["rows_accepted"] + file["rows_partly_accepted"] + file["rows_rejected"]
        if file["rows_in"] != told + sum(file["rows_left_out"].values()):
            return f"{file['rows_in']} rows in the file, {told} told"
    return ""
