"""Trends: any measure over time, split by one dimension, areas against the region, years and months."""

from ui.app import frame
from ui.cards.card import Ask, Card, Drawing, FactCard, Section
from ui.topics.trends import areas, course, series
from ui.topics.trends.choices import LAWS, LEVEL, MEASURE, SPLIT, period_level

MONTHS = {"months": Ask(MEASURE, ("period",), parts={"period_level": "month"})}

PAGE = (
    Section(
        "",
        (
            Card(
                "trend",
                MEASURE,
                ("period", SPLIT),
                parts={"period_level": period_level},
                more={"years": Ask(MEASURE, ("period", SPLIT)), **course.STEPS},
                say=series.finding,
                prepare=series.running_sums,
                notes=series.notes,
                laws=LAWS,
                coarser=LEVEL,
                wide=True,
            ),
        ),
        more=(FactCard("shift", course.shift, course.STEPS), FactCard("ahead", course.ahead, course.STEPS)),
        choices=(MEASURE, SPLIT, LEVEL, LAWS),
    ),
    Section("Areas against the region", (Drawing("compare", areas.draw, slides=("areas",)),)),
    Section(
        "Within the year",
        (
            FactCard("years", series.years, MONTHS, wide=False),
            FactCard("months", series.months, MONTHS, wide=False),
        ),
    ),
)

frame.show("trends", PAGE)
