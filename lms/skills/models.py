"""Frameworks, role targets, and what people have attained with the evidence for it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from lms.kernel.db import Base, Dated, personal, plain


class Framework(Base):
    """A published version of a competency framework; immutable."""

    __tablename__ = "framework"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Mapped[int] = plain(primary_key=True)
    code: Mapped[str] = plain(String(40))
    version: Mapped[str] = plain(String(20))
    title: Mapped[str] = plain(String(200))
    credit: Mapped[str] = plain(Text, default="")
    licence: Mapped[str] = plain(String(80), default="")


class Competence(Base):
    """One competence of a framework, in its area."""

    __tablename__ = "competence"

    id: Mapped[int] = plain(primary_key=True)
    framework_id: Mapped[int] = plain(ForeignKey("framework.id"))
    code: Mapped[str] = plain(String(12), unique=True)
    area_code: Mapped[str] = plain(String(12))
    area: Mapped[str] = plain(String(160))
    title: Mapped[str] = plain(String(200))
    position: Mapped[int] = plain(Integer)


class RoleTarget(Dated, Base):
    """The level that a job family needs in a competence (SPEC 1.3.3), on the eight-level scale."""

    __tablename__ = "role_target"

    id: Mapped[int] = plain(primary_key=True)
    family: Mapped[str] = plain(String(4), index=True)
    competence: Mapped[str] = plain(String(12))
    level: Mapped[int] = plain(Integer)


class Attainment(Base):
    """Something a person achieved, and the statement that proves it; append-only.

    `target` is `course:<slug>`, a competence code or `activity:<IRI>`; `assurance` is the rank of SPEC 1.3.4 (0 self …
    4 certified). `recognition` is the decision by which the word of others counts; 0 where nobody had to decide.
    """

    __tablename__ = "attainment"
    __table_args__ = (
        UniqueConstraint("statement_id", "target", "recognition"),
        Index("ix_attainment_person_target", "person_id", "target"),
        Index("ix_attainment_target", "target"),
        Index("ix_attainment_recognition", "recognition"),
    )

    id: Mapped[int] = plain(primary_key=True)
    person_id: Mapped[int] = personal(ForeignKey("person.id"))
    target: Mapped[str] = personal(String(80))
    level: Mapped[int | None] = personal(Integer)
    assurance: Mapped[int] = personal(Integer)
    achieved_on: Mapped[date] = personal()
    expires_on: Mapped[date | None] = personal()
    recorded_at: Mapped[datetime] = personal()
    revoked_at: Mapped[datetime | None] = personal()
    evidence: Mapped[str] = personal(String(24))
    statement_id: Mapped[UUID] = personal()
    recognition: Mapped[int] = plain(Integer, default=0)


class Recognition(Base):
    """What an activity elsewhere counts as here: an administrator's decision, which may be withdrawn, never changed.

    `activity` is an IRI, or how several begin; `sender` the identifier of an authority, empty for any.
    """

    __tablename__ = "skills_recognition"

    id: Mapped[int] = plain(primary_key=True)
    activity: Mapped[str] = plain(Text)
    is_prefix: Mapped[bool] = plain(Boolean)
    sender: Mapped[str] = plain(String(400))
    target: Mapped[str] = plain(String(80))
    level: Mapped[int | None] = plain(Integer)
    assurance: Mapped[int] = plain(Integer)
    valid_months: Mapped[int | None] = plain(Integer)
    why: Mapped[str] = plain(Text)
    decided_by: Mapped[str] = personal(String(80))
    recorded_at: Mapped[datetime] = plain()
    withdrawn_at: Mapped[datetime | None] = plain()
    withdrawn_by: Mapped[str | None] = personal(String(80))
    withdrawn_why: Mapped[str | None] = plain(Text)
