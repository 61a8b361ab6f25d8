"""CTDC records: every layout since 2017, missing is not "no", equal rows are different people."""

from pathlib import Path

import polars as pl
import pytest

from etl.errors import EtlError
from etl.sources import recognise
from etl.sources.records.ctdc import age_band, gender
from tests.etl.reading_sources import WORLD, checked, incoming, write
from tests.support import real_data

DERIVED = ("ctdc-kanon-2020-derived", "trafficking_cleaned.csv")
RAW = ("ctdc-kanon-2020-raw-head", "global_dataset_14_apr_2020_rows.csv")
SYNTHETIC = ("ctdc-synthetic-2021", "ctdc_synthetic_2021_sample25k.csv")


def counts(frame: pl.DataFrame, column: str) -> dict[str | None, int]:
    values = frame.explode(column) if frame.schema[column] == pl.List(pl.String) else frame
    return dict(values.drop_nulls(column).group_by(column).len().iter_rows())


@pytest.mark.real
@pytest.mark.parametrize(
    ("file", "collection", "rows", "is_synthetic"),
    [
        (RAW, "ctdc_kanon_2020", 24, False),
        (DERIVED, "ctdc_kanon_derived_to_2018", 14_299, False),
        (SYNTHETIC, "ctdc_synthetic_2021", 25_000, True),
    ],
)
def test_a_release_is_a_collection_and_no_row_is_dropped(
    file: tuple[str, ...], collection: str, rows: int, is_synthetic: bool
) -> None:
    read = incoming("ctdc", real_data(*file))
    assert (read.source.collection, read.source.is_synthetic, read.source.is_own) == (
        collection,
        is_synthetic,
        False,
    )
    assert read.ledger.kept == read.batches[0].frame.height == rows
    assert recognise(real_data(*file)) == ["ctdc"]


@pytest.mark.real
def test_the_raw_layout_with_a_sentence_for_a_first_header() -> None:
    frame = checked(incoming("ctdc", real_data(*RAW)), areas=WORLD).accepted
    assert frame.height == 24
    assert counts(frame, "age_band") == {"9_17": 19, "18_23": 5}
    assert counts(frame, "age_group") == {"child": 19, "adult": 5}
    assert counts(frame, "form") == {"sexual_exploitation": 23}
    assert [people for people in frame["form"].to_list() if not people] == [None]
    assert counts(frame, "area") == {"USA": 19}
    assert counts(frame, "citizenship") == {"MD": 3, "CO": 2}
    assert counts(frame, "control_method")["psychological_abuse"] == 10
    assert counts(frame, "recruitment_method") == {
        "intimate_partner": 6,
        "friends": 6,
        "family": 3,
        "other": 3,
    }


@pytest.mark.real
def test_the_derived_layout() -> None:
    frame = checked(incoming("ctdc", real_data(*DERIVED)), areas=WORLD).accepted
    assert frame.height == 14_299
    assert counts(frame, "gender") == {"female": 12_460, "male": 1_839}
    assert counts(frame, "age_band") == {
        "0_8": 201, "9_17": 4942, "18_23": 3603, "24_29": 2114, "30_38": 2213, "39_47": 802, "48_plus": 424,
    }  # fmt: skip
    assert counts(frame, "form") == {
        "sexual_exploitation": 11_908, "forced_labour": 2_315, "forced_marriage": 75, "other": 76,
    }  # fmt: skip
    assert frame["citizenship"].null_count() == 8_353  # "0" is unknown, not a country
    assert counts(frame, "recruitment_method")["intimate_partner"] == 1_523


@pytest.mark.real
def test_the_synthetic_layout_where_blank_says_nothing() -> None:
    read = incoming("ctdc", real_data(*SYNTHETIC))
    frame = read.batches[0].frame
    assert counts(frame, "form") == {"sexual_exploitation": 8183, "forced_labour": 5473, "other": 1290}
    assert counts(frame, "age_band")["9_17"] == 2490
    assert counts(frame, "age_band")["18_23"] == 1535 + 1548
    assert frame["gender"].null_count() == 6094
    assert counts(frame, "area")["USA"] == 8446
    result = checked(read, areas=WORLD)
    # A person without a year can be in no period: rejected by rule, counted, never guessed.
    assert result.rejected.group_by("rule", "column_name").len().rows() == [("missing", "period", 5110)]
    assert result.accepted.height == 25_000 - 5110


