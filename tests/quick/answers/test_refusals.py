"""What is not answered, and the words it is refused with."""

import pytest

from analysis import Question, answer, published_count
from analysis.errors import (
    LttError,
    NotPermitted,
    QuestionError,
    TooManyDimensions,
    UnknownCode,
    UnknownDimension,
    UnknownMeasure,
)

HOSTILE = ("'; DROP TABLE info; --", "<script>", "x" * 5_000, "\x00\x1b[31m", "../../secret", "{{7*7}}", "")


def ask(release, measure="detected_persons", *args, **parts):
    return answer([Question(measure, *args, **parts)], release)[0]


def test_a_fifth_dimension_names_what_to_give_up(release):
    with pytest.raises(TooManyDimensions) as caught:
        ask(release, by=["period", "area", "gender"], where={"form": "forced_labour", "age_group": "child"})
    assert caught.value.message.startswith("Five dimensions at once")
    assert set(caught.value.give_up) == {"area", "gender", "form", "age_group"}
    for name in caught.value.give_up:
        by = [one for one in ("period", "area", "gender") if one != name]
        where = {"form": "forced_labour", "age_group": "child"}
        where.pop(name, None)
        assert ask(release, by=by, where=where).frame.height


def test_months_allow_fewer(release):
    with pytest.raises(TooManyDimensions, match="Or choose periods of whole quarters"):
        ask(release, by=["period", "area", "gender", "form"], period_level="month")


def test_a_range_of_months_is_as_narrow_as_months(release):
    """A part of a year is made of months, so no more dimensions than months allow."""
    parts = {"by": ["area", "gender"], "where": {"form": "forced_labour"}}
    with pytest.raises(TooManyDimensions):
        ask(release, **parts, periods=("2024-02", "2024-05"))
    assert ask(release, **parts, periods=("2024", "2024")).cells_total


def test_one_detail_at_a_time(release):
    with pytest.raises(TooManyDimensions, match="Only one of these") as caught:
        ask(release, by=["sector", "control_method"])
    assert set(caught.value.give_up) == {"sector", "control_method"}


def test_two_words_for_age(release):
    with pytest.raises(TooManyDimensions, match="same thing twice"):
        ask(release, by=["age_band"], where={"age_group": "child"})


@pytest.mark.parametrize("code", ["!female", "-female", "~female", "not female", "NOT(female)", "<>female"])
def test_not_is_refused_with_words(release, code):
    with pytest.raises(NotPermitted, match="cannot say 'not'"):
        ask(release, where={"gender": code})
    with pytest.raises(NotPermitted, match="cannot say 'not'"):
        published_count({"area": code}, "2024", release=release)


@pytest.mark.parametrize("name", ["!gender", "not gender"])
def test_not_in_front_of_a_dimension(release, name):
    with pytest.raises(NotPermitted, match="cannot say 'not'"):
        ask(release, where={name: "female"})


@pytest.mark.parametrize(
    "period", ["2024-01..2024-05", "2021..2025", "2024-01,2024-02", "2024/2025", "2024:2025"]
)
def test_a_range_is_not_one_published_number(release, period):
    with pytest.raises(NotPermitted, match="not one published number"):
        published_count({}, period, release=release)


@pytest.mark.parametrize("period", ["2024-01-15", "last 12 months", "2024-W07", "today", "2024-13"])
def test_what_is_no_period(release, period):
    with pytest.raises(UnknownCode, match="is not a period"):
        published_count({}, period, release=release)


@pytest.mark.parametrize(
    "ends", [("2024-01..2024-05", "2024-05"), ("2023", "2023/2025"), ("2024:2025", "2025")]
)
def test_a_free_range_is_not_an_end_of_a_range(release, ends):
    with pytest.raises(NotPermitted, match=r"A free range such as .* is not one published number"):
        ask(release, periods=ends)


