"""Cards of initiatives: one effect beside its comparison, placebos, the trend alone, and the list of all."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from analysis import Answer, periods
from analysis.catalog.model import lower_first
from analysis.findings.scope import Scope, scope_of
from analysis.findings.sentences import phrases
from analysis.findings.sentences.topics.initiatives import times
from analysis.findings.topics.initiatives import (
    Study,
    initiative_alone,
    initiative_effect,
    initiative_list,
    initiative_others,
    placebos,
    study,
)
from analysis.release.places import Geography
from analysis.statistics.checked import Numbers
from analysis.statistics.series.contrast import Ratio
from analysis.topics.initiatives import KINDS, MANY, ONE, Initiative, at_once, window
from analysis.words import listed as in_list
from ui.cards.card import FactCard, Facts, Figure
from ui.cards.special_card import scope_of_register
from ui.cards.table import Table
from ui.charts.bars.estimates import Bar, estimates_chart
from ui.charts.bars.placebos import placebos_chart
from ui.charts.time.compare_areas import AreaLine, Role, compare_areas
from ui.format import date_text
from ui.maps.places import plural
from ui.topics.initiatives.choices import (
    Chosen,
    asks,
    asks_of_others,
    chosen,
    chosen_campaign,
    geography_of,
    level_of,
    listed,
)
from ui.view.view import View

NOT_WHY = "A difference shows when and where the numbers changed, not what made them change."
SHADED = "Shaded: while it ran."
SEEN = "Less than about {:.1f} times could not be told from chance and protection here."
DROWNS = "That is large: larger areas or longer times together would show smaller ones."
LEFT_OUT = "Left out: {}."
UNDATED = "Listed is what began on a known day, a training in an area's first year; services say none."
DERIVED = "campaign_response"
_LARGE = 2.0
COMPARED = {
    "source": "other contributors",
    "to_organisation": "its referrals to other organisations",
}


def effect(pick: Chosen, *, key: str) -> FactCard:
    """Return the card of what changed beyond the comparison, of the initiative that `pick` gives."""

    def make(view: View, answers: Mapping[str, Answer]) -> Facts | None:
        one, answer = pick(view), answers.get("")
        if one is None or answer is None:
            return None
        found = _study(view, one, answers)
        if not one.by:  # it holds everywhere: its own trend is all there is to set it against
            return _alone(view, one, answer, found)
        scope = _scope(view, one, answer)
        what = _what(view, one)
        against = _against(view, one, found)
        return Facts(
            initiative_effect(found, answer, scope, against, what),
            _table(found),
            f"{phrases.upper_first(what)}, by quarter · {_compared_with(view, one, found)}",
            caption=_caption(one, found),
            drawn=SHADED,
            derived=DERIVED,
            figure=_lines(view, found, against),
            answers=(answer,),
            scope=scope,
            above=_above(found),
        )

    return FactCard(key, make, asks(pick))


def others(pick: Chosen, *, key: str) -> FactCard:
    """Return the card of what every other contributor saw in the area of a campaign meanwhile."""

    def make(view: View, answers: Mapping[str, Answer]) -> Facts | None:
        one, answer = pick(view), answers.get("others")
        if one is None or answer is None or answer.refusal:
            return None
        studies = _studies_of_others(view, one, answer)
        scope = _scope(view, one, answer)
        words = {code: _plain(view.words("source", code)) for code in studies}
        rows = tuple((words[code], times(effect)) for code, effect in studies.items())
        bars = [
            Bar(words[code], effect.ratio, effect.lower, effect.upper) for code, effect in studies.items()
        ]
        where = view.words("area", one.area)
        return Facts(
            initiative_others(studies, answer, scope, one, where),
            Table(("Contributor", "Times what other areas let expect"), (False, False), rows),
            f"People known to each other contributor in {where} while it ran, beside other areas",
            caption=f"{NOT_WHY} Contributors with too many hidden numbers are left out.",
            figure=estimates_chart(
                bars, unit="times what other areas let expect", palette=view.palette, narrow=view.phone
            )
            if bars
            else None,
            answers=(answer,),
            scope=scope,
        )

    return FactCard(key, make, asks_of_others(pick), wide=False)


def _studies_of_others(view: View, one: Initiative, answer: Answer) -> dict[str, Ratio]:
    """Return the effect at each other contributor that can be compared, with limits for all of them."""
    own = one.filters["source"]
    sources = [code for code in view.choices.sources if code not in own]
    left_out = _left_out(view, one, answer)
    frames = {code: answer.frame.filter(answer.frame["source"] == code) for code in sources}

    def found(confidence: float) -> dict[str, Ratio]:
        studies = {
            code: study(one, replace(answer, frame=frame), None, left_out, confidence)
            for code, frame in frames.items()
            if not frame.is_empty()
        }
        return {
            code: each.result.effect
            for code, each in studies.items()
            if each.result is not None and each.result.is_fair
        }

    known = found(0.95)
    return found(1 - 0.05 / len(known)) if len(known) > 1 else known


def alone_facts(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return the card of the numbers against their own trend and season."""
    one, answer = chosen(view), answers.get("")
    if one is None or answer is None:
        return None
    return _alone(view, one, answer, _study(view, one, answers)) if one.by else None


