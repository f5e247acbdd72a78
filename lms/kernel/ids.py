"""Identifiers: time-ordered UUIDs (RFC 9562, version 7) and pseudonymous account names."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from lms.kernel import clock

_seeded: ContextVar[random.Random | None] = ContextVar("ids_seeded", default=None)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # no i, l, o, 0, 1: read aloud without doubt


def new() -> UUID:
    """A new UUIDv7: sorts by the moment it was made, unique without asking anyone."""
    return UUID(int=_number())


def text() -> str:
    """The same as text, for what only people read."""
    digits = f"{_number():032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _number() -> int:
    milliseconds = int(clock.now().timestamp() * 1000)
    bits = _random_bits(74)
    high, low = bits >> 62, bits & ((1 << 62) - 1)
    return (milliseconds << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low


def account_name() -> str:
    """A pseudonymous account name that says nothing about its person."""
    bits = _random_bits(64)
    letters = []
    for _ in range(12):
        bits, rest = divmod(bits, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "p-" + "".join(letters)


@contextmanager
def seeded(source: random.Random) -> Iterator[None]:
    """Draw identifiers from a seeded source, so that the demonstration is the same each time."""
    token = _seeded.set(source)
    try:
        yield
    finally:
        _seeded.reset(token)


def _random_bits(count: int) -> int:
    source = _seeded.get()
    return source.getrandbits(count) if source else secrets.randbits(count)
