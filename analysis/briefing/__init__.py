"""What a briefing is: which cards, with which filters, in which order, under which words; never a figure."""
