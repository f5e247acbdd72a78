"""What finishing a course earns beside the course itself."""

from __future__ import annotations

from functools import lru_cache

from courses.kinds import kinds
from courses.queries.versions import AimRow, Structure


def earned(course: Structure) -> tuple[AimRow, ...]:
    """The competences that a version proves, at its levels: those that its checks ask about.

    All that it aims at where no question says what it asks about; none while a module is still in preparation.
    """
    if any(not module.steps for module in course.modules):
        return ()
    asked = _asked(course.version_id, course.sha256)
    return tuple(aim for aim in course.competences if aim.code in asked) if asked else course.competences


@lru_cache(maxsize=500)
def _asked(version_id: int, sha256: str) -> frozenset[str]:
    """The codes that the checks of a version name; a version with this fingerprint never changes."""
    return frozenset[str]().union(*(kind.competences(version_id=version_id) for kind in kinds()))
