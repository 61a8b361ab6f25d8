"""Turns answers into files: one zip each, a valid Frictionless data package.

``deliver`` is what a download button calls; ``data_package`` makes the bytes without logging.
"""

from analysis.exports.context import Column, ExportContext
from analysis.exports.package import KINDS, data_package, deliver, export_name

__all__ = ["KINDS", "Column", "ExportContext", "data_package", "deliver", "export_name"]
