"""The record: every act is an xAPI statement, stored once, and every number is a projection of them.

Things to remember
- `record()` is the one road: it stores a statement and calls the projectors in the order that `lms.app` set.
- Statements are immutable; a mistake is voided by another statement.
- The actor is a pseudonymous account. Which agency it belonged to stands beside the statement, never in it.
"""

from lms.xapi.actions.road import record

__all__ = ["record"]
