"""How long statements are kept, what may not go meanwhile, and what is left of those that went."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped

from lms.kernel.db import Base, personal, plain


class Carried(Base):
    """A statement that was erased, as far as somebody's progress or attainments follow from it.

    `essence` is what the projectors read of it and nothing else (rules/carrying.py); a rebuild meets it in its place.
    """

    __tablename__ = "xapi_carried"
    __table_args__ = (Index("ix_xapi_carried_person", "person_id"),)

    seq: Mapped[int] = plain(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False)
    id: Mapped[UUID] = personal()
    verb: Mapped[str] = plain(String(400))
    object_iri: Mapped[str] = personal(String(1000))
    timestamp: Mapped[datetime] = personal()
    stored: Mapped[datetime] = plain()
    registration: Mapped[UUID | None] = personal()
    person_id: Mapped[int | None] = personal(Integer)
    agency_id: Mapped[int | None] = personal(Integer)
    own: Mapped[bool] = plain(Boolean)
    voided_by: Mapped[UUID | None] = plain()
    essence: Mapped[str] = personal(Text)


class RetentionRule(Base):
    """After how many months statements of a class go: everywhere, or of an agency and those beneath it."""

    __tablename__ = "retention_rule"
    __table_args__ = (CheckConstraint("months > 0", name="months"),)

    id: Mapped[int] = plain(primary_key=True)
    record_class: Mapped[str] = plain(String(12))
    agency_id: Mapped[int | None] = plain(Integer)
    months: Mapped[int] = plain(Integer)
    why: Mapped[str] = plain(Text)
    recorded_by: Mapped[str] = personal(String(80))
    recorded_at: Mapped[datetime] = plain()
    withdrawn_at: Mapped[datetime | None] = plain()
    withdrawn_by: Mapped[str | None] = personal(String(80))
    withdrawn_why: Mapped[str | None] = plain(Text)


class LegalHold(Base):
    """What may not go until the hold is released: of a person, of an agency and those beneath it, or of a class."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        CheckConstraint(
            "(person_id is not null and agency_id is null and record_class is null)"
            " or (person_id is null and agency_id is not null and record_class is null)"
            " or (person_id is null and agency_id is null and record_class is not null)",
            name="one",
        ),
    )

    id: Mapped[int] = plain(primary_key=True)
    person_id: Mapped[int | None] = personal(Integer)
    agency_id: Mapped[int | None] = plain(Integer)
    record_class: Mapped[str | None] = plain(String(12))
    reason: Mapped[str] = personal(Text)
    since: Mapped[datetime] = plain()
    recorded_by: Mapped[str] = personal(String(80))
    released_at: Mapped[datetime | None] = plain()
    released_by: Mapped[str | None] = personal(String(80))
    released_why: Mapped[str | None] = personal(Text)


class Disposal(Base):
    """What went by a rule: the certificate that the sealed log and the log of deeds speak of; it names nobody.

    `reached` is the number of the last statement that went: the next batch looks beyond it.
    """

    __tablename__ = "retention_disposal"
    __table_args__ = (Index("ix_retention_disposal_rule", "rule_id"),)

    id: Mapped[UUID] = plain(primary_key=True)
    rule_id: Mapped[int] = plain(Integer)
    began_at: Mapped[datetime] = plain()
    ended_at: Mapped[datetime | None] = plain()
    until: Mapped[datetime] = plain()
    reached: Mapped[int] = plain(BigInteger)
    statements: Mapped[int] = plain(Integer)
    carried: Mapped[int] = plain(Integer)
