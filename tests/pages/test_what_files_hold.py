"""What files of a briefing hold, part by part: what their slides show, no true number, no amount of one."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from xml.etree import ElementTree
from zlib import crc32

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from analysis import open_release
from analysis.briefing.briefing import Briefing, item
from tests.demonstration import demonstration_release
from tests.pages.test_what_travels import Sent, truth_and_published
from ui.briefing import declared
from ui.briefing.deck import deck_of
from ui.briefing.formats.registry import FORMATS
from ui.briefing.slide import Deck
from ui.cards.card import slides_of
from ui.view import registry

#: One card in three: of each page, and of each kind of drawing, some are among them.
STEP = 3
#: Whose cards are all among them: what they show was worked out in a way of its own.
WHOLE = ("initiatives", "hidden_population")
#: Runs of smaller true numbers are met by chance: shares in whole per cent, places that are open.
LEAST = 30
VALUES = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@cache
def deck() -> Deck:
    """A third of all cards of all pages, as slides."""
    cards = [
        (page.code, key)
        for page in registry.available()
        for section in declared.page_of(page.code)
        for card in section.all_cards
        for key in slides_of(card)
    ]
    items = [
        item(*card, {"area": "TM101"} if card[0] == "area" else {})
        for card in dict.fromkeys(cards)
        # By name: a new page does not change which are taken.
        if card[0] in WHOLE or crc32("/".join(card).encode()) % STEP == 0
    ]
    made = deck_of(Briefing(items=tuple(items)), open_release(demonstration_release()), keeps_missing=False)
    assert len(made.slides) > 40
    assert {slide.key.split("/")[0] for slide in made.slides} >= set(WHOLE)
    return made


@cache
def written(ending: str) -> bytes:
    return FORMATS[ending].write(deck(), None)


def parts(content: bytes, inside: str = "") -> Iterator[tuple[str, bytes]]:
    """Return every part of a zip, and of the zips in it."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        for name in opened.namelist():
            part = opened.read(name)
            yield f"{inside}{name}", part
            if part[:2] == b"PK":
                yield from parts(part, f"{inside}{name}/")


def html() -> Sent:
    sent = Sent()
    text = written("html").decode()
    [figures] = re.findall(r'<script type="application/json" id="figures">(.*?)</script>', text, re.DOTALL)
    sent._walk(json.loads(figures))
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.DOTALL)
    sent.texts.append(re.sub(r"<[^>]+>", " ", body))
    add_columns(sent, re.findall(r"<tbody>(.*?)</tbody>", body, re.DOTALL))
    return sent


def add_columns(sent: Sent, bodies: list[str]) -> None:
    """Take the columns of tables as arrays: their first numbers, row by row."""
    for body in bodies:
        rows = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in re.findall(r"<tr>(.*?)</tr>", body)]
        for column in zip(*rows, strict=False):
            cells = [re.match(r"\d[\d,]*", cell) for cell in column]
            sent.arrays.append([float(cell[0].replace(",", "")) for cell in cells if cell])


def pptx() -> Sent:
    sent = Sent()
    for name, part in parts(written("pptx")):
        if name.endswith(".xml"):
            tree = ElementTree.fromstring(part)
            for cached in (*tree.iter(f"{VALUES}numCache"), *tree.iter(f"{VALUES}numLit")):
                sent.arrays.append([float(value.text) for value in cached.iter(f"{VALUES}v")])
            sent.texts.append(" ".join(tree.itertext()))
        elif name.endswith(".xlsx"):
            for sheet in load_workbook(io.BytesIO(part)).worksheets:
                for column in sheet.iter_cols(values_only=True):
                    sent.arrays.append([float(one) for one in column if isinstance(one, int | float)])
    return sent


def pdf() -> Sent:
    sent = Sent()
    reader = PdfReader(io.BytesIO(written("pdf")))
    sent.texts += [page.extract_text() for page in reader.pages]
    sent.texts += [str(value) for value in (reader.metadata or {}).values()]
    # Columns are read line by line: the first number of each line of a table.
    for text in sent.texts:
        lines = [re.search(r"(?<![\d,.–])\d[\d,]*(?![\d,.]*[–%])", line) for line in text.splitlines()]
        sent.arrays.append([float(line[0].replace(",", "").rstrip(",") or 0) for line in lines if line])
    return sent


READ = {"html": html, "pptx": pptx, "pdf": pdf}


@pytest.mark.parametrize("ending", READ)
def test_published_numbers_are_in_a_file_and_no_true_ones(ending: str) -> None:
    assert set(READ) == set(FORMATS)
    truth, shown = truth_and_published()
    truth = {window for window in truth if min(window) >= LEAST}
    held = READ[ending]().windows

    assert len(truth) > 1_000
    assert ending == "pdf" or len(held & shown) > 3, "else nothing was unpacked"
    assert not held & truth


@pytest.mark.parametrize("ending", READ)
def test_a_file_names_no_path_and_no_machine(ending: str) -> None:
    """Properties of documents, and of the workbooks inside, say what the briefing says and nothing else."""
    content = written(ending)
    everything = [content, *(part for _, part in parts(content))] if ending == "pptx" else [content]
    for part in everything:
        assert b"/home/" not in part
        assert b"/tmp/" not in part
        assert b"/root" not in part
    assert written(ending) == FORMATS[ending].write(deck(), None), "the same deck gives the same bytes"
