"""Which version of xAPI a request speaks (xAPI Communication 3.3)."""

from __future__ import annotations

import re

from lms.xapi.rules.validate import Version

HEADER = "X-Experience-API-Version"
SPOKEN: tuple[Version, ...] = ("2.0.0", "1.0.3")
_OLDER = re.compile(r"1\.0(\.[0-9]{1,3})?")
_NEWER = re.compile(r"2\.0(\.[0-9]{1,3})?")


def is_older(said: str) -> bool:
    """Whether a version is one of the 1.0 line; "1.0" means 1.0.0."""
    return _OLDER.fullmatch(said.strip()) is not None


def agreed(said: str | None, own: Version) -> Version | None:
    """The version that a request speaks under a mount whose own version is `own`; None where it says none we know.

    The mount of 2.0.0 speaks the older line too; the mount of 1.0.3 speaks nothing else.
    """
    if said is None:
        return None
    if is_older(said):
        return "1.0.3"
    return "2.0.0" if own == "2.0.0" and _NEWER.fullmatch(said.strip()) else None
