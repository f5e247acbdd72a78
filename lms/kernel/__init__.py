"""The ground floor: database, clock, ids, errors, the actor, audit, jobs, mail and strict JSON.

Things to remember
- `db` commits: one commit per successful unsafe request, job step or command. Nobody else commits.
- Time comes from `clock`, identifiers from `ids`, so that a test or the demonstration can set both.
- `strict_json` is the one door through which JSON from outside enters.
- Every column says whether it is personal: `personal(...)` or `plain(...)` in place of `mapped_column`.
"""
