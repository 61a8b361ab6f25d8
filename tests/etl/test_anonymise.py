"""Identifiers are refused by name and by content; references hashed; values coarsened; k and l are right."""

import csv
import hmac
import unicodedata
from collections import Counter, defaultdict
from datetime import date
from typing import Any
from unittest import mock

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.contracts.batch import Batch
from etl.contracts.check import check
from etl.contracts.countries import alpha2, group_by_alpha2
from etl.contracts.tables import contract
from etl.lines import LINE
from etl.mart.anonymity import QUASI_IDENTIFIERS, anonymity_report
from etl.protect.anonymise import age_band, anonymise, find_identifiers, keys, person_key, refuse_identifiers
from etl.protect.identifiers import plain, rule_of_name
from etl.readers import read_table
from tests.etl.making_files import refusal
from tests.support import examples, real_data

SECRET = b"a secret of sixteen bytes or more"


def found(values: list[Any], name: str = "column", **options: Any) -> list[tuple[str, str]]:
    frame = pl.DataFrame({name: values}, schema={name: pl.String})
    return [(item.rule, item.how) for item in find_identifiers(frame, **options)]


NAMES = {
    "person_name": (
        "first_name FirstName FIRST-NAME firstname prs_FirstName prs_Second_Name surname Last.Name "
        "family_name Name Nombre apellidos Prénom Nom Nachname Vorname cognome soyadı фамилия 姓名 "
        "client_name VictimName name_of_child Alias AKA maidenName case_worker cas_CaseOwner initials"
    ),
    "birth_date": (
        "DOB d.o.b. date_of_birth birthDate prs_Birthdate birthday fecha_de_nacimiento дата_рождения"
    ),
    "phone": "phone Telephone tel cell_no CellPhone WhatsApp teléfono móvil contact_number Handynummer",
    "email": "email e-mail E_Mail emailAddress correo courriel",
    "address": "street Address home_address calle dirección Straße indirizzo rue adresse",
    "postcode": "postcode zip ZipCode postal_code PLZ",
    "document_number": (
        "passport PassportNo SSN social_security national_id IdentityNumber id_card drivers_license "
        "alien_number NHS_number CURP cédula IBAN licence_plate"
    ),
    "coordinates": "lat LON latitude GPS geolocation hte_Longitude what3words",
    "online_identity": "username screen_name instagram IP_address social_media_handle",
    "image": "photo signature",
    "free_text": "notes Comments remarks case_notes narrative Bemerkungen commentaires cco_CaseComment",
}
DIRECT = """
prs_FirstName prs_MiddleName prs_SecondName prs_Birthdate prs_IdentityNumber prs_Email prs_HomePhone
prs_MobilePhone prs_MailingStreet prs_MailingPostalCode prs_MailingLongitude prs_MailingLatitude
cas_CaseOwner cco_CaseComment hte_Street hte_PostalCode hte_Longitude hte_Latitude
"""
HARMLESS = (
    "gender age age_band citizenship country_of_birth year_of_birth county_name PUB_AGENCY_NAME STNAME "
    "organisation_name client_no case_number reference district area_code means_of_control "
    "date_referred first_contact_by phase cellar longest_stay nationality status datasource "
    "typeOfExploitConcatenated vic_MethodsOfControl name_of_district telling online_recruitment"
)


@pytest.mark.parametrize(
    ("rule", "name"), [(rule, name) for rule, text in NAMES.items() for name in text.split()]
)
def test_identifying_names(rule: str, name: str) -> None:
    assert rule_of_name(name) == rule
    assert found(["anything at all"], name) == [(rule, "name")]


@pytest.mark.parametrize("name", HARMLESS.split())
def test_harmless_names(name: str) -> None:
    assert rule_of_name(name) is None


def test_plain_form_of_names() -> None:
    assert plain("prs_FirstName") == "prs first name"
    assert plain("Téléphone (MOBILE)") == "telephone mobile"
    assert plain("HTTPServer2Name") == "http server2 name"


