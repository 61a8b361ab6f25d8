"""The text round a figure: subtitle, chips, caption, alternative text. The headline comes from findings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from analysis import Answer
from analysis import periods as period_words
from analysis.answers.tallied import TALLIED
from analysis.catalog.model import Measure, lower_first
from analysis.findings.changes import mean_values
from analysis.findings.compare import Value, lacks_parts
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope
from analysis.findings.sentences import phrases, say
from analysis.findings.sentences.standard import MOST_GROUPS
from analysis.findings.series.later import incomplete
from analysis.questions.question import Question
from analysis.words import SUMS_OF_SHOWN, at_least, figure_text, listed, with_unit
from ui.cards import table as tables
from ui.format import PARTIAL_NOTE, PARTIAL_RATIO_NOTE
from ui.view.states import escape
from ui.view.view import View

SEVERAL = "A person can be in several groups."


def described(view: View, answer: Answer, question: Question) -> str:
    """Return place, period and filters of an answer; of years published together, which they are."""
    said = view.described_question(question)
    ends = answer.checked.held if answer.checked and answer.is_together else None
    if ends and "period" not in question.by:
        said = said.replace(" · newest", f" · {period_words.label_of_range(*ends)}")
    return said


def subtitle(view: View, answer: Answer) -> str:
    """Return measure, unit, place, period and filters of the question itself, and what it is divided by."""
    question, measure = answer.question, answer.measure
    unit = "" if measure.unit in measure.label.lower() else f" ({answer.unit})"
    names = [
        lower_first(view.header(name)) for name in question.by if name not in ("period", measure.share_of)
    ]
    word = "period" if answer.is_together else period_words.period_word(question.period_level)
    names += [word] if "period" in question.by else []
    divided = f"by {listed(names)}" if names else ""
    # What a card keeps of its own dimension is seen on the chart; what the page's filter keeps is said.
    of_page = dict(view.filters.where)
    where = tuple(pair for pair in question.where if pair[0] not in question.by or pair[0] in of_page)
    said = described(view, answer, replace(question, where=where))
    return " · ".join(filter(None, (f"{measure.label}{unit}", said, divided)))


def head_html(card_key: str, headline: str, finding: Finding, chips: Sequence[str], under: str) -> str:
    """Return headline, chips and subtitle as one piece of HTML.

    The finding's key and verdict stand on the headline, so that a test can hold pages against each other.
    """
    tags = chips_html(chips)
    return (
        f'<h3 class="ltt-headline" data-card="{escape(card_key)}" data-finding="{escape(finding.key)}" '
        f'data-verdict="{escape(finding.verdict)}">{escape(headline)}{" " if tags else ""}{tags}</h3>'
        f'<p class="ltt-subtitle">{escape(under)}</p>'
    )


def caption_html(words: str) -> str:
    """Return a caption as HTML; nothing for none."""
    return f'<p class="ltt-caption">{escape(words)}</p>' if words else ""


def sentence_html(finding: Finding) -> str:
    """Return the sentence of a finding as HTML that carries its key and verdict, for lists of findings."""
    return (
        f'<span data-finding="{escape(finding.key)}" data-verdict="{escape(finding.verdict)}">'
        f"{escape(say(finding))}</span>"
    )


def ribbons_html(stamp: str, *origin: str) -> str:
    """Return what stands over a page, a slide and a file: whom it is for, and where all of it comes from."""
    words = ((stamp, " ltt-restricted"), *((text, "") for text in origin))
    return "".join(f'<span class="ltt-ribbon{kind}">{escape(text)}</span>' for text, kind in words if text)


def chips_html(words: Iterable[str]) -> str:
    """Return chips as HTML."""
    return "".join(f'<span class="ltt-chip">{escape(chip)}</span>' for chip in words)


def chips(view: View, scopes: Iterable[Scope]) -> list[str]:
    """Return the chips of a card: which filters it cannot follow."""
    return list(dict.fromkeys(chip for scope in scopes for chip in scope.chips(view.catalog)))


def caption(
    view: View,
    answers: Sequence[Answer],
    finding: Finding,
    notes: Sequence[str] = (),
    later: Mapping[str, Value] | None = None,
) -> str:
    """Return what is this card's own: hidden numbers, partial sums, incomplete periods, notes.

    Hidden numbers are said only of cells that were asked for. Sources and coverage stand once on the page,
    and so does what holds for several of its cards: which year is incomplete, that groups overlap. `later` is
    what incomplete periods are expected to come to (`analysis.findings.series.later`).
    """
    shown = sum(answer.cells_shown for answer in answers)
    total = sum(answer.cells_total for answer in answers)
    parts = []
    has_hidden = shown < total and any(
        "c" in (marker or "") for answer in answers for marker in answer.frame["marker"]
    )
    partial = [answer for answer in answers if _has_partial(answer)]
    are_sums = all(answer.measure.is_sum for answer in partial)
    if has_hidden:
        star = "" if not partial else "; * at least this many" if are_sums else "; * without them"
        parts.append(f"{total - shown:,} of {total:,} numbers are hidden{star}.")
    elif partial:
        parts.append(PARTIAL_NOTE if are_sums else PARTIAL_RATIO_NOTE)
    if any(view.is_multi(name) for answer in answers for name in answer.question.by):
        parts += _once(view, SEVERAL, SEVERAL)
    if late := incomplete(answers[0], finding.scope, later or {}):
        parts += _once(view, about_incomplete(answers[0]), say(late))
    own = [note for answer in answers for note in answer.notes]
    if partial:  # each such sum has its star; how many there are adds nothing
        own = [note for note in own if not note.endswith(SUMS_OF_SHOWN)]
    if TALLIED in own:
        own = [*(note for note in own if note != TALLIED), *_once(view, TALLIED, TALLIED)]
    return " ".join(dict.fromkeys([*parts, *(note for note in notes if note), *own]))


def _once(view: View, about: str, sentence: str) -> list[str]:
    """Return a sentence for the first card of a page that says it, and nothing for those after it."""
    is_new = about not in view.said
    view.said.add(about)
    return [sentence] if is_new else []


def about_incomplete(answer: Answer) -> str:
    """Return what a page says once of the newest period of an answer."""
    return f"incomplete {answer.frame['period'][-1]}"


def alt_text(view: View, answer: Answer, headline: str) -> str:
    """Return the headline, what the axes are, and the extremes."""
    by = [tables.dimension_label(answer, name, view.header) for name in answer.question.by]
    parts = [headline.rstrip(".") + "."]
    parts.append(f"{answer.measure.label} by {', '.join(by).lower()}." if by else f"{answer.measure.label}.")
    rows = [row for row in answer.frame.iter_rows(named=True) if row["value"] is not None]
    if rows and answer.question.by:
        ends = []
        for word, pick in (("Lowest", min), ("highest", max)):
            row = pick(rows, key=lambda each: each["value"])
            where = ", ".join(
                period_words.label_of(row[name]) if name == "period" else view.words(name, row[name])
                for name in answer.question.by
            )
            number = with_unit(answer.measure, row["value"])
            number = at_least(answer.measure, number, is_part=lacks_parts(row))
            ends.append(f"{word} {number} ({where})")
        parts.append(f"{ends[0]}, {ends[1]}.")
    if count := answer.frame["value"].null_count():
        parts.append(f"{count} values are not shown.")
    return " ".join(parts)


def mean_rows(view: View, finding: Finding, by: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the table's rows of the means that a headline names, in its columns: words, value, interval.

    Parameters
    ----------
    view
        Gives the words of groups.
    finding
        A change; or the changes of several groups, of which those that the headline names have their rows.
    by
        What the table is divided by, in the order of its columns.
    """
    measure = finding.measure
    rows: list[tuple[str, ...]] = []
    if measure is None:
        return rows
    for part in finding.parts[:MOST_GROUPS] or (finding,):
        codes = dict(part.facts.get("group", ()))
        for pair, earlier, later in mean_values(part):
            for end, value in ((pair.later, later), (pair.earlier, earlier)):
                mean = f"Mean of {period_words.label_of_range(end[0], end[-1])}"
                names = [mean if name == "period" else view.words(name, codes.get(name, "")) for name in by]
                limits = phrases.interval(measure, value).strip(" ()")
                number = figure_text(measure, value.value, value.base)
                rows.append((*names, at_least(measure, number, is_part=value.is_part), limits, ""))
    return rows


def expected_rows(measure: Measure, later: Mapping[str, Value]) -> list[tuple[str, ...]]:
    """Return the table's rows of what incomplete periods are expected to come to, the newest first."""
    return [
        (
            f"{period_words.label_of(period)}, expected",
            figure_text(measure, value.value),
            phrases.interval(measure, value).strip(" ()"),
            "estimate",
        )
        for period, value in sorted(later.items(), reverse=True)
    ]


def _has_partial(answer: Answer) -> bool:
    if not answer.question.by:
        return False
    columns = (answer.frame[name].to_list() for name in ("value", "cells_shown", "cells_total"))
    return any(value is not None and shown < total for value, shown, total in zip(*columns, strict=True))
