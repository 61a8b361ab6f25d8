"""Cards of the Prevention and training page: outreach, trainings, Safe Places."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from analysis import Answer, Question
from analysis import periods as period_words
from analysis.catalog.model import lower_first
from analysis.release import observed
from analysis.topics import training as knowledge
from analysis.words import listed
from ui.app import controls, states
from ui.app.view import View
from ui.cards import fact_card, layout
from ui.cards import figure_card as cards
from ui.cards.table import Table
from ui.charts.bars.bar import bar_chart
from ui.charts.bars.before_after import Pair, before_after_chart
from ui.charts.figure import Figure
from ui.charts.time.line import line_chart
from ui.charts.time.small_multiples import small_multiples
from ui.topics import topic_cards
from ui.topics.people.people_figures import refused
from ui.topics.prevention import prevention_words

OUTREACH = ("people_reached", "media_audience", "outreach_events")
TRAINING = ("people_trained", "trained_share", "knowledge_change")
SAFE_PLACES = ("safe_places_open", "safe_place_contacts")
#: Which kind of identifier a role of trainings stands for.
IDENTIFIED_BY = {
    "police": "police",
    "health": "health",
    "child_services": "child_services",
    "labour_inspection": "labour_inspection",
    "ngo": "ngo",
}
METHODS = {
    knowledge.MATCHED: "people's own changes (Student's paired interval)",
    knowledge.UNMATCHED: "two groups with unequal spreads (Welch 1947)",
    knowledge.TRAININGS: "trainings as the units, because people in one room learn alike (Cochran 1977)",
}


class Asked:
    """All questions of the page that this release has figures for, answered in one look-up."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.known = {one.code for page in (view.page.code, "explore") for one in view.measures(page)}
        self.year = {code: _newest_year(view, code) for code in ("people_reached", "trained_share")}
        questions = {key: made for key, made in self._questions().items() if made.measure in self.known}
        self.answers = dict(zip(questions, view.answer([*questions.values()], strict=False), strict=True))

    def _questions(self) -> dict[str, Question]:
        ask, year = self.view.question, self.year
        in_year = {code: {"periods": (one, one)} if one else {} for code, one in year.items()}
        return {
            "reach": ask("people_reached", ["period"]),
            "hosts": ask("people_reached", ["host_type"]),
            "areas": ask("reach_per_1000", ["area"], **in_year["people_reached"]),
            "languages": ask("reach_per_1000_speakers", ["outreach_language"]),
            "speakers": ask("language_speakers", ["outreach_language"]),
            "cost": ask("cost_per_person_reached", ["period"]),
            "cost_hosts": ask("cost_per_person_reached", ["host_type"]),
            "trained_total": ask("people_trained", ["period"]),
            "trained": ask("people_trained", ["period", "audience_role"]),
            "trained_share": ask("trained_share", ["audience_role"], **in_year["trained_share"]),
            "trained_all": ask("trained_share", [], **in_year["trained_share"]),
            "passed_before": ask("passed_before_share", ["audience_role"]),
            "passed_after": ask("passed_after_share", ["audience_role"]),
            "sites_all": ask("safe_places_open", ["period"]),
            "sites": ask("safe_places_open", ["period", "safe_place_kind"]),
            "hours": ask("hours_per_safe_place", ["safe_place_kind"]),
            "contacts": ask("safe_place_contacts", ["period"]),
            "passed_on": ask("safe_place_onward_share", ["safe_place_kind"], where=_kinds_there(self.view)),
            "passed_on_all": ask("safe_place_onward_share", []),
        }

    def has(self, *measures: str) -> bool:
        """Return whether there are figures of any of some measures."""
        return bool(self.known.intersection(measures))

    def get(self, key: str) -> Answer | None:
        """Return an answer that can be drawn, or None."""
        found = self.answers.get(key)
        return None if found is None or found.refusal else found


def _kinds_there(view: View) -> dict[str, tuple[str, ...]]:
    """Return the kinds of site there are, which is public: others need no "not shown"."""
    series = view.release.observed.get(("own", "safe_places_open")) if view.release else None
    return {"safe_place_kind": series.codes.get("safe_place_kind", ())} if series else {}


def _newest_year(view: View, measure: str) -> str | None:
    entry = view.measure(measure)
    series = view.release.observed.get((entry.source, entry.observation)) if view.release else None
    return observed.newest_whole(series, "year", view.filters.periods)


def draw_outreach(asked: Asked) -> None:
    """Draw people reached over time, by host, area and language, and what it cost."""
    left, right = layout.row(2)
    with left:
        _card(asked, "reach", _line)
    with right:
        _card(asked, "hosts", _bars, headline=_said(asked, "hosts", _at_hosts))
    left, right = layout.row(2)
    with left:
        _card(asked, "areas", _bars)
    with right:
        _draw_languages(asked)
    left, right = layout.row(2)
    with left:
        _card(asked, "cost", _line)
    with right:
        _card(asked, "cost_hosts", _bars, headline=_said(asked, "cost_hosts", prevention_words.spread))


