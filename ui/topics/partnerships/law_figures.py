"""What the Partnerships and law page draws of laws and duties: in time, by pillar, by who owes them."""

from collections.abc import Mapping

from analysis import Answer, Question
from analysis.catalog.model import lower_first
from analysis.findings.apart import lies_below
from analysis.release.home_country import home_country
from analysis.topics.laws import Provision, provisions
from analysis.words import interval_text, listed, number_text
from ui.cards import events, layout
from ui.charts.timelines.laws import laws_chart
from ui.topics import topic_cards, wording
from ui.topics.partnerships import register_tables
from ui.view import controls, width
from ui.view.view import View

Answers = Mapping[str, Answer]
MANDATED = {"duty": ("mandated_reporting",)}
COUNTRY_UNKNOWN = (
    "Whose laws hold here is not known: home_country is not set in deployment.toml, and the figures that are "
    "loaded do not tell it. Laws of different countries are not counted together."
)


def questions(view: View) -> dict[str, Question]:
    """Return the questions on duties; laws are a list."""
    return {
        "duties": view.question("duty_met_share", ["duty"]),
        "duties_time": view.question("duty_met_share", ["period"]),
        "duties_pillar": view.question("duty_met_share", ["period", "pillar"]),
        "reporting": view.question("duty_met_share", ["organisation_type"], where=MANDATED),
        "reporting_time": view.question("duty_met_share", ["period"], where=MANDATED),
    }


def laws(view: View) -> None:
    """Draw the laws in time, one lane a pillar; a reader can look at those of another nation."""
    if view.release is None or view.release.table("law_provision").is_empty():
        topic_cards.not_loaded("Laws and treaties by pillar", "law_provision")
        return
    offered = {code: words for code, words in events.choices(view).items() if code != events.NONE}
    which = events.OWN
    if len(offered) > 1:
        which = controls.page_choice("laws", "Laws", offered, events.OWN)
    rows = view.release.table("law_provision").to_dicts()
    home, day = home_country(view.release), topic_cards.today(view)
    nation = "" if which == events.OWN else which
    found = provisions(rows, home, day, nation)
    is_apart = not (home or nation)
    topic_cards.register_card(
        view,
        "laws",
        register_tables.laws_by_country(found)
        if is_apart
        else register_tables.laws_sentence(found, view.catalog),
        register_tables.laws_table(found, view.catalog),
        f"{offered[which]} and international ones, newest first",
        caption=" ".join(["One pillar a law: what it mainly serves.", COUNTRY_UNKNOWN if is_apart else ""]),
        chart=laws_chart(
            found,
            {code: view.words("pillar", code) for code in view.catalog.dimensions["pillar"].codes},
            register_tables.STATUS_WORDS,
            today=day,
            palette=view.palette,
            width=width.inside_card("laws_width", 1_000),
            with_country=is_apart,
        )
        if found
        else None,
        alt=_laws_in_words(found, view),
    )


def _laws_in_words(found: list[Provision], view: View) -> str:
    """Return the laws in order of time, for a screen reader."""
    said = [
        f"{law.shown_day.year if law.shown_day else 'no day yet'} {law.name} "
        f"({lower_first(view.words('pillar', law.pillar))}, {register_tables.STATUS_WORDS[law.status]})"
        for law in found
    ]
    return f"Laws in order of time, one lane a pillar: {'; '.join(said)}."


def duties(view: View, answers: Answers) -> None:
    """Draw duties met: over time, by pillar and duty, and mandated reporting by kind of organisation."""
    parts = (("duties_time", "Duties met over time"), ("duties_pillar", "Duties met over time, by pillar"))
    for column, (key, what) in zip(layout.row(2), parts, strict=True):
        with column:
            if key in answers:
                said = _pillars_sentence(view, answers[key]) if key == "duties_pillar" else ""
                topic_cards.figure(view, key, answers[key], what=what, table="duty", headline=said)
    by_duty = answers.get("duties")
    left, right = layout.row(2)
    with left:
        topic_cards.figure(
            view,
            "duties",
            by_duty,
            what="Duties met, by duty",
            table="duty",
            headline=_duties_sentence(view, by_duty),
            notes=[_pillars_of(view)] if by_duty is not None else [],
        )
    with right:
        answer = answers.get("reporting")
        if answer is not None:
            topic_cards.figure(
                view,
                "reporting",
                answer,
                what="Mandated reports made, by kind of organisation",
                table="duty",
                headline=_reporting_sentence(view, answer),
            )
            over_time = answers["reporting_time"]
            topic_cards.figure(
                view,
                "reporting_time",
                over_time,
                what="Mandated reports made, over time",
                table="duty",
                headline=_reporting_moved(view, over_time),
            )


def _reporting_moved(view: View, answer: Answer) -> str:
    """Return how the share of reports that the law asks for moved; the answer's own sentence where empty."""
    found = None if answer.refusal or answer.all_hidden else wording.newest_movement(view, answer)
    return wording.movement_sentence("Share of mandated reports made", answer.measure, found) if found else ""


def _pillars_sentence(view: View, answer: Answer) -> str:
    """Return the newest share of each pillar, in the order of the catalog: no pillar comes first or last."""
    if answer.refusal or answer.all_hidden:
        return ""
    rows = [row for row in answer.frame.to_dicts() if row["value"] is not None]
    newest = max(row["period"] for row in rows)
    by_pillar = {row["pillar"]: row["value"] for row in rows if row["period"] == newest}
    named = [
        f"{lower_first(view.words('pillar', code))} {number_text(answer.measure, by_pillar[code])}"
        for code in view.catalog.dimensions["pillar"].codes
        if code in by_pillar
    ]
    return f"Duties met by pillar in {newest}: {listed(named)}"


def _pillars_of(view: View) -> str:
    """Return which duties serve which pillar, as the catalog has them."""
    by_pillar: dict[str, list[str]] = {}
    for category in view.catalog.dimensions["duty"].categories:
        if category.group and category.group != "not_recorded":
            by_pillar.setdefault(category.group, []).append(lower_first(category.label))
    named = [f"{view.words('pillar', code)}: {listed(duties)}" for code, duties in by_pillar.items()]
    return f"Pillars. {'; '.join(named)}."


def _duties_sentence(view: View, answer: Answer | None) -> str:
    if answer is None or answer.refusal or answer.all_hidden:
        return ""
    rows = [row for row in answer.frame.to_dicts() if row["value"] is not None]
    low, high = (pick(rows, key=lambda row: row["value"]) for pick in (min, max))
    ends = [
        f"{number_text(answer.measure, row['value'])} ({lower_first(view.words('duty', row['duty']))})"
        for row in (low, high)
    ]
    return f"Duties met: {ends[0]}" if len(rows) == 1 else f"Duties met: from {ends[0]} to {ends[1]}"


def _reporting_sentence(view: View, answer: Answer) -> str:
    if answer.refusal or answer.all_hidden:
        return ""
    found = lies_below(answer.frame.iter_rows(named=True), "organisation_type")
    if found is None:
        return "Mandated reporting: no kind of organisation clearly differs from the others"
    value = number_text(answer.measure, found.row["value"])
    limits = interval_text(answer.measure, found.row["lower"], found.row["upper"])
    others = f"{found.lowest_other:.0f}–{found.highest_other:.0f}%"
    if found.lowest_other == found.highest_other:
        others = f"{found.lowest_other:.0f}%"
    name = view.words("organisation_type", found.code)
    return (
        f"Mandated reporting: {lower_first(name)} met {value}{limits} of what was due, other kinds {others}"
    )
