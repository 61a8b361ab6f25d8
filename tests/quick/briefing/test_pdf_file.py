"""The report: read by another library for its structure, and attacked with words that try to be markup."""

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from tests.quick.briefing import decks
from ui.briefing.formats.pdf_file import APPENDIX, pdf_bytes
from ui.briefing.paper.printable import printable, unprinted
from ui.briefing.paper.words import foldable


@pytest.fixture(scope="module")
def written() -> bytes:
    return pdf_bytes(decks.every_kind())


@pytest.fixture(scope="module")
def report(written: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(written))


def elements(node: Any) -> Iterator[DictionaryObject]:
    """Give the elements of a structure tree in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from elements(child)
    elif isinstance(node, DictionaryObject) and ("/S" in node or "/K" in node):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node["/K"])


def tags(report: PdfReader) -> list[str]:
    return [str(node["/S"]) for node in elements(report.trailer["/Root"]["/StructTreeRoot"])]


def text_of(report: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in report.pages)


def outline_titles(entries: list[Any]) -> list[str]:
    flat = []
    for entry in entries:
        flat += outline_titles(entry) if isinstance(entry, list) else [str(entry.title)]
    return flat


def test_it_is_tagged_in_a_language_with_a_title(report: PdfReader) -> None:
    root = report.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert report.metadata.title == "Quarterly briefing"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


def test_headings_go_down_one_step_at_a_time(report: PdfReader) -> None:
    levels = [int(tag[2:]) for tag in tags(report) if re.fullmatch(r"/H\d", tag)]
    assert levels[0] == 1 and set(levels) == {1, 2}
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_every_drawing_is_a_vector_with_words(report: PdfReader) -> None:
    figures = [
        node for node in elements(report.trailer["/Root"]["/StructTreeRoot"]) if node["/S"] == "/Figure"
    ]
    said = [str(node.get("/Alt", "")) for node in figures]
    drawn = [slide.alt for slide in decks.every_kind().slides if slide.figure is not None]
    assert [words for words in said if words] == drawn
    assert len(figures) == len(drawn)
    assert not any(page.images for page in report.pages), "a drawing is no picture of dots"


def test_tables_are_tables_with_heads(report: PdfReader) -> None:
    seen = tags(report)
    assert seen.count("/Table") >= 8
    assert {"/TH", "/TR", "/TD", "/THead", "/TBody"} <= set(seen)


def test_bookmarks_lead_to_sections_and_cards(report: PdfReader) -> None:
    titles = outline_titles(report.outline)
    for slide in decks.every_kind().slides:
        assert slide.section in titles and slide.headline in titles
    assert APPENDIX in titles


def test_it_says_what_it_is_about_on_every_page(report: PdfReader) -> None:
    deck = decks.every_kind()
    first = report.pages[0].extract_text()
    for said in (
        deck.title,
        deck.place,
        deck.period,
        deck.as_of,
        deck.next_update,
        deck.contact,
        deck.reported,
    ):
        assert said in first
    for number, page in enumerate(report.pages, start=1):
        words = page.extract_text()
        assert deck.synthetic in words and deck.stamp in words and deck.release_id in words
        assert f"{number} / {len(report.pages)}" in words


def test_only_fonts_that_come_with_it_are_used_and_all_are_inside(report: PdfReader) -> None:
    names = set()
    for page in report.pages:
        for font in (page["/Resources"].get("/Font") or {}).values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"].get_object())
            names.add(str(inner["/BaseFont"]).split("+")[1])
    assert names and all(name.startswith("SourceSansPro") for name in names), names


def test_the_same_briefing_is_the_same_bytes_on_both_papers(written: bytes) -> None:
    assert written == pdf_bytes(decks.every_kind())
    letter = (
        PdfReader(io.BytesIO(pdf_bytes(replace(decks.every_kind(), paper="us-letter")))).pages[0].mediabox
    )
    assert (float(letter.width), float(letter.height)) == (612, 792)


def test_what_only_a_pointer_reads_is_nowhere(written: bytes, report: PdfReader) -> None:
    secret = str(int(decks.SECRET))
    assert secret.encode() not in written and secret not in text_of(report)
    streams = [report.get_object(number) for number in range(1, int(report.trailer["/Size"]))]
    contents = [stream.get_data() for stream in streams if hasattr(stream, "get_data")]
    assert len(contents) > 10
    assert not any(secret.encode() in content for content in contents)


def test_words_are_words_whatever_they_say() -> None:
    report = PdfReader(io.BytesIO(pdf_bytes(decks.attacks())))
    text = re.sub(r"\s+", " ", text_of(report))
    for words in (
        '#read("/etc/passwd")',
        "*bold* _under_ $x^2$ `raw` <label> @cite",
        "= Heading",
        "\\u{41} #{1+1}",
    ):
        assert words in text
    assert "root:x:0" not in text
    assert "<script>alert(1)</script>" in text
    assert "bell escape[31m null half" in text
    assert report.metadata.title == decks.ATTACKS[0]
    assert "□" not in text, "an empty box says nothing"
    assert "עברית" in text or "תירבע" in text
    assert "[2 letters of Chinese]" in text and "[3 letters of Chinese]" in text and "[grinning face]" in text
    levels = [tag for tag in tags(report) if re.fullmatch(r"/H\d", tag)]
    assert set(levels) == {"/H1", "/H2"}, "a heading in a title is no heading"


def test_letters_that_cannot_be_printed_are_said_in_brackets_and_told_before() -> None:
    words = "子供 안전 ひと 👩‍👩‍👧 ☎️ Žluťoučký ≥ 10"
    printed = printable(words)
    languages = " ".join(f"[2 letters of {one}]" for one in ("Chinese", "Korean", "Japanese"))
    assert printed == f"{languages} [woman and girl] ☎ Žluťoučký ≥ 10"
    deck = decks.deck((decks.slide("a/b", words, notes=("Nothing else",)),))
    told = unprinted(deck)
    assert told.startswith("The PDF has no letters for Japanese, Chinese, Korean, girl and ")
    text = re.sub(r"\s+", " ", text_of(PdfReader(io.BytesIO(pdf_bytes(deck)))))
    assert "[2 letters of Chinese]" in text and told not in text, "it is told to whoever makes the file"
    assert unprinted(decks.every_kind()) == ""


def test_only_addresses_of_the_web_are_links() -> None:
    bad = decks.slide("trends/x", "A link", link="javascript:alert(1)")
    for document, links in ((pdf_bytes(decks.deck((bad,))), 0), (pdf_bytes(decks.every_kind()), 1)):
        assert (b"/URI" in document) == bool(links)


def test_progress_and_an_empty_briefing() -> None:
    told: list[tuple[int, int]] = []
    deck = decks.deck((decks.slide("a/b", "One"), decks.slide("a/c", "Two")))
    pdf_bytes(deck, lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]
    assert len(PdfReader(io.BytesIO(pdf_bytes(decks.deck(())))).pages) == 1


@pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="poppler is not installed: where words lie is not read"
)
def test_a_title_of_one_long_word_stays_on_its_page() -> None:
    title = foldable("W" * 200)
    laid = pdf_bytes(decks.deck((decks.slide("a/b", title),), title=title))
    told = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=laid, capture_output=True, check=True
    ).stdout
    [width] = set(re.findall(rb'page width="([\d.]+)"', told))
    assert told.count(b"WWWW") > 10
    assert max(float(right) for right in re.findall(rb'xMax="([\d.]+)"', told)) < float(width)
    assert min(float(top) for top in re.findall(rb'yMin="([\d.]+)"', told)) > 20, (
        "the running title is one line"
    )
