"""Each real source loads by one command, and its published totals come out of the warehouse."""

from pathlib import Path

import pytest

from tests.etl.made_home import CommandLine, command_line
from tests.support import real_data

pytestmark = pytest.mark.real

NRM = "uk-nrm-2023q3"
FILES = (
    ("fbi_offences", ("fbi-ht-agency-2013-2020", "HT_2013-2020.csv")),
    ("nrm", (NRM, "nrm_referrals_police_2023_q3.csv.gz")),
    ("nrm", (NRM, "nrm_referrals_la_2023_q3.csv.gz")),
    ("nrm", (NRM, "nrm_referrals_ngo_2023_q3.csv.gz")),
    ("nrm", (NRM, "nrm_referrals_govt_2023_q3.csv.gz")),
    ("nrm", (NRM, "nrm_referrals_longitudinal.csv")),
    ("ctdc", ("ctdc-kanon-2020-derived", "trafficking_cleaned.csv")),
    ("ctdc", ("ctdc-synthetic-2021", "ctdc_synthetic_2021_sample25k.csv")),
    ("population", ("us-county-population", "co-est2023-alldata.csv")),
    ("boundaries", ("uk-boundaries", "uk_police_force_areas_2020.geojson")),
)


#: Of this release a fifth of the rows, 5,110 of 25,000, names no year.
ACCEPTED = {"ctdc-synthetic-2021": ("--accept", "rejected")}


@pytest.fixture(scope="module")
def real_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty home that the tests of this file fill, in their order."""
    return tmp_path_factory.mktemp("real")


@pytest.fixture(scope="module")
def loaded(real_home: Path) -> CommandLine:
    """The home with all files loaded, once; loading them again changes nothing."""
    run = command_line(real_home)
    for source, parts in FILES:
        told = run("load", real_data(*parts), "--source", source, *ACCEPTED.get(parts[0], ()))
        assert told.code == 0, told.out
    return run


def test_real_files_load_and_load_only_once(loaded: CommandLine) -> None:
    for source, parts in FILES:
        told = loaded("load", real_data(*parts), "--source", source)
        assert told.code == 0, told.out
        assert told.values["changed"] is False
        assert told.values["files"][0]["status"] == "already_loaded"
    states = loaded.query("SELECT status, count(*) FROM mart.load GROUP BY ALL")
    assert [status for status, _ in states] == ["current"], "no file has taken the place of another"


def test_published_totals_are_in_the_warehouse(loaded: CommandLine) -> None:
    fbi = loaded.query(
        "SELECT sum(value) FROM mart.observation WHERE measure = 'fbi_offences_known' AND period = '2020'"
    )
    assert fbi == [(2160.0,)]
    police = loaded.query(
        "SELECT sum(value) FROM mart.observation "
        "WHERE measure = 'nrm_referrals' AND responder_type = 'police' AND period = '2023-Q3'"
    )
    assert police == [(970.0,)]
    persons = dict(loaded.query("SELECT collection, count(*) FROM mart.person GROUP BY ALL"))
    assert persons["ctdc_kanon_derived_to_2018"] == 14_299


def test_areas_and_laws_come_along(loaded: CommandLine) -> None:
    areas = dict(loaded.query("SELECT geography, count(*) FROM mart.area WHERE level = 0 GROUP BY ALL"))
    assert {"us", "uk", "world"} <= set(areas)
    assert loaded.query("SELECT count(*) FROM mart.law_provision WHERE law_code = 'us_tvpa_2000'") == [(1,)]
    alabama = loaded.query(
        "SELECT population FROM mart.area_population "
        "WHERE geography = 'us' AND code = '01001' AND year = 2023"
    )
    assert len(alabama) == 1


def test_own_and_outside_figures_are_told_apart(loaded: CommandLine) -> None:
    assert loaded.query("SELECT count(*) FROM mart.collection WHERE is_own") == [(0,)]
    assert loaded.query("SELECT value FROM meta.info WHERE key = 'is_synthetic'") == [("false",)]
