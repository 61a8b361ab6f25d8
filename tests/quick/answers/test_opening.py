"""Where a page opens, and what to give up."""

import pytest

from analysis import Question, answer, opening_level, shown, what_to_give_up
from analysis.errors import UnknownMeasure


def share_by_hand(release, question):
    [found] = answer([question], release)
    counted = found.frame.filter(~found.frame["marker"].str.contains("x|z"))
    return counted["value"].is_not_null().sum(), counted.height


@pytest.mark.parametrize(
    "question",
    [
        Question("detected_persons", ["period"]),
        Question("detected_persons", ["period", "area"]),
        Question("detected_persons", ["period", "form"]),
        Question("child_share", ["period", "area"]),
        Question("detection_rate_per_100k", ["area"], periods=("2025", "2025")),
        Question("referrals_made", ["period", "service_type"]),
    ],
    ids=lambda one: f"{one.measure}-{'-'.join(one.by)}",
)
def test_it_is_the_finest_level_at_which_four_fifths_are_shown(release, question):
    found = opening_level(question, release)
    levels = ("month", "quarter", "year") if "period" in question.by else (question.period_level,)
    areas = (1, 2) if "area" in question.by else (None,)
    by_hand = {
        (level, area): share_by_hand(release, question.changed(period_level=level, area_level=area))
        for level in levels
        for area in areas
    }
    enough = [key for key, (some, total) in by_hand.items() if some / total >= 0.8]
    assert enough, "the example has a level that fits each of these"
    finest = max(enough, key=lambda key: by_hand[key][1])
    assert (found.period_level, found.area_level) == finest
    assert found.share_shown == pytest.approx(by_hand[finest][0] / by_hand[finest][1])


def test_where_no_level_is_enough_the_one_that_shows_most(release):
    question = Question("detected_persons", ["period", "area", "form", "gender"])
    found = opening_level(question, release)
    assert found.share_shown < 0.8 and (found.period_level, found.area_level) == ("year", 1)


def test_levels_can_be_limited(release):
    found = opening_level(
        Question("detected_persons", ["period"]), release, period_levels=("quarter", "year")
    )
    assert found.period_level == "quarter"


def test_what_could_be_shown_is_said_before_a_choice(release):
    question = Question("detected_persons", ["area", "form"], area_level=2, periods=("2025", "2025"))
    found = shown(question, release)
    assert (found.rows_shown, found.rows_total) == share_by_hand(release, question)
    assert found.sentence == f"{found.rows_shown} of 96 numbers could be shown."


def test_what_to_give_up_first_is_what_shows_most_without(release):
    question = Question(
        "detected_persons",
        ["period", "area", "form"],
        {"gender": "female", "status": "confirmed"},
        area_level=2,
    )
    found = what_to_give_up(question, release)
    shares = [one.share for _, one in found]
    assert shares == sorted(shares, reverse=True)
    best = found[0][0]
    without = question.changed(
        by=[one for one in question.by if one != best],
        where={name: codes for name, codes in question.where if name != best},
    )
    some, total = share_by_hand(release, without)
    assert found[0][1] == (some, total)
    assert {name for name, _ in found} == {"area", "form", "gender", "status"}


def test_a_question_that_cannot_be_asked_is_refused(release):
    with pytest.raises(UnknownMeasure):
        opening_level(Question("nothing", ["period"]), release)
    with pytest.raises(UnknownMeasure):
        shown(Question("nothing"), release)
