"""Persons, what they were assigned to and when, their accounts, roles and sign-in.

Things to remember
- One person is one record for life; the pseudonymous account name is what the learning record knows.
- Exactly one primary assignment a day while employed; a correction withdraws and records anew.
- What a role may do stands in `policy`, nowhere else.
"""
