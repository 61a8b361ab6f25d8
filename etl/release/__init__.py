"""The door: turns restricted records into a release of protected cells (docs/disclosure.md)."""

from etl.release.context import ReleaseReport
from etl.release.opening import unfreeze
from etl.release.run import publish

__all__ = ["ReleaseReport", "publish", "unfreeze"]
