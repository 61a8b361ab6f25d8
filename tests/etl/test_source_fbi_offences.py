"""FBI offences: published totals, one area for every count, and what naive loaders get wrong."""

from pathlib import Path

import polars as pl
import pytest

from etl.errors import EtlError
from etl.sources import recognise
from etl.sources.places import us_places as places
from etl.sources.published.fbi_offences import place
from tests.etl.reading_sources import accepted, checked, incoming, sums, write
from tests.support import real_data

REAL = ("fbi-ht-agency-2013-2020", "HT_2013-2020.csv")
HEADER = (
    "DATA_YEAR,ORI,PUB_AGENCY_NAME,PUB_AGENCY_UNIT,AGENCY_TYPE_NAME,STATE_ABBR,COUNTY_NAME,"
    "OFFENSE_SUBCAT_ID,OFFENSE_NAME,OFFENSE_SUBCAT_NAME,ACTUAL_COUNT,UNFOUNDED_COUNT,CLEARED_COUNT\n"
)


def row(state: str, county: str, known: object) -> str:
    return f"2021,ORI,X,,County,{state},{county},82,Human Trafficking,Involuntary Servitude,{known},0,1\n"


@pytest.fixture(scope="module")
def real() -> pl.DataFrame:
    return accepted("fbi_offences", real_data(*REAL))


def known(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("measure") == "fbi_offences_known")


@pytest.mark.real
def test_year_sums_are_the_published_ones(real: pl.DataFrame) -> None:
    assert sums(known(real), "period") == {
        "2013": 20, "2014": 468, "2015": 832, "2016": 1280,
        "2017": 1298, "2018": 1457, "2019": 2084, "2020": 2160,
    }  # fmt: skip


@pytest.mark.real
def test_every_measure_keeps_its_total(real: pl.DataFrame) -> None:
    raw = pl.read_csv(real_data(*REAL), infer_schema_length=None)
    assert sums(real, "measure") == {
        "fbi_offences_known": raw["ACTUAL_COUNT"].sum(),
        "fbi_offences_unfounded": raw["UNFOUNDED_COUNT"].sum(),
        "fbi_offences_cleared": raw["CLEARED_COUNT"].sum(),
        "fbi_offences_cleared_under_18": raw["JUVENILE_CLEARED_COUNT"].sum(),
        "fbi_agencies": raw.select("DATA_YEAR", "ORI").n_unique(),
    }


@pytest.mark.real
def test_a_leaf_is_there_once_and_no_value_is_below_zero(real: pl.DataFrame) -> None:
    keys = ["measure", "period", "area_code", "offence", "agency_type", "location"]
    assert real.select(keys).is_unique().all()
    assert real["value"].min() >= 0


@pytest.mark.real
def test_codes_81_and_82_are_the_two_offences(real: pl.DataFrame) -> None:
    raw = pl.read_csv(real_data(*REAL), infer_schema_length=None)
    expected = dict(raw.group_by("OFFENSE_SUBCAT_ID").agg(pl.col("ACTUAL_COUNT").sum()).iter_rows())
    found = sums(known(real).filter(pl.col("value").is_not_null()), "offence")
    assert found == {"commercial_sex_acts": expected[81], "involuntary_servitude": expected[82]}


@pytest.mark.real
def test_agencies_of_several_or_no_counties_stay_at_the_state(real: pl.DataFrame) -> None:
    leaves = known(real).filter(pl.col("value").is_not_null())
    assert sums(leaves, "location") == {"county": 7386, "several_counties": 1963, "county_not_named": 250}
    assert (leaves.filter(pl.col("location") == "county")["area_code"].str.len_chars() == 5).all()
    assert (leaves.filter(pl.col("location") != "county")["area_code"].str.len_chars() == 2).all()


@pytest.mark.real
def test_states_that_do_not_report_are_marked_and_not_zero(real: pl.DataFrame) -> None:
    year = known(real).filter(pl.col("period") == "2020")
    for state in ("01", "06", "11", "19", "36"):  # Alabama, California, DC, Iowa, New York
        rows = year.filter(pl.col("area_code").str.head(2) == state)
        assert rows.select("area_code", "value", "marker").rows() == [(state, None, "x")]


@pytest.mark.real
def test_every_area_is_one_of_the_shipped_geography(real: pl.DataFrame) -> None:
    codes = {*places.counties(), *places.states(), places.NATION}
    assert set(real["area_code"].to_list()) <= codes


