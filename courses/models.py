"""Courses, their immutable versions with every file byte for byte, enrolments and progress."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped

from lms.kernel.db import Base, personal, plain


class Course(Base):
    """A course under its lasting slug; what it teaches stands in its versions."""

    __tablename__ = "course"

    id: Mapped[int] = plain(primary_key=True)
    slug: Mapped[str] = plain(String(80), unique=True)
    code: Mapped[str] = plain(String(40))
    owner_agency_id: Mapped[int] = plain(ForeignKey("agency.id"))
    published_version_id: Mapped[int | None] = plain(Integer)
    created_at: Mapped[datetime] = plain()
    retired_at: Mapped[datetime | None] = plain()


class CourseVersion(Base):
    """One version of a course: a draft until it is published, immutable from then on.

    `objectives`: [{id, text, competence, level}]; `competences`: [{code, level}].
    """

    __tablename__ = "course_version"
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        CheckConstraint("state in ('draft','published','superseded','discarded')", name="state"),
        Index(
            "uq_course_version_draft",
            "course_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )

    id: Mapped[int] = plain(primary_key=True)
    course_id: Mapped[int] = plain(ForeignKey("course.id"), index=True)
    number: Mapped[int] = plain(Integer)
    state: Mapped[str] = plain(String(12), default="draft")
    title: Mapped[str] = plain(String(200))
    language: Mapped[str] = plain(String(12), default="en")
    topic: Mapped[str] = plain(String(20), default="")
    level: Mapped[str] = plain(String(80), default="")
    audience: Mapped[str] = plain(String(200), default="")
    summary: Mapped[str] = plain(Text, default="")
    licence: Mapped[str] = plain(String(80), default="")
    attribution: Mapped[str] = plain(String(200), default="")
    minutes: Mapped[int] = plain(Integer, default=0)
    valid_months: Mapped[int | None] = plain(Integer)
    reviewed: Mapped[str] = plain(String(10), default="")
    objectives: Mapped[list[dict[str, Any]]] = plain(JSON, default=list)
    competences: Mapped[list[dict[str, Any]]] = plain(JSON, default=list)
    search_text: Mapped[str] = plain(Text, default="")
    sha256: Mapped[str] = plain(String(64))
    change_note: Mapped[str] = plain(Text, default="")
    imported_at: Mapped[datetime] = plain()
    imported_by: Mapped[int | None] = personal(Integer)
    published_at: Mapped[datetime | None] = plain()
    published_by: Mapped[int | None] = personal(Integer)


class CourseModule(Base):
    """A module of a version, in its place; one without steps is announced but in preparation."""

    __tablename__ = "course_module"
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    id: Mapped[int] = plain(primary_key=True)
    version_id: Mapped[int] = plain(ForeignKey("course_version.id"))
    position: Mapped[int] = plain(Integer)
    key: Mapped[str] = plain(String(80))
    title: Mapped[str] = plain(String(200))


class CourseStep(Base):
    """A step of a version, in its place across the whole course: a lesson, a quiz, or another kind."""

    __tablename__ = "course_step"
    __table_args__ = (UniqueConstraint("version_id", "position"), UniqueConstraint("version_id", "key"))

    id: Mapped[int] = plain(primary_key=True)
    version_id: Mapped[int] = plain(ForeignKey("course_version.id"))
    module_id: Mapped[int] = plain(ForeignKey("course_module.id"))
    position: Mapped[int] = plain(Integer)
    key: Mapped[str] = plain(String(80))
    kind: Mapped[str] = plain(String(16))
    title: Mapped[str] = plain(String(200))
    minutes: Mapped[int] = plain(Integer, default=0)
    required: Mapped[bool] = plain(Boolean, default=True)
    path: Mapped[str] = plain(String(300))
    html: Mapped[str] = plain(Text, default="")
    objectives: Mapped[list[str]] = plain(JSON, default=list)


class CourseFile(Base):
    """One file of a version's folder, exactly as it came."""

    __tablename__ = "course_file"
    __table_args__ = (UniqueConstraint("version_id", "path"),)

    id: Mapped[int] = plain(primary_key=True)
    version_id: Mapped[int] = plain(ForeignKey("course_version.id"))
    path: Mapped[str] = plain(String(300))
    content: Mapped[bytes] = plain(LargeBinary)
    sha256: Mapped[str] = plain(String(64))


class Enrolment(Base):
    """Someone takes a version of a course; a renewal is a new enrolment with a new registration.

    A projection of statements: `registered` opens it, `completed` closes it.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint("state in ('active','completed','left')", name="state"),
        Index(
            "uq_enrolment_open",
            "person_id",
            "course_id",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
        Index("ix_enrolment_person", "person_id", "state"),
    )

    id: Mapped[int] = plain(primary_key=True)
    person_id: Mapped[int] = personal(ForeignKey("person.id"))
    course_id: Mapped[int] = personal(ForeignKey("course.id"), index=True)
    version_id: Mapped[int] = personal(ForeignKey("course_version.id"))
    registration: Mapped[UUID] = personal(unique=True)
    source: Mapped[str] = personal(String(16), default="self")
    state: Mapped[str] = personal(String(10), default="active")
    opened_at: Mapped[datetime] = personal()
    last_at: Mapped[datetime] = personal()
    last_step_key: Mapped[str | None] = personal(String(80))
    steps_done: Mapped[int] = personal(Integer, default=0)
    closed_at: Mapped[datetime | None] = personal()


class StepProgress(Base):
    """How far a step has come within an enrolment: seen, then done; a projection of statements."""

    __tablename__ = "step_progress"
    __table_args__ = (UniqueConstraint("enrolment_id", "step_key"),)

    id: Mapped[int] = plain(primary_key=True)
    enrolment_id: Mapped[int] = personal(ForeignKey("enrolment.id"))
    step_key: Mapped[str] = personal(String(80))
    first_at: Mapped[datetime] = personal()
    done_at: Mapped[datetime | None] = personal()
