"""Dates, years and quarters that have two readings are rejected by a named rule; the others are read."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from etl.contracts.check import Checked, check
from etl.contracts.rules import RULES
from etl.incoming import ReadOptions
from etl.sources.published._quarters import quarter_in, quarters
from etl.sources.records import ctdc, own
from tests.etl.making_files import refusal, write_csv

AS_OF = date(2025, 12, 31)
MAPPING = """\
period = "2000-01..2025-12"
[source]
id = "office"
label = "Office"
period_resolution = "year"
[file]
{file}
[[table]]
name = "person"
[table.columns]
period = {period}
"""


def read(
    folder: Path, cells: list[str], formats: str = "", *, period: str = '"When"', header: str = "When"
) -> Checked:
    """Check a sheet of one column of periods (or more, divided by ``|``)."""
    rows = [header.split("|"), *(cell.split("|") for cell in cells)]
    mapping = folder / "office.toml"
    mapping.write_text(
        MAPPING.format(file=f"date_format = {formats}" if formats else "", period=period), "utf-8"
    )
    path = write_csv(folder / "office.csv", rows)
    [batch] = own.read(path, ReadOptions(mapping=mapping, as_of=AS_OF)).batches
    return check(batch, AS_OF)


@pytest.mark.parametrize(
    ("cells", "formats", "periods"),
    [
        (["2024", "2024.0", "2024-Q3", "2024-07-31"], "", ["2024", "2024", "2024-Q3", "2024-07"]),
        (["2011-11", "2011-12"], "", ["2011-11", "2011-12"]),
        (["2011-12"], '"yyyy-mm"', ["2011-12"]),
        (["2024-1", "2024-2", "2024-9"], "", ["2024-01", "2024-02", "2024-09"]),
        (["2024-03"], "", ["2024-03"]),
        (["2024-1", "2024-3"], '"yyyy-mm"', ["2024-01", "2024-03"]),
        (["2024-1", "2024-3"], '"yyyy-q"', ["2024-Q1", "2024-Q3"]),
        (["24", "23"], '"yy"', ["2024", "2023"]),
        (["03/04/2024"], '"dd/mm/yyyy"', ["2024-04"]),
        (["03/25/2024", "25/03/2024", "03/03/2024"], '["dd/mm/yyyy", "mm/dd/yyyy"]', ["2024-03"] * 3),
    ],
)
def test_what_has_one_reading_is_read(
    tmp_path: Path, cells: list[str], formats: str, periods: list[str]
) -> None:
    found = read(tmp_path, cells, formats)
    assert found.rejected.rows() == []
    assert found.accepted["period"].to_list() == periods


@pytest.mark.parametrize(
    ("cells", "formats", "rules"),
    [
        (["24"], "", ["short_year"]),
        (
            ["2015-2019", "2015–2019", "2015 to 2019", "2015-2016"],
            "",
            ["several_years"] * 3 + ["financial_year"],
        ),
        (["FY24", "2023/24", "2023-24", "2023–24"], "", ["financial_year"] * 4),
        (["2011-12"], "", ["month_or_financial_year"]),
        (["2009-10", "2010-11", "2011-12"], "", ["month_or_financial_year"] * 3),
        (["2011-12", "2011-03", "2012-13"], "", ["month_or_financial_year", "financial_year"]),
        (["2024-1", "2024-2", "2024-3", "2024-4"], "", ["month_or_quarter"] * 4),
        (["2024-1", "2024-3"], '["yyyy-mm", "yyyy-q"]', ["two_formats_fit"] * 2),
        (
            ["03/04/2024", "31/04/2024"],
            '["dd/mm/yyyy", "mm/dd/yyyy"]',
            ["two_formats_fit", "impossible_period"],
        ),
        (["03.04.24"], '["dd.mm.yy", "mm.dd.yy"]', ["two_formats_fit"]),
        (["03/04/2024"], '"yyyy-mm"', ["day_or_month"]),
    ],
)
def test_what_has_two_readings_is_rejected_by_a_rule_that_says_the_cure(
    tmp_path: Path, cells: list[str], formats: str, rules: list[str]
) -> None:
    found = read(tmp_path, cells, formats)
    assert found.rejected["rule"].to_list() == rules
    for rule in set(rules) - {"impossible_period"}:
        assert any(word in RULES[rule] for word in ("date_format", "keep one", "give months"))
        assert not set(cells) & set(RULES[rule].split())


def test_a_sheet_of_dates_without_a_format_is_refused(tmp_path: Path) -> None:
    refusal(lambda: read(tmp_path, ["03/04/2024"]), "order of day and month", unwanted=["03/04/2024"])


@pytest.mark.parametrize("numbers", [["1", "2", "3", "4"], ["3"]])
def test_a_year_beside_a_number_is_not_taken_for_a_month(tmp_path: Path, numbers: list[str]) -> None:
    columns = '{ columns = ["Year", "Part"], join = "-"%s }'
    cells = [f"2024|{number}" for number in numbers]
    found = read(tmp_path, cells, period=columns % "", header="Year|Part")
    assert set(found.rejected["rule"]) == {"month_or_quarter"}
    told = read(tmp_path, cells, period=columns % ', format = "yyyy-q"', header="Year|Part")
    assert told.accepted["period"].to_list() == [f"2024-Q{number}" for number in numbers]


def test_a_quarter_of_another_year_than_its_column_stays_for_the_contract_to_reject() -> None:
    frame = pl.DataFrame({"y": ["2023", "2023", "2023"], "q": ["2023 Q3", "2022 Q3", "Q3"]})
    assert frame.select(quarters("y", "q").alias("x"))["x"].to_list() == [
        "2023-Q3",
        "2023 2022 Q3",
        "2023-Q3",
    ]


def test_a_file_name_with_two_quarters_or_years_says_nothing(tmp_path: Path) -> None:
    assert quarter_in("nrm_2023_q3.csv") == quarter_in("nrm_2023_q3_2023-Q3.csv") == "2023-Q3"
    assert quarter_in("nrm_2023_q3_published_2023_q4.csv") == ""
    header = "yearOfRegistration,Datasource,gender,isForcedLabour\n2019,Case Management,Female,1\n"
    path = tmp_path / "global_dataset_2019_fetched_2021.csv"
    path.write_text(header, "utf-8")
    refusal(lambda: ctdc.read(path, ReadOptions(as_of=AS_OF)), "2 years", unwanted=["Female"])
    mapping = tmp_path / "ctdc.toml"
    mapping.write_text('release = "2019"\n', "utf-8")
    assert "2019" in ctdc.read(path, ReadOptions(as_of=AS_OF, mapping=mapping)).source.source_id
