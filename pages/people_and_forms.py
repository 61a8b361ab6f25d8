"""People and forms: how people were exploited, who they are, how they were recruited and controlled."""

from ui.app import frame, states
from ui.cards import layout
from ui.topics.people import people_figures
from ui.topics.people.people_figures import Part

FORMS = (Part("forms", "form_share", "form"), Part("pairs", "form_pair", "form_pair"))
WHO = (
    Part("age", "detected_persons", "age_band"),
    Part("children", "child_share", "form"),
    Part("gender", "gender_share", "gender"),
    Part("citizenship", "detected_persons", "citizenship_group"),
    Part("sector", "sector_share", "sector"),
    Part("confirmed", "confirmed_share", "identified_by"),
)
HOW = (
    Part("recruitment", "recruitment_method_share", "recruitment_method"),
    Part("control", "control_method_share", "control_method"),
    Part("vulnerability", "vulnerability_share", "vulnerability"),
    Part("identified_by", "detected_persons", "identified_by"),
)
REFERRALS = (
    Part("services", "referrals_made", "service_type"),
    Part("decisions", "referrals_made", "decision"),
)
TOGETHER_ROWS = ("form", "age_group", "age_band", "gender", "citizenship_group", "status")
TOGETHER_COLUMNS = ("gender", "age_group", "age_band", "citizenship_group", "status", "form")


def body(view: frame.View) -> None:
    people = people_figures.asked(view, (*FORMS, *WHO, *HOW))
    referrals = people_figures.asked(view, REFERRALS)
    if not people and not referrals:
        states.empty(
            "People identified by form of exploitation, age, gender, citizenship and more",
            "python -m etl load FILE --source own --mapping FILE.toml, then python -m etl release",
        )
        return
    if people:
        layout.heading("How people were exploited")
        people_figures.draw_parts(view, FORMS)
        layout.heading("Who was identified")
        people_figures.draw_parts(view, WHO)
        layout.heading("How people were recruited, controlled and identified")
        people_figures.draw_parts(view, HOW)
        layout.heading("Two dimensions together")
        people_figures.draw_together(view, "detected_persons", TOGETHER_ROWS, TOGETHER_COLUMNS)
    if referrals:
        layout.heading("Referrals: the help that was asked for")
        people_figures.draw_parts(view, REFERRALS)


frame.show("people_and_forms", body)
