"""What was published when: the releases that can be read, and two of them side by side."""

from ui.app import frame
from ui.cards.card import Section
from ui.topics.releases.beside import AGAINST, BESIDE, MEASURE, has_others
from ui.topics.releases.offered import OFFERED

PAGE = (
    Section("Releases", (OFFERED,)),
    Section("Two releases side by side", (BESIDE,), choices=(AGAINST, MEASURE), when=has_others),
)

frame.show("releases", PAGE)
