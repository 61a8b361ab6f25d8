"""A sum without its hidden numbers is at least what it says, and its limits hold the rest."""

from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from analysis import load_catalog
from analysis.answers.kinds.counts import figures_of
from analysis.answers.rows.cells import Cells
from analysis.findings.basis import Basis, Pair
from analysis.findings.changes import change_of
from analysis.findings.compare import clearly, mean_of, value_of
from analysis.findings.finding import PARTS, Finding, Run
from analysis.findings.scope import Scope
from analysis.findings.sentences import phrases, say
from ui import format as text

THRESHOLD = 10


def cells(values: list[float]) -> Cells:
    """Return sums of single numbers; NaN is a hidden one."""
    found = np.array([values])
    shown = ~np.isnan(found)
    none = np.zeros(1, dtype=np.int64)
    return Cells(np.nansum(found, axis=1), shown.sum(axis=1), none + found.shape[1], none)


def sums(
    values: list[float], monkeypatch: pytest.MonkeyPatch, *, hub_lacks: bool = False
) -> dict[str, float]:
    monkeypatch.setattr("analysis.answers.kinds.counts.silent_rows", lambda _: np.bool_(False))
    monkeypatch.setattr("analysis.answers.kinds.counts.uncovered_rows", lambda _: np.array([hub_lacks]))
    release = SimpleNamespace(v=3.0, threshold=THRESHOLD, task_forces=("one", "two") if hub_lacks else ())
    found = figures_of(cells(values), SimpleNamespace(release=release))
    return {name: float(getattr(found, name)[0]) for name in ("value", "lower", "upper")}


def test_the_upper_limit_of_a_sum_holds_what_its_hidden_parts_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, part = (sums(values, monkeypatch) for values in ([40.0], [40.0, np.nan, np.nan]))
    assert part["value"] == whole["value"] and part["lower"] == whole["lower"]
    assert part["upper"] == whole["upper"] + 2 * (THRESHOLD - 1)


def test_where_a_task_force_of_a_hub_has_nothing_there_is_no_upper_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert np.isnan(sums([40.0, np.nan], monkeypatch, hub_lacks=True)["upper"])


def row(value: float, lower: float | None, upper: float | None, shown: int = 1, total: int = 1) -> dict:
    return {"value": value, "lower": lower, "upper": upper, "marker": "", "cells_shown": shown} | {
        "cells_total": total
    }


def figure(code: str, given: dict):
    measure = load_catalog().measures[code]
    answer = SimpleNamespace(measure=measure, question=SimpleNamespace(by=()), frame=pl.DataFrame())
    return measure, value_of(given, answer)


def test_a_sentence_tells_a_part_as_at_least_and_a_whole_as_it_is() -> None:
    measure, part = figure("detected_persons", row(11, 5, 38, shown=1, total=3))
    assert phrases.with_interval(measure, part) == "at least 11"
    measure, whole = figure("detected_persons", row(11, 5, 20))
    assert phrases.with_interval(measure, whole) == "11 (5–20)"


def test_a_share_of_a_part_may_lie_on_either_side_and_keeps_its_interval() -> None:
    measure, part = figure("child_share", row(40, 22, 61, shown=3, total=4))
    assert phrases.with_interval(measure, part) == "40% (22–61%)"


def test_a_mean_with_a_part_is_at_least_as_well() -> None:
    measure, part = figure("detected_persons", row(11, 5, 38, shown=1, total=3))
    _, whole = figure("detected_persons", row(31, 22, 42))
    assert phrases.figure(measure, mean_of([part, whole])) == "at least 21"
    assert phrases.figure(measure, mean_of([whole, whole])) == "31"


def test_an_own_sum_without_a_part_may_be_any_larger() -> None:
    _, part = figure("public_funding", row(100, None, None, shown=2, total=3))
    assert (part.lower, part.upper) == (100, float("inf"))


@pytest.mark.parametrize(("shown", "barred"), [((2, 2), ""), ((3, 2), PARTS), ((2, 3), PARTS)])
def test_what_others_publish_is_compared_where_the_same_parts_are_missing(
    shown: tuple[int, int], barred: str
) -> None:
    """Calls told by two of 51 states in both years rose; by two and then by three states is no change."""
    measure = load_catalog().measures["us_hotline_calls"]
    rows = [
        {"period": year} | row(value, None, None, shown=parts, total=51)
        for year, value, parts in (("2015", 290, shown[0]), ("2016", 370, shown[1]))
    ]
    answer = SimpleNamespace(
        measure=measure, question=SimpleNamespace(by=("period",)), frame=pl.DataFrame(rows), checked=None,
        refusal=None, in_sentence=lambda _name, code: code, all_hidden=False,
    )  # fmt: skip
    found = change_of(answer, Scope(), Basis(Pair(("2015",), ("2016",)), None))
    assert found.newest is not None and found.newest.barred == barred
    assert ("rose from at least 290 in 2015 to at least 370" in say(found)) == (not barred)


def test_a_list_without_notes_says_it_in_words() -> None:
    measure = load_catalog().measures["detected_persons"]
    assert text.told(measure, row(11, 5, 38, shown=1, total=3)) == "at least 11"
    assert text.told(measure, row(11, 5, 20)) == "11"
    assert text.told(measure, row(0, None, None, shown=0, total=3) | {"value": None}) == "not shown"


def test_two_ends_of_which_one_is_a_part_have_no_verdict_unless_what_is_hidden_cannot_turn_it() -> None:
    measure, before = figure("public_funding", row(4e6, None, None))
    _, after = figure("public_funding", row(8e6, None, None, shown=8, total=10))
    assert clearly(after, before).direction == 1, "what is hidden makes it more"
    _, more = figure("public_funding", row(9e6, None, None))
    assert clearly(after, more).direction == 0, "what is hidden may make up for it"
    pair = Pair(("2023",), ("2024",))
    run = Run(pair, clearly(after, more), PARTS)
    found = Finding("change", measure, long_run=run, newest=Run(pair, run.change, PARTS))
    assert say(found) == (
        "Public money for the response: at least 8 million dollars in 2024, not comparable with 2023, as "
        "some of the numbers are hidden."
    )
    assert found.verdict == "long none, newest none"
