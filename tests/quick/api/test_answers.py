"""What the addresses for programs answer: the figures, words and files of the pages, by the same door."""

import csv
import io
import re
import warnings
import zipfile
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import frictionless
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import Question, Release, answer
from analysis.api.parameters import SHARED
from analysis.api.questions import asked_as, ends_of, where_of
from analysis.cli import main
from analysis.exports.permalink import permalink
from analysis.findings.groups import standard
from analysis.findings.scope import scope_of
from analysis.findings.sentences import say
from analysis.questions.filters import filters_of
from analysis.release.catalog_of_release import catalog_for
from tests.asking import API, Asking, asking
from tests.example_release import build
from tests.support import examples

CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"


def test_an_answer_carries_the_published_cell_and_what_it_is(ask: Asking, release: Release) -> None:
    body = ask("/answers?measure=child_share&by=period,gender&period=2023..2024&area=C1").json()
    question = Question("child_share", ("period", "gender"), {"area": "C1"}, periods=("2023", "2024"))
    [expected] = answer([question], release)
    rows = body["rows"]
    assert [row["value"] for row in rows] == expected.frame["value"].to_list()
    assert [row["denominator"] for row in rows] == expected.frame["base"].to_list()
    first = rows[0]
    assert (first["measure"], first["area"], first["area_label"]) == ("child_share", "C1", "Larkfield")
    assert (first["period"], first["gender"], first["unit"]) == ("2023", "female", expected.unit)
    assert first["release"] == body["release_id"] == release.release_id
    assert {"lower", "upper", "marker"} <= first.keys()
    assert body["headline"] == say(standard(expected, scope_of(expected, filters_of(question))))


def test_the_choices_of_the_explore_page_ask_the_same(ask: Asking, release: Release) -> None:
    """What stands behind the question mark of a permalink gives the same table, and leads back to it."""
    link = "measure=detected_persons&by=period,area&level=quarter&arealevel=1&period=2024&gender=female"
    body = ask(f"/answers?{link}").json()
    assert urlsplit(body["permalink"]).path == "/explore"
    assert set(urlsplit(body["permalink"]).query.split("&")) == set(link.split("&"))
    assert len(body["rows"]) == 4 * 2 and body["rows"][0]["period"] == "2024-Q1"


def test_what_the_explore_page_has_no_table_for_has_no_permalink(ask: Asking, release: Release) -> None:
    catalog = catalog_for(release)
    assert permalink(Question("detected_persons", ("period",)), catalog, "https://a.example").startswith(
        "https://a.example/explore?measure=detected_persons&by=period"
    )
    for question in (
        Question("detected_persons"),
        Question("detected_persons", ("period",), {"sector": "agriculture"}),
        Question("not_recorded_share", ("field",)),
    ):
        assert permalink(question, catalog) == "", question
    assert ask("/answers?measure=detected_persons&by=").json()["permalink"] == ""


@pytest.mark.parametrize(
    ("accept", "kind"), [("application/json", "json"), (CSV, "csv"), (PARQUET, "parquet")]
)
def test_every_format_is_the_file_of_the_command_line(
    ask: Asking, folder: Path, tmp_path: Path, accept: str, kind: str
) -> None:
    found = ask("/answers?measure=form_share&period=2024", headers={"accept": accept})
    assert found.headers["content-type"].startswith(accept)
    words = ["--measure", "form_share", "--by", "period", "form", "--periods", "2024"]
    link = "/explore?measure=form_share&by=period,form&period=2024"
    out = tmp_path / f"one.{kind}"
    more = ["--format", kind, "--out", str(out), "--link", link, "--release", str(folder)]
    assert main(["answer", *words, *more]) == 0
    assert found.content == out.read_bytes()
    if kind != "json":
        assert found.headers["content-disposition"].endswith(f'.{kind}"')