def test_duplicates_are_real_people_and_have_no_reference(tmp_path: Path) -> None:
    text = "yearOfRegistration,gender,isForcedLabour\n" + "2019,Female,1\n" * 3
    read = incoming("ctdc", write(tmp_path, "CTDC_synthetic_20210825.csv", text))
    assert read.source.collection == "ctdc_synthetic_2021"
    frame = read.batches[0].frame
    assert frame.height == 3
    assert "person_ref" not in frame.columns  # keys come from the file and the line


def test_names_of_2024_and_after(tmp_path: Path) -> None:
    text = (
        "yearOfRegistration,gender,ageBroad,citizenship,CountryOfExploitation,traffickMonths,"
        "meansDebtBondageEarnings,meansThreats,meansAbusePsyPhySex,meansDrugsAlcohol,meansDenyBasicNeeds,"
        "meansExcessiveWorkHours,meansWithholdDocs,isForcedLabour,isSexualExploit,"
        "sectorOfLabourAgriculture,recruiterRelationFamily\n"
        "2022,Woman,48+,PHL,SAU,25+ (2+ yrs),1,1,1,1,1,1,1,1,,1,1\n"
        "2022,Trans/Transgender/NonConforming,0--8,NAM,NAM,,,,,,,,,,1,,\n"
    )
    read = incoming("ctdc", write(tmp_path, "CTDC_global_synthetic_data_v2025.csv", text))
    assert read.source.collection == "ctdc_synthetic_2025"
    frame = checked(read, areas=WORLD).accepted
    first, second = frame.to_dicts()
    assert first["gender"] == "female"
    assert first["age_band"] == "48_plus"
    assert set(first["control_method"]) == {
        "other", "threats", "substances", "withholds_necessities", "excessive_hours", "withholds_documents",
    }  # fmt: skip
    assert (first["sector"], first["recruitment_method"], first["form"]) == (
        ["agriculture"],
        ["family"],
        ["forced_labour"],
    )
    assert (second["gender"], second["citizenship"], second["area"]) == ("other", "NA", "NAM")


def test_flags_that_are_neither_yes_nor_no_are_rejected(tmp_path: Path) -> None:
    text = "yearOfRegistration,Datasource,gender,isForcedLabour\n2019,Hotline,Male,7\n2019,Hotline,Male,-99\n"
    result = checked(incoming("ctdc", write(tmp_path, "ctdc_2020.csv", text)))
    assert result.rejected.select("line", "rule", "column_name").rows() == [(2, "unknown_code", "form")]


def test_words_are_read_where_a_layout_has_no_flags(tmp_path: Path) -> None:
    text = (
        "yearOfRegistration,Datasource,gender,typeOfExploitConcatenated,meansOfControlConcatenated,"
        "RecruiterRelationship\n"
        "2016,Hotline,Female,Sexual exploitation;Forced labour,Takes earnings;Sexual abuse,"
        "Family/Relative; Friend/Acquaintance\n"
        "2016,Hotline,Female,-99,Not specified,Not Specified\n"
    )
    frame = checked(incoming("ctdc", write(tmp_path, "ctdc_2018.csv", text))).accepted
    assert frame["form"].to_list() == [["sexual_exploitation", "forced_labour"], None]
    assert frame["control_method"].to_list() == [["takes_earnings", "sexual_abuse"], None]
    assert frame["recruitment_method"].to_list() == [["family", "friends"], None]


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("0--8", "0_8"), ("09--17", "9_17"), ("9--17", "9_17"), ("Age 9-17", "9_17"), ("17-Sep", "9_17"),
        ("18--20", "18_23"), ("21--23", "18_23"), ("24--26", "24_29"), ("27--29", "24_29"),
        ("30--38", "30_38"), ("39--47", "39_47"), ("48+", "48_plus"), ("-99", None), ("Unknown", None),
        ("10-14", "10-14"),  # no band of ours holds it: left for the contract to reject
    ],
)  # fmt: skip
def test_age_bands_are_joined_never_split(text: str, band: str | None) -> None:
    assert age_band(text) == band


