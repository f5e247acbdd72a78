"""A demonstration government, lived through the same actions that people use.

Things to remember
- It is drawn from a seed and a day: the same both give the same statements.
- Everything happens in the order of time under a settable clock, so that what was known when is true.
- No SQL stands here; what an action cannot do, the demonstration does not show.
"""

from lms.demo.accounts import ACCOUNTS, PASSWORD
from lms.demo.history import MONTHS, SEED, STAFF, is_empty, load

__all__ = ["ACCOUNTS", "MONTHS", "PASSWORD", "SEED", "STAFF", "is_empty", "load"]
