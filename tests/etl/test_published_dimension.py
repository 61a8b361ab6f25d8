"""A dimension of published figures is one TOML: contract, stage, mart and release follow from the catalog."""

import shutil
import subprocess
import sys
from pathlib import Path

from analysis import open_release
from analysis.catalog.load import CATALOG_FOLDER, load_catalog
from etl.contracts.tables import contract
from tests.support import PROJECT

DIMENSION = """code = "venue"
label = "Kind of venue"
description = "Where the offence was reported to have happened."

[[category]]
code = "hotel"
label = "Hotel"
slot = 1
"""
MAPPING = """[source]
id = "city"
label = "City police"
publisher = "City police"
geography = "us"
period_resolution = "year"

[[series]]
code = "city_offences"
label = "Offences in the city"
unit = "offences"

[[table]]
name = "observation"
columns = { measure = "What", period = "Year", venue = "Venue", value = "Number" }
"""
# The folder is set before anything of the ETL reads the catalog.
RUN = """import sys
from pathlib import Path
import analysis.catalog.load as load
load.CATALOG_FOLDER = Path(sys.argv[1])
from etl.cli import main
for words in (["load", *sys.argv[3:], "--home", sys.argv[2]], ["release", "--home", sys.argv[2]]):
    assert main(words) == 0, words
"""


def with_venue(folder: Path) -> Path:
    """Return a copy of the catalog with one dimension more, that a published measure names."""
    copy = Path(shutil.copytree(CATALOG_FOLDER, folder / "catalog"))
    (copy / "dimensions/venue.toml").write_text(DIMENSION, "utf-8")
    measure = copy / "measures/fbi_offences_known.toml"
    text = measure.read_text("utf-8").replace(
        '["offence", "agency_type"]', '["offence", "agency_type", "venue"]'
    )
    measure.write_text(text, "utf-8")
    return copy


def test_its_column_stands_in_the_contract_by_itself(tmp_path: Path) -> None:
    copy = with_venue(tmp_path)
    assert "venue" not in contract("observation").names
    column = contract("observation", copy).column("venue")
    assert (column.kind, column.label, column.required) == ("text", "Kind of venue", False)
    published = load_catalog(copy).published_dimensions
    assert set(published) - set(load_catalog().published_dimensions) == {"venue"}
    assert set(published) <= set(contract("observation", copy).names)


def test_a_figure_divided_by_it_reaches_the_release(tmp_path: Path) -> None:
    copy = with_venue(tmp_path)
    (tmp_path / "city.csv").write_text("What,Unit,Year,Venue,Number\ncity_offences,offences,2024,hotel,7\n")
    (tmp_path / "city.toml").write_text(MAPPING, "utf-8")
    data, mapping = str(tmp_path / "city.csv"), str(tmp_path / "city.toml")
    words = [data, "--source", "own", "--mapping", mapping]
    command = [sys.executable, "-c", RUN, str(copy), str(tmp_path / "home"), *words]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = open_release(tmp_path / "home/release/public").table("observation")
    assert rows.select("measure", "venue", "value").rows() == [("city_offences", "hotel", 7.0)]
