"""Case sheets of the HTCDS standard: templates with their defects, survey exports, identifiers refused."""

import gzip
from datetime import datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from etl.errors import EtlError
from etl.incoming import ReadOptions
from etl.sources import recognise
from etl.sources._catalogued import key
from etl.sources.records import htcds
from etl.sources.records._htcds_codes import FORM, SECTOR, VOCABULARIES, codes_in
from tests.etl.case_sheets import template
from tests.etl.making_files import refusal, write_xlsx
from tests.etl.reading_sources import AS_OF, checked, incoming, write
from tests.support import real_data

PEOPLE = [
    {
        "prs_Gender": "Feminine",
        "prs_Citizenship": "RO",
        "vic_TraffickingStatus": "Possible victim of trafficking",
        "vic_MethodOfRecruitment": "Through online social networks",
        "vic_MethodsOfControl": "DebtBondage ;Threatens children/family",
        "vic_TypeOfExploitation": "Forced labour, Sexual exploitation",
        "vic_ForcedLabourIndustry": "Agriculture, forestry and fishing",
        "cas_IncomingReferralDate": datetime(2024, 3, 5),
    },
    {
        "prs_Gender": "Not Specified/Unknown",
        "prs_Citizenship": "Nepal",
        "vic_TraffickingStatus": "ActualVictimOfTrafficking",
        "vic_TypeOfExploitation": "ForcedLabour OrganRemoval",
        "cas_IncomingReferralDate": datetime(2024, 4, 11),
    },
]


def test_the_template_with_labels_or_names_as_values(tmp_path: Path) -> None:
    read = incoming("htcds", template(tmp_path / "cases.xlsx", PEOPLE))
    assert (read.ledger.kept, read.period_from, read.period_to, read.source.is_own) == (
        2,
        "2024-03",
        "2024-04",
        True,
    )
    first, second = checked(read).accepted.to_dicts()
    assert (first["period"], first["gender"], first["citizenship"], first["status"]) == (
        "2024-03",
        "female",
        "RO",
        "presumed",
    )
    assert first["form"] == ["forced_labour", "sexual_exploitation"]
    assert first["control_method"] == ["debt_bondage", "threats"]
    assert (first["recruitment_method"], first["sector"]) == (["online"], ["agriculture"])
    assert (second["gender"], second["citizenship"], second["status"]) == ("not_recorded", "NP", "confirmed")
    assert second["form"] == ["forced_labour", "other"]


@pytest.mark.real
@pytest.mark.filterwarnings("ignore:Data Validation extension")
@pytest.mark.parametrize(
    "name", ["HTCDS_Excel_Spreadsheet_v2.0.xlsx", "HTCDS_Excel_single_select_validation_v2.0.xlsx"]
)
def test_the_published_templates_filled_in(tmp_path: Path, name: str) -> None:
    book = openpyxl.load_workbook(real_data("htcds-2.0", name))
    sheet = book.worksheets[0]
    columns = {sheet.cell(1, column).value: column for column in range(1, sheet.max_column + 1)}
    for row, cells in enumerate(PEOPLE, start=3):
        for field, value in cells.items():
            sheet.cell(row, columns[field]).value = value
    book.save(tmp_path / "filled.xlsx")
    result = checked(incoming("htcds", tmp_path / "filled.xlsx"))
    assert result.rejected.is_empty()
    assert result.accepted["gender"].to_list() == ["female", "not_recorded"]
    assert result.accepted["form"].to_list()[0] == ["forced_labour", "sexual_exploitation"]


@pytest.mark.real
@pytest.mark.filterwarnings("ignore:Data Validation extension")
def test_an_empty_template_says_so() -> None:
    with pytest.raises(EtlError, match="no rows yet"):
        incoming("htcds", real_data("htcds-2.0", "HTCDS_Excel_Spreadsheet_v2.0.xlsx"))


def test_filled_identifiers_are_refused_without_a_value(tmp_path: Path) -> None:
    people = [PEOPLE[0] | {"prs_FirstName": "Ileana", "cas_CaseOwner": "Marta"}]
    with pytest.raises(EtlError, match="'prs_FirstName'") as refused:
        incoming("htcds", template(tmp_path / "cases.xlsx", people))
    assert "'cas_CaseOwner'" in refused.value.message
    assert "Ileana" not in str(refused.value)
    assert "Marta" not in str(refused.value)
    mapping = write(tmp_path, "m.toml", 'drop = ["prs_FirstName", "cas_CaseOwner"]\n')
    read = incoming("htcds", tmp_path / "cases.xlsx", mapping=mapping)
    assert "Ileana" not in str(read.batches[0].frame.to_dicts())


