"""What is on record about everybody, kept within the process and brought up to date by what came since.

Things to remember: a record never changes, a change makes another one; whatever cannot be proved to follow from what
is held is read anew; only units of work that do nothing but read take part, as others see what may never be committed.
"""

from lms.reporting.queries.record.extents import State, state_now
from lms.reporting.queries.record.keeping import record_now
from lms.reporting.queries.record.kept import Record, frozen

__all__ = ["Record", "State", "frozen", "record_now", "state_now"]
