"""Two files can be told apart, and joined: their rows hold the filters, their names and titles differ."""

import csv
import io
import re
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Filters, Question, answer, load_catalog
from analysis.exports import ExportItem, data_file, data_package, export_context, export_items, export_name
from analysis.exports.adding_up import adding_up
from analysis.exports.scope import file_stem, neutral_title
from ui.cards import card_file

from .conftest import AREAS, make_answer, make_context, make_item


def rows_of(item: ExportItem, context) -> list[dict[str, str]]:
    return list(csv.DictReader(data_file(item, context, "csv").decode().splitlines()))


def asked(question: Question) -> ExportItem:
    return make_item(replace(make_answer(), question=question))


def test_each_fixed_filter_is_a_column_with_code_and_words() -> None:
    question = Question("detected_persons", ("area", "gender"), {"form": ["a", "b"], "age_group": ["child"]})
    rows = rows_of(asked(question), make_context(filters=Filters(where=question.where)))
    assert {(row["form"], row["form_label"]) for row in rows} == {("a;b", "a or b")}
    assert {(row["age_group"], row["age_group_label"]) for row in rows} == {("child", "Children")}
    assert "period" not in rows[0], "no period was chosen, and the release is not here to say its own"


def test_a_filter_that_a_measure_cannot_keep_says_all() -> None:
    chosen = Filters(areas=("D01",), where=(("age_group", ("child",)),))
    item = make_item(
        replace(
            make_answer(),
            question=Question("detected_persons", ("gender",)),
            frame=make_answer().frame.filter(area="D01").drop("area"),
        )
    )
    context = make_context(filters=chosen)
    [first, *_] = rows_of(item, context)
    assert (first["area"], first["area_label"]) == ("all", "Whole region")
    assert (first["age_group"], first["age_group_label"]) == ("all", "All")
    content = data_package([item], context, "csv")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        readme = " ".join(archive.read("README.txt").decode().split())
    assert "The filter by area and child or adult does not apply to this measure" in readme
    assert neutral_title(item, context) == "People identified by gender, Example region"


@pytest.mark.parametrize(
    ("question", "title"),
    [
        (Question("detected_persons", ["period"], {"area": "D01"}), "People identified by year, Ashby"),
        (
            Question("detected_persons", ["period"], {"area": ["D01", "D03"]}, period_level="quarter"),
            "People identified by quarter, Ashby or São Bento – north",
        ),
        (
            Question("detected_persons", [], {"age_group": "child"}, periods=("2016-01", "2025-12")),
            "People identified, Example region, children, 2016–2025",
        ),
        (
            Question("detected_persons", ["area"], {"area": "D01", "gender": "other"}),
            "People identified by area, within Ashby, gender: other",
        ),
    ],
)
def test_the_title_says_what_a_table_is_of_and_not_what_it_says(question, title) -> None:
    item = make_item(replace(make_answer(), question=question, frame=make_answer().frame.clear()))
    assert neutral_title(item, make_context()) == title


CODES = st.lists(st.sampled_from(["child", "adult", "other", "forced_labour", "a+b"]), max_size=3)
QUESTIONS = st.builds(
    lambda by, where, level, periods: Question(
        "detected_persons", by, where, period_level=level, periods=periods
    ),
    st.lists(st.sampled_from(["period", "gender", "form"]), max_size=3).map(sorted),
    st.dictionaries(
        st.sampled_from(["age_group", "form", "status"]),
        CODES,
        max_size=3,
    )
    | st.fixed_dictionaries({"area": st.lists(st.sampled_from(sorted(AREAS)), min_size=1)}),
    st.sampled_from(["year", "quarter"]),
    st.none() | st.sampled_from([("2019", "2023"), ("2024", "2024")]),
)


@given(QUESTIONS, QUESTIONS)
def test_different_questions_have_different_file_names(one: Question, other: Question) -> None:
    context, frame = make_context(), make_answer().frame.clear()
    items = [make_item(replace(make_answer(), question=q, frame=frame)) for q in (one, other)]
    stems = [file_stem(item, context) for item in items]
    alike = [
        q.changed(period_level="year") if "period" not in q.by else q for q in (one, other)
    ]  # without rows by period, their level changes nothing
    assert (stems[0] == stems[1]) == (alike[0] == alike[1])
    assert all(re.fullmatch(r"[a-z0-9_]{1,90}", stem) for stem in stems)


def test_names_of_files_hold_release_and_kind_and_stay_short() -> None:
    codes = [f"a_long_code_{n}" for n in range(20)]
    long = asked(Question("detected_persons", ("area", "gender"), {"form": codes}))
    other = asked(Question("detected_persons", ("area", "gender"), {"form": codes[1:]}))
    names = [export_name([item], make_context(), "csv") for item in (long, other)]
    assert names[0] != names[1]
    assert all(name.endswith("_0123456789ab_csv.zip") and len(name) < 130 for name in names)
    assert export_name([long], make_context(profile="steward"), "csv").startswith("RESTRICTED_")


