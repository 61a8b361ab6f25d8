"""Where, when and in which form people are exploited, and which agencies come to know them.

Grain: one row is one person of the fictional region, known to an agency or to none. Everything here is the
truth behind the data; ``persons`` turns it into what contributors send.
"""

from dataclasses import dataclass

import numpy as np

from etl.demonstration.facts import Facts
from etl.demonstration.region import Region
from etl.demonstration.streams import Flags, Floats, Ints, draw, stream

DAYS_A_MONTH = 28  # days run from 1 to 28 in the fictional region


@dataclass(frozen=True)
class People:
    """Arrays over n people, in order of their date.

    Attributes
    ----------
    month : positions from the first month; ``day``: of the month, from 1
    district, main_form : positions in the code lists
    forms : bool (n, forms); the main form and any second one
    is_child : bool
    lists : bool (n, contributors); who has the person on its list
    delay_months : whole months from the end of the month to the arrival of the record
    """

    month: Ints
    day: Ints
    district: Ints
    main_form: Ints
    forms: Flags
    is_child: Flags
    lists: Flags
    delay_months: Ints

    def __len__(self) -> int:
        return len(self.month)

    def seen_by(self, month: int) -> Flags:
        """Return who is on a list whose record had come in by the end of a month (a position)."""
        return self.lists.any(axis=1) & (self.month + self.delay_months <= month)


def people(seed: int, number: float, facts: Facts, region: Region) -> People:
    """Make everyone in the region.

    Parameters
    ----------
    seed : int
    number : float
        People identified over the ten years, about; those on no list come on top.
    facts, region
        The planted facts and the places.
    """
    n = round(number * facts["hidden_population"]["size"] / facts["persons"])
    lift = _lifts(facts, region)
    month, district, main_form = _where_and_when(seed, n, facts, region, lift)
    day = 1 + (stream(seed, "person", "day").random(n) * DAYS_A_MONTH).astype(np.int64)
    order = np.lexsort((day, month))
    month, day, district, main_form = month[order], day[order], district[order], main_form[order]
    forms = _forms(seed, facts, lift[:, district, month].T, main_form)
    child_share = np.array([facts.profiles["form"][f]["child"] for f in facts.forms])
    is_child = stream(seed, "person", "child").random(n) < child_share[main_form]
    county = np.array([d.county == facts["campaign"]["county"] for d in region.districts])
    lists = _lists(seed, facts, month, county[district], _groups(facts, forms, is_child))
    missing = facts["reporting_delay"]["missing_share_by_months_since"]
    late = stream(seed, "person", "delay").random(n)
    delay = np.sum(late[:, None] < np.array(missing)[None, :], axis=1).astype(np.int64)
    return People(month, day, district, main_form, forms, is_child, lists, delay)


def _lifts(facts: Facts, region: Region) -> Floats:
    """How much the planted season and cluster raise each form: shape (forms, districts, months)."""
    lift = np.ones((len(facts.forms), len(region.districts), facts.months))
    season = facts["seasonal_pattern"]
    peak = np.isin((facts.first_month + np.arange(facts.months)) % 12 + 1, season["peak_months"])
    lift[facts.forms.index(season["form"]), :, peak] *= season["ratio"]
    cluster = facts["district_cluster"]
    when = slice(facts.position(cluster["from_month"]), facts.position(cluster["to_month"]) + 1)
    lift[facts.forms.index(cluster["form"]), region.positions[cluster["district"]], when] *= cluster["ratio"]
    return lift


def _shifted(facts: Facts) -> Floats:
    """Share of people by main form and month, with the planted shift: shape (forms, months)."""
    shift, months = facts["shift_between_forms"], np.arange(facts.months)
    first, last = facts.position(shift["from_month"]), facts.position(shift["to_month"])
    moved = shift["share_moved"] * np.clip((months - first + 1) / (last - first + 1), 0, 1)
    share = np.array([[facts.profiles["form"][f]["share"]] * facts.months for f in facts.forms])
    share[facts.forms.index(shift["from_form"])] -= moved
    share[facts.forms.index(shift["to_form"])] += moved
    return share


def _where_and_when(seed: int, n: int, facts: Facts, region: Region, lift: Floats) -> tuple[Ints, Ints, Ints]:
    profile = facts.profiles["form"]
    rural = np.array(
        [[profile[f]["rural"] if d.rural else 1.0 for d in region.districts] for f in facts.forms]
    )
    readiness = np.array([d.share * d.detection for d in region.districts])
    law = facts["rise_after_law"]
    months = np.arange(facts.months)
    level = facts["yearly_trend_ratio"] ** (months / 12)
    level = level * np.where(months >= facts.position(law["effective_month"]), law["ratio"], 1.0)
    usual = _shifted(facts)[:, None, :] * rural[:, :, None] * readiness[None, :, None]
    usual = usual / usual.sum(axis=(0, 1)) * level  # the shift between forms leaves the total as it is
    weight = usual * lift
    cell = draw(weight.ravel(), stream(seed, "person", "cell").random(n))
    main_form, district, month = np.unravel_index(cell, weight.shape)
    return month.astype(np.int64), district.astype(np.int64), main_form.astype(np.int64)


def _forms(seed: int, facts: Facts, lift: Floats, main_form: Ints) -> Flags:
    """Add second forms; they rise and fall with the same season and cluster as the main ones."""
    n, names = len(main_form), facts.forms
    chance = np.array([[facts.profiles["form"][f]["second"].get(g, 0.0) for g in names] for f in names])
    forms = stream(seed, "person", "second form").random((n, len(names))) < chance[main_form] * lift
    forms[np.arange(n), main_form] = True
    return forms


def _groups(facts: Facts, forms: Flags, is_child: Flags) -> dict[str, Flags]:
    """Who belongs to each group that a list may favour."""
    return {"child": is_child} | {form: forms[:, i] for i, form in enumerate(facts.forms)}


def _lists(
    seed: int, facts: Facts, month: Ints, in_campaign_county: Flags, groups: dict[str, Flags]
) -> Flags:
    """Draw who is on which list; a list may depend on a group or on a list before it, as planted."""
    hidden, n = facts["hidden_population"], len(month)
    codes = [c.code for c in facts.contributors]
    lists = np.zeros((n, len(codes)), dtype=bool)
    uniform = stream(seed, "person", "lists").random((n, len(codes)))
    for i, code in enumerate(codes):
        chance = np.full(n, hidden["list_probability"][code])
        given = hidden["list_probability_given"].get(code)
        if given:
            chance = np.where(groups[given["given"]], given["probability"], chance)
        lists[:, i] = uniform[:, i] < chance * _reporting(facts, code, month, in_campaign_county)
        groups = groups | {code: lists[:, i]}
    return lists


def _reporting(facts: Facts, code: str, month: Ints, in_campaign_county: Flags) -> Floats:
    """How much more or less a contributor hears than usual: the campaign, and the one that stopped."""
    factor = np.ones(len(month))
    campaign, stopped = facts["campaign"], facts["contributor_stopped"]
    if code == campaign["contributor"]:
        first, last = facts.position(campaign["from_month"]), facts.position(campaign["to_month"])
        factor[in_campaign_county & (month >= first) & (month <= last)] *= campaign["ratio"]
    if code == stopped["contributor"] and stopped["last_month"]:
        factor[month > facts.position(stopped["last_month"])] = 0.0
    return factor
