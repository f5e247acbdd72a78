"""The record over HTTP: the resources of xAPI at /xapi/."""

from __future__ import annotations

from lms.xapi.views import resources
from lms.xapi.views.door import blueprint, load_actor

__all__ = ["blueprint", "load_actor", "resources"]
