"""Shares and rates are arithmetic on published cells, with their minimum bases, worked out again by hand."""

import math

import pytest

from analysis import Question, answer, open_release
from analysis.statistics.intervals import count_limits, wilson_limits
from tests.quick.answers.oracle import cells
from tests.quick.spec.drawn import write_release

Z = 1.959963984540054


def ask(release, measure, *args, **parts):
    return answer([Question(measure, *args, **parts)], release)[0]


def cell(folder, period, area=None, subject="person", **codes):
    return cells(folder, subject).get(("own", period, area, frozenset(codes.items())))


@pytest.mark.parametrize("year", ["2021", "2023", "2025"])
def test_share_of_children_by_hand(release, folder, year):
    child = cell(folder, year, age_group="child")
    base = cell(folder, year) - cell(folder, year, age_group="not_recorded")
    row = ask(release, "child_share", ["period"], periods=(year, year)).frame.row(0, named=True)
    share = child / base
    lower, upper = (float(limit) for limit in wilson_limits(child, base))
    reach = Z**2 * 3.0 * (1 + 2 * share**2) / base**2
    assert row["value"] == round(100 * share) and row["base"] == base
    assert row["lower"] == round(100 * (share - math.sqrt((share - lower) ** 2 + reach)))
    assert row["upper"] == round(100 * (share + math.sqrt((upper - share) ** 2 + reach)))


def test_accepted_among_decided_by_hand(release, folder):
    for row in ask(release, "acceptance_share", ["period"]).frame.iter_rows(named=True):
        accepted = cell(folder, row["period"], subject="referral", decision="accepted")
        declined = cell(folder, row["period"], subject="referral", decision="declined")
        assert row["value"] == round(100 * accepted / (accepted + declined))
        assert row["base"] == accepted + declined and row["cells_total"] == 1


def test_a_share_over_several_years_divides_sums(release, folder):
    years = [str(year) for year in range(2021, 2026)]
    forms = ask(release, "form_share", ["form"]).frame
    base = sum(cell(folder, year) - cell(folder, year, form="not_recorded") for year in years)
    first = forms.row(0, named=True)
    assert first["base"] == base
    assert first["value"] == round(100 * sum(cell(folder, year, form=first["form"]) for year in years) / base)
    assert "not_recorded" not in forms["form"].to_list()


@pytest.mark.parametrize(
    ("measure", "by"),
    [
        ("form_share", ["form", "area"]),
        ("control_method_share", ["control_method", "area"]),
        ("gender_share", ["gender", "area", "age_band"]),
        ("not_recorded_share", ["field", "area"]),
        ("acceptance_share", ["area"]),
    ],
)
def test_no_share_from_a_small_base_and_no_certainty(release, measure, by):
    for level in (1, 2):
        frame = ask(release, measure, by, area_level=level).frame
        shown = frame.drop_nulls("value")
        assert (shown["base"] >= 50).all()
        few = shown["value"] < 0.5
        assert (shown["value"] == shown["value"].round().zip_with(~few, shown["value"].round(1))).all()
        assert shown["value"].min() > 0, "what is shown is somebody"
        assert shown["value"].max() <= 95 and shown["upper"].max() <= 99
        assert (shown["lower"] <= shown["value"]).all() and (shown["value"] <= shown["upper"]).all()
        assert set(frame.filter(frame["value"].is_null())["marker"]) <= {"c", "x", "z"}


def test_a_hidden_numerator_is_not_counted_as_nobody(tmp_path):
    """60 children of 90 in one year; 0 to 9 of 90 in the next: 33 %, and the interval holds 69 of 180."""
    rows = [
        {"period": year, "age_group": group, "value": value}
        for year in ("2024", "2025")
        for group, value in (("", "100"), ("not_recorded", "10"))
    ]
    rows.append({"period": "2024", "age_group": "child", "value": "60"})
    release = open_release(write_release(tmp_path, {"person": rows}))
    row = ask(release, "child_share", [], periods=("2024", "2025")).frame.row(0, named=True)
    assert (row["value"], row["base"], row["cells_shown"], row["cells_total"]) == (33.0, 180.0, 1, 2)
    assert row["upper"] >= 100 * float(wilson_limits(69, 180)[1])
    assert row["lower"] == pytest.approx(100 * float(wilson_limits(60, 180)[0]), abs=1)