def test_long_text_in_any_column_is_refused(tmp_path: Path) -> None:
    story = "She told the worker that the man from the farm kept her papers and called every night."
    text = f"prs_Gender,cas_IncomingReferralDate,cas_IncomingReferralDetails\nFeminine,2024-03-05,{story}\n"
    with pytest.raises(EtlError, match="cas_IncomingReferralDetails"):
        incoming("htcds", write(tmp_path, "x.csv", text))


def test_a_survey_export_with_groups_and_tick_columns(tmp_path: Path) -> None:
    text = (
        "start,end,about/prs_Gender,case/vic_Methods_of_Control,case/vic_Methods_of_Control/DebtBondage,"
        "case/vic_TypeOfExploitation/ForcedLabour,case/vic_TypeOfExploitation/ForcedMarriage,"
        "case/cas_IncomingReferralDate,_id,_uuid,_submission_time\n"
        "2024-02-01T10:00:00.000+01:00,2024-02-01T10:10:00.000+01:00,Masculine,"
        "DebtBondage PhysicalAbuse,1,1,0,"
        "2024-02-01,12345678,8f6a2c1e-1111-2222-3333-444455556666,2024-02-01T10:11:00\n"
        "2024-02-02T10:00:00.000+01:00,2024-02-02T10:10:00.000+01:00,NonConforming,,0,0,1,"
        "2024-02-02,12345679,8f6a2c1e-1111-2222-3333-444455556667,2024-02-02T10:11:00\n"
    )
    frame = checked(incoming("htcds", write(tmp_path, "kobo.csv", text))).accepted
    assert frame["gender"].to_list() == ["male", "other"]
    assert frame["form"].to_list() == [["forced_labour"], ["forced_marriage"]]
    assert frame["control_method"].to_list() == [["debt_bondage", "physical_abuse"], None]
    assert frame["person_ref"].null_count() == 2  # a submission is not a person
    assert frame["entered"].to_list() == ["2024-02", "2024-02"]  # the month in which it came in, and no more


def test_a_column_of_entry_is_named_by_the_mapping(tmp_path: Path) -> None:
    text = "prs_Gender,cas_IncomingReferralDate,Put in\nFeminine,05/03/2024,17/06/2024\n"
    (tmp_path / "m.toml").write_text('entered_column = "Put in"\ndate_format = "dd/mm/yyyy"\n', "utf-8")
    options = ReadOptions(mapping=tmp_path / "m.toml", as_of=AS_OF)
    frame = checked(htcds.read(write(tmp_path, "x.csv", text), options)).accepted
    assert (frame["period"].to_list(), frame["entered"].to_list()) == (["2024-03"], ["2024-06"])


def test_labels_as_headers(tmp_path: Path) -> None:
    text = (
        "Gender;Type of Exploitation;Incoming Referral Date;Vulnerabilities\n"
        "Feminine;Servitude;2024-01-31;Migration|Mental health\n"
    )
    path = write(tmp_path, "labels.csv", text)
    row = checked(incoming("htcds", path)).accepted.row(0, named=True)
    assert (row["form"], row["vulnerability"]) == (["domestic_servitude"], ["migration", "mental_health"])


def test_a_long_reference_stored_as_a_number_is_refused(tmp_path: Path) -> None:
    header = ["cas_Id", "prs_Gender", "vic_TypeOfExploitation", "cas_IncomingReferralDate"]
    rows = [[12345678901234561 + number, "Female", "Begging", "2025-01-05"] for number in range(3)]
    path = write_xlsx(tmp_path / "cases.xlsx", [header, *rows])
    mapping = write(tmp_path, "m.toml", 'reference_column = "cas_Id"\n')
    refusal(lambda: incoming("htcds", path, mapping=mapping), "'cas_Id'", "as text", unwanted=["1234"])


def test_people_who_refused_consent_are_left_out(tmp_path: Path) -> None:
    people = [PEOPLE[0] | {"con_Consent": "FALSE"}, PEOPLE[1], PEOPLE[0] | {"con_Consent": "TRUE"}]
    read = incoming("htcds", template(tmp_path / "cases.xlsx", people))
    assert read.batches[0].frame.height == 2
    assert (read.ledger.kept, read.ledger.left_out["consent"]) == (2, 1)


