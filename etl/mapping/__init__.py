"""A mapping file: how a task force's own spreadsheet becomes canonical rows, without Python.

``docs/adding.md`` ("Your own spreadsheet") explains every key with examples.
"""

from etl.mapping.loading import load_mapping
from etl.mapping.model import From, Layout, Mapping, TableMapping

__all__ = ["From", "Layout", "Mapping", "TableMapping", "load_mapping"]
