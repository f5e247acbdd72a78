"""What must go from the record leaves its entry in the sealed log."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from lms.kernel.sealing.sealer import erase
from lms.xapi.queries.proofs import STATEMENTS


def erase_statements(*, seqs: Collection[int], entry: Mapping[str, Any]) -> int:
    """Destroy the salts of statements and seal the erasure; to be called before their rows are changed or removed.

    The `entry` says under which authority, such as a rule or the number of a deed, and names nobody.
    """
    return erase(STATEMENTS, seqs, entry)
