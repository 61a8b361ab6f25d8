"""Everything that draws: the frame, the filters, the cards, the charts. Imports `analysis`, never `etl`."""
