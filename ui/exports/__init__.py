"""Turns answers into files: one zip each, a valid Frictionless data package.

``deliver`` is what a download button calls; ``data_package`` makes the bytes without logging.
"""

from ui.exports.context import Column, ExportContext
from ui.exports.package import KINDS, data_package, deliver, export_name

__all__ = ["KINDS", "Column", "ExportContext", "data_package", "deliver", "export_name"]
