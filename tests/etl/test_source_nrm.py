"""UK referrals: subtotals counted once, combinations kept, forces linked, other layouts."""

import gzip
from pathlib import Path

import polars as pl
import pytest

from analysis import load_catalog
from etl.errors import EtlError
from etl.sources.places.nationalities import nationality
from etl.sources.places.uk_places import NATION, force_area
from etl.sources.places.world_places import countries
from etl.sources.published._nrm_referrals import form
from etl.sources.published._quarters import quarter_in
from tests.etl.reading_sources import accepted, checked, incoming, sums, write
from tests.support import real_data

HEADER = (
    "First responder type,First responder,Exploitation type,Age at exploitation,Gender,Nationality,People\n"
)


def real(name: str) -> Path:
    return real_data("uk-nrm-2023q3", name)


@pytest.mark.real
@pytest.mark.parametrize(
    ("file", "true", "naive"),
    [("police", 970, 9700), ("la", 963, 7704), ("ngo", 210, 2100), ("govt", 1995, 19950)],
)
def test_subtotals_are_counted_once(file: str, true: int, naive: int) -> None:
    path = real(f"nrm_referrals_{file}_2023_q3.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        raw = pl.read_csv(stream.read().encode())
    assert raw["People"].sum() == naive
    frame = accepted("nrm", path)
    assert frame["value"].sum() == true
    assert set(frame["period"].to_list()) == {"2023-Q3"}
    for column in ("form", "age_group", "gender", "citizenship", "responder"):
        assert not frame[column].drop_nulls().str.contains("(?i)total").any()


@pytest.mark.real
def test_the_long_series_is_a_measure_of_its_own() -> None:
    """It was revised after the four files of the quarter: 4,131 against 970 + 963 + 210 + 1,995 = 4,138."""
    series = accepted("nrm", real("nrm_referrals_longitudinal.csv"))
    assert set(series["measure"].to_list()) == {"nrm_referrals_series"}
    assert sums(series, "period")["2023-Q3"] == 4131
    raw = pl.read_csv(real("nrm_referrals_longitudinal.csv"))
    assert (
        series["value"].sum()
        == raw.filter(pl.col("Location of exploitation") == "Total")["NRM referrals"].sum()
    )


@pytest.mark.real
def test_forty_three_forces_link_and_the_rest_stay_with_the_country() -> None:
    frame = accepted("nrm", real("nrm_referrals_police_2023_q3.csv.gz"))
    linked = frame.filter(pl.col("area_code").str.contains("^(E23|W15)"))
    assert linked["area_code"].n_unique() == 43
    others = frame.filter(~pl.col("area_code").str.contains("^(E23|W15)"))
    assert dict(others.select("responder", "area_code").unique().iter_rows()) == {
        "Police Scotland": "S92000003",
        "Police Service of Northern Ireland": "N92000002",
        "British Transport Police": NATION,
        "Tarian ROCU": NATION,
        "West Midlands Regional Organised Crime Unit": NATION,
    }
    assert frame.filter(pl.col("responder") == "City of London Police")["area_code"].unique().to_list() == [
        "E23000034"
    ]


@pytest.mark.real
def test_dimensions_use_the_codes_of_the_catalog() -> None:
    frame = accepted("nrm", real("nrm_referrals_police_2023_q3.csv.gz"))
    assert sums(frame, "gender") == {"male": 718, "female": 251, "not_recorded": 1}
    assert sums(frame, "age_group") == {"adult": 522, "child": 394, "not_recorded": 54}
    assert sums(frame, "form")["criminal_exploitation"] == 467
    assert sums(frame, "form")["forced_labour+criminal_exploitation"] == 153


@pytest.mark.real
def test_trailing_spaces_do_not_make_new_nationalities() -> None:
    frame = accepted("nrm", real("nrm_referrals_govt_2023_q3.csv.gz"))
    codes = frame["citizenship"].drop_nulls().unique()
    assert codes.str.contains(r"^([a-z]{2}|not_recorded)(\+([a-z]{2}|not_recorded))*$").all()


@pytest.mark.real
def test_decisions_and_duty_to_notify_leave_totals_out() -> None:
    first = accepted("nrm", real("nrm_reasonable_grounds.csv"))
    raw = pl.read_csv(real("nrm_reasonable_grounds.csv")).filter(pl.col("Quarter") != "Total")
    by_measure = sums(first, "measure")
    assert by_measure["nrm_reasonable_grounds_decisions"] == raw["Total"].sum()
    assert by_measure["nrm_reasonable_grounds_decisions"] == (
        by_measure["nrm_reasonable_grounds_positive"] + by_measure["nrm_reasonable_grounds_negative"]
    )
    final = accepted("nrm", real("nrm_conclusive_grounds.csv"))
    assert sums(final, "measure")["nrm_conclusive_grounds_positive"] == 27218
    assert set(final["unit"].to_list()) == {"decisions"}
    duty = accepted("nrm", real("nrm_duty_to_notify_longitudinal.csv"))
    nations = accepted("nrm", real("nrm_duty_to_notify_2023_q3.csv"))
    assert sums(duty, "period")["2023-Q3"] == nations["value"].sum() == 1317


def long(*rows: str) -> str:
    return HEADER + "".join(f"Police,{row}\n" for row in rows)


TABLE = (
    "Kent Police,Total,Total,Total,Albanian,2",
    "Kent Police,Total,Total,Total,Total,3",
    "Kent Police,Total,Total,Total,Unknown UK ,1",
    "Kent Police,Labour & Domestic,Total,Total,Albanian,2",
    "Kent Police,Labour & Domestic,Total,Total,Total,3",
    "Kent Police,Labour & Domestic,Adult (18 or over),Female,Albanian,2",
    "Kent Police,Labour & Domestic,Adult (18 or over),Not Recorded,Unknown UK ,1",
    "Kent Police,Labour & Domestic,Adult (18 or over),Not Recorded,Albanian,0",
    "Police total,Total,Total,Total,Total,3",
)


def test_a_combination_is_one_leaf_in_the_order_of_the_catalog(tmp_path: Path) -> None:
    frame = accepted("nrm", write(tmp_path, "nrm_police_2024_q1.csv", long(*TABLE)))
    assert frame.select("form", "gender", "citizenship", "value").sort("value").rows() == [
        ("forced_labour+domestic_servitude", "not_recorded", "not_recorded+gb", 1.0),
        ("forced_labour+domestic_servitude", "female", "al", 2.0),
    ]
    assert form("Sexual, Labour, Domestic & Criminal") == (
        "sexual_exploitation+forced_labour+domestic_servitude+criminal_exploitation"
    )
    assert form("Labour, Organ Harvesting & Criminal") == "forced_labour+criminal_exploitation+other"
    assert form("Not specified or unknown") == "not_recorded"


def test_a_file_that_does_not_add_up_is_refused(tmp_path: Path) -> None:
    broken = [row.replace("Female,Albanian,2", "Female,Albanian,1") for row in TABLE]
    with pytest.raises(EtlError, match="'Kent Police' add up to 2, but its published total is 3"):
        incoming("nrm", write(tmp_path, "nrm_police_2024_q1.csv", long(*broken)))


def test_a_combined_file_counts_police_by_their_total(tmp_path: Path) -> None:
    text = (
        HEADER
        + "Police,Police total,Total,Total,Total,Albanian,4\nPolice,Police total,Total,Total,Total,Total,4\n"
        + "Local Authority,Local Authority,Criminal,Child (17 or under),Male,UK,5\n"
        + "Local Authority,Local Authority,Criminal,Total,Total,Total,5\n"
        + "Local Authority,Local Authority total,Total,Total,Total,Total,5\n"
    )
    frame = accepted("nrm", write(tmp_path, "nrm_referrals_2024_q2.csv", text))
    assert sums(frame, "responder_type") == {"police": 4, "local_government": 5}
    assert frame.filter(pl.col("responder_type") == "police")["form"].to_list() == [None]


def test_the_published_cross_table_with_blanks_below_headings(tmp_path: Path) -> None:
    text = (
        "First responder (Police),Claimed exploitation type,Age group at exploitation,Gender,"
        "Albanian,UK,Total\n"
        "Kent Police,,,,2,1,3\n,Sexual,,,2,1,3\n,,Adult (18 or over),,2,1,3\n,,,Female,2,1,3\n"
        "Total,,,,2,1,3\n"
    )
    frame = accepted("nrm", write(tmp_path, "nrm_police_2022_q2.csv", text))
    assert frame.select("area_code", "form", "gender", "citizenship", "value").rows() == [
        ("E23000032", "sexual_exploitation", "female", "al", 2.0),
        ("E23000032", "sexual_exploitation", "female", "gb", 1.0),
    ]


def test_a_responder_without_referrals_keeps_one_zero(tmp_path: Path) -> None:
    rows = [*TABLE, "Surrey Police,Total,Total,Total,Albanian,0", "Surrey Police,Total,Total,Total,Total,0"]
    frame = accepted("nrm", write(tmp_path, "nrm_police_2024_q1.csv", long(*rows)))
    assert frame.filter(pl.col("responder") == "Surrey Police").select("area_code", "value").rows() == [
        ("E23000031", 0.0)
    ]


def test_columns_for_the_quarter_go_before_the_file_name(tmp_path: Path) -> None:
    text = (
        "Year,Quarter,"
        + HEADER
        + "".join(f"2022,{quarter},Police,{row}\n" for quarter in ("Q1", "Q2") for row in TABLE)
    )
    frame = accepted("nrm", write(tmp_path, "nrm_police_2024_q1.csv", text))
    assert sums(frame, "period") == {"2022-Q1": 3, "2022-Q2": 3}


def test_a_file_without_a_quarter_says_what_to_do(tmp_path: Path) -> None:
    path = write(tmp_path, "nrm_police.csv", long(*TABLE))
    with pytest.raises(EtlError) as refused:
        incoming("nrm", path)
    assert "Name the file with its quarter" in refused.value.next_step
    mapping = write(tmp_path, "m.toml", 'period = "2024-Q1"\n')
    assert incoming("nrm", path, mapping=mapping).period_to == "2024-03"


def test_a_count_that_cannot_be_read_is_rejected_not_guessed(tmp_path: Path) -> None:
    rows = [row.replace("Female,Albanian,2", "Female,Albanian,<5") for row in TABLE]
    result = checked(incoming("nrm", write(tmp_path, "nrm_police_2024_q1.csv", long(*rows))))
    assert result.rejected.select("line", "rule").rows() == [(7, "hidden_by_publisher")]


def test_another_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EtlError, match="no known table"):
        incoming("nrm", write(tmp_path, "nrm_x.csv", "a,b\n1,2\n"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Albanian", "al"),
        ("Albanian Greek", "al+gr"),
        ("UK", "gb"),
        ("Unknown UK", "not_recorded+gb"),
        ("Unknown", "not_recorded"),
        ("Congolese (DRC)", "cd"),
        ("Congolese Congo UK", "cg+gb"),
        ("Sudanese South Sudanese", "sd+ss"),
        ("Central African Cameroonian", "cf+cm"),
        ("Citizen of Guinea Bissau Portuguese", "gw+pt"),
        ("British Virgin Islander UK", "vg+gb"),
        ("Martian", "other"),
    ],
)
def test_nationalities(text: str, code: str) -> None:
    assert nationality(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nrm_referrals_police_2023_q3.csv.gz", "2023-Q3"),
        ("Q4 2022 referrals.xlsx", "2022-Q4"),
        ("nrm-statistics-july-to-september-2023-tables.csv", "2023-Q3"),
        ("referrals_2023.csv", ""),
    ],
)
def test_quarters_in_names(text: str, code: str) -> None:
    assert quarter_in(text) == code


