"""Returns: what a funder is owed, counted exactly from the warehouse, for the keepers of the data alone.

Nothing here is part of a release: no other room imports it, and what it writes stays in the restricted zone
or is handed to the funder (`etl.returns.filing`). Cells are questions of a closed list
(`etl.returns.questions`); which of them a return asks, in which order, stands in ``data/catalog/returns``.
"""