def _said(asked: Asked, key: str, words: Callable[[View, Answer], str]) -> str:
    answer = asked.get(key)
    return "" if answer is None else words(asked.view, answer)


def _at_hosts(view: View, answer: Answer) -> str:
    return prevention_words.most(view, answer, "Most people were reached at")


def _draw_languages(asked: Asked) -> None:
    view, answer, speakers = asked.view, asked.get("languages"), asked.get("speakers")
    if answer is None or speakers is None:
        if asked.has("people_reached") and not asked.has("language_speakers"):
            states.empty(
                "People reached per 1,000 residents who speak a language",
                _command("language_speakers"),
            )
        elif "languages" in asked.answers:
            refused("People reached by language", asked.answers["languages"])
        return
    ends = view.filters.periods or (view.choices.first_period, view.choices.last_period)
    series = view.release.observed.get(("own", "outreach_reach")) if view.release else None
    if view.filters.periods is None and series:
        ends = (series.first[:4], series.last[:4])
    said = prevention_words.languages(view, answer, speakers, period_words.label_of_range(*ends))
    _card(asked, "languages", _bars, headline=said)


def draw_training(asked: Asked) -> None:
    """Draw people trained, the share of the workforce, and what tests before and after say."""
    view = asked.view
    left, right = layout.row(2)
    with left:
        _card(asked, "trained_total", _line)
    with right:
        share = asked.get("trained_share")
        said = prevention_words.trained(view, share, asked.get("trained_all")) if share else ""
        if asked.has("trained_share"):
            _card(asked, "trained_share", _bars, headline=said)
        else:
            states.empty("The share of people in post who were trained", _command("workforce"))
    left, right = layout.row(2)
    with left:
        _draw_knowledge(view)
    with right:
        _draw_passed(asked)
    _card(asked, "trained", _multiples)


def _draw_knowledge(view: View) -> None:
    register = view.release.register("knowledge") if view.release else None
    if register is None or register.is_empty():
        return
    ends = view.filters.periods
    years = (ends[0][:4], ends[1][:4]) if ends else None
    found = knowledge.gains(register, years, view.filters.areas)
    if not found:
        layout.note(
            "Test scores before and after trainings",
            "Tests are kept by county and year: choose a county, or a whole year with trainings.",
        )
        return
    ordered = sorted(found, key=lambda one: -one.change)
    pairs = [
        Pair(view.words("audience_role", one.role), one.before, one.after, prevention_words.points(one))
        for one in ordered
    ]
    span = years or (str(register["year"].min()), str(register["year"].max()))
    place = view.sentence().split(" · ")[0]
    fact_card.fact_card(
        view,
        "knowledge",
        prevention_words.knowledge(view, found),
        _scores(pairs, ordered),
        subtitle=f"Average test scores before and after trainings, points of 100 · {place} · "
        f"{period_words.label_of_range(*span)} · {view.profile} release",
        caption=_how_scores(view, found),
        figure=before_after_chart(pairs, unit="points of 100", palette=view.palette, narrow=view.phone),
    )


def _scores(pairs: Sequence[Pair], found: Sequence[knowledge.Gain]) -> Table:
    columns = (
        "Role",
        "Average before",
        "Average after",
        "Change, 95% interval",
        "People tested",
        "Trainings",
    )
    rows = tuple(
        (
            pair.label,
            f"{pair.before:.1f}",
            f"{pair.after:.1f}",
            pair.change,
            f"{one.people:,}",
            f"{one.trainings:,}",
        )
        for pair, one in zip(pairs, found, strict=True)
    )
    return Table(columns, (False, True, True, False, True, True), rows)


def _how_scores(view: View, found: Sequence[knowledge.Gain]) -> str:
    used = dict.fromkeys(METHODS[one.method] for one in found if one.method)
    wider = f" The wider of two 95% intervals is given: {'; '.join(used)}." if used else ""
    return (
        f"{topic_cards.register_source(view)} Only trainings with at least five tests before and "
        f"after, and at least ten people a role, county and year.{wider} "
        + view.catalog.caveats["tests_not_practice"].text
    )


def _draw_passed(asked: Asked) -> None:
    before, after = asked.get("passed_before"), asked.get("passed_after")
    if before is None or after is None:
        return
    view = asked.view
    ends = [
        {row["audience_role"]: row for row in prevention_words.known_rows(one)} for one in (before, after)
    ]
    roles = [role for role in ends[1] if role in ends[0]]
    if not roles:
        return
    pairs = [
        Pair(
            view.words("audience_role", role),
            ends[0][role]["value"],
            ends[1][role]["value"],
            f"{prevention_words.figure(after, ends[1][role])} after",
        )
        for role in roles
    ]
    cards.figure_card(
        view,
        "passed",
        (before, after),
        before_after_chart(pairs, unit="% of tests", palette=view.palette, narrow=view.phone),
        prevention_words.passed(view, ends[0], ends[1]),
        subtitle=_subtitle(view, after, "Passed the test before and after training (% of tests)"),
        alt="Share of tests passed before and after trainings, by role.",
    )


