"""A field that is asked of some people only: completeness counts those who are asked."""

from analysis import Question, answer, open_release
from tests.demonstration import demonstration_release


def ask(release, measure, *args, **parts):
    return answer([Question(measure, *args, **parts)], release)[0]


def test_a_field_is_missing_only_where_it_is_asked_of_somebody():
    release = open_release(demonstration_release())
    year = {"periods": ("2024", "2024")}
    asked_of = {"form": ["forced_labour", "domestic_servitude"]}

    def people(**more):
        return ask(release, "detected_persons", ["form"], asked_of | more, **year).frame["value"].sum()

    def sector(where):
        frame = ask(release, "not_recorded_share", ["field"], where, **year).frame
        return frame.filter(frame["field"] == "sector")["value"].item()

    assert sector({}) == round(100 * people(sector="not_recorded") / people())
    assert sector({"form": "forced_labour"}) is not None
    assert sector({"form": "sexual_exploitation"}) is None, "nobody among them is asked"
