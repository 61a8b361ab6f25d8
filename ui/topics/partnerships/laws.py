"""Laws in time, one lane a pillar; and what the law asks organisations to do."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from analysis import Answer
from analysis.findings.changes import change_of
from analysis.findings.finding import Finding
from analysis.findings.topics.partnership import laws_in_force, laws_of_countries, reporting_below
from analysis.release.home_country import home_country
from analysis.topics.laws import INTERNATIONAL, STATUS_WORDS, Provision, provisions
from analysis.words import date_text, listed
from ui.cards import events, layout
from ui.cards.card import Card, Choice, FactCard, Facts, Needs, Shown
from ui.cards.special_card import of_register
from ui.cards.table import Table
from ui.charts.timelines.laws import laws_chart
from ui.view.view import View

DUTIES = "duty_met_share"
MANDATED = "mandated_reporting"
WHERE = {"duty": (MANDATED,)}
NEEDS = Needs("Laws and treaties by pillar", "law_provision")
COUNTRY_UNKNOWN = (
    "Whose laws hold here is not known, so laws of different countries are not counted together. To say "
    "it: home_country in deployment.toml."
)


def _nations(view: View) -> dict[str, str]:
    return {code: words for code, words in events.choices(view).items() if code != events.NONE}


WHOSE = Choice("laws", "Laws", _nations, default=events.OWN, style="select")


def _laws(view: View, _answers: Mapping[str, Answer], which: str) -> Facts | Needs | None:
    if view.release is None or view.release.table("law_provision").is_empty():
        return NEEDS
    home, day = home_country(view.release), view.as_of
    nation = "" if which == events.OWN else which
    found = provisions(view.release.table("law_provision").to_dicts(), home, day, nation)
    is_apart = not (home or nation)
    finding = laws_of_countries(found, _country_inside) if is_apart else laws_in_force(found)
    figure = laws_chart(
        found,
        {code: view.words("pillar", code) for code in view.catalog.dimensions["pillar"].codes},
        STATUS_WORDS,
        today=day,
        palette=view.palette,
        width=layout.inside("laws", wide=True),
        with_country=is_apart,
    )
    return of_register(
        view,
        finding,
        _table(view, found),
        f"{_nations(view)[which]} and international ones, each under the pillar it mainly serves",
        caption=COUNTRY_UNKNOWN if is_apart else "",
        register="law_provision",
        figure=figure if found else None,
        alt=_in_words(view, found),
    )


def _country(code: str) -> str:
    """Return "United States", "International", or the words a law itself has for where it holds."""
    return code.capitalize() if code == INTERNATIONAL else events.nation_words(code).removeprefix("the ")


def _country_inside(_name: str, code: str) -> str:
    return code if code == INTERNATIONAL else _country(code)


def _table(view: View, found: Sequence[Provision]) -> Table:
    return Table(
        ("In force since", "Law", "Of", "Pillar", "Status", "What it does"),
        (False,) * 6,
        tuple(
            (
                date_text(law.day) if law.day else "no day yet",
                law.name,
                _country(law.country),
                view.words("pillar", law.pillar),
                STATUS_WORDS[law.status].capitalize(),
                law.summary,
            )
            for law in reversed(found)
        ),
    )


def _in_words(view: View, found: Sequence[Provision]) -> str:
    """Return the laws in order of time, for a screen reader."""
    named = [
        f"{law.shown_day.year if law.shown_day else 'no day yet'} {law.name} "
        f"({view.in_sentence('pillar', law.pillar)}, {STATUS_WORDS[law.status]})"
        for law in found
    ]
    return f"Laws in order of time, one lane a pillar: {'; '.join(named)}."


def pillars(shown: Shown) -> list[str]:
    """Return which duties serve which pillar, as the catalog has them."""
    view = shown.view
    by_pillar: dict[str, list[str]] = {}
    for category in view.catalog.dimensions["duty"].categories:
        if category.group and category.group != "not_recorded":
            by_pillar.setdefault(category.group, []).append(view.in_sentence("duty", category.code))
    named = [f"{view.words('pillar', code)}: {listed(duties)}" for code, duties in by_pillar.items()]
    return [f"Pillars. {'; '.join(named)}."]


def _below(shown: Shown) -> Finding:
    return reporting_below(shown.answer, shown.scope)


def _reports_made(shown: Shown) -> Finding:
    found = change_of(shown.answer, shown.scope)
    return replace(found, facts={**found.facts, "group": (("duty", MANDATED),)})


LAWS = FactCard("laws", _laws, choice=WHOSE)
REPORTING = Card(
    "reporting",
    DUTIES,
    ("organisation_type",),
    WHERE,
    say=_below,
    needs=Needs("Legal duties met, by duty and kind of organisation", "duty"),
)
DUTIES_MET = Card("duties", DUTIES, ("duty",))
REPORTING_YEARS = Card("reporting_time", DUTIES, ("period",), WHERE, say=_reports_made)
