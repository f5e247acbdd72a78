"""The record over HTTP: the resources of xAPI at /xapi/."""

from __future__ import annotations

from lms.xapi.views import documents, resources, things
from lms.xapi.views.door import blueprint, load_actor

__all__ = ["blueprint", "documents", "load_actor", "resources", "things"]
