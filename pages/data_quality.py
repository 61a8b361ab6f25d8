"""Data quality: who reported, how late, how completely, what is not shown, what was turned away."""

from ui.app import frame
from ui.cards.card import Card, FactCard, Needs, Section
from ui.cards.prose import prose
from ui.topics.data_quality import loaded, reported, shown

BLANKS = ("A blank is never read as “no”.",)

PAGE = (
    Section(
        "Who reports, and how late",
        (FactCard("coverage", reported.by_month, wide=False), reported.FRESH),
        needs=Needs("Who reports on people, in which months and how late", "person"),
    ),
    Section(
        "How complete, and how much can be shown",
        (
            Card("completeness", reported.FIELDS_OF, ("field",), notes=BLANKS),
            shown.CARD,
        ),
        more=(loaded.ALIKE,),
        choices=(reported.FIELDS_OF, shown.LEVEL),
        when=reported.has_records,
    ),
    Section(
        "Where the figures come from",
        (loaded.SOURCES, loaded.PUBLISHED, loaded.DOUBTED),
        more=(loaded.TURNED_AWAY, loaded.LEFT_OUT, loaded.UNLINKED, loaded.TABLES),
        when=loaded.are_listed,
    ),
    Section("Why our numbers differ from others", (prose("data_quality_differ"),)),
)

frame.show("data_quality", PAGE)
