"""What the record holds under some ids."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select

from lms.kernel.db import run
from lms.xapi.models import StatementId, StatementRow

ERASED: Mapping[str, Any] = {}


def kept(ids: Collection[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """The statements that are stored under some ids; `ERASED` for an id whose statement was erased."""
    wanted = (
        select(StatementId.id, StatementRow.payload)
        .outerjoin(StatementRow, StatementRow.seq == StatementId.seq)
        .where(StatementId.id.in_(list(ids)))
    )
    return {id: orjson.loads(payload) if payload else ERASED for id, payload in run(wanted).tuples()}
