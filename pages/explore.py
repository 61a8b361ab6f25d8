"""Explore and export: any permitted table, and the files to take along."""

from ui.app import frame
from ui.cards.card import Section
from ui.topics.explore.table_builder import TABLE

frame.show("explore", (Section("", (TABLE,)),))
