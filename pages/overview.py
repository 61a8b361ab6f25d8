"""Overview: what changed, where, how sure we are, and what is missing."""

from ui.app import frame
from ui.cards.card import Card, Drawing, FactCard, Section
from ui.topics.overview import summary, tiles, topics, warnings

PAGE = (
    Section(
        "",
        (
            Drawing("summary", summary.draw, summary.asks, slides=("summary",)),
            FactCard("headlines", tiles.make, tiles.asks),
            FactCard("changes", topics.make, topics.asks),
            Card("trend", "detected_persons", ("period",), laws=True, wide=True),
            Drawing("missing", summary.draw_missing),
        ),
        more=(
            FactCard("warnings", warnings.make, warnings.asks),
            FactCard("cluster", warnings.cluster, warnings.cluster_asks),
        ),
    ),
)

frame.show("overview", PAGE)
