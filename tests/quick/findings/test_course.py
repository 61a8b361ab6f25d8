"""The course of a series: its level, what would follow, early warnings, clusters."""

import datetime
import itertools

import numpy as np
import pytest

from analysis import Question, answer, open_release
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope
from analysis.findings.sentences import say
from analysis.findings.series.ahead import ahead_finding, ahead_of, tried_finding
from analysis.findings.series.clusters import cluster_finding, scanned
from analysis.findings.series.shifts import Began, shift_finding, shifts_of, too_hidden
from analysis.findings.series.stretch import finest, stretch_of
from analysis.findings.series.warnings import warning_finding, watch
from tests.quick.spec.drawn import write_release

QUARTERS = [f"{2016 + n // 4}-Q{n % 4 + 1}" for n in range(38)]


LATE = ("2025-Q3", "2025-Q4")


def cells(values, codes=QUARTERS, **fixed):
    firm = [
        {"period": code, "value": str(round(value)), "marker": "", **fixed}
        for code, value in zip(codes, values, strict=False)
        if value
    ]
    late = LATE if codes is QUARTERS else ("2025",)
    return firm + [{"period": code, "value": "20", "marker": "p", **fixed} for code in late]


@pytest.fixture
def asked(tmp_path):
    numbers = itertools.count()

    def ask(rows, *by, level="quarter", **parts):
        folder = write_release(tmp_path / str(next(numbers)), {"person": rows})
        question = Question("detected_persons", ["period", *by], period_level=level, **parts)
        return answer([question], open_release(folder))[0]

    return ask


def usual(seed, mean, number=38):
    return np.random.default_rng(seed).poisson(mean, number)


def test_a_series_that_stepped_up_says_when_and_names_no_cause(asked) -> None:
    values = np.concatenate([usual(1, 60, 20), usual(2, 95, 18)])
    shifts = shifts_of(stretch_of(asked(cells(values))))
    first, last = shifts.between(shifts.newest)
    assert first <= "2021-Q1" <= last
    law = Began("Example Act", datetime.date(2021, 1, 1))
    found = shift_finding(shifts, Scope(), [law])
    words = say(found)
    assert found.kind == "shift" and found.direction == 1
    assert "stepped up" in words and "a quarter" in words
    assert words.endswith("about then began Example Act (1 January 2021), which does not say why.")
    down = shift_finding(shifts_of(stretch_of(asked(cells(values[::-1])))), Scope())
    assert down.direction == -1 and "stepped down" in say(down) and "began" not in say(down)


def test_a_level_series_has_no_change_of_level(asked) -> None:
    found = shift_finding(shifts_of(stretch_of(asked(cells([60] * 38)))), Scope())
    assert found.direction == 0 and say(found).startswith("No change of level in people identified")


def test_a_season_is_no_change_of_level(asked) -> None:
    season = np.tile([40, 60, 90, 50], 10)[:38]
    assert not shifts_of(stretch_of(asked(cells(np.random.default_rng(4).poisson(season))))).found


def test_a_stretch_ends_at_a_hidden_period_and_a_series_mostly_hidden_has_none(asked) -> None:
    values = list(usual(1, 60))
    values[3] = 0
    assert stretch_of(asked(cells(values))).codes == tuple(QUARTERS[4:])
    values[20] = 0
    hidden = asked(cells(values))
    assert stretch_of(hidden) is None and finest([None, hidden]) is None
    assert say(too_hidden(Scope(), "a change of level")).startswith("Protection hides too many")


def test_what_would_follow_has_limits_and_says_how_it_did(asked) -> None:
    found = ahead_of(stretch_of(asked(cells(usual(3, 60)))))
    assert found.codes[0] == "2025-Q3" and len(found.codes) == 4
    made = ahead_finding(found, Scope())
    [value] = made.values
    assert value.lower < value.value < value.upper and 40 < value.value < 80
    assert say(made).startswith("If it goes on as before: people identified about ")
    assert "would be right" in say(tried_finding(found, Scope()))


def test_an_area_with_more_than_usual_is_an_early_warning(asked) -> None:
    def rows(last):
        south = [*usual(12, 60, 37), last]
        return [*cells(usual(11, 60), area="C1"), *cells(south, area="C2")]

    def found(last) -> Finding:
        by_area = asked(rows(last), "area", area_level=1)
        return warning_finding(watch([by_area, None]), by_area, Scope())

    assert found(58).direction == 0 and "one look in twenty" in say(found(58))
    above = found(140)
    assert above.direction == 1 and [one.code for one in above.facts["above"]] == ["C2"]
    assert "Moorhaven (140, usually about " in say(above)


def test_false_early_warnings_come_less_often_than_is_said() -> None:
    from analysis.statistics.series.signals import signal  # noqa: PLC0415 - beside the rate of the page

    looks, series, alarms = 60, 10, 0
    random = np.random.default_rng(5)
    for _ in range(looks):
        table = random.poisson(50, (series, 38)) + np.round(random.normal(0, np.sqrt(3), (series, 38)))
        rate = 1 / (20 * series)
        alarms += any(
            signal(np.maximum(one, 0), periods_a_year=4, alarm_rate=rate, noise_variance=3.0).is_signal
            for one in table
        )
    assert alarms / looks <= 0.12


def test_a_cluster_needs_areas_that_are_wholly_shown_and_is_named(asked) -> None:
    years = [str(2016 + n) for n in range(9)]
    areas = ["D01", "D02", "D03", "D04", "D05", "D06"]
    random = np.random.default_rng(2)
    table = random.poisson(60, (6, 9))
    table[2, 6:8] = 130
    centres = {code: (float(n), 50.0) for n, code in enumerate(areas)}
    rows = [row for code, values in zip(areas, table, strict=True) for row in cells(values, years, area=code)]
    by_area = asked(rows, "area", level="year", area_level=2)
    found = scanned(by_area, centres)
    made = cluster_finding(found, by_area, Scope())
    assert (
        made.direction == 1 and made.facts["areas"] == ("D03",) and made.facts["during"] == ("2022", "2023")
    )
    assert "260 people" in say(made)
    few = {code: centres[code] for code in areas[:3]}
    assert scanned(by_area, few) is None and scanned(None, centres) is None
