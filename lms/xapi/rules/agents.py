"""Who somebody is to the record: the canonical form of an inverse functional identifier (xAPI 2.4.2.3)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import orjson

IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
OWN_AUTHORITY = "cadre"
OWN_ENDING = f'"name":"{OWN_AUTHORITY}"}}}}'
LONGEST = 400


def identifier(agent: Mapping[str, Any]) -> str:
    """One text per agent: equal for everything that means the same somebody.

    An anonymous group is known by its members. Whatever is too long for an index is known by its hash.
    """
    found = next((name for name in IDENTIFIERS if name in agent), None)
    known: object = {found: agent[found]} if found else {"member": sorted(identifier(m) for m in agent["member"])}
    raw = orjson.dumps(known, option=orjson.OPT_SORT_KEYS)
    text = raw.decode() if raw.isascii() else json.dumps(known, sort_keys=True, separators=(",", ":"))
    if len(text) <= LONGEST:
        return text
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def is_own_authority(known: str) -> bool:
    """Whether an authority, by its identifier, is this installation itself."""
    return known.endswith(OWN_ENDING)