VALUES = {
    "email": ["maria@example.org", "write to j.doe+x@mail.example.co.uk please"],
    "phone": [
        "+1 (555) 123-4567", "555-123-4567", "(020) 7946 0958", "call 07700 900123 at night", "5551234567",
        "+44 20 7946 0958", "0031612345678", "06 12 34 56 78", "555-0199", "tel 555.123.4567",
    ],
    "birth_date": ["born 3/4/1999", "DOB: 1999-04-03", "geboren 03.04.1999", "née le 3-4-1999"],
    "document_number": [
        "078-05-1120", "AB 12 34 56 C", "A123456789", "GB29 NWBK 6016 1331 9268 19", "Passport no: X1234567",
    ],
    "coordinates": ["51.5074, -0.1278", "40.71280;-74.00600"],
    "address": ["12 High Street", "221b Baker St", "Hauptstraße 5", "10 rue de la Paix"],
    "postcode": ["SW1A 1AA", "90210-1234"],
    "online_identity": ["https://example.org/u/1", "see @someone_x", "192.168.0.12"],
    "free_text": ["She came to the office with her sister and told us that he kept her papers"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "value"), [(rule, value) for rule, values in VALUES.items() for value in values]
)
def test_identifying_content_is_found_in_one_cell_of_many(rule: str, value: str) -> None:
    assert found(["police", None, "ngo", value, "health"]) == [(rule, "content")]


@pytest.mark.parametrize(
    "values",
    [
        ["2025-03-07", "2025-03", "2025-Q1", "2025"],
        ["Psychological abuse;Sexual abuse;Withholds necessities;Takes earnings;Threats;Other"],
        ["1,282", "0.71 %", "<5", "-99", "12"],
        ["13--24 (1-2 yrs)", "2019-2020", "9--17"],
        ["TM101", "E23000001", "Fennick Quay", "Moor, North"],
        ["HS-0412", "2025/118", "LK/034"],
        ["0.123456789", "12.34567890"],
        ["Referred by the police", "Self-referral or a member of the public"],
    ],
)
def test_harmless_content(values: list[str]) -> None:
    assert found([*values, *values]) == []


def test_columns_of_numbers_that_are_documents_or_places() -> None:
    assert found(["X1234567", "AB123456", "C7654321"]) == [("document_number", "content")]
    assert found(["51.50741", "51.49999", "51.51234"]) == [("coordinates", "content")]
    assert found([f"{day:02d}/03/1999" for day in range(1, 9)]) == [("exact_date", "content")]
    assert found([f"{day:02d}/03/1999" for day in range(1, 9)], dates=["column"]) == []


def test_a_column_of_full_names_is_found_without_its_heading() -> None:
    people = [f"Ana{chr(97 + i)} Pérez-Mora" for i in range(12)]
    assert found(people) == [("person_name", "content")]
    assert found(["Fennick Quay", "Hollin Staithe"] * 30) == []


def test_columns_without_data_are_let_pass() -> None:
    assert found([None, None], "first_name") == []


def test_yes_and_no_under_an_alarming_name_are_let_pass() -> None:
    assert found(["Y", "N", None, "Y"], "recruited_by_phone") == []
    assert found(["Y", "555-123-4567"], "recruited_by_phone") == [("phone", "name")]


def test_soft_words_over_categories_are_let_pass() -> None:
    assert found(["arrest", "rescue"] * 20, "status description") == []
    assert found([f"phrase {i}" for i in range(20)], "status description") == [("free_text", "name")]
    assert found(["arrest", "rescue"] * 20, "notes") == [("free_text", "name")]


