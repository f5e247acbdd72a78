"""Pages of the record for administrators and auditors: statements, their proofs, keys, sealed checkpoints."""

from lms.xapi.views.records import checkpoints, keys, listing, single
from lms.xapi.views.records.blueprint import blueprint

__all__ = ["blueprint", "checkpoints", "keys", "listing", "single"]
