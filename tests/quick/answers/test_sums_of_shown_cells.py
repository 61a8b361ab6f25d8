"""Counts are published cells or sums of them, whatever the question: against the slow oracle."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import Question, answer, load_catalog
from analysis.findings.groups import standard
from analysis.findings.scope import Scope
from analysis.findings.sentences import say
from analysis.questions.question import fits
from tests.example_release import CONTRIBUTORS, RECEIVERS
from tests.quick.answers.oracle import sum_of_shown, years_quarters_months
from tests.support import examples

CATALOG = load_catalog()
AREAS = {1: ["C1", "C2"], 2: [f"D{n:02d}" for n in range(1, 13)]}
MEASURE = {"person": "detected_persons", "referral": "referrals_made"}
OPEN = {"source": sorted(CONTRIBUTORS), "to_organisation": sorted(RECEIVERS)}
many = settings(max_examples=examples(120), suppress_health_check=[HealthCheck.function_scoped_fixture])


def _said(answer) -> str:
    return say(standard(answer, Scope()))


def codes_of(name):
    return OPEN.get(name) or CATALOG.dimensions[name].codes


@st.composite
def asked(draw):
    """A permitted question about a count, with what each row should be the sum of."""
    subject = CATALOG.subjects[draw(st.sampled_from(["person", "person", "referral"]))]
    level = draw(st.sampled_from(["month", "quarter", "year"]))
    dims = draw(st.lists(st.sampled_from(subject.dimensions), unique=True, max_size=3))
    area_level = draw(st.sampled_from([None, 1, 2]))
    while not fits(subject, CATALOG, level, area_level is not None, dims):
        if area_level is not None and draw(st.booleans()):
            area_level = None
        elif dims:
            dims.pop()
        else:
            area_level = None
    where, by = {}, []
    for name in dims:
        every = codes_of(name)
        some = draw(st.lists(st.sampled_from(every), unique=True, min_size=1, max_size=len(every) - 1))
        if draw(st.booleans()):
            by.append(name)
            where |= {name: some} if draw(st.booleans()) else {}
        else:
            where[name] = some
    if area_level:
        if draw(st.booleans()):
            by.append("area")
        else:
            where["area"] = draw(st.lists(st.sampled_from(AREAS[area_level]), unique=True, min_size=1))
    if draw(st.booleans()):
        by.append("period")
    years = sorted(draw(st.tuples(st.integers(2021, 2025), st.integers(2021, 2025))))
    return subject, draw(st.permutations(by)), where, level, area_level, [str(year) for year in years]


@many
@given(asked())
def test_every_row_is_the_sum_of_its_shown_cells(release, folder, drawn):
    subject, by, where, level, area_level, years = drawn
    question = Question(
        MEASURE[subject.code], by, where, period_level=level, periods=years, area_level=area_level
    )
    [found] = answer([question], release)
    whole = years_quarters_months(f"{years[0]}-01", f"{years[1]}-12")
    names = [name for name in (*by, *where) if name not in ("area", "period")]
    for row in found.frame.iter_rows(named=True):
        codes = {name: [row[name]] if name in by else list(where[name]) for name in names}
        periods = [row["period"]] if "period" in by else whole
        areas = [row["area"]] if "area" in by else list(where.get("area", [None]))
        expected = sum_of_shown(folder, subject.code, "own", periods, areas, codes)
        silent = "x" in row["marker"]
        assert (row["value"], row["cells_shown"], row["cells_total"]) == expected
        assert ("c" in row["marker"]) == (expected.value is None and not silent)


@many
@given(asked(), st.randoms())
def test_order_and_wording_change_nothing(release, drawn, chance):
    subject, by, where, level, area_level, years = drawn
    parts = {"period_level": level, "periods": years, "area_level": area_level}
    question = Question(MEASURE[subject.code], by, where, **parts)
    names = list(where)
    chance.shuffle(names)
    other_by = chance.sample(list(by), len(by))
    again = Question(MEASURE[subject.code], other_by, {name: where[name][::-1] for name in names}, **parts)
    other = Question("child_share", ["period"])
    first, _, second = answer([question, other, again], release)
    [alone] = answer([again], release)
    assert second.frame.equals(alone.frame)
    assert first.frame.sort(by).equals(second.frame.select(first.frame.columns).sort(by)) if by else True
    assert (_said(first), first.cells_shown) == (_said(second), second.cells_shown) or len(by) > 1


@many
@given(st.sampled_from(["gender", "form", "age_group", "age_band", "citizenship_group", "status", "source"]))
def test_all_categories_are_the_total_and_never_a_sum(release, name):
    everyone, nobody_left_out = (
        answer([Question("detected_persons", ["period"], where)], release)[0]
        for where in ({}, {name: codes_of(name)})
    )
    assert everyone.frame.equals(nobody_left_out.frame)
