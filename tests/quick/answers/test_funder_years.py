"""Half-years and years from another month on: sums of published quarters or months, worked out by hand."""

import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from analysis import Question, Release, answer, open_release, periods
from analysis.answers.answer import Answer
from analysis.errors import NotPermitted, QuestionError, UnknownCode
from analysis.findings.basis import basis_for
from analysis.statistics.intervals import count_limits
from etl.config import read_deployment
from etl.errors import EtlError
from tests.release_states import changed

PEOPLE = "detected_persons"


def ask(release: Release, level: str, by: Sequence[str] = ("period",), **more: object) -> Answer:
    [found] = answer([Question(PEOPLE, by, period_level=level, **more)], release)  # type: ignore[arg-type]
    return found


def shown(found: Answer) -> dict[str, float | None]:
    return dict(found.frame.select("period", "value").iter_rows())


def test_codes_of_joined_periods_are_read_and_said() -> None:
    assert periods.periods_inside(periods.Span(12 * 2022, 12 * 2024 + 11), "year10") == [
        "2022-10+12",
        "2023-10+12",
    ]
    assert periods.periods_inside(periods.Span(12 * 2023 + 1, 12 * 2024 + 11), "half") == [
        "2023-07+6",
        "2024-01+6",
        "2024-07+6",
    ]
    assert periods.label_of("2023-10+12") == "October 2023 to September 2024"
    assert periods.label_of("2024-01+6") == "January to June 2024"
    assert periods.previous("2023-10+12") == "2022-10+12"
    assert periods.previous("2024-01+6", years=1) == "2023-01+6"
    assert periods.parts_of("year10") == "quarter" and periods.parts_of("year11") == "month"
    for month in range(12 * 2020, 12 * 2023):
        for level in periods.JOINED_LEVELS:
            span = periods.span_of(periods.code_of(month, level))
            assert span.first <= month <= span.last


@pytest.mark.parametrize(
    "code", ["2024-02+6", "2024-01+12", "2024-10+11", "2024-13+12", "2024-10+", "2024+12"]
)
def test_what_is_no_such_period_is_refused(code: str) -> None:
    with pytest.raises(UnknownCode):
        periods.level_of(code)


def test_a_year_from_october_is_four_published_quarters_with_their_variance(release: Release) -> None:
    quarters, years = shown(ask(release, "quarter")), ask(release, "year10")
    row = next(one for one in years.frame.iter_rows(named=True) if one["period"] == "2022-10+12")
    parts = [quarters[code] for code in ("2022-Q4", "2023-Q1", "2023-Q2", "2023-Q3")]
    assert None not in parts
    assert row["value"] == sum(part for part in parts if part)
    assert (row["cells_shown"], row["cells_total"]) == (4, 4)
    # By hand: limits of a Poisson count, and 4 cells of variance 3, joined as the root of the sum of squares.
    low, high = (float(limit) for limit in count_limits(row["value"]))
    reach = 1.959964**2 * 4 * release.v
    assert row["lower"] == round(row["value"] - math.sqrt((row["value"] - low) ** 2 + reach))
    assert row["upper"] == round(row["value"] + math.sqrt((high - row["value"]) ** 2 + reach))
    assert any("4 published quarters" in note and "two calendar years" in note for note in years.notes)
    assert row["marker"] == "r", "2023 was revised, and a part of it is in this year"


def test_a_year_from_november_is_twelve_published_months(release: Release) -> None:
    months, years = shown(ask(release, "month")), shown(ask(release, "year11"))
    parts = [f"2022-{month:02d}" for month in (11, 12)] + [f"2023-{month:02d}" for month in range(1, 11)]
    assert years["2022-11+12"] == sum(months[code] or 0 for code in parts)


def test_a_hidden_part_makes_it_at_least_that_many_and_no_end_of_a_comparison(
    folder: Path, tmp_path: Path
) -> None:
    hidden = "DELETE FROM cell_person WHERE period = '2024-Q1'"
    release = open_release(changed(folder, tmp_path / "hidden", [hidden]))
    whole, years = shown(ask(release, "quarter")), ask(release, "year10")
    row = next(one for one in years.frame.iter_rows(named=True) if one["period"] == "2023-10+12")
    assert (row["cells_shown"], row["cells_total"]) == (3, 4)
    assert row["value"] == sum(whole[code] or 0 for code in ("2023-Q4", "2024-Q2", "2024-Q3"))
    assert basis_for(years).newest is None
    assert basis_for(ask(open_release(folder), "year10")).newest is not None


