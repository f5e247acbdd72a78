"""Agencies, where each stood in the tree and when, and their posts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped

from lms.kernel.db import Base, Dated, plain

KINDS = ("government", "ministry", "agency", "unit")


class Agency(Base):
    """A government, ministry, agency or unit."""

    __tablename__ = "agency"
    __table_args__ = (CheckConstraint("kind in ('government','ministry','agency','unit')", name="kind"),)

    id: Mapped[int] = plain(primary_key=True)
    code: Mapped[str] = plain(String(20), unique=True)
    name: Mapped[str] = plain(String(160))
    kind: Mapped[str] = plain(String(12))
    time_zone: Mapped[str] = plain(String(40), default="UTC")
    opened_on: Mapped[date] = plain()
    closed_on: Mapped[date | None] = plain()
    recorded_at: Mapped[datetime] = plain()


class AgencyParent(Dated, Base):
    """Under which agency another stood, and from when to when; the topmost agency has none."""

    __tablename__ = "agency_parent"

    id: Mapped[int] = plain(primary_key=True)
    child_id: Mapped[int] = plain(ForeignKey("agency.id"))
    parent_id: Mapped[int] = plain(ForeignKey("agency.id"), index=True)


Index(
    "uq_agency_parent_open",
    AgencyParent.child_id,
    unique=True,
    sqlite_where=AgencyParent.ends_on.is_(None) & AgencyParent.withdrawn_at.is_(None),
    postgresql_where=AgencyParent.ends_on.is_(None) & AgencyParent.withdrawn_at.is_(None),
)


class Post(Dated, Base):
    """A seat in an agency, which may be vacant: a post is not a person."""

    __tablename__ = "post"

    id: Mapped[int] = plain(primary_key=True)
    agency_id: Mapped[int] = plain(ForeignKey("agency.id"), index=True)
    code: Mapped[str] = plain(String(40), unique=True)
    title: Mapped[str] = plain(String(160))
    family: Mapped[str] = plain(String(4), default="")
    grade: Mapped[str] = plain(String(10), default="")
    people_manager: Mapped[bool] = plain(Boolean, default=False)
