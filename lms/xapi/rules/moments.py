"""Moments as statements write them (xAPI 4.5 Timestamps, RFC 3339)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

EARLIEST, LATEST = 1900, 2199  # years: whatever lies outside is a slip of the pen, not learning
_FORM = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]+))?"
    r"([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)

# what nearly everybody writes: of this only the day can be one that the calendar does not have
_USUAL = re.compile(
    r"(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])-[0-3][0-9]T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{3,6})?Z"
)


def read(text: str, *, zone_needed: bool) -> datetime:
    """A written moment in UTC; a missing zone means UTC where it may be missing.

    Raises ValueError with the reason in plain words.
    """
    usual = _as_usual(text)
    if usual is not None:
        return usual
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError("must be a moment such as 2026-11-23T09:30:00.000Z")
    *parts, fraction, zone = found.groups()
    if zone is None and zone_needed:
        raise ValueError("has no time zone: end it with Z or an offset such as +02:00")
    year, month, day, hour, minute, second = (int(part) for part in parts)
    if not EARLIEST <= year <= LATEST:
        raise ValueError(f"is in the year {year}: only {EARLIEST} to {LATEST} are taken")
    microsecond = int((fraction or "0")[:6].ljust(6, "0"))
    there = _zone(zone)
    try:
        local = datetime(year, month, day, hour, minute, second, microsecond, tzinfo=there)
    except ValueError:
        raise ValueError("names a day or time that the calendar does not have") from None
    return local.astimezone(UTC)


def _as_usual(text: str) -> datetime | None:
    """A moment written as nearly everybody does."""
    if _USUAL.fullmatch(text) is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _zone(text: str | None) -> timezone:
    if text is None or text in "Zz":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if text[0] == "-" and not hours and not minutes:
        raise ValueError("ends in -00:00, which says that the zone is unknown: write Z or the real offset")
    if minutes > 59:
        raise ValueError("has an offset with more than 59 minutes")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
