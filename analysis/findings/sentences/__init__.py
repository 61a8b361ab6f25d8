"""Findings in words: the only place that makes a sentence about figures.

`say` takes any finding. Standard kinds are in `standard`; sentences of one topic are in a module of its name
in `topics`, each under the code that its finding carries as `Finding.topic`. Every module of this folder is
loaded, so that all of them are known.
"""

import importlib
import pkgutil

from analysis.findings.sentences.say import say, sentence_of
from analysis.findings.sentences.standard import brief

__all__ = ["brief", "say", "sentence_of"]

for _module in pkgutil.walk_packages(__path__, f"{__name__}."):
    importlib.import_module(_module.name)