def test_tables_in_both_formats_hold_what_the_document_holds(ask: Asking) -> None:
    address = "/answers?measure=detected_persons&by=area,gender&period=2024&arealevel=2"
    rows = ask(address).json()["rows"]
    table = pl.read_parquet(io.BytesIO(ask(address, headers={"accept": PARQUET}).content)).to_dicts()
    assert table == rows
    lines = list(csv.DictReader(io.StringIO(ask(address, headers={"accept": CSV}).text)))
    written = [{name: "" if cell is None else str(cell) for name, cell in row.items()} for row in rows]
    assert [{**line, "value": line["value"]} for line in lines] == written


def test_the_findings_of_a_measure_are_the_sentences_of_its_cards(ask: Asking, release: Release) -> None:
    body = ask("/findings?measure=detected_persons&period=2021..2025").json()
    said = {tuple(one["by"]): one["sentence"] for one in body["findings"]}
    for by in (("period",), ("area",), ("gender",), ("age_band",)):
        question = Question("detected_persons", by, periods=("2021", "2025"))
        [expected] = answer([question], release)
        assert said[by] == say(standard(expected, scope_of(expected, filters_of(question)))), by
    [one] = ask("/findings?measure=detected_persons&by=gender&period=2021..2025").json()["findings"]
    assert one["sentence"] == said["gender",]


def test_areas_are_those_of_the_release_and_join_with_answers(ask: Asking) -> None:
    found = ask("/geo/1")
    assert found.headers["content-type"].startswith("application/geo+json")
    areas = {one["id"]: one["properties"] for one in found.json()["features"]}
    rows = ask("/answers?measure=detected_persons&by=area&arealevel=1&period=2024").json()["rows"]
    assert {row["area"] for row in rows} == areas.keys()
    assert areas["C1"]["name"] == "Larkfield"
    assert ask("/geo/7").status_code == 404


def test_the_catalog_says_what_has_figures(ask: Asking) -> None:
    body = ask("/catalog").json()
    has = {one["code"]: one["has_figures"] for one in body["measures"]}
    assert has["detected_persons"] and has["form_share"]
    for code in ("detected_persons", "nrm_referrals"):
        one = ask(f"/measures/{code}").json()
        assert one["has_figures"] == has[code] == (ask(f"/answers?measure={code}").status_code == 200)
        assert bool(one["why_none"]) != has[code]
    assert ask("/measures/nothing").status_code == 404


def test_every_measure_of_the_catalog_is_answered_or_refused_in_words(ask: Asking, release: Release) -> None:
    for code in catalog_for(release).measures:
        found = ask(f"/answers?measure={code}")
        assert found.status_code in (200, 422), code
        assert found.status_code == 200 or found.json()["detail"].endswith((".", "…"))