def test_references_and_areas_may_be_numbers() -> None:
    assert found(["5551234567", "078-05-1120"], references=["column"]) == []
    assert found(["maria@example.org"], references=["column"]) == [("email", "content")]
    assert found(["E23000001", "E23000002", "E23000003"], areas=["column"]) == []
    assert found(["SW1A 1AA"], "postcode", areas=["postcode"]) == []
    assert found(["SW1A 1AA"], "postcode") == [("postcode", "name")]


def test_listed_values_and_dropped_columns_are_not_looked_at() -> None:
    long = "Referred by the person themselves or by a member of the public, friends or family"
    assert found([long]) == [("free_text", "content")]
    assert found([long], listed={"column": [long]}) == []
    assert found(["maria@example.org"], drop=["column"]) == []


def test_refusal_names_every_column_and_no_value() -> None:
    frame = pl.DataFrame(
        {"Client": ["maria@example.org"], "Notes": ["afraid of Ivan"], "age": ["17"], LINE: [2]}
    )
    refusal(
        lambda: refuse_identifiers(frame, "a.csv"),
        "a.csv", "'Client' (e-mail addresses, told by its content)", "'Notes' (free text, told by its name)",
        'drop = ["Client", "Notes"]', "Nothing was stored",
        unwanted=["maria", "afraid", "Ivan", "17"],
    )  # fmt: skip


def test_the_standard_s_identifying_fields_are_all_refused() -> None:
    direct = set(DIRECT.split())
    with real_data("htcds-2.0", "htcds_fields.csv").open(encoding="utf-8") as stream:
        fields = [row["field_name"] for row in csv.DictReader(stream)]
    assert direct <= set(fields)
    refused = {name for name in fields if found(["some value"], name)}
    assert direct <= refused
    kept = {
        "prs_Gender",
        "prs_Citizenship",
        "vic_TypeOfExploitation",
        "vic_MethodsOfControl",
        "vic_TraffickingStatus",
    }
    assert not kept & refused


@pytest.mark.parametrize(
    "path",
    [
        ("ctdc-kanon-2020-raw-head", "global_dataset_14_apr_2020_rows.csv"),
        ("ctdc-kanon-2020-derived", "trafficking_cleaned.csv"),
        ("ctdc-synthetic-2021", "ctdc_synthetic_2021_sample25k.csv"),
    ],
)
def test_real_deidentified_records_are_not_refused(path: tuple[str, str]) -> None:
    assert find_identifiers(read_table(real_data(*path))) == ()


def test_person_keys() -> None:
    key = person_key(SECRET, "shelter", "C-0412")
    assert key == person_key(SECRET, "shelter", "  c-0412 ")
    assert key != person_key(SECRET, "police", "C-0412")
    assert key != person_key(b"another secret of enough bytes", "shelter", "C-0412")
    assert len(key) == 32
    assert int(key, 16) >= 0
    hashed = keys(SECRET, "shelter", pl.Series(["C-0412", None, "C-0412"]))
    assert hashed.to_list() == [key, None, key]
    assert keys(SECRET, "s", pl.Series([None, None], dtype=pl.String)).to_list() == [None, None]


def test_known_hash() -> None:
    """Keys must not change between versions: HMAC-SHA-256 of "s|x" under "k" * 16, made with openssl."""
    assert person_key(b"k" * 16, "s", "X") == "17b284a98614882b3d9cbfc6022af472"


REFS = st.lists(st.text("abcÄß 0-9/é€\n", max_size=20), min_size=1, max_size=30)


@settings(max_examples=examples(30))
@given(st.binary(min_size=16, max_size=100), st.text(max_size=8), REFS)
def test_keys_of_many_are_the_keys_one_by_one(secret: bytes, scheme: str, refs: list[str]) -> None:
    series = pl.Series([*refs, None])
    one_by_one = [person_key(secret, scheme, ref) for ref in refs]
    assert keys(secret, scheme, series).to_list() == [*one_by_one, None]
    with mock.patch("etl.protect.anonymise._FEW_REFERENCES", 0):
        assert keys(secret, scheme, series).to_list() == [*one_by_one, None]
    plain = " ".join(unicodedata.normalize("NFKC", refs[0]).lower().split())
    message = f"{scheme}|{plain}".encode()
    assert person_key(secret, scheme, refs[0]) == hmac.new(secret, message, "sha256").hexdigest()[:32]


