"""A file compared with what is loaded: what it replaces, holds already, and whether its counts can be."""
