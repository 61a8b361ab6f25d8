"""Hidden population: about how many people could have been listed, and how sure that is."""

from ui.app import frame
from ui.cards.card import Section
from ui.cards.prose import prose
from ui.topics.hidden_population.estimate import AGREEMENT, ESTIMATE, LISTS, has_estimate

PAGE = (
    Section("People on no list", (ESTIMATE,)),
    Section("What the estimate rests on", (LISTS, AGREEMENT), when=has_estimate),
    Section("How to read it", (prose("hidden_population"),)),
)

frame.show("hidden_population", PAGE)
