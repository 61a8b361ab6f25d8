"""A filled case sheet from the command line to a published number: recognised, loaded, released, counted."""

from datetime import datetime
from pathlib import Path
from typing import Any

from analysis import Question, answer, open_release, published_count
from tests.etl.case_sheets import template
from tests.etl.made_home import CommandLine

PEOPLE = 64


def case(number: int) -> dict[str, Any]:
    """Return one made-up person; the number decides everything."""
    return {
        "prs_Gender": ("Feminine", "Masculine")[number % 4 == 0],
        "prs_Citizenship": ("RO", "Nepal")[number % 2],
        "vic_TraffickingStatus": "Possible victim of trafficking",
        "vic_TypeOfExploitation": ("Forced labour", "Sexual exploitation, Servitude")[number % 2],
        "vic_MethodsOfControl": "DebtBondage",
        "cas_IncomingReferralDate": datetime(2024, 1 + number % 12, 1 + number % 28),
        "con_Consent": "TRUE",
    }


def expect_counts(run: CommandLine) -> None:
    """Check that the release counts the people of the sheet, each within what the protection may change."""
    release = open_release(run.home.release("public"))
    everybody = published_count(period="2024", release=release)
    assert everybody is not None
    assert abs(everybody - PEOPLE) <= 5
    women = published_count({"gender": "female"}, "2024", release=release)
    assert women is not None
    assert abs(women - PEOPLE * 3 // 4) <= 5
    [forms] = answer([Question("detected_persons", ("form",), periods=("2024", "2024"))], release)
    shown = dict(forms.frame.select("form", "value").rows())
    assert abs(shown["forced_labour"] - PEOPLE // 2) <= 5
    assert abs(shown["domestic_servitude"] - PEOPLE // 2) <= 5
    assert shown["forced_marriage"] is None


def test_a_filled_sheet_is_loaded_released_and_counted(run: CommandLine, tmp_path: Path) -> None:
    sheet = template(tmp_path / "cases.xlsx", [case(number) for number in range(PEOPLE)])
    told = run("load", sheet, "--source", "htcds")
    assert told.code == 0, told.out
    assert (told.values["files"][0]["rows_in"], told.values["files"][0]["rows_accepted"]) == (PEOPLE, PEOPLE)
    assert run("release").code == 0
    expect_counts(run)
    again = run("load", sheet, "--source", "htcds")
    assert again.values["changed"] is False


def test_a_folder_with_only_the_sheet_is_built(run: CommandLine) -> None:
    run.home.root.mkdir()
    template(run.home.root / "our cases.xlsx", [case(number) for number in range(PEOPLE)])
    told = run("build")
    assert told.code == 0, told.out
    assert told.values["files"][0]["source"] == "htcds"
    expect_counts(run)


def test_a_folder_whose_sheet_names_people_is_refused_without_a_value(run: CommandLine) -> None:
    run.home.root.mkdir()
    template(run.home.root / "cases.xlsx", [case(1) | {"prs_FirstName": "Ileana"}])
    told = run("build")
    assert told.code == 1
    assert "'prs_FirstName'" in told.values["error"]
    assert "Ileana" not in told.out + told.err
    assert not (run.home.restricted / "manifest.json").exists()
