"""Which initiatives there are, which one a reader looks at, and what is asked about it."""

from collections.abc import Callable, Mapping

from analysis import Question
from analysis.release.home_country import home_country
from analysis.release.places import Geography
from analysis.topics import initiatives as topic
from analysis.topics.initiatives import KINDS, Initiative, campaigns
from analysis.topics.laws import provisions
from ui.cards.card import Ask, Choice
from ui.view import controls
from ui.view.view import View

REGISTER = "campaign"
#: Published figures that begin in an area, and the numbers that could show it.
BEGINS = {
    "safe_place": ("safe_places_open", "tips_received"),
    "training": ("training_sessions", "tips_received"),
}
_QUARTERS = {"periods": None, "period_level": "quarter"}
_YEARS = {"periods": None, "period_level": "year"}


def listed(view: View) -> list[Initiative]:
    """Return all initiatives of the release, whatever the filters, with numbers that could show them."""
    release = view.release
    if release is None:
        return []
    laws = release.table("law_provision")
    found = topic.initiatives(
        campaigns(release.register(REGISTER)),
        view.rows("agreement"),
        provisions(laws.iter_rows(named=True), home_country(release), view.as_of),
        release.listed("receiver"),
        view.as_of,
    )
    return topic.ordered([*found, *_begun(view)])


def studied(view: View) -> list[Initiative]:
    """Return those with published numbers that could show them."""
    return [one for one in listed(view) if view.has(one.measure)]


def has_none(view: View) -> bool:
    """Return whether there is none with published numbers that could show it."""
    return not studied(view)


def _begun(view: View) -> list[Initiative]:
    kinds = {kind: pair for kind, pair in BEGINS.items() if all(map(view.has, pair))}
    geography = geography_of(view)
    if not kinds or geography is None or 1 not in geography.level_names:
        return []
    asked = [
        Question(figure, ("period", "area"), period_level="year", area_level=1)
        for figure, _ in kinds.values()
    ]
    answers = view.answer(asked, strict=False)
    return [
        one
        for (kind, (_, measure)), answer in zip(kinds.items(), answers, strict=True)
        if not answer.refusal
        for one in topic.begun(kind, answer.frame, measure, geography.names)
    ]


def _options(view: View) -> dict[str, str]:
    return {one.code: f"{KINDS[one.kind]}: {one.name} ({one.start:%b %Y})" for one in studied(view)}


def _campaigns(view: View) -> dict[str, str]:
    """Return the campaigns, the dearest first: what a reader of Prevention wants to see."""
    if view.release is None:
        return {}
    costs = {one.code: one.cost or 0.0 for one in campaigns(view.release.register(REGISTER))}
    found = [one for one in studied(view) if one.kind == REGISTER]
    found.sort(key=lambda one: (-costs.get(one.code.partition(":")[2], 0.0), one.start))
    return {one.code.partition(":")[2]: f"{one.name} ({one.start:%b %Y})" for one in found}


CHOICE = Choice("initiative", "Initiative to look at", _options, style="select")
CAMPAIGN = Choice("campaign", "Campaign to look at", _campaigns, style="select")
Chosen = Callable[[View], "Initiative | None"]


def chosen(view: View) -> Initiative | None:
    """Return the initiative of the address, or the first that is offered."""
    return _of(view, CHOICE, "")


def chosen_campaign(view: View) -> Initiative | None:
    """Return the campaign of the address, or the dearest."""
    return _of(view, CAMPAIGN, f"{REGISTER}:")


def _of(view: View, choice: Choice, before: str) -> Initiative | None:
    offered = choice.of(view, {})
    asked = controls.in_address(choice.name)
    code = asked if asked in offered else next(iter(offered), "")
    return next((one for one in studied(view) if one.code == before + code), None)


def asks(pick: Chosen) -> Callable[[View], Mapping[str, Ask]]:
    """Return what asks the numbers of the initiative that `pick` gives, by quarter and by year."""

    def asked(view: View) -> Mapping[str, Ask]:
        one = pick(view)
        if one is None:
            return {}
        by = ("period", one.by) if one.by else ("period",)
        level = {"area_level": level_of(view, one)} if one.by == "area" else {}
        return {
            "": Ask(one.measure, by, one.filters, parts={**_QUARTERS, **level}, everywhere=True),
            "years": Ask(one.measure, by, one.filters, parts={**_YEARS, **level}, everywhere=True),
        }

    return asked


def asks_of_others(pick: Chosen) -> Callable[[View], Mapping[str, Ask]]:
    """Return what asks the numbers of every contributor, for an initiative of one contributor in an area."""

    def asked(view: View) -> Mapping[str, Ask]:
        one = pick(view)
        if one is None or one.by != "area" or "source" not in one.filters:
            return {}
        parts = {**_QUARTERS, "area_level": level_of(view, one)}
        return {"others": Ask(one.measure, ("period", "area", "source"), parts=parts, everywhere=True)}

    return asked


def level_of(view: View, one: Initiative) -> int:
    """Return the level of the area of an initiative."""
    geography = geography_of(view)
    return geography.levels.get(one.area, 1) if geography is not None else 1


def geography_of(view: View) -> Geography | None:
    """Return the areas of the chosen records."""
    collection = view.collection
    return view.release.areas.get(collection.geography) if view.release and collection else None
