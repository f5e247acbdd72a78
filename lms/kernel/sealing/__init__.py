"""Sealing: a log of the house is shown not to have been changed since, to somebody who trusts nobody here.

Things to remember
- A log is a table whose rows only come (`logs.Log`): the statements of the record, the deeds of `lms.kernel.audit`.
- Nothing changes on the way a row is stored: the sealer finds what is new, gives it a position, and signs a checkpoint.
- `verify` is one file that runs alone, and the product checks itself with it; it imports nothing of the house.
- `erase` before you change or remove a row for good: it leaves the entry and seals that it was erased, and why.
"""
