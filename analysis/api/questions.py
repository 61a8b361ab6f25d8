"""From the parameters of an address to questions for the door."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from analysis import periods
from analysis.answers.plan import check
from analysis.api.call import Call
from analysis.api.parameters import SHARED
from analysis.api.problems import Problem
from analysis.catalog.model import Measure
from analysis.errors import NotPermitted, QuestionError, echo
from analysis.questions.divisions import dimensions_of, needed_division, with_needed
from analysis.questions.question import Question
from analysis.questions.years import row_level

#: Rows of one answer. What is larger is asked in parts, such as by area.
MOST_ROWS = 50_000


def where_of(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return filters written ``dimension=code,code``.

    Raises
    ------
    QuestionError
        For what is no filter, and for one that says "not".
    """
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        name, sign, codes = text.partition("=")
        if name.endswith("!") or "<>" in text or text.startswith(("!", "not ")):
            raise NotPermitted(
                f"A filter cannot say 'not' ({echo(text)}): all less the rest gives a hidden number.",
                "Name the categories to keep, such as gender=female,male",
            )
        if not sign or not name.strip():
            raise QuestionError(
                f"{echo(text)} is not a filter.", "Write dimension=code, such as gender=female"
            )
        kept = tuple(code.strip() for code in codes.split(",") if code.strip())
        once(name.strip(), (*found.get(name.strip(), ()), *kept))
        found[name.strip()] = found.get(name.strip(), ()) + kept
    return found


def once(name: str, codes: Sequence[str]) -> Sequence[str]:
    """Return codes as they are given, when none of them is given twice.

    Raises
    ------
    QuestionError
        Naming the one that is: the second may have been meant to be another.
    """
    if twice := next((code for code in codes if codes.count(code) > 1), ""):
        raise QuestionError(f"'{name}' names {echo(twice)} more than once.", "Name it once.")
    return codes


def asked_as(question: Question) -> str:
    """Return what stands behind the question mark of an address that asks a question."""
    parts = [("measure", question.measure), ("by", ",".join(question.by)), ("level", question.period_level)]
    parts += [("arealevel", str(question.area_level))] if question.area_level is not None else []
    parts += [("collection", question.collection)] if question.collection else []
    ends = periods.ends_in_address(question.periods) if question.periods else ()
    parts += [("period", "..".join(dict.fromkeys(ends)))] if ends else []
    for name, codes in question.where:
        listed = ",".join(codes)
        parts.append((name, listed) if name in SHARED else ("where", f"{name}={listed}"))
    return urlencode(parts, safe=",.")


def ends_of(text: str) -> tuple[str, str] | None:
    """Return the first and the last period of a text such as ``2019..2024``; None for an empty one.

    Raises
    ------
    UnknownCode
        For what is no period.
    """
    if not text:
        return None
    first, sign, last = periods.in_address(text).partition("..")
    for code in (first, last) if sign else (first,):
        periods.level_of(code)
    return (first, last) if sign else (first, first)


def question_of(call: Call) -> Question:
    """Return the question of a call, by period where it names no rows; checked, and not too large.

    Raises
    ------
    QuestionError
        As the door.
    Problem
        When the answer would have more rows than `MOST_ROWS`.
    """
    measure = call.catalog.measures[call.first("measure")]
    by = with_needed(measure, call.given.get("by", ("period",)))
    question = _asked(call, measure, by)
    rows = 1
    for axis in check(question, call.catalog, call.release).rows:
        rows *= len(axis.codes)
    if rows > MOST_ROWS:
        raise Problem(
            422,
            "too-many-rows",
            f"The answer would have {rows:,} rows; at most {MOST_ROWS:,} are given at once.",
            "Ask for fewer periods or areas at once, or leave out a dimension.",
        )
    return question


def questions_of(call: Call) -> list[Question]:
    """Return the questions whose findings tell about a measure: over time, by area, by each dimension.

    With rows named there is one. Those that cannot be asked with the filters are left out by the door.
    """
    if "by" in call.given:
        return [question_of(call)]
    measure = call.catalog.measures[call.first("measure")]
    rows = [with_needed(measure, by) for by in (("period",), ("area",), ())]
    if not needed_division(measure):
        rows += [(name,) for name in dimensions_of(measure, call.catalog)]
    return [_asked(call, measure, by) for by in dict.fromkeys(rows) if by]


def _asked(call: Call, measure: Measure, by: Sequence[str]) -> Question:
    place, ends = call.first("arealevel"), ends_of(call.first("period"))
    collection = call.first("collection") or None
    asked = call.first("level") if "period" in by else ""
    return Question(
        measure.code,
        by,
        _filters(call),
        period_level=row_level(
            asked, measure, call.catalog, call.release, chosen=ends, collection=collection
        ),
        periods=ends,
        area_level=int(place) if place else None,
        collection=collection,
    )


def _filters(call: Call) -> dict[str, tuple[str, ...]]:
    """Return the filters under their own names and those of ``where`` together.

    Raises
    ------
    QuestionError
        When one is given in both ways: which of them is meant cannot be known.
    """
    named = {name: codes for name, codes in call.given.items() if name in SHARED and codes}
    more = where_of(call.given.get("where", ()))
    if twice := sorted(named.keys() & more.keys()):
        raise QuestionError(f"The filter by {echo(twice[0])} is given twice.", "Give it once.")
    return named | more