def test_all_hidden_parts_make_a_hidden_sum(folder: Path, tmp_path: Path) -> None:
    statements = ["DELETE FROM cell_person WHERE period_level = 'quarter'"]
    release = open_release(changed(folder, tmp_path / "none", statements))
    assert set(shown(ask(release, "half")).values()) == {None}
    assert set(ask(release, "half").frame["marker"]) <= {"c", "cx", "x"}


def test_sums_hold_with_filters_areas_and_groups(release: Release) -> None:
    quarters = ask(release, "quarter", ("period", "gender"), where={"area": ["C1"]}).frame
    years = ask(release, "year07", ("period", "gender"), where={"area": ["C1"]}).frame
    assert set(years.columns) == set(quarters.columns)
    for row in years.iter_rows(named=True):
        span = periods.span_of(row["period"])
        parts = [
            one
            for one in quarters.iter_rows(named=True)
            if one["gender"] == row["gender"]
            and span.first <= periods.span_of(one["period"]).first <= span.last
        ]
        known = [one["value"] for one in parts if one["value"] is not None]
        assert len(parts) == row["cells_total"] == 4 and len(known) == row["cells_shown"]
        assert row["value"] == (sum(known) if known else None)


def test_only_whole_periods_inside_the_chosen_ones_are_rows(release: Release) -> None:
    found = shown(ask(release, "year10", periods=("2022", "2024")))
    assert list(found) == ["2022-10+12", "2023-10+12"]
    with pytest.raises(NotPermitted, match="No whole period"):
        ask(release, "year10", periods=("2023", "2023"))


def test_a_half_year_is_held_against_the_same_half_of_the_year_before(release: Release) -> None:
    newest = basis_for(ask(release, "half")).newest
    assert newest is not None
    assert newest.words == "January to June 2025 against January to June 2024"


@pytest.mark.parametrize("measure", ["detection_rate_per_100k", "child_share"])
def test_what_does_not_add_up_is_refused_in_words(release: Release, measure: str) -> None:
    with pytest.raises(QuestionError, match="only counts are added up over periods"):
        answer([Question(measure, ("period",), period_level="year10")], release)


def test_what_is_counted_once_a_year_is_refused_in_words(folder: Path, tmp_path: Path) -> None:
    yearly = "UPDATE collection SET period_resolution = 'year' WHERE subject = 'person'"
    release = open_release(changed(folder, tmp_path / "yearly", [yearly]))
    with pytest.raises(NotPermitted, match="counted once for a whole calendar year"):
        ask(release, "year10")


def test_keepers_name_the_years_of_their_funders(folder: Path, tmp_path: Path) -> None:
    assert list(open_release(folder).joined_levels.values()) == ["Twelve months to June", "Half-years"]
    named = """INSERT INTO info VALUES ('fiscal_years', '{"Federal year": 10, "State year": 7}')"""
    levels = open_release(changed(folder, tmp_path / "named", [named])).joined_levels
    assert levels == {
        "year10": "Federal year (October to September)",
        "year07": "State year (July to June)",
        "half": "Half-years",
    }
    for wrong in ("[]", "{", '{"x": "y"}', '{"x": 1}'):
        statements = [f"INSERT INTO info VALUES ('fiscal_years', '{wrong}')"]
        release = open_release(
            changed(folder, tmp_path / f"wrong{len(wrong)}{wrong[-2:-1] or 0}", statements)
        )
        assert list(release.joined_levels) == ["year07", "half"]


def test_a_deployment_says_them_and_mistakes_are_named(tmp_path: Path) -> None:
    file = tmp_path / "deployment.toml"
    file.write_text('[[fiscal_year]]\nname = "Federal year"\nfirst_month = 10\n', "utf-8")
    assert read_deployment(tmp_path).fiscal_years == {"Federal year": 10}
    for wrong in (0, 1, 13):
        file.write_text(f'[[fiscal_year]]\nname = "Federal year"\nfirst_month = {wrong}\n', "utf-8")
        with pytest.raises(EtlError, match="first_month"):
            read_deployment(tmp_path)
