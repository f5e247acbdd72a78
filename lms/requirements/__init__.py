"""Who must hold what, by when: requirements, obligations, exemptions, renewal and reminders.

Things to remember: every interval is half-open; `due_on` is the last day in time, `expires_on` the first day not
covered; a status is a function of the day described and of what had been recorded by then.
"""
