"""A measure over time on the page Trends: its line, years laid over each other, months of the year."""

from collections.abc import Mapping

from analysis import Answer
from analysis.findings.finding import Finding
from analysis.findings.groups import standard
from analysis.findings.scope import scope_of
from analysis.findings.seasons import months_of_year, months_that_stand_out, moving_year, periods_above
from analysis.periods import JOINED_LEVELS, MONTH_NAMES
from analysis.words import counted
from ui import format as text
from ui.cards import words
from ui.cards.card import Facts, Shown
from ui.cards.table import Table, readable
from ui.charts.time.months import months_chart
from ui.charts.time.years import years_chart
from ui.topics.trends import course
from ui.topics.trends.choices import LEVEL, RUNNING
from ui.view.view import View


def finding(shown: Shown) -> Finding:
    """Return what changed over the years, whatever step the line is drawn at."""
    is_joined = shown.picked[LEVEL.name] in JOINED_LEVELS
    answer = shown.answers["years"] if shown.has("years") and not is_joined else shown.answer
    return standard(answer, scope_of(answer, shown.view.filters))


def running_sums(shown: Shown) -> Answer:
    """Return twelve-month sums of published months where that step is chosen, else the answer itself."""
    answer, release = shown.answer, shown.view.release
    is_series = answer.question.by == ("period",) and answer.measure.kind == "count"
    if shown.picked[LEVEL.name] != RUNNING or not is_series or release is None or answer.refusal:
        return answer
    sums = moving_year(answer, release.v)
    return answer if sums.frame.is_empty() else sums


def notes(shown: Shown) -> list[str]:
    """Return when the level of the whole series changed, and what a twelve-month sum is."""
    if shown.picked[LEVEL.name] != RUNNING:
        return course.note(shown)
    return [
        *course.note(shown),
        "Each point adds up the twelve published months that end with it; a hidden month leaves a gap.",
    ]


def years(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return the newest years laid over each other."""
    answer = answers.get("months")
    if answer is None or answer.refusal or answer.all_hidden:
        return None
    newest, before, above, compared = periods_above(answer)
    if not compared:
        return None
    facts = {"newest": newest, "before": before, "above": above, "compared": compared, "level": "month"}
    return Facts(
        Finding("fact", answer.measure, scope_of(answer, view.filters), topic="year_before", facts=facts),
        readable(answer, view.words, view.header),
        subtitle=words.subtitle(view, answer),
        caption="Open circles are provisional.",
        figure=years_chart(answer, words=view.words, palette=view.palette, narrow=view.phone),
        answers=(answer,),
        scope=scope_of(answer, view.filters),
    )


def months(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return the average of each month of the year, from whole years; None where no month can be shown."""
    answer = answers.get("months")
    if answer is None or answer.refusal or answer.measure.kind != "count" or not view.release:
        return None
    averages = months_of_year(answer, view.release.v)
    shown = averages.drop_nulls("value")
    if shown.is_empty():
        return None
    high, low = months_that_stand_out(averages)
    is_whole = shown.height == averages.height
    total = int(averages["years_total"][0])
    partly = averages.filter(averages["years_shown"] < averages["years_total"]).height
    rows = tuple(
        (
            MONTH_NAMES[row["month"] - 1],
            text.value_text(row["value"], "count"),
            text.interval_text(row["lower"], row["upper"], "count"),
            f"{row['years_shown']} of {row['years_total']}",
        )
        for row in averages.iter_rows(named=True)
    )
    caption = f"Averages of {counted(total, 'complete year')}; whiskers are 95% intervals."
    if partly:
        caption += f" {counted(partly, 'month is')} hidden in some years: the average is a little high."
    return Facts(
        Finding(
            "fact",
            answer.measure,
            scope_of(answer, view.filters),
            topic="months_of_year",
            direction=bool(high) - bool(low),
            facts={"high": high, "low": low, "is_whole": is_whole},
        ),
        Table(("Month", "Average", "95% interval", "Years shown"), (False, True, True, True), rows),
        subtitle=words.subtitle(view, answer),
        caption=caption,
        figure=months_chart(averages, palette=view.palette, narrow=view.phone),
        answers=(answer,),
        scope=scope_of(answer, view.filters),
    )
