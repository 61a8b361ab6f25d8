"""People on no list for programs: the words of the page, nothing that divides them, a package of its own."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from frictionless import Package

from analysis.cli import main
from analysis.findings.sentences.topics.hidden_population import WHY
from tests import release_states
from tests.asking import Asking, asking

FINDINGS = "/findings?measure=hidden_population"


@pytest.fixture(scope="module")
def told(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release_states.changed(
        folder, tmp_path_factory.mktemp("told") / "release", release_states.estimate()
    )


@pytest.fixture(scope="module")
def ask(told: Path) -> Iterator[Asking]:
    with asking(told) as found:
        yield found


def test_the_estimate_is_said_in_the_words_of_its_page_with_its_door(ask: Asking) -> None:
    body = ask(FINDINGS).json()
    assert [one["sentence"] for one in body["findings"]] == [
        "About 1,600 (1,500–1,700) people could have been listed in 2016–2024; about 900 were.",
        "Three lists hold about 900 people.",
        "The other methods agree within a factor of 1.5; with three lists, none can be left out to check.",
    ]
    number = body["hidden_population"]
    assert (number["estimate"], number["lower"], number["upper"]) == (1_600, 1_500, 1_700)
    assert (number["listed"], number["period"], number["status"]) == (900, "2016..2024", "estimated")
    assert "not of everyone who is exploited" in body["findings"][0]["notes"][0]
    assert "Two figures leave" in body["protection"] and "prevalence" in body["reported_not_prevalence"]
    assert body["findings"][0]["permalink"].endswith("/hidden_population")


@pytest.mark.parametrize(
    "more", ["by=period", "by=", "period=2020", "area=C1", "gender=female", "where=form%3Dforced_labour"]
)
def test_nothing_divides_or_filters_it(ask: Asking, more: str) -> None:
    refused = ask(f"{FINDINGS}&{more}")
    assert refused.status_code == 422
    assert "cannot be divided or filtered" in refused.json()["detail"]
    assert refused.json()["next_step"] == f"Leave out: {more.partition('=')[0]}."


def test_other_addresses_know_no_such_measure(ask: Asking) -> None:
    refused = ask("/answers?measure=hidden_population")
    assert refused.status_code == 400
    assert "/api/v1/registers/hidden_population" in refused.json()["next_step"]
    assert ask(f"{FINDINGS}&collection=nothing_of_it").status_code == 422


@pytest.mark.parametrize("reason", ["methods_differ", "few_lists"])
def test_without_a_number_the_reason_is_said_and_nothing_else(
    folder: Path, tmp_path: Path, reason: str
) -> None:
    place = release_states.changed(folder, tmp_path / "release", release_states.estimate(reason=reason))
    with asking(place) as ask:
        body = ask(FINDINGS).json()
        rows = pl.read_csv(_files(ask)["hidden_population.csv"], infer_schema=False).to_dicts()
    [finding] = body["findings"]
    assert finding["sentence"] == f"No estimate of people on no list is shown: {WHY[reason][0]}."
    assert body["hidden_population"]["estimate"] is None and body["hidden_population"]["reason"] == reason
    [row] = rows
    assert WHY[reason][1] in row["said"] and not any(row[name] for name in ("people", "lower", "upper"))


def test_a_release_of_an_earlier_version_tells_nothing(folder: Path) -> None:
    with asking(folder) as ask:
        refused = ask(FINDINGS)
        assert (refused.status_code, ask("/registers/hidden_population").status_code) == (422, 422)
    assert refused.json()["detail"] == "Nothing is told of people on no list in this release."


def test_the_package_holds_what_the_page_shows_and_is_that_of_the_command_line(
    ask: Asking, told: Path, tmp_path: Path
) -> None:
    found = ask("/registers/hidden_population")
    file = tmp_path / "estimate.zip"
    assert main(["register", "hidden_population", "--release", str(told), "--package", str(file)]) == 0
    assert file.read_bytes() == found.content
    with zipfile.ZipFile(file) as archive:
        archive.extractall(tmp_path / "package")
    report = Package(str(tmp_path / "package" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "message"])
    rows = pl.read_csv(tmp_path / "package" / "hidden_population.csv").to_dicts()
    by = {(row["what"], row["list"], row["and_list"], row["method"]): row for row in rows}
    number = by["estimate", None, None, "stepwise"]
    assert (number["people"], number["lower"], number["upper"]) == (1_600, 1_500, 1_700)
    assert by["overlap", "health", "ngo", None]["said"] == "100–199"
    assert by["method", None, None, "aic"]["said"] == "Agrees within a factor of 1.5"
    assert by["listed", None, None, None]["people"] == 900 and len(rows) == 7
    readme = " ".join((tmp_path / "package" / "README.txt").read_text("utf-8").split())
    assert "No person is in this register" not in readme
    for words in ("Two figures leave", "whatever filters are set", "not prevalence"):
        assert words in readme


def _files(ask: Asking) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(ask("/registers/hidden_population").content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
