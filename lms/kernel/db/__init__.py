"""The database behind one door: SQLite (WAL) and PostgreSQL answer alike.

Things to remember
- A safe request reads; writing in it raises. An unsafe one holds the single writer from its first statement.
- `transaction()` is the unit of work of commands, job steps and tests; requests get theirs from `requests.py`.
- `afterwards(...)` is for the named exceptions (sessions, rate counters, access audit): they are written in a
  transaction of their own once the request's is over, whatever became of it.
"""

from lms.kernel.db.columns import Base, UtcDateTime, personal, plain
from lms.kernel.db.dated import Dated, holds_on, holds_on_as_known
from lms.kernel.db.session import (
    afterwards,
    db,
    glance,
    reading,
    run,
    run_afterwards,
    transaction,
    writing,
)

__all__ = [
    "Base",
    "Dated",
    "UtcDateTime",
    "afterwards",
    "db",
    "glance",
    "holds_on",
    "holds_on_as_known",
    "personal",
    "plain",
    "reading",
    "run",
    "run_afterwards",
    "transaction",
    "writing",
]
