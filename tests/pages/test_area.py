"""One area on one page: its figures as published, beside the region's."""

import html
import re

from analysis import Question, answer, open_release
from analysis.words import number_text
from tests.pages.conftest import said


def rows(text: str) -> dict[str, list[str]]:
    """Return the rows of all tables by their first cell."""
    found = {}
    for first, rest in re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', text):
        found[html.unescape(first)] = [
            html.unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", rest)
        ]
    return found


def test_without_an_area_it_offers_every_area_and_claims_nothing(open_page, demonstration) -> None:
    text = said(open_page("area", release_folder=demonstration))
    assert text.count('href="area?area=') == 5 + 24, "five counties and their districts"
    assert "data-finding" not in text


def test_each_figure_is_the_published_one_of_the_area_and_of_the_region(open_page, demonstration) -> None:
    table = rows(said(open_page("area", release_folder=demonstration, area="TM101")))
    release = open_release(demonstration)
    for code in ("detected_persons", "child_share", "referrals_made", "contact_within_48h_share"):
        year = ("2024", "2024")
        here, region = answer(
            [Question(code, where={"area": "TM101"}, periods=year), Question(code, periods=year)], release
        )
        cells = table[here.measure.label]
        assert cells[0] == number_text(here.measure, here.frame["value"][0])
        assert cells[1] == number_text(region.measure, region.frame["value"][0])


def test_what_is_not_known_by_area_says_so(open_page, demonstration) -> None:
    table = rows(said(open_page("area", release_folder=demonstration, area="TM101")))
    money = next(cells for label, cells in table.items() if label.startswith("Public money"))
    assert money[0] == "not by area"
    assert any("(whole region)" in label for label in table if label.startswith("Public money"))


def test_two_areas_at_once_are_no_area(open_page, demonstration) -> None:
    text = said(open_page("area", release_folder=demonstration, area="TM101,TM102"))
    assert "Choose an area" in text
