"""Registers as data packages: lists of agreements, laws, actions … with what each column means."""
