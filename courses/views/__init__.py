"""Pages of this room: the catalogue, a course, the player, and the trainer's studio."""

from __future__ import annotations

from courses.views import catalogue, course, player, studio, studio_import, studio_version
from courses.views.room import blueprint

__all__ = ["blueprint", "catalogue", "course", "player", "studio", "studio_import", "studio_version"]
