"""A release out of releases: the published figures of several task forces, added up (docs/hub.md)."""

from etl.hub.memory import refuse_hub
from etl.hub.run import HubReport, publish

__all__ = ["HubReport", "publish", "refuse_hub"]
