"""Findings in words: the only place that makes a sentence about figures.

`say` takes any finding. Standard kinds are in `standard`; sentences of one topic are in a module of its name,
each under the code that its finding carries as `Finding.topic`. Every module of this folder is loaded, so
that all of them are known.
"""

import importlib
import pkgutil

from analysis.findings.sentences.say import say, sentence_of
from analysis.findings.sentences.standard import brief

__all__ = ["brief", "say", "sentence_of"]

for _found in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_found.name}")