def test_a_numerator_whose_base_is_hidden_is_left_out(tmp_path):
    """In 2025 everybody is hidden and the children, by their own change, are not: 60 of 100, not 70."""
    rows = [
        {"period": "2024", "value": "100"},
        {"period": "2024", "age_group": "child", "value": "60"},
        {"period": "2025", "age_group": "child", "value": "10"},
    ]
    release = open_release(write_release(tmp_path, {"person": rows}))
    row = ask(release, "child_share", [], periods=("2024", "2025")).frame.row(0, named=True)
    assert (row["value"], row["base"], row["cells_shown"], row["cells_total"]) == (60.0, 100.0, 1, 2)


def test_a_share_left_too_open_by_hidden_cells_is_not_shown(tmp_path):
    """A base of 60 of which 0 to 9 do not belong: from 40 of 60 to 40 of 51, more than 10 points."""
    rows = [{"period": "2025", "value": "60"}, {"period": "2025", "age_group": "child", "value": "40"}]
    release = open_release(write_release(tmp_path, {"person": rows}))
    row = ask(release, "child_share", [], periods=("2025", "2025")).frame.row(0, named=True)
    assert row["value"] is None and row["marker"] == "c"


def test_a_little_of_many_is_not_nobody(tmp_path):
    rows = [{"period": "2025", "value": "6000"}, {"period": "2025", "age_group": "child", "value": "14"}]
    release = open_release(write_release(tmp_path, {"person": rows}))
    row = ask(release, "child_share", [], periods=("2025", "2025")).frame.row(0, named=True)
    assert row["value"] == pytest.approx(0.2)
    assert row["lower"] <= row["value"] <= row["upper"]


def test_completeness_of_every_field(release, folder, catalog):
    frame = ask(release, "not_recorded_share", ["field"], periods=("2025", "2025")).frame
    for row in frame.filter(frame["field"] != "sector").iter_rows(named=True):
        missing = cell(folder, "2025", **{row["field"]: "not_recorded"})
        assert row["value"] == (None if missing is None else round(100 * missing / cell(folder, "2025")))
    by_gender = ask(release, "not_recorded_share", ["field", "gender"], periods=("2025", "2025")).frame
    own = by_gender.filter(by_gender["field"] == "gender")
    assert set(own["marker"]) == {"z"}  # a field is not divided by itself


def test_rates_by_hand(release, folder):
    frame = ask(release, "detection_rate_per_100k", ["area"], area_level=2, periods=("2024", "2024")).frame
    for number, row in enumerate(frame.iter_rows(named=True)):
        count, people = cell(folder, "2024", row["area"]), 20_000 + 9_000 * number + 450
        assert row["base"] == people
        if count is None:
            assert row["value"] is None and row["marker"] == "c"
            continue
        assert row["value"] == float(f"{count / people * 100_000:.2g}")
        lower, upper = (float(limit) for limit in count_limits(count))
        low = max(count - math.sqrt((count - lower) ** 2 + 3 * Z**2), 0)
        high = count + math.sqrt((upper - count) ** 2 + 3 * Z**2)
        assert row["lower"] == float(f"{low / people * 100_000:.2g}")
        assert row["upper"] == float(f"{high / people * 100_000:.2g}")
        assert ("u" in row["marker"]) == (count < 20)


def test_residents_are_not_counted_twice_by_filters_they_do_not_know(release):
    plain = ask(release, "detection_rate_per_100k", ["period"])
    forms = ask(release, "detection_rate_per_100k", ["period"], {"form": ["forced_labour", "forced_begging"]})
    assert plain.frame["base"].to_list() == forms.frame["base"].to_list()
    assert any("counts in each" in note for note in forms.notes)


