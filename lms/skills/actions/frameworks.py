"""Loading the frameworks and role targets that ship with the product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import insert, select

from lms.kernel import audit, clock
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.skills import policy
from lms.skills.formats import FrameworkFile, shipped_families, shipped_frameworks
from lms.skills.models import Competence, Framework, RoleTarget

TARGETS_FROM: Final = date(2025, 1, 1)


@dataclass(frozen=True, slots=True)
class FrameworksLoaded:
    """How many rows were new."""

    frameworks: int
    competences: int
    targets: int


def load_frameworks(*, actor: Actor) -> FrameworksLoaded:
    """Load the frameworks that ship and their role targets; what is there already stays untouched."""
    policy.must_load(actor)
    present = {(code, version) for code, version in db.session.execute(select(Framework.code, Framework.version))}
    new = [file for file in shipped_frameworks() if (file.code, file.version) not in present]
    loaded = FrameworksLoaded(len(new), sum(map(_load, new)), _load_targets())
    if loaded.frameworks or loaded.targets:
        after = {"frameworks": [f"{file.code} {file.version}" for file in new], "targets": loaded.targets}
        audit.note(actor=actor, action="skills.load_frameworks", subject=("framework", "shipped"), after=after)
    return loaded


def _load(file: FrameworkFile) -> int:
    """Write one framework with its competences in their order; returns how many."""
    values = {
        "code": file.code,
        "version": file.version,
        "title": file.title,
        "credit": file.credit,
        "licence": file.licence,
    }
    framework_id = db.session.execute(insert(Framework).values(**values).returning(Framework.id)).scalar_one()
    rows = [
        {
            "framework_id": framework_id,
            "code": entry.code,
            "area_code": entry.area_code,
            "area": entry.area,
            "title": entry.title,
            "position": position,
        }
        for position, entry in enumerate(file.competences, start=1)
    ]
    db.session.execute(insert(Competence), rows)
    return len(rows)


def _load_targets() -> int:
    """Write the role targets of families that have none yet; returns how many."""
    present = set(db.session.scalars(select(RoleTarget.family).distinct()))
    now = clock.now()
    rows = [
        {
            "family": family.code,
            "competence": code,
            "level": level,
            "starts_on": TARGETS_FROM,
            "recorded_at": now,
        }
        for family in shipped_families()
        if family.code not in present
        for code, level in family.targets.items()
    ]
    if rows:
        db.session.execute(insert(RoleTarget), rows)
    return len(rows)
