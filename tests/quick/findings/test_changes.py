"""Findings over time: the long run, then the newest year; never an end that is hidden or late."""

import itertools

import pytest

from analysis import Question, answer, load_catalog, open_release
from analysis.findings.basis import basis_between, basis_of
from analysis.findings.changes import change_of, group_changes, mean_values
from analysis.findings.groups import standard
from analysis.findings.scope import scope_of
from analysis.findings.sentences import brief, say
from analysis.questions.filters import Filters
from tests.quick.spec.drawn import write_release

LATE = load_catalog().protection.provisional_months


def people(values, first=2016, marks=None):
    marks = marks or {}
    return [
        {"period": str(first + n), "value": str(value) if value else "", "marker": marks.get(first + n, "")}
        for n, value in enumerate(values)
        if value
    ]


@pytest.fixture
def finding(tmp_path):
    numbers = itertools.count()

    def make(rows, question=None, **parts):
        folder = write_release(tmp_path / str(next(numbers)), {"person": rows})
        release = open_release(folder)
        [found] = answer([question or Question("detected_persons", ["period"], **parts)], release)
        return standard(found, scope_of(found, Filters(periods=parts.get("periods"))))

    return make


NINE = [27, 28, 25, 34, 40, 34, 39, 44, 38]


def test_the_commissioners_question_is_answered(finding) -> None:
    """Children in one district: 27, 28, 25 … 39, 44, 38 rose, whatever the last two years say."""
    found = finding([*people(NINE), *people([36], 2025, {2025: "p"})])
    assert (found.long_run.direction, found.newest.direction) == (1, 0)
    assert say(found).startswith("People identified rose from about 27 a year in 2016–2018 to 40 (")
    assert say(found).endswith("in 2022–2024; no clear change since 2023.")
    assert brief(found) == "Up since 2016–2018; no clear change since 2023"


def test_the_chart_draws_the_means_that_the_headline_names(finding) -> None:
    found = finding([*people(NINE), *people([36], 2025, {2025: "p"})])
    [(pair, earlier, later)] = mean_values(found)
    assert pair.earlier == ("2016", "2017", "2018") and pair.later == ("2022", "2023", "2024")
    assert (round(earlier.value), round(later.value)) == (27, 40)


def test_a_hidden_year_of_an_end_leaves_no_long_run(finding) -> None:
    found = finding([*people([27, None, 25, 34, 40, 34, 39, 44, 38]), *people([36], 2025, {2025: "p"})])
    assert found.long_run is None and found.newest is not None
    assert "2016" not in say(found)


def test_too_few_years_for_means_take_the_first_and_the_last(finding) -> None:
    found = finding([*people([100, 120, 160, 200], 2021), *people([90], 2025, {2025: "p"})])
    assert found.long_run.pair.words == "2024 against 2021"
    assert say(found).startswith("People identified rose from 100 in 2021 to 200 (")


def test_a_provisional_year_is_never_an_end(finding) -> None:
    found = finding([*people([200, 300], 2023), *people([90], 2025, {2025: "p"})])
    assert found.newest.pair.later == ("2024",)
    assert "fell" not in say(found) and "2025" not in say(found)


def test_protection_alone_is_no_change(finding) -> None:
    found = finding([*people([10, 15], 2023), *people([15], 2025, {2025: "p"})])
    assert say(found) == "No clear change in people identified: 10 in 2023, 15 in 2024."


def test_outside_the_chosen_period_there_is_no_newest_comparison(finding) -> None:
    rows = [*people(NINE), *people([36], 2025, {2025: "p"})]
    found = finding(rows, periods=("2016", "2021"))
    assert found.newest is None
    assert found.long_run.pair.words == "2019–2021 against 2016–2018"


def test_one_year_is_a_figure_and_no_comparison(finding) -> None:
    found = finding(people([120], 2024))
    assert found.kind in ("level", "nothing_clear")
    assert "120" in say(found) and "change" not in say(found)


def test_nothing_is_said_of_hidden_figures(finding) -> None:
    rows = [{"period": "2025", "form": "forced_labour", "value": "30"}]
    found = finding(rows, Question("detected_persons", ["gender"], periods=("2025", "2025")))
    assert say(found) == "Nothing can be shown here: every number is below 10, or there are none."


def test_groups_that_changed_are_named_and_the_rest_counted(tmp_path) -> None:
    rows = []
    for year in range(2016, 2025):
        rows += [
            {"period": str(year), "gender": "female", "value": str(100 if year < 2020 else 300)},
            {"period": str(year), "gender": "male", "value": "100"},
        ]
    rows.append({"period": "2025", "gender": "male", "value": "50", "marker": "p"})
    release = open_release(write_release(tmp_path, {"person": rows}))
    [found] = answer([Question("detected_persons", ["period", "gender"])], release)
    groups = group_changes(found, scope_of(found, Filters()))
    assert [part.facts["group"] for part in groups.parts] == [(("gender", "female"),)]
    assert say(groups).startswith(
        "People identified between 2016–2018 and 2022–2024: women and girls rose to 300"
    )
    assert say(groups).endswith("; no clear change in the other one.")


@pytest.mark.parametrize(
    ("first", "last", "chosen", "newest", "long_run"),
    [
        ("2016-01", "2025-12", None, "2024 against 2023", "2022–2024 against 2016–2018"),
        ("2016-01", "2025-06", None, "2024 against 2023", "2022–2024 against 2016–2018"),
        ("2016-01", "2025-12", ("2018", "2025"), "2024 against 2023", "2022–2024 against 2018–2020"),
        ("2020-01", "2025-12", None, "2024 against 2023", "2024 against 2020"),
        ("2023-01", "2025-12", None, "2024 against 2023", ""),
        ("2024-01", "2025-09", None, "January–March 2025 against January–March 2024", ""),
        ("2025-01", "2025-12", None, "", ""),
    ],
)
def test_one_basis_a_release(first, last, chosen, newest, long_run) -> None:
    found = basis_between(first, last, LATE, chosen)
    assert (found.newest.words if found.newest else "") == newest
    assert (found.long_run.words if found.long_run else "") == long_run


def test_the_basis_of_the_example_is_the_same_whoever_asks(release) -> None:
    every = [basis_of(release, LATE, chosen).newest for chosen in (None, ("2021", "2025"), ("2022", "2024"))]
    assert len(set(every)) == 1
    [found] = answer([Question("child_share", ["period"])], release)
    run = change_of(found, scope_of(found, Filters())).newest
    assert run is None or run.pair == every[0]