def test_rates_of_children_divide_by_children(release):
    frame = ask(release, "detection_rate_per_100k", ["age_group"], periods=("2023", "2023")).frame
    child, adult, unknown = frame.rows(named=True)
    everyone = ask(release, "population", [], periods=("2023", "2023")).frame["value"][0]
    assert child["base"] + adult["base"] == everyone and unknown["marker"] == "z" and unknown["value"] is None


def test_no_rate_by_gender_where_residents_are_not_known_by_gender(release):
    found = ask(release, "detection_rate_per_100k", ["gender"], periods=("2023", "2023"))
    assert found.frame["marker"].to_list() == ["x", "x", "z", "z"]
    assert "Residents are not known for some of these rows." in found.notes


def test_borrowed_residents_are_marked_and_said(release):
    found = ask(release, "detection_rate_per_100k", ["period"])
    assert [("e" in marker) for marker in found.frame["marker"]] == [False, False, False, False, True]
    assert "Residents of 2024 are used for 2025." in found.notes


def test_several_years_are_a_rate_a_year(release, folder):
    found = ask(release, "detection_rate_per_100k", [], periods=("2021", "2024")).frame.row(0, named=True)
    count = sum(cell(folder, str(year)) for year in range(2021, 2025))
    assert found["value"] == float(f"{count / found['base'] * 100_000:.2g}")
    assert found["base"] == pytest.approx(4 * 837_000, rel=0.01)


def test_the_stewards_release_is_exact(exact_folder):
    release = open_release(exact_folder)
    found = ask(release, "detected_persons", ["area", "gender"], area_level=2, periods=("2021", "2021"))
    assert found.cells_shown == found.cells_total and found.frame["value"].null_count() == 0
    assert 0.0 in found.frame["value"].to_list()
    assert not any("random" in caveat for caveat in found.caveats)
    plain = ask(release, "detected_persons", [], periods=("2021", "2021")).frame.row(0, named=True)
    lower, upper = count_limits(plain["value"])
    assert (plain["lower"], plain["upper"]) == (round(float(lower)), round(float(upper)))


def test_a_silent_contributor_is_not_available_and_not_hidden(release):
    found = ask(release, "detected_persons", ["period"], {"source": "county_health"}, period_level="quarter")
    marks = dict(zip(found.frame["period"], found.frame["marker"], strict=True))
    assert marks["2024-Q3"] == marks["2025-Q4"] == "x"
    assert "x" not in marks["2024-Q2"]
    assert [one.sentence for one in found.coverage] == ["County health sent no report for 18 of 60 months."]


def test_no_rate_of_a_nation_from_the_register_of_a_county(tmp_path, monkeypatch):
    """A register with numbers in none of many states: its people over the nation's residents mean nothing."""
    rows = [{"period": "2024", "value": "400"}, {"period": "2024", "area": "C1", "value": "300"}]
    residents = [{"area": "R", "year": "2024", "residents": "300000"}]
    local = {"person": rows[:1], "residents": residents}
    whole = {"person": rows, "residents": residents}
    question = ("detection_rate_per_100k", [])
    parts = {"periods": ("2024", "2024")}
    for folder, drawn, value in (("local", local, None), ("whole", whole, 130.0)):
        release = open_release(write_release(tmp_path / folder, drawn))
        assert (
            ask(release, *question, **parts).frame["value"][0] == 130.0
        )  # two counties are no large geography
        monkeypatch.setattr("analysis.answers.kinds.residents.LARGE", 2)
        found = ask(release, *question, **parts)
        assert found.frame["value"][0] == value
        assert (found.frame["marker"][0] == "z") == (value is None)
        assert any("only a part of this geography" in note for note in found.notes) == (value is None)
        monkeypatch.undo()
