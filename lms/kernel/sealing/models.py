"""Leaves, the parts of the tree over them, and signed checkpoints; all of them only come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, LargeBinary, SmallInteger, Text
from sqlalchemy.orm import Mapped

from lms.kernel.db import Base, personal, plain


class Leaf(Base):
    """One entry of a log; `subject` is the number of the row it seals. An erasure entry has none, but its own text.

    The entry is SHA-256(salt || text). Without the salt nobody can try out whether a text was the one sealed.
    """

    __tablename__ = "seal_leaf"
    __table_args__ = (
        Index("uq_seal_leaf_log_subject", "log", "subject", unique=True),
        {"sqlite_with_rowid": False},
    )

    log: Mapped[int] = plain(SmallInteger, primary_key=True, autoincrement=False)
    position: Mapped[int] = plain(BigInteger, primary_key=True, autoincrement=False)
    subject: Mapped[int | None] = plain(BigInteger)
    salt: Mapped[bytes | None] = personal(LargeBinary)
    entry: Mapped[bytes] = plain(LargeBinary)
    erasure: Mapped[str | None] = plain(Text)


class Node(Base):
    """The root of a complete part of the tree (tree.Part)."""

    __tablename__ = "seal_node"
    __table_args__ = {"sqlite_with_rowid": False}

    log: Mapped[int] = plain(SmallInteger, primary_key=True, autoincrement=False)
    level: Mapped[int] = plain(SmallInteger, primary_key=True, autoincrement=False)
    place: Mapped[int] = plain(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = plain(LargeBinary)


class SealedCheckpoint(Base):
    """A signed note over the first entries of a log, and the public key that belongs to it."""

    __tablename__ = "seal_checkpoint"
    __table_args__ = (Index("uq_seal_checkpoint_log_size", "log", "size", unique=True),)

    log: Mapped[int] = plain(SmallInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = plain(BigInteger, primary_key=True, autoincrement=False)
    size: Mapped[int] = plain(BigInteger)
    at: Mapped[datetime] = plain()
    key: Mapped[str] = plain(Text)
    note: Mapped[str] = plain(Text)
