"""Overview: what is said is what was published, and nothing more."""

import html
import re

import pytest

from analysis import Question, answer
from analysis.wording import number_text
from tests.pages.conftest import said
from tests.release_states import PUBLISHED_ONLY, changed
from ui import registry

FILTERS = [
    {},
    {"period": "2022..2024"},
    {"period": "2024"},
    {"area": "C1"},
    {"area": "D01"},
    {"area": "D01,D02"},
    {"form": "forced_labour"},
    {"form": "forced_labour,sexual_exploitation", "gender": "female"},
    {"age_group": "child", "status": "confirmed", "citizenship_group": "domestic"},
    {"age_band": "9_17", "source": "north_police"},
    {"collection": "outside_register"},
]


def tiles(text: str) -> dict[str, str]:
    """Return labels and values of the headline tiles."""
    found = re.findall(r'ltt-tile-label">(.*?)</span>.*?ltt-tile-(?:value|hidden)">(.*?)</span>', text)
    return {html.unescape(label): html.unescape(value) for label, value in found}


def test_headlines_are_the_published_figures_of_the_newest_complete_year(open_page, release) -> None:
    app = open_page()
    shown = tiles(said(app))
    assert 4 <= len(shown) <= 8
    codes = ("detected_persons", "child_share", "referrals_made", "contact_within_48h_share")
    for one in answer([Question(code, ["period"]) for code in codes], release):
        complete = [row for row in one.frame.rows(named=True) if "p" not in row["marker"]]
        assert shown[one.measure.label] == number_text(one.measure, complete[-1]["value"])


@pytest.mark.parametrize("address", FILTERS, ids=lambda address: "&".join(address) or "nothing")
def test_it_answers_every_filter_with_figures_or_words(open_page, address) -> None:
    text = said(open_page(**address))
    assert "Headline measures" in text or "This cannot be shown" in text
    assert "Reported is not prevalence" in text
    assert "Synthetic data, fictional place" in text


def test_what_changed_is_said_in_up_to_six_sentences_that_do_not_judge(open_page) -> None:
    text = said(open_page())
    sentences = re.findall(r"<li>(.*?)</li>", re.search(r'ltt-changes">(.*?)</ul>', text).group(1))
    assert 3 <= len(sentences) <= 6
    for sentence in sentences:
        assert re.search(r"rose to|fell to|no clear change", sentence)
        assert not re.search(r"signific|crime|worse|better|victim", sentence, re.IGNORECASE)


def test_a_tile_leads_to_the_same_measure_with_the_same_filters(open_page) -> None:
    text = html.unescape(said(open_page(form="forced_labour", period="2022..2024")))
    assert "trends?period=2022..2024&form=forced_labour&measure=detected_persons" in text


def test_a_contributor_that_stopped_is_named(open_page) -> None:
    assert "County health has not reported since June 2024" in said(open_page())


def test_small_numbers_are_words(open_page, tiny_folder) -> None:
    shown = tiles(said(open_page(release_folder=tiny_folder)))
    hidden = [value for value in shown.values() if value == "not shown"]
    assert hidden, "sixty people in five years cannot all be shown"
    counts = [value for label, value in shown.items() if label in ("People identified", "Referrals made")]
    assert all(value == "not shown" or int(value.replace(",", "")) >= 10 for value in counts)


def test_the_outside_register_never_shares_a_page_with_own_referrals(open_page) -> None:
    assert "Referrals made" not in tiles(said(open_page(collection="outside_register")))


def topics(text: str) -> dict[str, str]:
    """Return page titles and what their lines say."""
    found = re.findall(r'<a href="([^"?]*)[^>]*>([^<]*)</a><span>(.*?)</span>', text)
    return {title: html.unescape(re.sub("<.*?>", "", words)) for _, title, words in found}


def test_every_topic_of_the_response_has_a_line_on_the_demonstration(open_page, demonstration) -> None:
    app = open_page(release_folder=demonstration)
    lines = topics(said(app))
    assert list(lines) == [page.title for page in registry.PAGES if page.group in ("Respond", "Evaluate")]
    assert all(re.search(r": [\d,]+%? in 20\d\d$", words) for words in lines.values()), lines
    assert "Public money" in lines["Funding"] and "outcomes" in lines["Outcomes and barriers"]
    assert len(tiles(said(app))) == 10
    assert len(re.findall('class="ltt-pillar"', said(app))) == 5


def test_what_others_publish_has_a_line_where_no_own_records_are_loaded(open_page, folder, tmp_path) -> None:
    published = changed(folder, tmp_path / "published", PUBLISHED_ONLY)
    text = said(open_page(release_folder=published))
    assert "python -m etl template person" in text
    assert "offences known" in topics(text)["Geography"]