@pytest.mark.real
def test_it_is_recognised_by_its_header() -> None:
    assert recognise(real_data(*REAL)) == ["fbi_offences"]


@pytest.mark.parametrize(
    "case",
    [
        ("NB", "DOUGLAS", "Omaha", "City", "31055", "county"),  # NB is Nebraska
        ("MO", "ST LOUIS", "Hazelwood", "City", "29189", "county"),
        ("MO", "ST LOUIS CITY", "St. Louis", "City", "29510", "county"),
        ("MO", "ST LOUIS", "St. Louis", "City", "29510", "county"),  # the city's own police
        ("MD", "BALTIMORE", "Baltimore County Police Department", "County", "24005", "county"),
        ("MD", "BALTIMORE CITY", "Baltimore", "City", "24510", "county"),
        ("VA", "NORFOLK CITY", "Norfolk", "City", "51710", "county"),
        ("VA", "NORFOLK", "Norfolk", "City", "51710", "county"),  # there is no county of that name
        ("NV", "CARSON CITY", "Carson City", "City", "32510", "county"),
        ("IL", "DE KALB", "DeKalb", "City", "17037", "county"),
        ("LA", "ORLEANS PARISH", "New Orleans", "City", "22071", "county"),
        ("NM", "DONA ANA", "Las Cruces", "City", "35013", "county"),
        ("CT", "HARTFORD", "Hartford", "City", "09003", "county"),  # a county of before 2022
        ("CT", "Capitol Planning Region", "Hartford", "City", "09110", "county"),
        ("AK", "VALDEZ-CORDOVA", "Valdez", "City", "02261", "county"),
        ("AK", "CHUGACH", "Valdez", "City", "02063", "county"),
        ("SD", "SHANNON", "Oglala Sioux", "Tribal", "46102", "county"),  # renamed in 2015
        ("TX", "MONTGOMERY; FORT BEND; HARRIS", "Houston", "City", "48", "several_counties"),
        ("MN", "", "Bureau of Criminal Apprehension", "Other State Agency", "27", "county_not_named"),
        ("MN", "UNMAPPED", "X", "City", "27", "county_not_named"),
        ("MN", "Unmapped; ", "X", "City", "27", "county_not_named"),
        ("MN", "NO SUCH PLACE", "X", "County", "27", "county_not_found"),
        ("FS", "", "Park Police", "Federal", "US", "federal"),
        ("Nebraska", "LANCASTER", "Lincoln", "City", "31109", "county"),
    ],
)  # fmt: skip
def test_where_an_agency_is_counted(case: tuple[str, ...]) -> None:
    state, county, agency, kind, area, how = case
    assert place(state, county, agency, kind) == (area, how)


@pytest.mark.real
def test_county_names_of_the_census_link_without_exception() -> None:
    census = pl.read_csv(real_data("us-county-population", "co-est2023-alldata.csv"), infer_schema_length=0)
    counties = census.filter(pl.col("SUMLEV") == "50")
    for state, county, name in counties.select("STATE", "COUNTY", "CTYNAME").iter_rows():
        code = state.zfill(2) + county.zfill(3)
        assert places.counties()[code].name == name
        assert places.county_code(state.zfill(2), name) == code


def test_rows_that_look_the_same_are_added(tmp_path: Path) -> None:
    path = write(tmp_path, "x.csv", HEADER + row("TX", "HARRIS", 1) * 3)
    leaves = accepted("fbi_offences", path).filter(pl.col("value").is_not_null())
    assert sums(leaves, "measure")["fbi_offences_known"] == 3


def test_other_releases_use_other_names_and_codes(tmp_path: Path) -> None:
    text = (
        "state_abbr,county_name,data_year,offense_subcat_id,actual_count,cleared_count\n"
        'TX,HARRIS,2022,HTCSA,"1,282",3\nTX,HARRIS,2022,64B,2,\nWA,KING,2023,HTIS,4,1\n'
    )
    leaves = accepted("fbi_offences", write(tmp_path, "later.csv", text))
    leaves = known(leaves).filter(pl.col("value").is_not_null())
    assert sums(leaves, "offence") == {"commercial_sex_acts": 1282, "involuntary_servitude": 6}


def test_a_correction_below_zero_leaves_the_state_total_right(tmp_path: Path) -> None:
    text = HEADER + row("MD", "HARFORD", -1) + row("MD", "BALTIMORE", 5) + row("TX", "HARRIS", 2)
    leaves = known(accepted("fbi_offences", write(tmp_path, "x.csv", text)))
    leaves = leaves.filter(pl.col("value").is_not_null())
    assert dict(leaves.select("area_code", "value").iter_rows()) == {"24005": 4, "48201": 2}


