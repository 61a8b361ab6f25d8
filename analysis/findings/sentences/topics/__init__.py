"""Sentences of one topic each; `Finding.topic` names the one that says it."""