def test_the_file_of_a_card_has_the_columns_and_the_name_of_its_filters() -> None:
    context = make_context(filters=Filters(("D01",), ("2024", "2025"), (("age_group", ("child",)),)))
    assert card_file.name("trends", "trend", context) == (
        "trends_trend_ashby_d01_age_group_child_2024_2025_0123456789ab.csv"
    )
    [first, *_] = csv.DictReader(card_file.card_csv([make_item()], context).decode().splitlines())
    assert (first["form"], first["age_group"]) == ("forced_labour", "all")


@pytest.mark.parametrize(
    ("link", "home"),
    [
        ("https://example.org/trends?form=a", "https://example.org/trends?form=a"),
        ("http://10.0.0.7:8501/trends", "http://10.0.0.7:8501/trends"),
        ("http://127.0.0.1:8501/trends", ""),
        ("http://[::1]:8501/trends", ""),
        ("http://localhost/trends", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_only_an_address_that_others_can_follow_is_a_home_page(link: str, home: str) -> None:
    assert make_context(permalink=link).public_link == home


def test_amounts_keep_their_cents() -> None:
    frame = make_answer().frame.with_columns(value=make_answer().frame["value"] + 0.25)
    rows = rows_of(make_item(replace(make_answer(), frame=frame)), make_context())
    assert rows[0]["value"] == "40.25"


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("detected_persons", "months and quarters add up to the year"),
        ("referrals_made", "years to longer periods, but for numbers that are not shown"),
        ("open_referrals", "the state at the end of its period"),
        ("child_share", "do not add up"),
        ("places", "state at the end"),
        ("public_funding", "years to longer periods."),
    ],
)
def test_the_definition_says_whether_periods_add_up(measure: str, words: str) -> None:
    entry = load_catalog().measures[measure]
    assert words in adding_up(make_item(replace(make_answer(), measure=entry)), make_context())


def test_categories_that_one_person_can_be_in_do_not_add_up() -> None:
    item = asked(Question("detected_persons", ("form",)))
    assert "one person can be in several" in adding_up(item, make_context())


def test_money_and_places_are_not_said_to_be_protected_like_persons() -> None:
    entry = load_catalog().measures["public_funding"]
    item = make_item(replace(make_answer(), measure=entry))
    with zipfile.ZipFile(io.BytesIO(data_package([item], make_context(), "csv"))) as archive:
        readme = " ".join(archive.read("README.txt").decode().split())
    assert "changed slightly at random" not in readme
    assert "not prevalence" not in readme


def test_how_numbers_are_protected_is_said_once_a_document(release) -> None:
    catalog = load_catalog()
    answers = answer([Question("detected_persons", ["period"]), Question("child_share", ["period"])], release)
    context = export_context(release, catalog)
    items = export_items(answers, release, catalog)
    told = catalog.caveats["protection"].text
    assert all(told in one.caveats for one in answers)
    with zipfile.ZipFile(io.BytesIO(data_package(items, context, "package"))) as archive:
        for name in ("README.txt", "measures.md", "datapackage.json"):
            words = " ".join(archive.read(name).decode().split())
            assert words.count("To protect people") == 1, name
            assert told not in words, name
        [workbook] = [name for name in archive.namelist() if name.endswith(".xlsx")]
        with zipfile.ZipFile(io.BytesIO(archive.read(workbook))) as sheets:
            assert sheets.read("xl/sharedStrings.xml").decode().count("To protect people") == 1
    exact = data_file(items[0], context, "json").decode()
    assert exact.count("To protect people") == 1


def test_a_release_gives_names_periods_and_boundaries(release) -> None:
    catalog = load_catalog()
    questions = [
        Question("detected_persons", ["area"], {"form": "forced_labour"}, area_level=2),
        Question("fbi_offences_known", ["period"]),
    ]
    answers = answer(questions, release)
    items = export_items(answers, release, catalog, ["A headline."])
    context = export_context(release, catalog, Filters(where=(("form", ("forced_labour",)),)))
    assert [item.headline for item in items] == ["A headline.", ""]
    assert neutral_title(items[0], context) == (
        "People identified by district, Example region, forced labour, 2021–2025"
    )
    assert context.threshold == release.threshold
    assert items[0].boundaries is not None and items[0].boundaries().height > 0
    assert "Example region" not in neutral_title(items[1], context), "figures of others are of other places"
    rows = rows_of(items[1], context)
    assert {row["form"] for row in rows} == {"all"}
