"""Directories of services, and laws."""
