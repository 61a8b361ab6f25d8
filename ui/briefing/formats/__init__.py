"""Files of a briefing: PowerPoint, HTML, PDF."""
