"""Statements as they came, beside the columns that find them again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped

from lms.kernel.db import Base, personal, plain

Sequence = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts only INTEGER keys upwards by itself


class Agent(Base):
    """Somebody a statement speaks of, by the canonical form of its inverse functional identifier."""

    __tablename__ = "xapi_agent"

    id: Mapped[int] = plain(primary_key=True)
    ifi: Mapped[str] = personal(String(400), unique=True)
    payload: Mapped[str] = personal(Text)


class Verb(Base):
    """A verb's IRI under a short key."""

    __tablename__ = "xapi_verb"

    id: Mapped[int] = plain(primary_key=True)
    iri: Mapped[str] = plain(String(400), unique=True)


class Activity(Base):
    """An activity's IRI under a short key, with the definition it was first met with."""

    __tablename__ = "xapi_activity"

    id: Mapped[int] = plain(primary_key=True)
    iri: Mapped[str] = plain(String(1000), unique=True)
    definition: Mapped[str] = plain(Text, default="{}")


class StatementRow(Base):
    """One statement: its text as stored, and what it can be found by.

    `person_id` and `agency_id` are as of the event and stay beside the statement (SPEC 5.3).
    """

    __tablename__ = "xapi_statement"
    __table_args__ = (
        Index("ix_xapi_statement_actor", "actor_id", "seq"),
        Index("ix_xapi_statement_verb", "verb_id", "seq"),
        Index("ix_xapi_statement_activity", "activity_id", "seq"),
        Index("ix_xapi_statement_registration", "registration", "seq"),
        Index("ix_xapi_statement_person", "person_id", "seq"),
        Index("ix_xapi_statement_stored", "stored"),
    )

    seq: Mapped[int] = plain(Sequence, primary_key=True, autoincrement=True)
    id: Mapped[UUID] = personal(unique=True)
    stored: Mapped[datetime] = plain()
    timestamp: Mapped[datetime] = personal()
    actor_id: Mapped[int] = personal(ForeignKey("xapi_agent.id"))
    verb_id: Mapped[int] = personal(ForeignKey("xapi_verb.id"))
    activity_id: Mapped[int | None] = personal(ForeignKey("xapi_activity.id"))
    registration: Mapped[UUID | None] = personal()
    authority_id: Mapped[int] = plain(ForeignKey("xapi_agent.id"))
    voided_by: Mapped[UUID | None] = plain()
    person_id: Mapped[int | None] = personal(Integer)
    agency_id: Mapped[int | None] = personal(Integer)
    payload: Mapped[str] = personal(Text)