def test_names_of_forces() -> None:
    assert (
        force_area("Devon & Cornwall Police") == force_area("Devon and Cornwall Constabulary") == "E23000035"
    )
    assert force_area("Metropolitan Police Service") == "E23000001"
    assert force_area("Heddlu Dyfed-Powys Police") == "W15000004"
    assert force_area("Ministry of Defence Police") == ""


def test_the_catalog_has_words_for_every_country() -> None:
    catalog = load_catalog()
    for row in countries():
        assert catalog.label_of("citizenship", row["alpha2"].lower()) == row["name"]


SERIES = "Year,Quarter,Age at exploitation,Location of exploitation,NRM referrals\n"


def series_of(folder: Path, *rows: str) -> Path:
    return write(folder, "nrm_referrals_longitudinal.csv", SERIES + "".join(f"{row}\n" for row in rows))


def rejections(name: str, path: Path) -> list[tuple[int, str, str]]:
    found = checked(incoming(name, path)).rejected.select("line", "rule", "column_name")
    return sorted(found.iter_rows())


def test_a_row_of_the_series_that_comes_twice_is_rejected_and_a_total_is_left_out(tmp_path: Path) -> None:
    path = series_of(
        tmp_path,
        "2009,Q2,Adult (18 or over),Overseas,1",
        "2009,Q2,Adult (18 or over),UK,4",
        "2009,Total,Total,Total,500",
        "2009,Q2,Adult (18 or over),Total,5",
        "2009,Q2,Adult (18 or over),Overseas,1",
        "2009,Q2,Adult (18 or over),overseas,9",
        "2009,Q2,Adult (18 or over),Not specified or unknown,2",
    )
    read = incoming("nrm", path)
    assert dict(read.ledger.left_out) == {"total": 2}
    assert rejections("nrm", path) == [(6, "duplicate_key", "period"), (7, "duplicate_key", "period")]
    assert sums(checked(read).accepted, "location") == {"overseas": 1, "uk": 4, "not_recorded": 2}


