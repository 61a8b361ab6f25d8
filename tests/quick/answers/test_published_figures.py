"""Published figures pass as published: exact sums of leaf rows, with markers; never with own records."""

import pytest

from analysis import Question, answer
from analysis.errors import TooManyDimensions, UnknownCode


def ask(release, measure, *args, **parts):
    return answer([Question(measure, *args, **parts)], release)[0]


def known(county: int, year: int, *offences: int) -> int:
    """The example's own rule: 4 or 1 times (3 + county) plus the years since 2021."""
    return sum(share * (3 + county) + (year - 2021) for share in offences)


def test_sums_are_exact_and_have_no_interval(release):
    frame = ask(release, "fbi_offences_known", ["period"]).frame
    assert frame["value"].to_list() == [
        sum(known(county, year, 4, 1) for county in (range(2) if year == 2022 else range(3)))
        for year in range(2021, 2026)
    ]
    assert frame["lower"].null_count() == frame.height


def test_a_state_is_the_sum_of_its_counties(release):
    frame = ask(release, "fbi_offences_known", ["area"], area_level=1, periods=("2023", "2023")).frame
    assert dict(zip(frame["area"], frame["value"], strict=True)) == {
        "06": known(0, 2023, 4, 1) + known(1, 2023, 4, 1),
        "48": known(2, 2023, 4, 1),
    }


def test_not_reporting_is_not_zero(release):
    found = ask(release, "fbi_offences_known", ["area", "period"], area_level=2)
    silent = found.frame.filter((found.frame["area"] == "48201") & (found.frame["period"] == "2022"))
    assert silent.row(0, named=True)["value"] is None and silent["marker"].to_list() == ["x"]
    total = ask(release, "fbi_offences_known", [], periods=("2022", "2022"))
    assert total.cells_shown < total.cells_total
    assert "These totals miss some areas or groups." in total.notes


def test_filters_keep_to_the_leaf_rows(release):
    found = ask(release, "fbi_offences_known", ["period"], {"offence": "involuntary_servitude"})
    assert found.frame["value"].to_list()[0] == sum(known(county, 2021, 1) for county in range(3))
    by_offence = ask(release, "fbi_offences_known", ["offence"], periods=("2021", "2021"))
    assert by_offence.frame["offence"].to_list() == ["commercial_sex_acts", "involuntary_servitude"]


def test_share_cleared(release):
    found = ask(release, "fbi_clearance_share", ["period"], {"area": "06"}).frame.row(0, named=True)
    cleared = sum(known(county, 2021, share) // 3 for county in range(2) for share in (4, 1))
    base = sum(known(county, 2021, 4, 1) for county in range(2))
    assert (found["value"], found["base"]) == (round(100 * cleared / base), base)
    small = ask(release, "fbi_clearance_share", ["area"], area_level=2, periods=("2021", "2021")).frame
    assert {row["area"]: "u" in row["marker"] for row in small.iter_rows(named=True)} == {
        code: known(n, 2021, 4, 1) < 20 for n, code in enumerate(("06001", "06037", "48201"))
    }


def test_the_source_is_named(release):
    found = ask(release, "fbi_offences_known", ["period"])
    assert found.source == "Made-up figures in the shape of the FBI's." and found.unit == "offences"


def test_areas_of_another_geography_are_unknown(release):
    with pytest.raises(UnknownCode, match="'C1' is not a known area"):
        ask(release, "fbi_offences_known", ["period"], {"area": "C1"})


def test_too_many_ways_to_divide(release, catalog):
    by = ["form", "age_group", "gender", "citizenship"]
    assert set(by) <= set(catalog.measures["nrm_referrals"].dimensions)
    released = release.observed
    try:
        series = released["fbi_offences", "fbi_offences_known"]
        release.__dict__["observed"] = {**released, ("nrm", "nrm_referrals"): series}
        with pytest.raises(TooManyDimensions) as caught:
            ask(release, "nrm_referrals", by)
        assert caught.value.give_up == by
    finally:
        release.__dict__["observed"] = released


def test_residents_are_context(release):
    found = ask(release, "population", ["area"], area_level=1, periods=("2024", "2024"))
    assert found.frame["value"].to_list() == [
        sum(20_000 + 9_000 * n + 450 for n in range(6)),
        sum(20_000 + 9_000 * n + 450 for n in range(6, 12)),
    ]
    last = ask(release, "population").frame["value"][0]
    assert last == sum(20_000 + 9_000 * n + 450 for n in range(12))  # the newest year, never a sum of years
