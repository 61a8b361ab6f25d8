"""The catalog holds together, and every mistake in it is named by file and key."""

import importlib.util
import re
import shutil
from pathlib import Path

import pytest

from analysis import load_catalog
from analysis.catalog.listed import LIST, changed
from analysis.catalog.load import CATALOG_FOLDER
from analysis.catalog.model import PILLARS
from analysis.errors import CatalogError

MISTAKES = [
    ("dimensions/gender.toml", 'label = "Gender"', 'label = ""', "label"),
    ("dimensions/gender.toml", 'code = "gender"', 'code = "sex"', "code"),
    ("dimensions/gender.toml", 'code = "female"', 'code = "Female!"', r"category\[1\].code"),
    ("dimensions/gender.toml", 'code = "male"', 'code = "female"', "category"),
    ("dimensions/gender.toml", "slot = 1", "slot = 7", r"category\[1\].slot"),
    ("dimensions/gender.toml", "slot = 1", "slto = 1", r"category\[1\].slto"),
    ("dimensions/form.toml", "multi = true", 'multi = "yes"', "multi"),
    ("dimensions/sector.toml", "[recorded_for]", "[recorded_of]", "recorded_of"),
    ("dimensions/sector.toml", '"forced_labour"', '"forced_labor"', "recorded_for"),
    ("dimensions/sector.toml", "form = [", "sector = [", "recorded_for"),
    ("dimensions/source.toml", "codes_from", "#", "category"),
    ("dimensions/response_band.toml", "low = 72", "low = 24", "category"),  # no room for a band
    ("dimensions/response_band.toml", "low = 72", "low = 12", "category"),  # two bands overlap
    ("dimensions/response_band.toml", "low = 0", "low = 1", "category"),  # nobody answers within an hour
    ("dimensions/response_band.toml", "low = 72\n", "", "category"),  # a category among the bands
    ("dimensions/response_band.toml", "low = 72", "low = 72\nhigh = 168", r"category\[5\].high"),
    ("dimensions/response_band.toml", 'unit = "hours"', "", "unit"),
    ("dimensions/response_band.toml", 'unit = "hours"', 'unit = "months"', "unit"),
    ("dimensions/gender.toml", 'label = "Gender"', 'label = "Gender"\nunit = "days"', "unit"),
    ("dimensions/response_band.toml", 'closed = "right"', 'closed = "both"', "closed"),
    ("measures/tips_response_median.toml", 'unit = "hours"', 'unit = "days"', "unit"),
    ("measures/tips_response_median.toml", '"response_band"', '"channel"', "share_of"),
    ("measures/tips_response_median.toml", "quantile = 0.5", "quantile = 5", "quantile"),
    ("subjects/person.toml", '"form", "age_group"', '"fomr", "age_group"', "core"),
    ("subjects/person.toml", '"identified_by"', '"form"', "detail"),
    ("subjects/person.toml", "month = 3", "month = 9", "limits.month"),
    ("subjects/person.toml", "year = 4", "", "limits.year"),
    ("measures/child_share.toml", 'kind = "share"', 'kind = "percent"', "kind"),
    ("measures/child_share.toml", "reviewed = 2026-01-15", 'reviewed = "soon"', "reviewed"),
    ("measures/child_share.toml", '["child"]', '["baby"]', "numerator.age_group"),
    ("measures/child_share.toml", "[numerator]", "[numerotar]", "numerotar|numerator"),
    ("subjects/outcome.toml", 'always = ["outcome_domain"]', 'always = ["gender"]', "always"),
    ("measures/child_share.toml", 'subject = "person"', 'subject = "people"', "subject"),
    ("measures/child_share.toml", '"known_only"', '"known_onyl"', "caveats"),
    ("measures/detection_rate_per_100k.toml", "per = 100000", "", "per"),
    ("measures/population.toml", "why_no_door", "#", "why_no_door"),
    ("measures/fbi_offences_known.toml", 'source = "fbi_offences"', "", "source"),
    ("derived/area_band.toml", "analysis.findings.areas.bands", "analysis.area_ribbons", "worked_out_in"),
    ("derived/area_band.toml", "analysis.findings.areas.bands", "../analysis", "worked_out_in"),
    ("derived/area_band.toml", '"detection_rate_per_100k"', '"detection_rate"', "made_from.measures"),
    ("derived/risk_context.toml", '"area_context"', '"warehouse"', "made_from.tables"),
    ("derived/risk_context.toml", 'tables = ["area_context"]', "", "made_from"),
    ("derived/money_ending.toml", '["award"]', '["awards"]', "made_from.registers"),
    ("derived/money_ending.toml", 'door = "none"', 'door = "open"', "door"),
    ("derived/money_ending.toml", "why_shown", "#", "why_shown"),
    ("derived/money_ending.toml", '["funding"]', "[]", "pages"),
    ("derived/money_ending.toml", "order =", "ordre =", "ordre"),
    ("measures/public_funding.toml", 'headline_of = "funding"', 'headline_of = "gaps"', "headline_of"),
    ("measures/tips_channel_share.toml", "order =", 'headline_of = "reporting"\norder =', "headline_of"),
    ("protection.toml", "d = 5 ", "d = 5.5 ", "noise.d"),
    ("protection.toml", "public = 10", "public = 3", "threshold.partner"),
    ("glossary.toml", "meaning =", "meening =", "meaning"),
    ("caveats.toml", "small_base", "small base", "TOML"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return shutil.copytree(CATALOG_FOLDER, tmp_path / "catalog")


@pytest.mark.parametrize(("file", "before", "after", "key"), MISTAKES)
def test_a_mistake_is_named_by_file_and_key(copy, file, before, after, key):
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert before in text, f"the test's own example has moved: {before}"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        load_catalog(copy)
    assert f"data/catalog/{file}" in caught.value.message
    assert re.search(key, caught.value.message)


def test_pillars_have_one_order() -> None:
    assert load_catalog().dimensions["pillar"].known_codes == PILLARS


def test_a_missing_file_is_named(copy):
    (copy / "protection.toml").unlink()
    with pytest.raises(CatalogError, match=r"protection.toml is missing"):
        load_catalog(copy)


def test_the_list_of_files_is_that_of_this_version() -> None:
    assert changed(CATALOG_FOLDER) == [], "the catalog has changed: make catalog-list"


@pytest.mark.parametrize("name", ["measures/child_share.toml", "sources/nrm.toml", "derived/timeliness.toml"])
def test_a_file_that_nothing_else_asks_for_is_missed_too(copy, name):
    (copy / name).unlink()
    with pytest.raises(CatalogError, match=f"data/catalog/{name} is missing") as raised:
        load_catalog(copy)
    assert "git checkout" in raised.value.next_step


def test_a_lost_list_is_missed_in_the_projects_own_catalog(copy, monkeypatch):
    (copy / LIST).unlink()
    monkeypatch.setattr("analysis.catalog.load.CATALOG_FOLDER", copy)
    with pytest.raises(CatalogError, match=f"data/catalog/{LIST} is missing"):
        load_catalog.__wrapped__(None)


def test_what_was_changed_or_added_is_told(copy):
    (copy / "caveats.toml").write_text("# mine\n" + (copy / "caveats.toml").read_text("utf-8"), "utf-8")
    (copy / "measures/mine.toml").write_text("", "utf-8")
    assert changed(copy) == [
        "data/catalog/caveats.toml was changed",
        "data/catalog/measures/mine.toml was added",
    ]


def test_a_measure_is_one_file(copy):
    text = (copy / "measures/child_share.toml").read_text(encoding="utf-8")
    text = text.replace('"child_share"', '"adult_share"').replace('["child"]', '["adult"]')
    (copy / "measures/adult_share.toml").write_text(text, encoding="utf-8")
    catalog = load_catalog(copy)
    assert catalog.measures["adult_share"].numerator == (("age_group", ("adult",)),)
    assert catalog.sha256 != load_catalog().sha256


def test_what_pages_work_out_has_no_code_of_a_measure(copy):
    text = (copy / "derived/area_band.toml").read_text(encoding="utf-8")
    (copy / "derived/child_share.toml").write_text(text.replace('"area_band"', '"child_share"'), "utf-8")
    with pytest.raises(CatalogError, match=r"derived/child_share.toml: 'code'.*no measure has"):
        load_catalog(copy)


def test_what_pages_work_out_is_described_like_a_measure(catalog):
    assert len(catalog.derived) >= 12
    for one in catalog.derived.values():
        assert importlib.util.find_spec(one.worked_out_in), one.code
        assert one.definition.endswith(".") and one.formula.endswith(".") and one.why_shown.endswith(".")
        assert catalog.made_from(one)


def test_the_project_catalog_holds_together(catalog):
    assert len(catalog.measures) >= 15
    for measure in catalog.measures.values():
        assert measure.arrow == "neutral" and measure.pages, measure.code
        assert measure.definition.endswith(".") and measure.formula.endswith("."), measure.code
        assert measure.sources and measure.owner, measure.code
    for subject in catalog.subjects.values():
        assert subject.door == "person"
        assert all(limit <= 4 for limit in subject.limits.values())
    for dimension in catalog.dimensions.values():
        slots = [category.slot for category in dimension.categories if category.slot]
        assert slots == sorted(set(slots)), dimension.code


def test_words_keep_to_the_house_rules(catalog):
    """No figure is of "cases" or "victims", and nothing hidden is called suppressed."""
    texts = [caveat.text for caveat in catalog.caveats.values()]
    texts += [text for one in catalog.measures.values() for text in (one.label, one.short, one.unit)]
    texts += [
        text
        for one in catalog.dimensions.values()
        for text in (one.label, *(c.label for c in one.categories))
    ]
    for text in texts:
        assert not re.search(r"\b(cases?|victims?|suppressed)\b", text, re.IGNORECASE), text