def test_keys_keep_their_order() -> None:
    refs = pl.Series([f"P{number}" for number in range(200_000)])
    hashed = keys(SECRET, "s", refs)
    assert hashed.n_unique() == refs.len()
    for position in (0, 1, 122_880, 199_999):
        assert hashed[position] == person_key(SECRET, "s", refs[position])


def people(**columns: list[Any]) -> pl.DataFrame:
    height = len(next(iter(columns.values())))
    frame = pl.DataFrame(columns, schema_overrides={name: pl.String for name in columns})
    frame = frame.with_columns(pl.int_range(2, height + 2).alias(LINE))
    checked = check(Batch.of("person", frame), date(2025, 12, 31))
    assert checked.rejected.height == 0
    return anonymise(
        contract("person"),
        checked.accepted,
        secret=SECRET,
        scheme="s",
        home_country="US",
        file_mark="file one",
    )


def test_nothing_exact_is_left() -> None:
    frame = people(
        person_ref=["C-1", None, None],
        period=["2025-03-07", "2025-Q1", "2024"],
        age=["17", None, "48"],
        citizenship=["US", "Romania", "stateless"],
    )
    gone = {"person_ref", "age", "citizenship", "period"}
    assert not gone & set(frame.columns)
    assert frame["period_start"].to_list() == [date(2025, 3, 1), date(2025, 1, 1), date(2024, 1, 1)]
    assert frame["age_band"].to_list() == ["9_17", None, "48_plus"]
    assert frame["citizenship_group"].to_list() == ["domestic", "europe", "oceania_other"]
    assert frame["person_key"].n_unique() == 3
    assert frame["person_key"][0] == person_key(SECRET, "s", "C-1")
    everything = str(frame.rows())
    for raw in ("C-1", "Romania", "2025-03-07", "07"):
        assert raw not in everything


def test_rows_without_reference_get_a_key_of_file_and_line() -> None:
    once, again = people(period=["2025"] * 2), people(period=["2025"] * 2)
    assert once["person_key"].to_list() == again["person_key"].to_list()
    assert once["person_key"].n_unique() == 2


def test_band_and_group_given_go_before_age_and_country() -> None:
    frame = people(
        period=["2025"] * 3,
        age_band=["18_23", "not_recorded", None],
        age=["19", "30", None],
        citizenship_group=["asia", None, "not_recorded"],
        citizenship=["RO", "RO", None],
    )
    assert frame["age_band"].to_list() == ["18_23", "30_38", None]
    assert frame["citizenship_group"].to_list() == ["asia", "europe", None]


def test_persons_and_referrals_share_keys_and_organisations_share_theirs() -> None:
    rows = pl.DataFrame(
        {
            "period": ["2025"],
            "person_ref": ["C-1"],
            "referral_ref": ["C-1"],
            "to_organisation": ["Shelter"],
            LINE: [2],
        }
    )
    accepted = check(Batch.of("referral", rows), date(2025, 12, 31)).accepted
    options: dict[str, Any] = {"secret": SECRET, "home_country": "", "file_mark": "f"}
    one = anonymise(contract("referral"), accepted, scheme="s", **options)
    other = anonymise(contract("referral"), accepted, scheme="t", **options)
    assert one["person_key"][0] == person_key(SECRET, "s", "C-1")
    assert one["referral_key"][0] != one["person_key"][0]
    assert one["to_organisation_key"][0] == other["to_organisation_key"][0]
    assert one["person_key"][0] != other["person_key"][0]
    assert "to_organisation" not in one.columns


