"""Persons, dated assignments and absences, accounts, role grants and sign-in tries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped

from lms.kernel.db import Base, Dated, personal, plain


class Person(Base):
    """Someone who works, or worked, for the government."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("status in ('active','left','merged')", name="status"),)

    id: Mapped[int] = plain(primary_key=True)
    account_name: Mapped[str] = personal(String(40), unique=True)
    hr_number: Mapped[str] = personal(String(40), unique=True)
    name: Mapped[str] = personal(String(160), index=True)
    work_mail: Mapped[str] = personal(String(254), default="")
    language: Mapped[str] = personal(String(12), default="en")
    status: Mapped[str] = personal(String(8), default="active")
    recorded_at: Mapped[datetime] = plain()


class Assignment(Dated, Base):
    """What a person did, where and for how much of the week, from a day to a day."""

    __tablename__ = "assignment"

    id: Mapped[int] = plain(primary_key=True)
    person_id: Mapped[int] = personal(ForeignKey("person.id"), index=True)
    agency_id: Mapped[int] = personal(ForeignKey("agency.id"), index=True)
    post_id: Mapped[int | None] = personal(ForeignKey("post.id"))
    title: Mapped[str] = personal(String(160), default="")
    family: Mapped[str] = personal(String(4), default="")
    grade: Mapped[str] = personal(String(10), default="")
    fte_percent: Mapped[int] = personal(Integer, default=100)
    is_primary: Mapped[bool] = personal(Boolean, default=True)
    kind: Mapped[str] = personal(String(16), default="substantive")
    employment: Mapped[str] = personal(String(16), default="permanent")
    manager_id: Mapped[int | None] = personal(ForeignKey("person.id"))


Index(
    "uq_assignment_open_primary",
    Assignment.person_id,
    unique=True,
    sqlite_where=Assignment.is_primary & Assignment.ends_on.is_(None) & Assignment.withdrawn_at.is_(None),
    postgresql_where=Assignment.is_primary & Assignment.ends_on.is_(None) & Assignment.withdrawn_at.is_(None),
)


class Absence(Dated, Base):
    """A long absence, without its reason."""

    __tablename__ = "absence"

    id: Mapped[int] = plain(primary_key=True)
    person_id: Mapped[int] = personal(ForeignKey("person.id"), index=True)
    long_term: Mapped[bool] = personal(Boolean, default=True)


class Account(Base):
    """How a person signs in."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("state in ('active','disabled')", name="state"),)

    id: Mapped[int] = plain(primary_key=True)
    person_id: Mapped[int] = personal(ForeignKey("person.id"), unique=True)
    email: Mapped[str] = personal(String(254), unique=True)
    password_hash: Mapped[str] = personal(String(200))
    state: Mapped[str] = personal(String(10), default="active")
    created_at: Mapped[datetime] = plain()
    activated_at: Mapped[datetime | None] = personal()


class RoleGrant(Dated, Base):
    """A role a person holds, over the subtree of an agency where the role is scoped."""

    __tablename__ = "role_grant"

    id: Mapped[int] = plain(primary_key=True)
    person_id: Mapped[int] = personal(ForeignKey("person.id"), index=True)
    role: Mapped[str] = personal(String(20))
    agency_id: Mapped[int | None] = personal(ForeignKey("agency.id"))


class SignInTry(Base):
    """How often a door was tried in vain within a window; the key is a hash of account or source (row A1)."""

    __tablename__ = "sign_in_try"

    key: Mapped[str] = personal(String(64), primary_key=True)
    window_began: Mapped[datetime] = plain()
    failures: Mapped[int] = plain(Integer, default=0)
