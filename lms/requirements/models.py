"""Requirements, exemptions from them, and what fulfilled them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from lms.kernel.db import Base, Dated, personal, plain


class Requirement(Base):
    """Who must hold what, by when, and for how long it counts (SPEC 4.1)."""

    __tablename__ = "requirement"

    id: Mapped[int] = plain(primary_key=True)
    code: Mapped[str] = plain(String(40), unique=True)
    title: Mapped[str] = plain(String(200))
    target: Mapped[str] = plain(String(80))
    agency_id: Mapped[int] = plain(ForeignKey("agency.id"))
    families: Mapped[list[str]] = plain(JSON, default=list)
    effective_from: Mapped[date] = plain()
    effective_to: Mapped[date | None] = plain()
    initial_days: Mapped[int] = plain(Integer, default=30)
    grace_days: Mapped[int] = plain(Integer, default=14)
    return_days: Mapped[int] = plain(Integer, default=28)
    recurrence: Mapped[str] = plain(String(20), default="from_expiry")
    validity_months: Mapped[int | None] = plain(Integer)
    window_days: Mapped[int] = plain(Integer, default=60)
    min_assurance: Mapped[int] = plain(Integer, default=2)
    legal_basis: Mapped[str] = plain(Text, default="")
    recorded_at: Mapped[datetime] = plain()


class Exemption(Dated, Base):
    """A decision that someone need not comply for a period; never decided by the person concerned."""

    __tablename__ = "exemption"

    id: Mapped[int] = plain(primary_key=True)
    person_id: Mapped[int] = personal(ForeignKey("person.id"), index=True)
    requirement_id: Mapped[int] = personal(ForeignKey("requirement.id"))
    reason: Mapped[str] = personal(Text)
    approved_by: Mapped[int] = personal(ForeignKey("person.id"))


class Fulfilment(Base):
    """An attainment that a requirement accepts, with the expiry that the requirement's recurrence gives it."""

    __tablename__ = "fulfilment"
    __table_args__ = (
        UniqueConstraint("requirement_id", "attainment_id"),
        Index("ix_fulfilment_requirement_person", "requirement_id", "person_id"),
        Index("ix_fulfilment_person", "person_id"),
    )

    id: Mapped[int] = plain(primary_key=True)
    requirement_id: Mapped[int] = personal(ForeignKey("requirement.id"))
    person_id: Mapped[int] = personal(ForeignKey("person.id"))
    attainment_id: Mapped[int] = personal(ForeignKey("attainment.id"))
    achieved_on: Mapped[date] = personal()
    expires_on: Mapped[date | None] = personal()
    assurance: Mapped[int] = personal(Integer)
    recorded_at: Mapped[datetime] = personal()
    revoked_at: Mapped[datetime | None] = personal()
