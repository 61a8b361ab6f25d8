"""A file that others published is named by its hash in what is taken along; a file of one's own never is."""

import csv
import hashlib
import io
import zipfile
from pathlib import Path

from analysis import answer, load_catalog, open_release
from analysis.exports import PACKAGE, data_package, export_context, export_items
from analysis.questions.question import Question
from tests.etl.made_home import CommandLine, Deliverer

OFFENCES = (
    "DATA_YEAR,ORI,PUB_AGENCY_NAME,PUB_AGENCY_UNIT,AGENCY_TYPE_NAME,STATE_ABBR,COUNTY_NAME,"
    "OFFENSE_SUBCAT_ID,OFFENSE_NAME,OFFENSE_SUBCAT_NAME,ACTUAL_COUNT,UNFOUNDED_COUNT,CLEARED_COUNT\n"
    "2021,ORI,X,,County,TX,DALLAS,82,Human Trafficking,Involuntary Servitude,7,0,1\n"
)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_files_of_a_figure_are_named_by_their_hash_and_own_files_are_not(
    run: CommandLine, give: Deliverer
) -> None:
    areas = give.areas()
    own = give.quarter("q1", 2025, 1, 60)
    offences = give.folder / "offences_2021.csv"
    offences.write_text(OFFENCES, "utf-8")
    for files in (areas, own):
        assert run.load(files).code == 0
    assert run("load", offences, "--source", "fbi_offences").code == 0
    assert run("release").code == 0

    release, catalog = open_release(run.home.release("public")), load_catalog()
    assert release.rows("SELECT source, sha256 FROM source_file") == [("fbi_offences", sha256(offences))]
    answers = answer([Question("fbi_offences_known", period_level="year")], release)
    items, context = export_items(answers, release, catalog), export_context(release, catalog)
    package = data_package(items, context, PACKAGE)
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        rows = list(csv.DictReader(io.StringIO(opened.read("sources.csv").decode("utf-8"))))
        everything = b"".join(opened.read(name) for name in opened.namelist())
    assert [row["files_sha256"] for row in rows] == [sha256(offences)]
    everything += next(run.home.release("public").glob("*.duckdb")).read_bytes()
    for path in (*areas, *own):
        assert sha256(path).encode() not in everything
