"""What the Reporting page draws: reports coming in, being answered, being passed on."""

from analysis import Answer
from analysis.catalog.model import lower_first
from analysis.findings.differences import widest_gap
from analysis.questions.filters import the
from ui.app.view import View
from ui.cards import events
from ui.cards import figure_card as cards
from ui.charts.time.line import line_chart
from ui.topics import opening
from ui.topics.reporting import respond_cards, respond_words
from ui.topics.reporting.respond_cards import Answers

TEMPLATES = {"channel": "Reports by {}", "reporter_type": "Reports by {}", "area_kind": "Reports about {}"}
AREA_KINDS = ("urban", "rural")


def ask(view: View) -> dict[str, Answer]:
    """Answer everything that does not depend on a choice of the page, in one look-up."""
    return respond_cards.ask(
        view,
        {
            "digital": view.question("tips_digital_share", ["period"]),
            "channels": view.question("tips_channel_share", ["channel"]),
            "reporters": view.question("tips_reporter_share", ["reporter_type"]),
            "channel_years": view.question("tips_channel_share", ["period", "channel"]),
            "median": view.question("tips_response_median"),
            "within": view.question("tips_within_24h_share", ["period"]),
            "bands": view.question("tips_received", ["response_band"]),
            "dispositions": view.question("tips_disposition_share", ["disposition"]),
            "passed": view.question("tips_passed_share", ["period"]),
            "substantiated": view.question("tips_substantiated_share", ["period"]),
            **{
                question.period_level: question
                for question in opening.questions(view, "tips_received", ["period"])
            },
        },
    )


def ask_compared(view: View, by: str) -> dict[str, Answer]:
    """Answer what is compared: time to a response, shares answered, passed on, substantiated."""
    where = {"area_kind": AREA_KINDS} if by == "area_kind" else {}
    return respond_cards.ask(
        view,
        {
            name: view.question(measure, [by], where=where)
            for name, measure in (
                ("median", "tips_response_median"),
                ("within", "tips_within_24h_share"),
                ("passed", "tips_passed_share"),
                ("substantiated", "tips_substantiated_share"),
            )
        },
    )


def draw_coming_in(view: View, asked: Answers) -> None:
    """Draw reports over time, the digital part, channels and reporters."""
    bars, lines = respond_cards.bars(view), respond_cards.lines(view)
    respond_cards.side_by_side(
        lambda: _draw_volume(view),
        lambda: respond_cards.card(
            view,
            "digital",
            asked["digital"],
            lines,
            respond_words.over_the_years(asked["digital"]),
            notes=["Digital: by web form, app or text message."],
        ),
        lambda: respond_cards.card(
            view,
            "channels",
            asked["channels"],
            bars,
            respond_words.led(asked["channels"], "Reports came most often by"),
        ),
        lambda: respond_cards.card(
            view,
            "reporters",
            asked["reporters"],
            bars,
            respond_words.led(asked["reporters"], "Reports came most often from"),
        ),
    )
    years = asked["channel_years"]
    said = "" if years.refusal else respond_words.groups_over_the_years(years, "channel", view.words)
    respond_cards.card(view, "channel_years", years, lines, said)


def _draw_volume(view: View) -> None:
    opened = opening.open_at(view, "tips_received", ["period"])
    laws = events.laws_of(view, opened.answer)
    figure = line_chart(opened.answer, view.catalog, words=view.words, palette=view.palette, events=laws)
    cards.figure_card(
        view,
        "volume",
        opened.answer,
        figure,
        notes=[opened.note],
        below=events.listed(laws),
        coarser=respond_cards.COARSER,
    )


def draw_answered(view: View, asked: Answers, compared: Answers, by: str) -> None:
    """Draw times to the first response by the groups compared, over the years, and in bands."""
    bars, lines = respond_cards.bars(view), respond_cards.lines(view)
    median = compared["median"]
    said = (
        ""
        if median.refusal
        else respond_words.slowest(median, asked["median"], by, view.words, TEMPLATES[by])
    )
    respond_cards.side_by_side(
        lambda: respond_cards.card(view, "median", median, bars, said),
        lambda: _draw_compared(view, "within_by", compared["within"], by),
        lambda: respond_cards.card(
            view, "within", asked["within"], lines, respond_words.over_the_years(asked["within"])
        ),
        lambda: respond_cards.card(
            view,
            "bands",
            asked["bands"],
            bars,
            respond_words.led(asked["bands"], "Reports were most often answered"),
        ),
    )


def draw_outcomes(view: View, asked: Answers, compared: Answers, by: str) -> None:
    """Draw what was done with reports, the share passed on, the share substantiated."""
    bars, lines = respond_cards.bars(view), respond_cards.lines(view)
    respond_cards.side_by_side(
        lambda: respond_cards.card(
            view,
            "dispositions",
            asked["dispositions"],
            bars,
            respond_words.led(asked["dispositions"], "Reports were most often"),
        ),
        lambda: respond_cards.card(
            view, "passed", asked["passed"], lines, respond_words.over_the_years(asked["passed"])
        ),
        lambda: _draw_compared(view, "passed_by", compared["passed"], by),
        lambda: _draw_compared(view, "substantiated_by", compared["substantiated"], by),
    )
    respond_cards.card(
        view,
        "substantiated",
        asked["substantiated"],
        lines,
        respond_words.over_the_years(asked["substantiated"]),
    )


def _draw_compared(view: View, key: str, answer: Answer, by: str) -> None:
    """Draw a share by the groups compared, under the widest gap that can be claimed."""
    gap = None if answer.refusal else widest_gap([answer], by)
    nothing = f"No clear difference by {lower_first(view.header(by))} in {the(answer.measure.label)}."
    said = respond_words.gap(gap, by, view.words, nothing)
    respond_cards.card(view, key, answer, respond_cards.bars(view), said)