def test_unknown_words_are_rejected_by_line(tmp_path: Path) -> None:
    people = [PEOPLE[0], PEOPLE[1] | {"vic_TypeOfExploitation": "Servitude; pizza"}]
    result = checked(incoming("htcds", template(tmp_path / "cases.xlsx", people)))
    assert result.rejected.select("line", "rule", "column_name").rows() == [(4, "unknown_code", "form")]


def test_day_and_month_are_not_guessed(tmp_path: Path) -> None:
    text = "prs_Gender,vic_TypeOfExploitation,cas_IncomingReferralDate\nFeminine,Servitude,03/04/2024\n"
    path = write(tmp_path, "x.csv", text)
    assert checked(incoming("htcds", path)).rejected["rule"].to_list() == ["day_or_month"]
    mapping = write(tmp_path, "m.toml", 'date_format = "dd/mm/yyyy"\nsource = "shelter"\n')
    read = incoming("htcds", path, mapping=mapping)
    assert (read.period_from, read.source.source_id) == ("2024-04", "shelter")


def test_minor_or_adult_in_place_of_an_age_or_beside_it(tmp_path: Path) -> None:
    text = (
        "prs_Gender,prs_Age,Age Group,vic_TypeOfExploitation,cas_IncomingReferralDate\n"
        "Feminine,Minor,,Servitude,2024-04-02\n"
        "Feminine,18+,,Servitude,2024-04-02\n"
        "Feminine,,Under 18,Servitude,2024-04-02\n"
        "Feminine,17.0,Minor,Servitude,2024-04-02\n"
        "Feminine,,,Servitude,2024-04-02\n"
        "Feminine,34,Minor,Servitude,2024-04-02\n"
        "Feminine,middle,,Servitude,2024-04-02\n"
    )
    result = checked(incoming("htcds", write(tmp_path, "x.csv", text)))
    assert result.accepted.select("age", "age_group").rows() == [
        (None, "child"), (None, "adult"), (None, "child"), (17, "child"), (None, None),
    ]  # fmt: skip
    assert result.rejected.select("line", "rule", "column_name").rows() == [
        (7, "age_group_disagrees", "age_group"),
        (8, "not_a_number", "age"),
    ]


def test_a_type_of_event_is_not_a_type_of_organisation(tmp_path: Path) -> None:
    text = "prs_Gender,hte_Type,hte_Date\nFeminine,Exploitation,2024-04-02\n"
    frame = incoming("htcds", write(tmp_path, "x.csv", text)).batches[0].frame
    assert "identified_by" not in frame.columns
    assert frame["period"].to_list() == ["2024-04-02"]


def test_a_sheet_without_a_date_or_without_fields_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EtlError, match="there is no date"):
        incoming("htcds", write(tmp_path, "x.csv", "prs_Gender,vic_TypeOfExploitation\nFeminine,Servitude\n"))
    with pytest.raises(EtlError, match="no field of the Human Trafficking Case Data Standard"):
        incoming("htcds", write(tmp_path, "y.csv", "colour,size\nred,3\n"))
    with pytest.raises(EtlError, match="'colour' is not a known key"):
        incoming("htcds", tmp_path / "x.csv", mapping=write(tmp_path, "m.toml", "colour = 1\n"))


@pytest.mark.real
def test_every_picklist_value_of_the_standard_has_a_code() -> None:
    codes = pl.read_csv(real_data("htcds-2.0", "htcds_codes.csv"))
    fields = {
        "prs_Gender": "gender", "vic_TraffickingStatus": "status", "org_Type": "identified_by",
        "vic_TypeOfExploitation": "form", "vic_MethodsOfControl": "control_method",
        "vic_MethodOfRecruitment": "recruitment_method", "vic_ForcedLabourIndustry": "sector",
        "vic_Vulnerabilities": "vulnerability",
    }  # fmt: skip
    seen = 0
    for field, name, label in codes.select("field_name", "value_name", "value_label").iter_rows():
        if field in fields:
            vocabulary = VOCABULARIES[fields[field]]
            assert key(name) in vocabulary
            assert vocabulary.get(key(label)) == vocabulary[key(name)], label
            seen += 1
    assert seen == 9 + 6 + 3 + 11 + 16 + 10 + 21 + 12


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("Forced labour; Sexual exploitation", ["forced_labour", "sexual_exploitation"]),
        ("ForcedLabour SexualExploitation", ["forced_labour", "sexual_exploitation"]),
        ("Forced labour|Forced labour\nSurrogacy", ["forced_labour", "other"]),
        ("Forced military (by non-state actors), Servitude", ["other", "domestic_servitude"]),
        ("", []),
        ("Servitude, whatever that is", ["domestic_servitude", "whatever that is"]),
    ],
)
def test_any_separator(cell: str, codes: list[str]) -> None:
    assert codes_in(cell, FORM) == codes


