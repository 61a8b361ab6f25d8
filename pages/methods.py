"""Methods: every measure's definition, the protection, the sources, the glossary."""

from ui.app import frame
from ui.cards.card import Section
from ui.cards.prose import prose
from ui.topics.methods import parts

PAGE = (
    Section("How to read the figures", (parts.READING,)),
    Section("How people are protected", (parts.PROTECTION,)),
    Section("Measures", (parts.MEASURES,)),
    Section("Groups and categories", (parts.DIMENSIONS,)),
    Section("Statistics", (parts.STATISTICS,)),
    Section("Sources that can be loaded", (parts.SOURCES,)),
    Section("Glossary", (parts.GLOSSARY,)),
    Section("Changes of methods", (prose("methods_changes"),)),
)

frame.show("methods", PAGE, needs_release=False)