def _alone(view: View, one: Initiative, answer: Answer, found: Study) -> Facts:
    scope = _scope(view, one, answer)
    what = _what(view, one)
    lines = _line(view, found, what) if found.expected is not None else None
    rows = (("Effect", times(found.alone), ""),) if found.alone is not None else ()
    return Facts(
        initiative_alone(found, answer, scope, what),
        Table(
            ("Quarter", "Counted", "Its trend and season"),
            (False, True, True),
            tuple(
                (periods.label_of(code), _number(own), _number(wanted))
                for code, own, wanted in zip(
                    found.window.periods,
                    found.own,
                    np.full(len(found.own), np.nan) if found.expected is None else found.expected,
                    strict=True,
                )
            ),
        ),
        f"{phrases.upper_first(what)}, by quarter · against its own trend and season",
        caption=(f"{SHADED} " if lines else "")
        + f"{_when(one)} {NOT_WHY} Whatever else happened at that time is in this number too.",
        drawn=SHADED,
        derived=DERIVED,
        figure=lines,
        answers=(answer,),
        scope=scope,
        above=rows,
    )


def placebo_facts(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return the card of the effect among those at times and places at which nothing happened."""
    one, answer = chosen(view), answers.get("")
    if one is None or answer is None:
        return None
    found = _study(view, one, answers)
    scope = scope_of(answer, view.filters)
    result = found.result
    if result is None:
        return None
    named = {"Earlier times": result.dates, "Places of comparison": result.series}
    kept = {name: [float(x) for x in values if np.isfinite(x) and x > 0] for name, values in named.items()}
    kept = {name: values for name, values in kept.items() if values}
    real = result.effect
    rows = tuple((name, in_list([f"{x:.1f}" for x in sorted(values)])) for name, values in kept.items())
    return Facts(
        placebos(found, scope),
        Table(
            ("Where", "Times what the comparison lets expect"), (False, False), (*rows, ("Real", times(real)))
        ),
        "The same comparison at times and places at which nothing began",
        caption=f"Moved away from the comparison before, a year: {times(result.drift)}.",
        figure=placebos_chart(
            kept,
            ("The initiative", real.ratio, real.lower, real.upper),
            unit="times what the comparison lets expect",
            palette=view.palette,
            narrow=view.phone,
        ),
        answers=(answer,),
        scope=scope,
    )


def register(view: View, _answers: Mapping[str, Answer]) -> Facts | None:
    """Return the card of all initiatives, the newest first."""
    found = listed(view)
    scope = scope_of_register(view)
    many = Counter(one.kind for one in found)
    kinds = [ONE[kind] if many[kind] == 1 else MANY[kind] for kind in KINDS if many[kind]]
    rows = tuple(
        (
            one.name,
            KINDS[one.kind],
            view.words("area", one.area) if one.area else "Whole region",
            f"{one.start:%b %Y}",
            "" if one.end is None else f"{one.end:%b %Y}",
            view.measure(one.measure).label,
        )
        for one in sorted(found, key=lambda one: one.start, reverse=True)
    )
    header = ("Initiative", "Kind", "Area", "From", "Until", "Looked at in")
    return Facts(
        initiative_list(len(found), kinds, scope),
        Table(header, (False,) * len(header), rows),
        "Initiatives with a day on which they began",
        caption=UNDATED,
        scope=scope,
        table_below=True,
    )


def _study(view: View, one: Initiative, answers: Mapping[str, Answer]) -> Study:
    answer = answers[""]
    return study(one, answer, answers.get("years"), _left_out(view, one, answer))


def _left_out(view: View, one: Initiative, answer: Answer) -> tuple[str, ...]:
    """Return the areas in which something of the same kind ran meanwhile."""
    if one.by != "area" or answer.refusal:
        return ()
    known = sorted(answer.frame["period"].unique(), key=lambda code: periods.span_of(code).first)
    # What ran everywhere meanwhile, all areas had alike.
    return tuple(at_once(one, listed(view), window(one, known)) - {one.own, ""})


def _scope(view: View, one: Initiative, answer: Answer) -> Scope:
    scope = scope_of(answer, view.filters)
    is_chosen = any(name == "source" for name, _ in view.filters.where)
    if "source" in one.filters or one.by == "source":  # contributors are what it is about, whoever was chosen
        ignored = tuple(name for name in scope.ignored if name != "source")
        return replace(scope, ignored=(*ignored, "source") if is_chosen else ignored)
    return scope


def _plain(name: str) -> str:
    return name.split(" (", maxsplit=1)[0]


def _what(view: View, one: Initiative) -> str:
    """Return what is counted: "people known to Tarrowmere help line in Saltreach"."""
    where = f" in {view.words('area', one.area)}" if one.area else ""
    filters = one.filters
    if one.measure == "detected_persons":
        who = filters.get("source", (one.own,) if one.by == "source" else ())
        names = in_list([_plain(view.words("source", code)) for code in who])
        return f"people known to {names}{where}" if who else f"people identified{where}"
    if one.measure == "referrals_made":
        sender = in_list(
            [lower_first(view.words("from_org_type", code)) for code in filters["from_org_type"]]
        )
        return f"referrals by {sender} to {_plain(view.words('to_organisation', one.own))}"
    return f"{lower_first(view.measure(one.measure).label)}{where}"


def _against(view: View, one: Initiative, found: Study) -> str:
    """Return the words of the comparison: "the other counties"; one alone by its name."""
    if one.by in COMPARED:
        return COMPARED[one.by]
    names = [view.words("area", code) for code in found.others]
    if len(names) == 1:
        return names[0]
    geography = geography_of(view)
    return f"other {_kind(view, one, geography, 2)}"


def _kind(view: View, one: Initiative, geography: Geography | None, count: int) -> str:
    word = geography.level_names.get(level_of(view, one), "area") if geography is not None else "area"
    return plural(word, count)


def _compared_with(view: View, one: Initiative, found: Study) -> str:
    if not found.others:
        return "nothing to compare with"
    return f"beside {in_list([_plain(view.words(one.by, code)) for code in found.others])}"


def _when(one: Initiative) -> str:
    start = date_text(one.start)
    return f"Ran from {start} to {date_text(one.end)}." if one.end else f"Began on {start}; has not ended."


def _caption(one: Initiative, found: Study) -> str:
    if found.result is None:
        return f"{_when(one)} {NOT_WHY}"
    seen = found.result.effect.seen
    parts = [SHADED, _when(one), NOT_WHY]
    if not found.direction and np.isfinite(seen):
        parts += [SEEN.format(seen), DROWNS if seen > _LARGE else ""]
    if found.at_most:
        parts.append(
            "While it ran each number is below 10 and not shown; it is counted as the most it can be."
        )
    return " ".join(filter(None, parts))


def _above(found: Study) -> tuple[tuple[str, ...], ...]:
    if found.result is None:
        return ()
    words = f"at most {found.result.effect.upper:.1f} times" if found.at_most else times(found.result.effect)
    empty = ("",) if found.result.synthetic is None else ("", "")
    return (("Effect", words, *empty),)


def _table(found: Study) -> Table:
    result = found.result
    columns = [found.own]
    header = ["Quarter", "Counted"]
    if result is not None:
        columns.append(result.expected)
        header.append("Expected from the comparison")
        if result.synthetic is not None:
            columns.append(result.synthetic)
            header.append("From a mixture of them")
    rows = tuple(
        (periods.label_of(code), *(_number(one[n]) for one in columns))
        for n, code in enumerate(found.window.periods)
    )
    return Table(tuple(header), (False, *(True for _ in columns)), rows)


def _number(value: float) -> str:
    return "not shown" if not np.isfinite(value) else f"{value:,.0f}"


def _lines(view: View, found: Study, against: str) -> Figure | None:
    result = found.result
    if result is None:
        return None
    lines = [_area_line("Counted", found, found.own, "chosen")]
    if result.synthetic is not None:
        lines.append(_area_line("A mixture of them", found, result.synthetic, "chosen"))
    lines.append(_area_line(f"Expected from {against}", found, result.expected, "region"))
    return compare_areas(
        lines, unit=_unit(view, found), level="quarter", ran=_ran(found), palette=view.palette
    )


def _line(view: View, found: Study, what: str) -> Figure | None:
    if found.expected is None:
        return None
    lines = [
        _area_line("Counted", found, found.own, "chosen"),
        _area_line("Its trend and season", found, found.expected, "region"),
    ]
    return compare_areas(lines, unit=what, level="quarter", ran=_ran(found), palette=view.palette)


def _ran(found: Study) -> tuple[str, str] | None:
    """Return the first and the last quarter in which it ran."""
    ran = [code for code, inside in zip(found.window.periods, found.window.during, strict=True) if inside]
    return (ran[0], ran[-1]) if ran else None


def _unit(view: View, found: Study) -> str:
    return view.measure(found.initiative.measure).unit


def _area_line(label: str, found: Study, values: Numbers, role: Role) -> AreaLine:
    shown = tuple(None if not np.isfinite(one) else float(one) for one in values)
    none = (None,) * len(shown)
    return AreaLine(label, found.window.periods, shown, none, none, role)


EFFECT = effect(chosen, key="effect")
OTHERS = others(chosen, key="others")
ALONE = FactCard("alone", alone_facts, asks(chosen), wide=False)
PLACEBOS = FactCard("placebos", placebo_facts, asks(chosen), wide=False)
REGISTER = FactCard("register", register)
CAMPAIGN_EFFECT = effect(chosen_campaign, key="response")
CAMPAIGN_OTHERS = others(chosen_campaign, key="response_others")
