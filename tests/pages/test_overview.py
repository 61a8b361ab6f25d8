"""Overview: what is said is what was published, and nothing more."""

import html
import re

import pytest

from analysis import Question, answer, load_catalog
from analysis.words import number_text
from etl.demonstration import load_facts, load_region
from etl.demonstration.people.people import people
from tests.demonstration import demonstration_release
from tests.pages.conftest import headlines, said
from tests.release_states import changed, make

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


def plain(markup: str) -> str:
    """Return HTML without its tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def tiles(text: str) -> dict[str, str]:
    """Return labels and values of the headline tiles."""
    found = re.findall(r'ltt-tile-label">(.*?)</span>.*?ltt-tile-(?:value|hidden)">(.*?)</span>', text)
    return {plain(label.partition(" <span")[0]): html.unescape(value) for label, value in found}


def summary(text: str) -> dict[str, str]:
    """Return the sentences at the top, by their titles."""
    listed = re.search(r'ltt-summary">(.*?)</ul>', text)
    items = re.findall(r"<li><strong>(.*?)\.</strong> (.*?)</li>", listed.group(1) if listed else "")
    return {title: plain(sentence).strip() for title, sentence in items}


def changes(text: str) -> list[tuple[str, str, str]]:
    """Return page, verdict and sentence of each line of "what changed"."""
    listed = re.search(r'<ul class="ltt-topics">(.*?)</ul>', text)
    pattern = r'<a href="([a-z_]+)[^"]*"[^>]*>[^<]*</a><span[^>]*data-verdict="([^"]*)">(.*?)</span></li>'
    return [
        (page, verdict, plain(line))
        for page, verdict, line in re.findall(pattern, listed.group(1) if listed else "")
    ]


def test_it_opens_with_five_sentences(open_page, demonstration) -> None:
    lines = summary(said(open_page(release_folder=demonstration)))
    assert list(lines) == ["What changed", "Where", "Early warning", "How sure", "What is missing"]
    assert lines["What changed"].startswith("People identified rose from about")
    assert re.search(r"is clearly (above|below) the rate of all areas together", lines["Where"])
    assert "stopped reporting after September 2023" in lines["What is missing"]
    assert "2025 is still incomplete: " in lines["What is missing"]
    assert lines["Early warning"].startswith(
        "Nothing above what is usual in April–June 2025, of 11 areas and"
    )
    assert lines["Early warning"].endswith("by chance alone, one look in twenty would show one.")


def test_the_incomplete_year_is_expected_to_come_to_what_comes_in(open_page, demonstration) -> None:
    missing = summary(said(open_page(release_folder=demonstration)))["What is missing"]
    found = re.search(
        r"still incomplete: ([\d,]+) people identified so far, about ([\d,]+) \(([\d,]+)–([\d,]+)\) expected",
        missing,
    )
    assert found, missing
    now, _, lower, upper = (int(one.replace(",", "")) for one in found.groups())
    facts = load_facts()
    everyone = people(facts["seed"], facts["persons"], facts, load_region())
    is_of_year = everyone.month >= facts.position("2025-01")
    truth = int((everyone.lists.any(axis=1) & is_of_year).sum())
    assert now < lower <= truth <= upper
    # Of one area nothing is known, and nothing is said.
    of_area = summary(said(open_page(release_folder=demonstration, area="TM1")))["What is missing"]
    assert of_area.endswith("2025 is still incomplete.")


def test_the_planted_cluster_is_found_and_little_else(open_page, demonstration) -> None:
    found = headlines(open_page(release_folder=demonstration, every_card=True))
    assert found["cluster"].startswith("Plovercross had more than expected in 2021–2022: ")
    assert "one look in twenty" in found["cluster"] and "one look in twenty" in found["warnings"]


def test_where_protection_hides_too_much_that_is_said(open_page, demonstration) -> None:
    lines = summary(said(open_page(release_folder=demonstration, area="TM504")))
    assert lines["Early warning"].startswith("Protection hides too many of these numbers to tell")


@pytest.mark.parametrize(
    ("area", "words"),
    [
        ("TM1", "Saltreach is clearly above the rate of all areas together in 2016–2025."),
        ("TM101", "Brindleport is clearly above the rate of all areas together in 2016–2025."),
        ("TM1,TM2", "Saltreach is clearly above the rate of all areas together in 2016–2025."),
    ],
)
def test_a_chosen_area_is_held_against_all_areas_and_not_against_itself(
    open_page, demonstration, area, words
) -> None:
    assert summary(said(open_page(release_folder=demonstration, area=area)))["Where"] == words


def test_headlines_are_the_published_figures_of_the_year_that_is_compared(open_page, release) -> None:
    shown = tiles(said(open_page()))
    assert 4 <= len(shown) <= 8
    codes = ("detected_persons", "child_share", "referrals_made", "contact_within_48h_share")
    for one in answer([Question(code, ["period"]) for code in codes], release):
        complete = [row for row in one.frame.rows(named=True) if "p" not in row["marker"]]
        assert shown[one.measure.label] == number_text(one.measure, complete[-1]["value"])


@pytest.mark.parametrize("address", FILTERS, ids=lambda address: "&".join(address) or "nothing")
def test_it_answers_every_filter_with_figures_or_words(open_page, address) -> None:
    text = said(open_page(**address))
    assert "headline measure" in text or "This cannot be shown" in text
    assert "Reported is not prevalence" in text
    assert "Synthetic data, fictional place" in text


def test_what_changed_does_not_judge_and_names_each_measure_once(open_page, demonstration) -> None:
    lines = changes(said(open_page(release_folder=demonstration)))
    assert 3 <= len(lines) <= 8
    for _, verdict, sentence in lines:
        assert re.search(r"(long|newest) -?1", verdict), "only clear changes are listed"
        assert re.search(r" (rose|fell) from ", sentence)
        assert not re.search(r"signific|crime|worse|better|victim", sentence, re.IGNORECASE)
    subjects = [re.split(r" (?:rose|fell) ", sentence)[0] for _, _, sentence in lines]
    assert len(set(subjects)) == len(subjects)
    assert "People identified" not in subjects, "the first sentence of the page has said it"


def test_what_changed_says_of_how_many_measures_the_catalog_fixes(open_page, demonstration) -> None:
    text = said(open_page(release_folder=demonstration))
    catalog = load_catalog()
    family = {
        one.code
        for one in catalog.measures.values()
        if one.headline_of or ("overview" in one.pages and one.has_one_value)
    }
    assert f"; {len(family)} were looked at" in text


def test_what_cannot_follow_a_filter_wears_a_chip_and_is_not_among_the_changes(
    open_page, demonstration
) -> None:
    text = said(open_page(release_folder=demonstration, area="TM101", age_group="child"))
    agreements = re.search(r'<a href="trends[^"]*measure=agreements_active".*?</a>', text).group(0)
    assert "Whole region" in agreements and "All ages" in agreements
    people = re.search(r'<a href="trends[^"]*measure=detected_persons".*?</a>', text).group(0)
    assert "ltt-chip" not in people
    told = " ".join(sentence for _, _, sentence in changes(text))
    assert not re.search(r"greements|money|actions|face to face", told)


def test_a_tile_leads_to_the_same_measure_with_the_same_filters(open_page) -> None:
    text = html.unescape(said(open_page(form="forced_labour", period="2022..2024")))
    assert "trends?period=2022..2024&form=forced_labour&measure=detected_persons" in text


def test_a_contributor_that_stopped_is_named(open_page) -> None:
    assert "County health stopped reporting after June 2024" in said(open_page())


def test_small_numbers_are_words(open_page, tiny_folder) -> None:
    text = said(open_page(release_folder=tiny_folder))
    shown = tiles(text)
    hidden = [value for value in shown.values() if value == "not shown"]
    assert hidden, "sixty people in five years cannot all be shown"
    counts = [value for label, value in shown.items() if label in ("People identified", "Referrals made")]
    assert all(value == "not shown" or int(value.replace(",", "")) >= 10 for value in counts)
    assert not [line for _, _, line in changes(text) if "not shown" in line]


def test_the_outside_register_never_shares_a_page_with_own_referrals(open_page) -> None:
    assert "Referrals made" not in tiles(said(open_page(collection="outside_register")))


def test_the_demonstration_has_tiles_of_all_pillars(open_page, demonstration) -> None:
    text = said(open_page(release_folder=demonstration))
    assert len(tiles(text)) == 10
    assert text.count('class="ltt-pillar"') == 5


def test_with_people_and_referrals_only_nothing_is_said_of_other_topics(open_page, tmp_path) -> None:
    only = changed(demonstration_release(), tmp_path / "some", PERSONS_AND_REFERRALS)
    text = said(open_page(release_folder=only))
    assert "People identified" in tiles(text)
    pages = {page for page, _, _ in changes(text)}
    assert not pages & {"reporting", "gaps", "enforcement", "partnerships", "prevention"}
    assert "nothing yet" not in text


def test_with_figures_of_others_only_they_are_told_and_own_records_are_said_to_be_missing(
    open_page, tmp_path
) -> None:
    text = html.unescape(said(open_page(release_folder=make("published_only", tmp_path / "fbi"))))
    shown = tiles(text)
    assert shown["Trafficking offences known to the police (FBI)"].replace(",", "").isdigit()
    assert "Trafficking offences cleared (FBI)" in shown
    assert "FBI human trafficking offences: figures up to 2025, as published." in text
    links = re.search(r"Figures are on: (.*?)</p>", text).group(1)
    assert {"trends", "geography", "enforcement"} <= set(re.findall(r'href="([a-z_]+)', links))
    assert "own records are not here yet" in text and "python -m etl template person" in text
    assert "python -m etl build" not in text


def test_with_own_records_figures_of_others_take_no_tile(open_page) -> None:
    assert not [label for label in tiles(said(open_page())) if "FBI" in label]


def test_a_single_quarter_of_others_opens_without_an_error(open_page, tmp_path) -> None:
    """Only one quarter of published referrals: no comparison, no error, figures all the same."""
    one = "DELETE FROM observation WHERE NOT (period_level = 'year' AND period = '2025')"
    folder = changed(make("published_only", tmp_path / "fbi"), tmp_path / "one", (one,))
    text = said(open_page(release_folder=folder))
    assert "This cannot be shown" not in text
    assert "Trafficking offences known to the police (FBI)" in tiles(text)
