"""Briefing: cards in order, presented, and as files."""

from ui.app import frame
from ui.briefing.page import draw

frame.show("briefing", draw)
