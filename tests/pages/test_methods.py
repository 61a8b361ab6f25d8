"""Methods: every measure, dimension, source and term of the catalog, word for word."""

import html
import re

from analysis import load_catalog
from tests.pages.conftest import said
from tests.release_states import make
from tests.support import PROJECT
from ui.topics.methods.statistics_text import notes
from ui.view import registry

CATALOG = load_catalog()


SUMMARIES = re.compile(r'<details class="ltt-fold"[^>]*><summary>(.*?)</summary>')
MEASURES = re.compile(r'<details class="ltt-fold" id="m_(\w+)"( open)?>')


def entries(app) -> set[str]:
    """Return the titles of all that is folded away."""
    return {html.unescape(title) for title in SUMMARIES.findall(said(app))}


def measures(app) -> dict[str, bool]:
    """Return the measures that have an entry with an anchor, and whether it is open."""
    return {code: bool(opened) for code, opened in MEASURES.findall(said(app))}


def test_the_first_part_says_how_to_read_an_interval_what_is_not_shown_and_what_clearly_means(
    open_page,
) -> None:
    text = said(open_page("methods"))
    places = [text.index(f">{words}</h3>") for words in ("The number in brackets", "Not shown", "Clearly")]
    assert places == sorted(places)
    assert places[-1] < text.index(">How people are protected</h2>")
    assert f"means fewer than {CATALOG.protection.threshold['public']}, or none" in text
    assert "It does not mean that nothing changed" in text


def test_every_measure_has_a_closed_entry_with_an_anchor_inside_its_group(open_page) -> None:
    found = measures(open_page("methods"))
    assert found.keys() == CATALOG.measures.keys() | CATALOG.derived.keys()
    assert not any(found.values())


def test_a_page_leads_to_the_definition_of_each_measure_that_it_shows(open_page) -> None:
    text = said(open_page("trends", area="C1"))
    assert 'href="methods?area=C1#m_detected_persons"' in html.unescape(text)
    assert "#m_tips_received" not in text


def test_every_measure_has_definition_formula_owner_and_review_date(open_page) -> None:
    app = open_page("methods")
    text = html.unescape(said(app))
    for measure in CATALOG.measures.values():
        assert measure.label in entries(app), measure.code
        for words in (measure.definition, measure.formula, measure.owner, measure.reviewed.isoformat()):
            assert words in text, (measure.code, words)
        for code in measure.caveats:
            assert CATALOG.caveats[code].text in text


def test_what_pages_work_out_is_explained_like_a_measure(open_page) -> None:
    app = open_page("methods")
    text = html.unescape(said(app))
    for one in CATALOG.derived.values():
        assert one.label in entries(app), one.code
        for words in (one.definition, one.formula, one.unit, one.why_shown, *one.sources):
            assert words in text, (one.code, words)
        for page in one.pages:
            assert registry.entry(page).title in text
    app.text_input(key="find").set_value("funders").run()
    assert "Concentration of public funding" in entries(app)
    assert "Area band" not in entries(app)


def test_every_dimension_source_and_term_is_explained(open_page) -> None:
    app = open_page("methods")
    text = html.unescape(said(app))
    for dimension in CATALOG.dimensions.values():
        assert dimension.label in entries(app) and dimension.description in text
        assert all(category.label in text for category in dimension.categories)
    for source in CATALOG.sources.values():
        assert source.label in entries(app) and source.rule in text and source.citation in text
    for term in CATALOG.glossary.terms:
        assert term.meaning in text and f'id="term-{term.code}"' in text


def test_acronyms_of_the_laws_and_sources_are_in_the_glossary() -> None:
    terms = {term.term for term in CATALOG.glossary.terms}
    assert {"CTDC", "FBI", "HTCDS", "JVTA", "NRM", "TVPA", "FOSTA–SESTA"} <= terms


def test_the_glossary_can_be_read_like_a_dictionary(open_page) -> None:
    shown = re.findall(r'<dt id="term-[^>]*>(.*?)</dt>', html.unescape(said(open_page("methods"))))
    assert shown == sorted(shown, key=str.casefold) and len(shown) == len(CATALOG.glossary.terms)


def test_the_protection_is_told_with_the_numbers_in_force(open_page) -> None:
    rules = CATALOG.protection
    text = said(open_page("methods"))
    assert f"by at most {rules.noise_d}, with a variance of {rules.noise_v:g}" in text
    assert f"Numbers below {rules.threshold['public']} are not shown, and zeros are not shown either" in text
    assert f"at least {rules.minimum_corrections} changes" in text
    assert "not differential privacy" in text
    assert "{" not in text.replace("{display", "").split("<style>")[0].split("</style>")[-1]


def test_the_restricted_release_does_not_claim_a_protection_it_lacks(open_page, steward_folder) -> None:
    text = said(open_page("methods", release_folder=steward_folder))
    assert "This release is restricted" in text and "No change: exact numbers" in text
    assert "Each number is changed slightly at random</strong>" not in text
    assert "Numbers below 0 are not shown" not in text


def test_a_word_of_the_address_or_the_box_finds_measures(open_page) -> None:
    app = open_page("methods", find="children")
    assert measures(app) == {"child_share": True}
    app.text_input(key="find").set_value("zebra").run()
    assert any("No measure has that word" in one.value for one in app.info)
    assert not measures(app)
    app.text_input(key="find").set_value("").run()
    assert measures(app).keys() >= CATALOG.measures.keys()


def test_the_release_names_itself(open_page, release) -> None:
    text = said(open_page("methods"))
    assert release.release_id in text
    assert "as in this program" in text
    assert "data@example.org" in text


def test_no_statistic_that_a_page_uses_is_without_a_note() -> None:
    #: Not statistics: how arguments are looked at, and the floor of the estimate of people on no list.
    ground = {"analysis.statistics.checked", "analysis.statistics.hidden.floor"}
    folders = ("pages", "ui", "analysis/answers", "analysis/findings", "analysis/topics", "etl/release")
    used = {
        name
        for folder in folders
        for path in (PROJECT / folder).rglob("*.py")
        for name in re.findall(r"from (analysis\.statistics[\w.]*) import", path.read_text("utf-8"))
    }
    # The estimate and its table are told by the notes of the model, of its limits and of the resamples.
    told = {"analysis.statistics.hidden.estimate", "analysis.statistics.hidden.histories"}
    assert used - ground - told <= {one.module for one in notes()}
    assert {f"analysis.statistics.hidden.{name}" for name in ("loglinear", "bootstrap", "profile")} <= {
        one.module for one in notes()
    }


def test_it_can_be_read_without_a_release(open_page, tmp_path) -> None:
    app = open_page("methods", release_folder=make("none", tmp_path / "none"))
    assert "People identified" in entries(app)
    assert "This release" not in said(app)


def test_each_statistic_has_a_note_of_how_it_is_worked_out_and_where_it_is_from(open_page) -> None:
    text = html.unescape(said(open_page("methods")))
    made = {one.module.rpartition(".")[2]: one for one in notes()}
    assert made.keys() >= {"breaks", "forecast", "signals", "scan", "delay", "survival", "clusters", "rates"}
    for one in made.values():
        assert one.title in text and one.source in text and one.source, one.module
        assert "`" not in one.title + one.how + one.source
    assert "Farrington, Andrews, Beale & Catchpole (1996)" in made["signals"].source
