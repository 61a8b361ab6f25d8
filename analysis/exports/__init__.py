"""Turns answers into files: one zip each, a valid Frictionless data package, or a single table.

``export_context`` and ``export_items`` read what a file must say from an open release; ``deliver`` is what a
download button and the command line call; ``data_package`` makes the bytes without logging.
"""

from analysis.exports.context import Column, ExportContext, ExportItem, SourceFacts
from analysis.exports.formats.registry import FORMATS
from analysis.exports.from_release import export_context, export_items
from analysis.exports.package import PACKAGE, data_file, data_package, deliver, export_name

__all__ = [
    "FORMATS",
    "PACKAGE",
    "Column",
    "ExportContext",
    "ExportItem",
    "SourceFacts",
    "data_file",
    "data_package",
    "deliver",
    "export_context",
    "export_items",
    "export_name",
]
