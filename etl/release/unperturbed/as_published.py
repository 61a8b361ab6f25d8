"""Which figures of organisations a release shows: as published, and changes that give nobody away.

Every figure of a closed period is kept with the amounts it was made of. It stays, unless the new amounts pass
the rule, and so does what changed since each earlier version. A total is the sum of its parts as they are
shown and of what is left beside them; what is left is a figure by itself, under the same rule, so that the
total less the parts is never anything else. Public and partner release are made of the same figures.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.catalog.model import Catalog, Measure
from analysis.periods import span_of
from etl.release.closing.contributions import (
    Contributions,
    Figure,
    Version,
    holds_value,
    part_of,
)
from etl.release.unperturbed.rule_of_three import Parts, RuleOfThree, difference, is_equal, total

HIDDEN = "c"  # marker of a figure that the rule hides
RUNNING = "~"  # of a figure that an earlier program printed of a period that was not over: it is no full one


@dataclass(frozen=True)
class Live:
    """What the warehouse holds for one figure now."""

    parts: Parts
    marker: str


@dataclass(frozen=True)
class Shown:
    """One row of the release; without a value it is hidden."""

    figure: Figure
    value: float | None
    marker: str


@dataclass(frozen=True)
class Plan:
    """Which figures pass by the rule for organisations, and how they belong together.

    Attributes
    ----------
    parts
        Names of figures with amounts of their own, in the order in which they are decided.
    base_of
        The base of a figure that is a part of it, as posts are of posts not filled.
    totals
        The total of a figure over all its divisions, by the figure's name.
    """

    parts: tuple[str, ...]
    base_of: Mapping[str, str]
    totals: Mapping[str, str]

    @property
    def names(self) -> list[str]:
        """All figures."""
        return [*self.parts, *self.totals.values()]


def plan_of(catalog: Catalog, own: Mapping[str, Measure]) -> Plan:
    """Return the plan of a catalog.

    Parameters
    ----------
    catalog
        For the measure that a total is of.
    own
        The measure of each own figure, by the figure's name.
    """
    business = {name: measure for name, measure in own.items() if measure.door == "business"}
    base_of = {
        measure.observation: measure.observation_base
        for measure in business.values()
        if measure.observation_base
    }
    totals = {
        catalog.measures[measure.total_of].observation: name
        for name, measure in business.items()
        if measure.total_of
    }
    parts = [name for name in business if name not in totals.values()]
    # A base is decided first: what is a part of it must fit the base as it is published.
    return Plan(tuple(sorted(parts, key=lambda name: (name in base_of, name))), base_of, totals)


class Decision:
    """Decides on the figures of one release; call `adopt`, `take_over` and `rows` in this order.

    Parameters
    ----------
    plan, rule
        Which figures, and the rule.
    kept
        What was published so far; new versions are added to it.
    live
        What the warehouse holds, of every period.
    newest
        The newest closed month: later periods are not published.
    """

    def __init__(
        self,
        plan: Plan,
        rule: RuleOfThree,
        kept: Contributions,
        live: Mapping[Figure, Live],
        newest: int,
    ) -> None:
        self.plan, self.rule, self.kept, self.live = plan, rule, kept, live
        self.newest = newest
        self.known = kept.families()
        self._series: dict[tuple[object, ...], list[Figure]] = {}
        self._places: dict[tuple[object, ...], list[Figure]] = {}
        self._families: dict[tuple[str, ...], list[Figure]] = {}
        self._live: dict[tuple[str, ...], list[Figure]] = {}
        for figure in live:
            self._live.setdefault(figure.family, []).append(figure)
        for figure in kept.versions:
            self._remember(figure)
        self._divided = {(figure.family, _names(figure)) for figure in (*kept.versions, *kept.hidden)}

    def adopt(self, printed: Iterable[tuple[Figure, float]]) -> None:
        """Take up numbers of published releases of which no version is kept: of an earlier program.

        Such a program printed running periods too. These are held against what follows, and not shown.

        Where the warehouse still gives the same number, what it is made of is known from now on. Where it
        does not, the number stays as it was printed.
        """
        figures = list(printed)
        names = set(self.plan.totals.values())
        for figure, value in sorted(figures, key=lambda pair: pair[0].measure in names):
            versions = self.kept.versions.get(figure, [])
            if figure.measure in names:
                if not versions:
                    self._adopt_total(figure, value)
            elif not holds_value(versions, value):
                live = self.live.get(figure, Live({}, ""))
                marker = live.marker if self._is_closed(figure) else RUNNING
                if not versions and live.parts and is_equal(total(live.parts.values()), value):
                    self._publish(figure, Version(_whole(live.parts), marker))
                else:
                    self._publish(figure, Version({}, marker, value))

    def take_over(self) -> None:
        """Publish the figures of newly closed periods, and changes that pass."""
        for name in self.plan.parts:
            for figure in self._closed(name):
                self._take_over(figure)
        for parts, name in sorted(self.plan.totals.items()):
            for whole in sorted({one._replace(measure=name, division=()) for one in self._closed(parts)}):
                self._take_over_total(whole, parts)

    def rows(self) -> list[Shown]:
        """Return what the release shows and says to be hidden, in a fixed order."""
        shown = []
        of_total = {name: parts for parts, name in self.plan.totals.items()}
        for figure in sorted({*self.kept.versions, *self.kept.hidden}):
            if figure.measure not in self.plan.names or not self._is_closed(figure):
                continue
            versions = self.kept.versions.get(figure)
            if not versions:
                shown.append(Shown(figure, None, self.kept.hidden[figure] + HIDDEN))
            elif self._is_of_running_period(figure):
                shown.append(Shown(figure, None, HIDDEN))
            elif figure.measure in of_total and versions[-1].printed is None:
                value = self._total(figure, of_total[figure.measure])
                shown.append(Shown(figure, value, versions[-1].marker))
            else:
                shown.append(Shown(figure, versions[-1].value, versions[-1].marker))
        return shown

    def _is_of_running_period(self, figure: Figure) -> bool:
        """Tell whether a figure, or one that a total is made of, was last printed before its period was
        over."""
        parts = [name for name, whole in self.plan.totals.items() if whole == figure.measure]
        of_total = [
            one for name in parts for one in self._families.get(figure._replace(measure=name).family, [])
        ]
        return any(self.kept.versions[one][-1].marker == RUNNING for one in (figure, *of_total))

    def _is_closed(self, figure: Figure) -> bool:
        return span_of(figure.period).last <= self.newest

    def _closed(self, name: str) -> list[Figure]:
        found = {figure for figure in (*self.live, *self.kept.versions) if figure.measure == name}
        return sorted(figure for figure in found if self._is_closed(figure))

    def _publish(self, figure: Figure, version: Version) -> None:
        if figure not in self.kept.versions:
            self._remember(figure)
        self.kept.add(figure, version)

    def _remember(self, figure: Figure) -> None:
        self._series.setdefault(figure.series, []).append(figure)
        self._places.setdefault(figure.place, []).append(figure)
        self._families.setdefault(figure.family, []).append(figure)

    def _take_over(self, figure: Figure) -> None:
        live = self.live.get(figure, Live({}, ""))
        if self._may_follow(figure, live.parts) and not self._belongs_to_rest(figure):
            self._publish(figure, Version(_whole(live.parts), live.marker))
            return
        # That somebody reported late is told no more than what was reported: only a new period hides figures.
        is_new = figure not in self.kept.versions and figure not in self.kept.hidden
        if is_new and figure.family not in self.known:
            self.kept.hide(figure, live.marker)

    def _may_follow(self, figure: Figure, parts: Parts) -> bool:
        """Tell whether a figure may be published as these amounts now, which are not yet published."""
        versions = self.kept.versions.get(figure, [])
        if any(version.printed is not None for version in versions):
            return False
        if versions and not difference(versions[-1].by_organisation(), parts):
            return versions[-1].marker == RUNNING  # the same is a full figure now
        if not self._is_divided_as_before(figure) or not self.rule.passes(parts):
            return False
        return (
            all(self.rule.change_passes(version.by_organisation(), parts) for version in versions)
            and self._fits_other_periods(figure, parts)
            and self._fits_its_base(figure, parts)
        )

    def _is_divided_as_before(self, figure: Figure) -> bool:
        """Tell whether a figure is divided as others of its period are, or can be taken from them."""
        return figure.family not in self.known or (figure.family, _names(figure)) in self._divided

    def _fits_other_periods(self, figure: Figure, parts: Parts) -> bool:
        return not any(
            self.rule.is_alone(version.by_organisation(), parts)
            for other in self._series.get(figure.series, [])
            if other != figure
            for version in self.kept.versions[other]
            if version.printed is None
        )

    def _fits_its_base(self, figure: Figure, parts: Parts) -> bool:
        """Tell whether what is left of a base beside its part passes, in every version of both."""
        mine, base = Version(_whole(parts)), self.plan.base_of.get(figure.measure)
        if base is not None:
            pairs = [(one, mine) for one in self._versions_at(figure, base)]
        else:
            parts_of_it = [name for name, whole in self.plan.base_of.items() if whole == figure.measure]
            pairs = [(mine, one) for name in parts_of_it for one in self._versions_at(figure, name)]
        return all(
            whole.printed is None
            and part.printed is None
            and self.rule.passes(difference(whole.by_organisation(), part.by_organisation()))
            for whole, part in pairs
        )

    def _versions_at(self, figure: Figure, name: str) -> list[Version]:
        """Return all versions of another figure at the same place, whatever its unit."""
        return [
            version
            for other in self._places.get(figure.of(name).place, [])
            for version in self.kept.versions[other]
        ]

    def _belongs_to_rest(self, figure: Figure) -> bool:
        """Tell whether a figure is among what is left of a published total: shown by itself, it would divide
        that in two."""
        name = self.plan.totals.get(figure.measure)
        if name is None or figure in self.kept.versions:
            return False
        versions = self.kept.versions.get(figure._replace(measure=name, division=()), [])
        part = part_of(figure)
        return any(
            version.printed is not None or part in {of for of, _ in version.amounts} for version in versions
        )

    def _rest(self, whole: Figure, parts: str) -> dict[tuple[str, str], float]:
        """Return the amounts of all parts of a total that are not shown."""
        family = whole._replace(measure=parts).family
        return {
            (part_of(figure), organisation): amount
            for figure in self._live.get(family, [])
            if figure not in self.kept.versions
            for organisation, amount in self.live[figure].parts.items()
        }

    def _take_over_total(self, whole: Figure, parts: str) -> None:
        versions = self.kept.versions.get(whole, [])
        rest = Version(self._rest(whole, parts))
        amounts = rest.by_organisation()
        if any(version.printed is not None for version in versions):
            return
        if versions and not difference(versions[-1].by_organisation(), amounts):
            if versions[-1].marker == RUNNING:
                self._publish(whole, rest)
            return
        passes = (
            (self.rule.passes(amounts) or not (rest.amounts or versions))
            and all(self.rule.change_passes(version.by_organisation(), amounts) for version in versions)
            and self._rest_fits_other_periods(whole, parts, amounts)
        )
        if passes:
            self._publish(whole, rest)
        elif not versions and whole not in self.kept.hidden:
            self.kept.hide(whole, "")

    def _rest_fits_other_periods(self, whole: Figure, parts: str, rest: Parts) -> bool:
        """Tell whether a total less what is shown of two periods alike leaves nobody alone."""
        mine = self._shown_of(whole, parts)
        for other in self._series.get(whole.series, []):
            theirs = self._shown_of(other, parts)
            if other == whole or any(one.printed is not None for one in self.kept.versions[other]):
                continue
            here = [version for division, version in mine.items() if division not in theirs]
            there = [version for division, version in theirs.items() if division not in mine]
            for version in self.kept.versions[other]:
                before, after = _joined([version, *there]), _joined([Version(_whole(rest)), *here])
                if self.rule.is_alone(before, after):
                    return False
        return True

    def _shown_of(self, whole: Figure, parts: str) -> dict[tuple[tuple[str, str], ...], Version]:
        """Return the parts of a total that are shown, by their division."""
        family = whole._replace(measure=parts).family
        return {
            figure.division: self.kept.versions[figure][-1]
            for figure in sorted(self._families.get(family, []))
        }

    def _shown_parts(self, whole: Figure, parts: str) -> float:
        return total(version.value for version in self._shown_of(whole, parts).values())

    def _total(self, whole: Figure, parts: str) -> float:
        return self._shown_parts(whole, parts) + self.kept.versions[whole][-1].value

    def _adopt_total(self, whole: Figure, value: float) -> None:
        parts = next(name for name, total_ in self.plan.totals.items() if total_ == whole.measure)
        marker = "" if self._is_closed(whole) else RUNNING
        rest = Version(self._rest(whole, parts), marker)
        if is_equal(self._shown_parts(whole, parts) + rest.value, value):
            self._publish(whole, rest)
        else:
            self._publish(whole, Version({}, marker, value))


def _whole(parts: Parts) -> dict[tuple[str, str], float]:
    return {("", organisation): amount for organisation, amount in parts.items()}


def _joined(versions: Iterable[Version]) -> Parts:
    """Return the amounts of organisations over several figures."""
    amounts: dict[tuple[str, str], float] = {}
    for number, version in enumerate(versions):
        for (part, organisation), amount in version.amounts.items():
            amounts[f"{number} {part}", organisation] = amount
    return Version(amounts).by_organisation()


def _names(figure: Figure) -> tuple[str, ...]:
    return tuple(name for name, _ in figure.division)
