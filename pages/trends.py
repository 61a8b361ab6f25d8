"""Trends: any measure over time, split by one dimension, against earlier years, and by month of the year."""

from analysis import Answer
from analysis.findings.seasons import months_of_year, months_that_stand_out
from ui.app import controls, frame
from ui.cards import events, layout
from ui.cards import figure_card as cards
from ui.charts.time.line import line_chart
from ui.charts.time.months import months_chart
from ui.charts.time.small_multiples import small_multiples
from ui.charts.time.years import years_chart
from ui.topics import opening, wording


def body(view: frame.View) -> None:
    measures = {one.code: one.label for one in view.measures("trends")}
    left, middle, right, last = layout.row([5, 5, 7, 5])
    with left:
        measure = controls.page_choice("measure", "Measure", measures, next(iter(measures)))
    splits = view.splits(measure)
    with middle:
        split = controls.page_choice("split", "Split by", splits, next(iter(splits)))
    with right:
        level = controls.page_choice("level", "Periods", LEVELS, "auto", style="segments")
    with last:
        laws = controls.page_choice("laws", "Mark on the chart", events.choices(view), events.OWN)
    by = ["period", split] if split else ["period"]
    opened = opening.open_at(view, measure, by, "" if level == "auto" else level)
    draw_trend(view, opened, laws)
    if split:
        return
    fine = opened if opened.level != "year" else opening.open_at(view, measure, by, "quarter")
    left, right = layout.row(2)
    with left:
        draw_years(view, fine)
    with right:
        draw_months(view, opening.open_at(view, measure, by, "month"))


LEVELS = {"auto": "Automatic", "month": "Months", "quarter": "Quarters", "year": "Years"}


def draw_trend(view: frame.View, opened: opening.Opening, which_laws: str) -> None:
    answer = opened.answer
    laws = events.laws_of(view, answer, which_laws)
    if layout.many_lines(answer):
        columns = 1 if view.phone else 3
        figure = small_multiples(
            answer, view.catalog, words=view.words, palette=view.palette, columns=columns
        )
        laws = []
    else:
        figure = line_chart(answer, view.catalog, words=view.words, palette=view.palette, events=laws)
    cards.figure_card(
        view,
        "trend",
        answer,
        figure,
        notes=[opened.note],
        below=events.listed(laws),
        coarser=controls.coarser_choice("level", opened.coarser, opening.words),
    )


def draw_years(view: frame.View, opened: opening.Opening) -> None:
    answer = opened.answer
    if opened.level == "year":
        layout.quiet("Years are laid over each other for figures that are known by quarter or month.")
        return
    cards.figure_card(
        view,
        "years",
        answer,
        years_chart(answer, words=view.words, palette=view.palette),
        wording.year_before(answer),
        notes=["Open circles are provisional."],
    )


def draw_months(view: frame.View, opened: opening.Opening) -> None:
    answer: Answer = opened.answer
    if answer.measure.kind != "count" or opened.level != "month" or not view.release:
        layout.quiet("Months of the year are averaged for counts that can be shown by month.")
        return
    months = months_of_year(answer, view.release.v)
    if months.is_empty():
        layout.quiet("Months of the year need at least three whole years.")
        return
    cards.figure_card(
        view,
        "months",
        answer,
        months_chart(months, palette=view.palette),
        wording.months(*months_that_stand_out(months)),
        notes=wording.months_notes(months),
    )


frame.show("trends", body)