def test_a_rolling_year_is_a_sum_of_its_parts_and_says_so(release):
    found = ask(release, periods=("2023-02", "2024-01"))
    assert found.cells_total == 2 + 3 + 1  # February, March, three quarters, January
    with pytest.raises(NotPermitted, match="No whole year lies in"):
        ask(release, by=["period"], periods=("2023-02", "2024-01"))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_refused_everywhere_and_never_repeated_whole(release, text):
    questions = [
        Question(text),
        Question("detected_persons", [text or " "]),
        Question("detected_persons", where={text: "female"}),
        Question("detected_persons", where={"gender": [text or " "]}),
        Question("detected_persons", where={"area": [text or " "]}),
        Question("detected_persons", periods=(text, text)),
        Question("detected_persons", ["period"], period_level=text),
        Question("detected_persons", ["area"], area_level=text),
        Question("detected_persons", collection=text),
        Question("fbi_offences_known", ["offence"], {"offence": [text or " "]}),
        Question("population", ["area"], {"area": [text or " "]}),
    ]
    for question in questions:
        with pytest.raises(LttError) as caught:
            answer([question], release)
        assert "<script" not in str(caught.value) and "\x1b" not in str(caught.value)
        assert len(str(caught.value)) < 1_000
    assert release.rows("SELECT count(*) FROM info")[0][0] > 0


def test_unknown_names_come_with_the_known_ones(release):
    with pytest.raises(UnknownMeasure, match="detected_persons"):
        ask(release, "detected_person")
    with pytest.raises(UnknownDimension, match="citizenship_group"):
        ask(release, by=["nationality"])
    with pytest.raises(UnknownCode, match="forced_labour"):
        ask(release, where={"form": "forced_labor"})
    with pytest.raises(UnknownCode, match=r"Larkfield|C1"):
        ask(release, where={"area": "C9"})
    with pytest.raises(UnknownCode, match="outside_register"):
        ask(release, collection="theirs")
    with pytest.raises(UnknownDimension, match="periods"):
        ask(release, where={"period": "2024"})
    with pytest.raises(UnknownCode, match=r"0 .region"):
        ask(release, by=["area"], area_level=7)


def test_a_measure_is_not_asked_about_itself(release):
    with pytest.raises(NotPermitted, match="already about child or adult"):
        ask(release, "child_share", by=["age_group"])
    with pytest.raises(NotPermitted, match="already about age band"):
        ask(release, "child_share", where={"age_band": "9_17"})
    with pytest.raises(NotPermitted, match=r"each category of .Form of exploitation"):
        ask(release, "form_share", by=["period"])
    with pytest.raises(NotPermitted, match="shares cannot be added"):
        ask(release, "form_share", by=["period"], where={"form": ["forced_labour", "forced_begging"]})
    with pytest.raises(NotPermitted, match="leaves out what was not recorded"):
        ask(release, "form_share", where={"form": "not_recorded"})
    with pytest.raises(NotPermitted, match=r"each category of .Two forms"):
        ask(release, "form_pair", by=["period"])
    with pytest.raises(NotPermitted, match="not known by age band"):
        ask(release, "detection_rate_per_100k", by=["age_band"])
    with pytest.raises(NotPermitted, match="Add 'field'"):
        ask(release, "not_recorded_share", by=["period"])


def test_figures_finer_than_their_collection_are_refused(release):
    with pytest.raises(NotPermitted, match="not published by month"):
        ask(release, by=["period"], period_level="month", collection="outside_register")


def test_what_was_not_loaded_says_how_to_load_it(release):
    with pytest.raises(NotPermitted, match=r"python -m etl load FILE --source nrm"):
        ask(release, "nrm_referrals", by=["period"])


def test_a_page_can_go_on_without_the_refused_question(release):
    wrong, right = Question("child_share", ["age_group"]), Question("child_share", ["period"])
    refused, answered = answer([wrong, right], release, strict=False)
    assert isinstance(refused.refusal, NotPermitted) and refused.frame.height == 0
    assert refused.frame.columns[:2] == ["age_group", "marker"] or "value" in refused.frame.columns
    assert answered.refusal is None and answered.frame.equals(answer([right], release)[0].frame)


def test_every_refusal_says_what_to_do(release):
    for question in (
        Question("detected_persons", ["sector", "control_method"]),
        Question("detected_persons", where={"gender": "!female"}),
        Question("child_share", ["age_group"]),
    ):
        with pytest.raises(QuestionError) as caught:
            answer([question], release)
        assert caught.value.next_step


def test_what_pages_work_out_is_refused_with_what_it_is_made_from(release):
    with pytest.raises(NotPermitted) as caught:
        ask(release, "area_band")
    assert caught.value.message.startswith(
        "'Area band' is worked out on the page Geography from: People ident"
    )
    assert "detection_rate_per_100k" in caught.value.next_step
    [given] = answer([Question("money_ending")], release, strict=False)
    assert "on the page Funding from: the register 'Public awards'" in given.refusal.message