def test_labels_with_separators_inside_stay_whole() -> None:
    cell = "Water supply; sewerage, waste management and remediation, Construction"
    assert codes_in(cell, SECTOR) == ["other", "construction"]


@pytest.mark.parametrize(
    "header",
    [
        "prs_Gender,vic_TypeOfExploitation,cas_IncomingReferralDate",
        "Gender;Type of Exploitation;Methods of Control",
        '"about/prs_Gender"\t"case/vic_TypeOfExploitation/ForcedLabour"',
    ],
)
def test_a_text_is_recognised(tmp_path: Path, header: str) -> None:
    path = write(tmp_path, "x.csv", f"{header}\n")
    assert recognise(path) == ["htcds"]
    packed = tmp_path / "y.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert recognise(packed) == ["htcds"]
    wide = tmp_path / "z.csv"
    wide.write_text(f"{header}\n", "utf-16")
    assert recognise(wide) == ["htcds"]


def test_a_workbook_is_recognised_below_a_title_and_on_any_sheet(tmp_path: Path) -> None:
    assert recognise(template(tmp_path / "cases.xlsx", PEOPLE)) == ["htcds"]
    book = openpyxl.Workbook()
    book.active.append(["Read this first"])
    sheet = book.create_sheet("Cases")
    sheet.append(["Made-up cases of a made-up shelter"])
    sheet.append(["Gender", "Type of Exploitation", "Trafficking Status"])
    book.save(tmp_path / "titled.xlsx")
    assert recognise(tmp_path / "titled.xlsx") == ["htcds"]


def test_what_cannot_be_opened_is_not_recognised_and_raises_nothing(tmp_path: Path) -> None:
    whole = template(tmp_path / "whole.xlsx", PEOPLE).read_bytes()
    contents = {
        "empty.xlsx": b"",
        "cut.xlsx": whole[: len(whole) // 2],
        "not_a_book.xlsx": b"prs_Gender,vic_TypeOfExploitation\n",
        "cut.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40),
        "cut.csv.gz": gzip.compress(b"prs_Gender,vic_TypeOfExploitation\n")[:12],
        "not_packed.csv.gz": b"\x1f\x8bno",
        "bytes.csv": b"\x00\x01\x02",
        "other.csv": b"month,gender,type\n2025-01,female,x\n",
        "macros.xlsm": whole,
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        assert recognise(tmp_path / name) == [], name
    (tmp_path / "folder.csv").mkdir()
    assert recognise(tmp_path / "folder.csv") == []


@pytest.mark.real
def test_the_published_templates_are_recognised_and_the_lists_of_the_standard_are_not() -> None:
    for name in ("HTCDS_Excel_Spreadsheet_v2.0.xlsx", "HTCDS_Excel_single_select_validation_v2.0.xlsx"):
        assert recognise(real_data("htcds-2.0", name)) == ["htcds"]
    for name in ("htcds_xlsform.xlsx", "htcds_codes.csv", "htcds_fields.csv"):
        assert recognise(real_data("htcds-2.0", name)) == []


def test_a_mapping_says_how_fields_are_headed(tmp_path: Path) -> None:
    text = "When seen,prs_Gender,vic_TraffickingStatus,Kind\n2025-03-02,Female,Presumed Victim,ForcedLabour\n"
    mapping = write(tmp_path, "m.toml", '[headings]\nperiod = "When seen"\nform = "Kind"\n')
    read = incoming("htcds", write(tmp_path, "c.csv", text), mapping=mapping)
    [batch] = read.batches
    assert batch.frame.select("period", "form").rows() == [("2025-03-02", ["forced_labour"])]
    with pytest.raises(EtlError, match="Did you mean 'form'"):
        incoming(
            "htcds", tmp_path / "c.csv", mapping=write(tmp_path, "w.toml", '[headings]\nfrom = "Kind"\n')
        )
