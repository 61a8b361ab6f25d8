"""Prevention and training: whom outreach reached, what trainings changed, and who came to Safe Places."""

from ui.app import frame
from ui.cards import layout
from ui.topics.prevention import campaign_figures, prevention_figures
from ui.topics.prevention.prevention_figures import OUTREACH, SAFE_PLACES, TRAINING, Asked


def body(view: frame.View) -> None:
    asked = Asked(view)
    layout.heading("Outreach")
    if asked.has(*OUTREACH):
        prevention_figures.draw_outreach(asked)
    else:
        prevention_figures.empty("People reached by area, kind of host and language", "outreach_event")
    layout.heading("Campaigns")
    if campaign_figures.there_are_any(view):
        campaign_figures.draw(view)
    else:
        prevention_figures.empty("Campaigns, and what was reported while they ran", "campaign")
    layout.heading("Trainings")
    if asked.has(*TRAINING):
        prevention_figures.draw_training(asked)
        prevention_figures.draw_identified(asked)
    else:
        prevention_figures.empty("People trained by role, and what they learnt", "training_session")
    layout.heading("Safe Places")
    if asked.has(*SAFE_PLACES):
        prevention_figures.draw_safe_places(asked)
    else:
        prevention_figures.empty("Safe Places, and who asked for help there", "safe_place")


frame.show("prevention", body)
