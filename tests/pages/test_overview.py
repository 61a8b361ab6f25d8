"""Overview: what is said is what was published, and nothing more."""

import html
import itertools
import re

import pytest

from analysis import Question, answer, open_release
from analysis.words import number_text, with_unit
from tests.demonstration import demonstration_release
from tests.pages.conftest import said
from tests.release_states import changed, make
from ui.app import registry

PERSONS_AND_REFERRALS = (
    "DELETE FROM collection WHERE subject NOT IN ('person', 'referral')",
    "DELETE FROM observation",
)

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


TOPICS = tuple(page.code for page in registry.PAGES if page.group in ("Respond", "Evaluate"))


def lines(text: str) -> dict[str, str]:
    """Return pages and what their lines say, without markup."""
    part = re.search(r'<ul class="ltt-topics">(.*?)</ul>', text)
    found = re.findall(
        r'<li><a href="([a-z_]+)[^"]*"[^>]*>[^<]*</a>(.*?)</li>', part.group(1) if part else ""
    )
    return {page: html.unescape(re.sub(r"<[^>]+>", " ", said)) for page, said in found}


def changes(text: str) -> list[str]:
    """Return the sentences of "What changed"."""
    listed = re.search(r'ltt-changes">(.*?)</ul>', text).group(1)
    return [html.unescape(one) for one in re.findall(r"<li>(.*?)</li>", listed)]


def test_every_topic_of_the_demonstration_has_a_line_with_its_published_figure(
    open_page, demonstration
) -> None:
    text = said(open_page(release_folder=demonstration))
    told = lines(text)
    assert tuple(told) == TOPICS
    assert len(tiles(text)) == 10
    assert text.count('class="ltt-pillar"') == 5
    headlines = {
        "reporting": "tips_received",
        "pathway": "service_wait_median",
        "funding": "public_funding",
        "outcomes": "outcome_improved_share",
    }
    found = answer([Question(code, ["period"]) for code in headlines.values()], open_release(demonstration))
    for page, one in zip(headlines, found, strict=True):
        complete = [row for row in one.frame.rows(named=True) if "p" not in row["marker"]]
        assert one.measure.label in told[page]
        assert with_unit(one.measure, complete[-1]["value"]) in told[page]


def test_no_measure_is_told_twice(open_page, demonstration) -> None:
    text = said(open_page(release_folder=demonstration))
    told = lines(text)
    assert not [
        label for label in tiles(text) for line in told.values() if line.strip().startswith(f"{label}:")
    ]


def test_what_changed_tells_the_largest_clear_changes_of_all_topics_first(open_page, demonstration) -> None:
    sentences = changes(said(open_page(release_folder=demonstration)))
    clear = [one for one in sentences if re.search(r" rose to | fell to ", one)]
    assert clear and len(sentences) <= 6
    sizes = []
    for one in clear:
        now, before = re.search(r"(?:rose|fell) to ([\d,.]+).*?from ([\d,.]+\d)", one).groups()
        low, high = sorted(float(number.rstrip(".").replace(",", "")) for number in (now, before))
        sizes.append(high / low)
    rounded = [(size - 0.05, size + 0.05) for size in sizes]
    assert all(first[1] >= then[0] for first, then in itertools.pairwise(rounded)), clear
    assert any("People trained" in one for one in clear), "a topic that is no tile"


def test_with_people_and_referrals_only_there_are_lines_of_their_topics_only(open_page, tmp_path) -> None:
    only = changed(demonstration_release(), tmp_path / "some", PERSONS_AND_REFERRALS)
    text = said(open_page(release_folder=only))
    assert "People identified" in tiles(text)
    assert not set(lines(text)) & {"reporting", "gaps", "enforcement", "partnerships", "prevention"}
    assert "pathway" in lines(text)
    assert "Not loaded yet" not in text


def test_with_figures_of_others_only_they_are_told_and_own_records_are_said_to_be_missing(
    open_page, tmp_path
) -> None:
    text = html.unescape(said(open_page(release_folder=make("published_only", tmp_path / "fbi"))))
    shown = tiles(text)
    assert shown["Trafficking offences known to the police (FBI)"].replace(",", "").isdigit()
    assert "Trafficking offences cleared (FBI)" in shown
    assert "FBI human trafficking offences: figures up to 2025, loaded on 10 January 2026." in text
    links = re.search(r"Figures are on: (.*?)</p>", text).group(1)
    assert {"trends", "geography", "enforcement"} <= set(re.findall(r'href="([a-z_]+)', links))
    assert "Your own records" in text and "python -m etl template person" in text
    assert "python -m etl build" not in text


def test_with_own_records_figures_of_others_take_no_tile(open_page) -> None:
    text = said(open_page())
    assert not [label for label in tiles(text) if "FBI" in label]
    assert "(FBI)" in lines(text)["geography"]


def test_a_hidden_topic_says_so_and_has_no_number(open_page, tiny_folder) -> None:
    text = said(open_page(release_folder=tiny_folder))
    assert lines(text)["pathway"].count("not shown") == 1
    assert not re.search(r": +\d", lines(text)["pathway"])
