"""What was published when: the releases that can be read, and two of them side by side."""

from ui.app import frame
from ui.cards.card import Drawing, Section
from ui.topics.releases import beside, offered

PAGE = (
    Section("Releases", (Drawing("offered", offered.draw),)),
    Section(
        "Two releases side by side",
        (Drawing("beside", beside.draw),),
        choices=(beside.AGAINST, beside.MEASURE),
        when=beside.has_others,
    ),
)

frame.show("releases", PAGE)