def test_a_hidden_or_broken_count_is_rejected_by_its_line_and_the_rest_stays(tmp_path: Path) -> None:
    text = HEADER + row("TX", "HARRIS", 3) + row("TX", "HARRIS", "<5") + row("TX", "BEXAR", "many")
    result = checked(incoming("fbi_offences", write(tmp_path, "x.csv", text)))
    assert result.rejected.sort("line").select("line", "rule").rows() == [
        (3, "hidden_by_publisher"),
        (4, "not_a_number"),
    ]
    assert sums(result.accepted, "measure")["fbi_offences_known"] == 3


def test_offences_other_than_trafficking_are_left_out(tmp_path: Path) -> None:
    other = row("TX", "HARRIS", 9).replace("Human Trafficking", "Arson").replace("82", "90")
    leaves = accepted("fbi_offences", write(tmp_path, "x.csv", HEADER + row("TX", "HARRIS", 2) + other))
    assert sums(leaves, "measure")["fbi_offences_known"] == 2


def test_another_kind_of_file_is_refused_with_the_missing_columns(tmp_path: Path) -> None:
    path = write(tmp_path, "other.csv", "name,count\na,1\nb,2\n")
    with pytest.raises(EtlError, match=r"other\.csv: columns are missing: year .*data_year.*state"):
        incoming("fbi_offences", path)


def test_a_column_that_holds_no_states_is_refused(tmp_path: Path) -> None:
    text = HEADER + row("Bavaria", "X", 1) + row("Tyrol", "Y", 1)
    with pytest.raises(EtlError, match="column 'STATE_ABBR' are no US state"):
        incoming("fbi_offences", write(tmp_path, "x.csv", text))


@pytest.mark.parametrize("between", [";", "; ", "|", ",", ", "])
def test_several_counties_are_several_however_an_edition_divides_them(between: str) -> None:
    counties = between.join(("FULTON", "DEKALB"))
    assert place("GA", counties, "X", "County") == ("13", "several_counties")


def test_a_wrong_year_or_number_is_one_bad_row_and_fills_nothing(tmp_path: Path) -> None:
    wrong = [row("AL", "AUTAUGA", 5).replace("2021", year, 1) for year in ("13", "1899")]
    wrong += [row("AL", "AUTAUGA", number) for number in ("99999999999999999999", "3.5", "0.0004")]
    text = HEADER + "".join(wrong) + row("AL", "AUTAUGA", 4) + row("AL", "AUTAUGA", 4)
    found = checked(incoming("fbi_offences", write(tmp_path, "f.csv", text)))
    assert sorted(set(found.rejected.select("line", "rule").iter_rows())) == [
        (2, "short_year"),
        (3, "impossible_period"),
        (4, "too_large_to_be_exact"),
        (5, "not_a_whole_number"),
        (6, "not_a_whole_number"),
    ]
    assert set(found.accepted["period"]) == {"2021"}
    assert 2 not in found.accepted["_line"]
    assert sums(known(found.accepted), "period") == {"2021": 8}, "two rows of an agency are two counts"


def test_agencies_their_months_and_residents_are_counted_once_a_year(tmp_path: Path) -> None:
    head = HEADER.rstrip("\n") + ",MONTHS_REPORTED,POPULATION\n"
    rows = (
        ("A1", "AUTAUGA", '12,"40,000"'),
        ("A1", "AUTAUGA", "12,40000"),
        ("A2", "AUTAUGA", "7,"),
        ("", "BALDWIN", "3,9"),
    )
    lines = [
        row("AL", county, 5).replace(",ORI,", f",{ori},", 1).rstrip("\n") + f",{more}\n"
        for ori, county, more in rows
    ]
    frame = accepted("fbi_offences", write(tmp_path, "x.csv", head + "".join(lines)))
    told = {
        (one["measure"], one["unit"]): one["value"]
        for one in frame.filter(pl.col("area_code") == "01001").iter_rows(named=True)
        if not one["measure"].startswith("fbi_offences")
    }
    assert told == {
        ("fbi_agencies", "agencies"): 2,
        ("fbi_agency_months", "months"): 19,
        ("fbi_population_covered", "people"): 40_000,
    }
    absent = frame.filter(pl.col("area_code") == "02", pl.col("measure") == "fbi_agencies")
    assert absent["marker"].to_list() == ["x"], "a state that is not there is not without agencies"