def test_minor_or_adult_without_a_band_and_against_it(tmp_path: Path) -> None:
    text = (
        "yearOfRegistration,Datasource,gender,ageBroad,majorityStatus,majorityStatusAtExploit,isForcedLabour\n"
        "2016,Hotline,Female,-99,Minor,Adult,1\n"
        "2016,Hotline,Female,,Adult,Minor,1\n"
        "2016,Hotline,Female,9--17,Minor,-99,1\n"
        "2016,Hotline,Female,-99,-99,Minor,1\n"
        "2016,Hotline,Female,9--17,Adult,-99,1\n"
        "2016,Hotline,Female,-99,Elderly,-99,1\n"
    )
    result = checked(incoming("ctdc", write(tmp_path, "ctdc_2020.csv", text)))
    assert result.accepted.select("age_band", "age_group").rows() == [
        (None, "child"), (None, "adult"), ("9_17", "child"), (None, None),
    ]  # fmt: skip
    assert result.rejected.select("line", "rule", "column_name").rows() == [
        (6, "age_group_disagrees", "age_group"),
        (7, "unknown_code", "age_group"),
    ]


def test_genders() -> None:
    assert [gender(text) for text in ("Female", "Man", "Transgender/NonConforming", "-99", "Robot")] == [
        "female", "male", "other", None, "Robot",
    ]  # fmt: skip


def test_the_mapping_can_name_the_release(tmp_path: Path) -> None:
    mapping = write(tmp_path, "m.toml", 'release = "2020"\n')
    text = "yearOfRegistration,Datasource,gender,isForcedLabour\n2018,Hotline,Male,1\n"
    read = incoming("ctdc", write(tmp_path, "download.csv", text), mapping=mapping)
    assert read.source.source_id == "ctdc_kanon_2020"


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EtlError, match="columns are missing: period"):
        incoming("ctdc", write(tmp_path, "x.csv", "gender,age\nFemale,3\n"))
    with pytest.raises(EtlError, match="no columns of forms"):
        incoming("ctdc", write(tmp_path, "y.csv", "yearOfRegistration,gender\n2019,Female\n"))


def test_synthetic_or_not_is_said_and_never_guessed(tmp_path: Path) -> None:
    text = "yearOfRegistration,gender,isForcedLabour\n2019,Female,1\n"
    for name in ("download_2021.csv", "ctdc_kanon_synthetic_2021.csv"):
        with pytest.raises(EtlError, match="synthetic or k-anonymised") as caught:
            incoming("ctdc", write(tmp_path, name, text))
        assert 'kind = "synthetic"' in caught.value.next_step
    read = incoming("ctdc", write(tmp_path, "CTDC_K-anon_2021.csv", text))
    assert (read.source.collection, read.source.is_synthetic) == ("ctdc_kanon_2021", False)
    mapping = write(tmp_path, "m.toml", 'kind = "synthetic"\n')
    read = incoming("ctdc", write(tmp_path, "download_2021.csv", text), mapping=mapping)
    assert (read.source.collection, read.source.is_synthetic) == ("ctdc_synthetic_2021", True)
    with pytest.raises(EtlError, match="allowed: synthetic, k_anonymised"):
        incoming("ctdc", tmp_path / "download_2021.csv", mapping=write(tmp_path, "w.toml", 'kind = "real"\n'))


def test_a_mapping_says_how_flags_and_columns_are_headed(tmp_path: Path) -> None:
    mapping = write(
        tmp_path, "m.toml", '[headings]\nperiod = "Registered"\nisforcedlabour = "Forced labour?"\n'
    )
    text = "Registered,gender,Forced labour?\n2019,Female,1\n"
    read = incoming("ctdc", write(tmp_path, "ctdc_synthetic_2021.csv", text), mapping=mapping)
    found = checked(read).accepted
    assert found.select("period", "form").rows() == [("2019", ["forced_labour"])]
