"""Settings of the tests that draw their own examples: the machine may be slow, so there is no deadline."""

from hypothesis import settings

settings.register_profile("statistics", deadline=None)
settings.load_profile("statistics")