def test_an_answer_that_did_not_change_is_not_sent_again(ask: Asking) -> None:
    address = "/answers?measure=detected_persons&period=2024"
    first = ask(address)
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = ask(address, headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert ask(address, headers={"if-none-match": '"other"'}).status_code == 200
    # Another question, format or order of rows is another answer; another order of the same filters is none.
    other = {
        ask("/answers?measure=detected_persons&period=2023").headers["etag"],
        ask(address, headers={"accept": CSV}).headers["etag"],
        ask(f"{address}&by=period,gender").headers["etag"],
        ask(f"{address}&by=gender,period").headers["etag"],
        tag,
    }
    assert len(other) == 5
    assert ask("/answers?period=2024&measure=detected_persons").headers["etag"] == tag


def test_another_release_changes_every_tag(ask: Asking, tmp_path: Path) -> None:
    addresses = ("/catalog", "/answers?measure=detected_persons", "/geo/1", "/openapi.json")
    tags = {address: ask(address).headers["etag"] for address in addresses}
    with asking(build(tmp_path / "public", persons=62)) as other:
        for address, tag in tags.items():
            assert other(address).headers["etag"] != tag


def test_a_deployment_with_an_address_gives_links_that_hold_anywhere(folder: Path) -> None:
    with asking(folder, LTT_ADDRESS="https://trends.example.org") as ask:
        found = ask("/answers?measure=detected_persons")
        assert found.json()["permalink"].startswith("https://trends.example.org/explore?")
        assert found.headers["link"].startswith("<https://trends.example.org/explore?")
        assert ask("/openapi.json").json()["servers"] == [{"url": f"https://trends.example.org{API}"}]


def test_head_and_options_say_what_get_would(ask: Asking) -> None:
    address = "/answers?measure=detected_persons"
    got, head = ask(address), ask(address, method="HEAD")
    assert head.content == b"" and head.status_code == 200
    assert head.headers["content-length"] == str(len(got.content))
    assert head.headers["etag"] == got.headers["etag"]
    options = ask("/answers", method="OPTIONS")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    # No other site's script may read an answer: nothing is said of origins.
    assert not any(name.startswith("access-control") for name in {**got.headers, **options.headers})


def test_a_package_of_several_tables_is_valid_and_the_same_whoever_makes_it(
    ask: Asking, folder: Path, tmp_path: Path
) -> None:
    question = "measure=detected_persons&by=area,period&arealevel=1&period=2023..2024&gender=female"
    found = ask("/package", params=[("question", question)])
    assert found.headers["content-type"] == "application/zip"
    assert re.fullmatch(
        r'attachment; filename="[a-z0-9_]+_package\.zip"', found.headers["content-disposition"]
    )
    words = ["--measure", "detected_persons", "--by", "area", "period", "--area-level", "1"]
    words += ["--periods", "2023..2024", "--where", "gender=female", "--release", str(folder)]
    assert main(["answer", *words, "--package", str(tmp_path / "one.zip")]) == 0
    assert found.content == (tmp_path / "one.zip").read_bytes()
    both = ask("/package", params=[("question", question), ("question", "measure=child_share")])
    with zipfile.ZipFile(io.BytesIO(both.content)) as archive:
        archive.extractall(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of the validator's own dependencies
        report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])


def test_a_register_is_the_package_of_the_command_line_and_one_without_rows_is_refused(
    ask: Asking, folder: Path, tmp_path: Path
) -> None:
    found = ask("/registers/law_provision")
    assert found.headers["content-type"] == "application/zip" and found.headers["etag"]
    assert re.fullmatch(
        r'attachment; filename="law_provision_[a-z0-9_]+_package\.zip"', found.headers["content-disposition"]
    )
    file = tmp_path / "laws.zip"
    assert main(["register", "law_provision", "--release", str(folder), "--package", str(file)]) == 0
    assert file.read_bytes() == found.content
    assert ask("/registers/award").status_code == 422
    assert ask("/registers/knowledge").status_code in (400, 404)


@pytest.mark.parametrize("question", ["", "nonsense", "measure=nothing", "measure=child_share&by=%FF", "x=1"])
def test_a_package_of_what_is_no_question_is_refused(ask: Asking, question: str) -> None:
    found = ask("/package", params=[("question", "measure=child_share"), ("question", question)])
    assert found.status_code in (400, 422) and found.headers["content-type"] == "application/problem+json"


@settings(max_examples=examples(60))
@given(
    st.sampled_from([("period",), ("area", "gender"), (), ("gender", "period")]),
    st.dictionaries(
        st.sampled_from(["gender", "area", "sector", "form"]),
        st.lists(st.from_regex(r"[a-z0-9_.:+-]{1,8}", fullmatch=True), min_size=1, max_size=3),
    ),
    st.sampled_from([None, ("2023", "2023"), ("2022-Q1", "2024-03")]),
    st.sampled_from([None, 0, 2]),
)
def test_the_address_of_a_question_asks_that_question(by, where, ends, level) -> None:  # type: ignore[no-untyped-def]
    question = Question("detected_persons", by, where, periods=ends, area_level=level, period_level="quarter")
    pairs = parse_qsl(asked_as(question), keep_blank_values=True)
    named = dict(pair for pair in pairs if pair[0] != "where")
    found = where_of(text for name, text in pairs if name == "where")
    found |= {name: tuple(named[name].split(",")) for name in SHARED if name in named}
    assert (
        Question(
            named["measure"],
            [name for name in named["by"].split(",") if name],
            found,
            period_level=named["level"],
            periods=ends_of(named.get("period", "")),
            area_level=int(named["arealevel"]) if "arealevel" in named else None,
        )
        == question
    )


