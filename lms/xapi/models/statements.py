"""Statements as they came, beside the columns that find them again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, Sequence, SmallInteger, String, Text
from sqlalchemy.orm import Mapped

from lms.kernel.db import Base, personal, plain
from lms.kernel.db.creating import when_created
from lms.xapi.rules.order import SLOTS

# Which worker stores: it sets apart what is stored in the same microsecond. Nobody ever removes an agent, a verb or an
# activity, so that foreign keys to them would only cost each statement their checks.
Worker = Sequence("xapi_worker", minvalue=0, maxvalue=SLOTS - 1, start=0, cycle=True, metadata=Base.metadata)


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
    """An activity's IRI under a short key, with what all statements together have said that it is."""

    __tablename__ = "xapi_activity"

    id: Mapped[int] = plain(primary_key=True)
    iri: Mapped[str] = plain(String(1000), unique=True)
    definition: Mapped[str] = plain(Text, default="{}")


class StatementId(Base):
    """Which ids are taken; it stays when its statement is erased, so that none comes back under the same id."""

    __tablename__ = "xapi_statement_id"

    id: Mapped[UUID] = plain(primary_key=True)
    seq: Mapped[int] = plain(BigInteger)


class StatementRow(Base):
    """One statement: its text, and what it can be found by.

    `seq` says when it was stored (rules/order.py). `person_id` and `agency_id` are as of the event and stay beside
    the statement (SPEC 5.3). On PostgreSQL the table is made of partitions, a month each where they have been made.
    """

    __tablename__ = "xapi_statement"
    __table_args__ = (
        Index("ix_xapi_statement_actor", "actor_id", "seq"),
        Index("ix_xapi_statement_verb", "verb_id", "seq"),
        Index("ix_xapi_statement_activity", "activity_id", "seq"),
        Index("ix_xapi_statement_authority", "authority_id", "seq"),
        Index("ix_xapi_statement_registration", "registration", "seq"),
        Index("ix_xapi_statement_person", "person_id", "seq"),
        {"postgresql_partition_by": "RANGE (seq)"},
    )

    seq: Mapped[int] = plain(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False)
    id: Mapped[UUID] = personal()
    stored: Mapped[datetime] = plain()
    timestamp: Mapped[datetime] = personal()
    actor_id: Mapped[int] = personal(Integer)
    verb_id: Mapped[int] = personal(Integer)
    activity_id: Mapped[int | None] = personal(Integer)
    authority_id: Mapped[int] = plain(Integer)
    registration: Mapped[UUID | None] = personal()
    voided_by: Mapped[UUID | None] = plain()
    person_id: Mapped[int | None] = personal(Integer)
    agency_id: Mapped[int | None] = personal(Integer)
    payload: Mapped[str] = personal(Text)


class Link(Base):
    """What else a statement can be found by: `key` is that of an agent, a verb or an activity, as `kind` says.

    The kinds stand in rules/facets.py. Actor, verb, object and authority are the statement's own columns.
    """

    __tablename__ = "xapi_link"
    __table_args__ = {"sqlite_with_rowid": False}

    kind: Mapped[int] = plain(SmallInteger, primary_key=True, autoincrement=False)
    key: Mapped[int] = personal(Integer, primary_key=True, autoincrement=False)
    seq: Mapped[int] = plain(BigInteger, primary_key=True, autoincrement=False)


class Reference(Base):
    """A statement whose object is another one, which may come later; it is found by what is said of that one too."""

    __tablename__ = "xapi_reference"
    __table_args__ = {"sqlite_with_rowid": False}

    target: Mapped[UUID] = plain(primary_key=True)
    seq: Mapped[int] = plain(BigInteger, primary_key=True, autoincrement=False)


class Inherited(Base):
    """The registration under which a statement is found because the one it refers to belongs to it."""

    __tablename__ = "xapi_inherited"
    __table_args__ = {"sqlite_with_rowid": False}

    registration: Mapped[UUID] = personal(primary_key=True)
    seq: Mapped[int] = plain(BigInteger, primary_key=True, autoincrement=False)


REST = "create table xapi_statement_rest partition of xapi_statement default"
when_created(StatementRow, on="postgresql", statements=[REST])