def draw_identified(asked: Asked) -> None:
    """Draw trainings of a role beside people first identified by it, each on its own scale."""
    view = asked.view
    if not {"people_trained", "detected_persons"} <= {one.code for one in view.measures("trends")}:
        return
    roles = {role: view.words("audience_role", role) for role in IDENTIFIED_BY}
    layout.heading("Trainings beside people identified")
    left, _ = layout.row([2, 3])
    with left:
        role = controls.page_choice("role", "Role", roles, next(iter(roles)))
    trained, identified = view.answer(
        [
            view.question("people_trained", ["period"], where={"audience_role": (role,)}),
            view.question("detected_persons", ["period"], where={"identified_by": (IDENTIFIED_BY[role],)}),
        ],
        strict=False,
    )
    note = view.catalog.caveats["side_by_side"].text
    whom = view.words("identified_by", IDENTIFIED_BY[role])
    pairs = (
        ("role_trained", trained, f"People trained · {roles[role]}", roles[role]),
        (
            "role_identified",
            identified,
            f"People first identified by: {whom}",
            f"First identified by {lower_first(whom)}",
        ),
    )
    for column, (key, answer, title, lead) in zip(layout.row(2), pairs, strict=True):
        with column:
            if answer.refusal:
                refused(title, answer)
                continue
            cards.figure_card(
                view,
                key,
                answer,
                _line(view, answer),
                prevention_words.led(answer, lead),
                subtitle=_subtitle(view, answer, title),
                notes=[note],
            )


def _subtitle(view: View, answer: Answer, title: str = "") -> str:
    """Return measure, unit, place, the period that was asked and the release."""
    measure, question = answer.measure, answer.question
    filters = replace(view.applied_filters(measure.code), periods=question.periods)
    named = title or (
        measure.label if measure.unit in measure.label.lower() else f"{measure.label} ({answer.unit})"
    )
    by = [f"by {question.period_level}"] if "period" in question.by else []
    return " · ".join([named, view.described(filters), *by, f"{view.profile} release"])


def draw_safe_places(asked: Asked) -> None:
    """Draw sites, hours, who asked for help and how many were passed on."""
    view = asked.view
    left, right = layout.row(2)
    with left:
        _card(asked, "sites", _lines, headline=_said(asked, "sites_all", lambda _, one: one.sentence))
    with right:
        _card(asked, "hours", _bars, headline=_said(asked, "hours", prevention_words.spread))
    left, right = layout.row(2)
    with left:
        if asked.has("safe_place_contacts"):
            _card(asked, "contacts", _line)
        else:
            states.empty("People who asked for help at Safe Places", _command("safe_place_use"))
    with right:
        answer = asked.get("passed_on")
        said = prevention_words.passed_on(view, answer, asked.get("passed_on_all")) if answer else ""
        _card(asked, "passed_on", _bars, headline=said)


def _command(table: str) -> str:
    return (
        f"python -m etl template {table}, fill it in, then: "
        "python -m etl load FILE --source own --mapping FILE.toml && python -m etl release"
    )


def empty(what: str, table: str) -> None:
    """Say what a part of the page would show, and how its table is loaded."""
    states.empty(what, _command(table))


Draw = Callable[[View, Answer], Figure]


def _card(asked: Asked, key: str, draw: Draw, *, headline: str = "", notes: Sequence[str] = ()) -> None:
    answer = asked.answers.get(key)
    if answer is None:
        return
    if answer.refusal:
        by = [asked.view.header(name).lower() for name in answer.question.by]
        refused(f"{answer.measure.label} by {listed(by)}", answer)
        return
    cards.figure_card(
        asked.view,
        key,
        answer,
        draw(asked.view, answer),
        headline,
        subtitle=_subtitle(asked.view, answer),
        notes=notes,
    )


def _line(view: View, answer: Answer) -> Figure:
    return line_chart(answer, view.catalog, words=view.words, palette=view.palette)


def _lines(view: View, answer: Answer) -> Figure:
    return _multiples(view, answer) if layout.many_lines(answer) else _line(view, answer)


def _multiples(view: View, answer: Answer) -> Figure:
    columns = 1 if view.phone else 3
    return small_multiples(answer, view.catalog, words=view.words, palette=view.palette, columns=columns)


def _bars(view: View, answer: Answer) -> Figure:
    return bar_chart(answer, view.catalog, words=view.words, palette=view.palette)