@pytest.mark.parametrize(
    ("age", "band"),
    [
        *[(0, "0_8"), (8, "0_8"), (9, "9_17"), (17, "9_17"), (18, "18_23"), (23, "18_23"), (24, "24_29")],
        *[(29, "24_29"), (30, "30_38"), (38, "30_38"), (39, "39_47"), (47, "39_47"), (48, "48_plus")],
        *[(120, "48_plus"), (None, None)],
    ],
)
def test_age_bands(age: int | None, band: str | None) -> None:
    assert (
        pl.DataFrame({"a": [age]}, schema={"a": pl.Int64}).select(age_band(pl.col("a")))["literal"][0] == band
    )


def test_countries() -> None:
    assert [alpha2(word) for word in ("ROU", "ro", "Romanian", " romania ")] == ["RO"] * 4
    assert alpha2("Stateless") == "XX"
    assert alpha2("NA") == "NA"  # Namibia
    assert alpha2("Atlantis") is None
    assert alpha2("ZZ") == "ZZ"
    assert group_by_alpha2("RO")["RO"] == "domestic"
    assert group_by_alpha2("")["RO"] == "europe"


def slow_report(rows: list[tuple[str, ...]], sensitive: list[str]) -> tuple[int, int, float, float, int]:
    """Count k and l the obvious way."""
    sizes = Counter(rows)
    kinds = defaultdict(set)
    for row, value in zip(rows, sensitive, strict=True):
        kinds[row].add(value)
    total = len(rows)
    return (
        len(sizes),
        min(sizes.values()),
        sum(1 for row in rows if sizes[row] == 1) / total,
        sum(1 for row in rows if sizes[row] < 5) / total,
        min(len(values) for values in kinds.values()),
    )


@given(
    st.lists(
        st.tuples(
            *[st.sampled_from(["a", "b"]) for _ in QUASI_IDENTIFIERS], st.sampled_from(["x", "y", "z"])
        ),
        min_size=1,
        max_size=80,
    )
)
def test_anonymity_agrees_with_the_slow_count(rows: list[tuple[str, ...]]) -> None:
    frame = pl.DataFrame(rows, schema=[*QUASI_IDENTIFIERS, "status"], orient="row")
    report = anonymity_report(frame)
    groups, smallest, unique, below_5, diversity = slow_report(
        [row[:-1] for row in rows], [row[-1] for row in rows]
    )
    assert (report.records, report.groups, report.smallest_group) == (len(rows), groups, smallest)
    assert report.unique_share == pytest.approx(unique)
    assert report.below_5_share == pytest.approx(below_5)
    assert report.smallest_diversity["status"] == diversity
    assert report.unique_share <= report.below_5_share <= report.below_11_share
    alike = frame.group_by(pl.all()).agg(pl.len().alias("persons"))
    assert anonymity_report(alike, number="persons") == report


def test_anonymity_report_in_words_rounds_and_never_counts() -> None:
    rows = [("TM1", 2025, "18_23", "adult", "female", "domestic", "confirmed", ["a", "b"])] * 300
    rows += [("TM2", 2025, "0_8", "child", "male", "asia", "presumed", ["b"])]
    frame = pl.DataFrame(rows, schema=[*QUASI_IDENTIFIERS, "status", "form"], orient="row")
    report = anonymity_report(frame, sensitive=("status", "form", "absent"))
    words = dict(report.rows())
    assert words["k_smallest_group"] == "1"
    assert words["records_unique"] == "below 1 %"
    assert words["l_smallest_form"] == "1"
    assert words["records_undivided_status"] == "100 %"
    assert not {"l_smallest_absent", "records"} & set(words)


def test_anonymity_of_nobody() -> None:
    report = anonymity_report(
        pl.DataFrame(schema={name: pl.String for name in (*QUASI_IDENTIFIERS, "status")})
    )
    assert (report.records, report.smallest_group, report.unique_share) == (0, 0, 0.0)