FUNDERS = "2022-10+12..2023-10+12"


def test_a_period_in_a_funders_years_gives_these_years_or_is_refused(
    ask: Asking, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    """One rule for addresses, packages and the command line: never calendar years without a word."""
    figures = f"measure=detected_persons&period={FUNDERS}"
    rows = ask(f"/answers?{figures}").json()["rows"]
    assert [row["period"] for row in rows] == ["2022-10+12", "2023-10+12"]
    assert rows == ask(f"/answers?{figures}&level=year10").json()["rows"]
    for address in (f"/answers?{figures}&level=year", f"/findings?{figures}&by=period&level=year"):
        refused = ask(address)
        assert refused.status_code == 422 and "these are other years" in refused.json()["detail"]
        assert "year10" in refused.json()["next_step"]
    asked = ask("/package", params={"question": f"{figures}&level=year"})
    assert asked.status_code == 422
    words = ["answer", "--measure", "detected_persons", "--by", "period", "--periods", FUNDERS]
    assert main([*words, "--release", str(folder)]) == 0
    assert "2022-10+12" in capsys.readouterr().out
    assert main([*words, "--period-level", "year", "--release", str(folder)]) == 1
    assert "these are other years" in capsys.readouterr().err
    # What is not added up over quarters keeps calendar years, and the answer says which.
    shares = ask(f"/answers?measure=child_share&period={FUNDERS}").json()
    assert [row["period"] for row in shares["rows"]] == ["2023"]
    assert any("whole calendar years" in note and "October 2022" in note for note in shares["notes"])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("by=period&period=2024-02..2025-12", "of February 2024 to December 2025 they hold 2025"),
        ("by=period&level=half&period=2023..2024-Q3", "they hold January 2023 to June 2024"),
        ("by=period,gender&level=quarter&period=2024-02..2024-12", "they hold April to December 2024"),
    ],
)
def test_what_of_a_range_lies_in_no_row_is_said(ask: Asking, asked: str, said: str) -> None:
    notes = ask(f"/answers?measure=detected_persons&{asked}").json()["notes"]
    assert any(said in note for note in notes), notes


def test_years_without_figures_are_named_nowhere(ask: Asking) -> None:
    body = ask("/answers?measure=detected_persons&by=&period=1990..2040").json()
    assert body["headline"].endswith("2021–2025.") and "2021–2025" in body["title"]
    assert not re.search(
        "1990|2040", " ".join([body["headline"], body["title"], body["filters"], *body["notes"]])
    )


def test_who_sent_no_report_is_named_in_the_words_of_the_pages(ask: Asking, release: Release) -> None:
    question = Question("detected_persons", ("period",), periods=("2024", "2025"))
    [found] = answer([question], release)
    [silence] = [one.sentence for one in found.coverage]
    for address in ("/answers", "/findings"):
        body = ask(f"{address}?measure=detected_persons&by=period&period=2024..2025").json()
        told = body["notes"] if "notes" in body else body["findings"][0]["notes"]
        assert silence in told and "sent no report for" in silence
    packed = ask("/package", params={"question": "measure=detected_persons&by=period&period=2024..2025"})
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert silence in archive.read("README.txt").decode().replace("\n", " ")


@pytest.mark.parametrize(
    "asked",
    ["by=period,area", "by=period,gender,form", "by=period,area,gender"],
)
def test_groups_of_several_periods_are_compared_in_one_that_is_named(ask: Asking, asked: str) -> None:
    found = ask(f"/answers?measure=detected_persons&{asked}")
    assert found.status_code == 200, found.text
    assert re.search(r" in 202\d", found.json()["headline"]), found.json()["headline"]


def test_groups_of_one_year_are_told_as_those_that_were_not_asked_by_year(ask: Asking) -> None:
    told = [
        ask(f"/answers?measure=detected_persons&by={by}&period=2024").json()
        for by in ("period,age_band", "age_band")
    ]
    assert told[0]["headline"] == told[1]["headline"]
    assert all("2024" in one["title"] for one in told)