def test_words_that_the_series_does_not_have_are_no_category(tmp_path: Path) -> None:
    path = series_of(
        tmp_path,
        "2009,Q2,Adult (18 or over),UK,4",
        "2009,Q2,Adult (18 or over),Mars,1",
        "2009,Q2,Pensioner,UK,1",
        "2009,Q2,Age not specified or unknown,UK,3.5",
    )
    assert rejections("nrm", path) == [
        (3, "unknown_code", "location"),
        (4, "unknown_code", "age_group"),
        (5, "not_a_whole_number", "value"),
    ]


def test_two_names_of_one_nationality_are_added_and_one_name_twice_is_not(tmp_path: Path) -> None:
    path = write(
        tmp_path, "nrm_2024_q1.csv", "Nationality,Total\nUK,2\nBritish,3\nAlbanian,4\nUK,2\nTotal,11\n"
    )
    assert dict(incoming("nrm", path).ledger.left_out) == {"total": 1}
    assert rejections("nrm", path) == [(5, "duplicate_key", "period")]
    assert sums(checked(incoming("nrm", path)).accepted, "citizenship") == {"gb": 5, "al": 4}


def test_a_leaf_of_a_responder_that_comes_twice_is_rejected(tmp_path: Path) -> None:
    leaves = [TABLE[5], TABLE[6], TABLE[5].replace(",2", ",7")]
    path = write(tmp_path, "nrm_police_2024_q1.csv", long(*leaves))
    assert rejections("nrm", path) == [(4, "duplicate_key", "period")]
    whole = write(tmp_path, "nrm_police_2024_q2.csv", long(*TABLE))
    assert dict(incoming("nrm", whole).ledger.left_out) == {"total": 6}
