"""Properties of slides, report and page: whose figures, which release, this program, and no other words."""

import io
import re
import zipfile

import pytest
from pypdf import PdfReader

from tests.quick.briefing import decks
from ui.briefing.formats.html_file import html_bytes
from ui.briefing.formats.pdf_file import pdf_bytes
from ui.briefing.formats.pptx_file import pptx_bytes
from ui.briefing.slide import Deck

OURS, KEEPERS = "Local Trafficking Trends", "The link names the same area more than once; it counts once."
#: What libraries and typesetters write of themselves, and what only we read.
FOREIGN = re.compile(r"python-pptx|Macintosh|Microsoft Excel<|Typst|xlsxwriter|theme\.py|Steve Canny", re.I)


@pytest.fixture(scope="module")
def deck() -> Deck:
    slides = (decks.slide("people/forms", "The most common form is forced labour.", figure=decks.bars()),)
    return decks.deck(slides, title="Board", place="Larkfield & Rim", notices=(KEEPERS,))


def test_slides_say_whose_they_are_and_bring_nothing_of_the_template(deck: Deck) -> None:
    content = pptx_bytes(deck)
    assert content == pptx_bytes(deck)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        core, application = (archive.read(f"docProps/{name}.xml").decode() for name in ("core", "app"))
        names = archive.namelist()
        assert not [name for name in names if re.search("thumbnail|printerSettings", name)]
        [inner] = [name for name in names if name.endswith(".xlsx")]
        with zipfile.ZipFile(io.BytesIO(archive.read(inner))) as workbook:
            parts = [workbook.read(name).decode() for name in workbook.namelist()]
        parts += [archive.read(name).decode() for name in names if name.endswith((".xml", ".rels"))]
    assert "<dc:title>Board</dc:title>" in core and f"release {deck.release_id}" in core
    assert "<dc:creator>Larkfield &amp; Rim</dc:creator>" in core
    assert f"<cp:lastModifiedBy>{OURS}</cp:lastModifiedBy>" in core
    assert f"<Application>{OURS}</Application><Company>Larkfield &amp; Rim</Company>" in application
    assert not [found for part in parts if (found := FOREIGN.search(part))]
    assert not any(KEEPERS in part for part in parts), "what the keeper is told is no slide"


def test_the_report_says_whose_it_is_and_still_is_a_whole_file(deck: Deck) -> None:
    content = pdf_bytes(deck)
    assert content == pdf_bytes(deck) and b"Typst" not in content
    report = PdfReader(io.BytesIO(content), strict=True)
    told = report.metadata
    assert told is not None and told.creator == OURS and told.author == "Larkfield & Rim"
    assert report.xmp_metadata is not None and report.xmp_metadata.xmp_creator_tool == OURS
    assert f"release {deck.release_id}" in told["/Keywords"]
    text = " ".join(page.extract_text() for page in report.pages)
    assert "forced labour" in text and "counts once" not in text
    assert report.trailer["/Root"]["/StructTreeRoot"]


def test_the_page_says_whose_it_is_and_has_no_comments_of_its_source(deck: Deck) -> None:
    page = html_bytes(deck).decode()
    head = page[: page.index("</head>")]
    assert '<meta name="author" content="Larkfield &amp; Rim">' in head
    assert f"release {deck.release_id}" in head and f'content="{OURS} ' in head
    assert "/*" not in head and not FOREIGN.search(head) and KEEPERS not in page
