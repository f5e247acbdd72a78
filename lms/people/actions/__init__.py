"""Verbs about people: registering, assigning, opening accounts, granting roles, signing in and out."""

from lms.people.actions.accounts import (
    CreatedUser,
    change_password,
    create_user,
    disable_account,
    enable_account,
    open_account,
)
from lms.people.actions.assignments import assign, end_assignment, note_absence, second, transfer
from lms.people.actions.entrance import DEFAULT_LIMIT, Limit, SignedIn, sign_in, sign_out
from lms.people.actions.leaving import leave_service
from lms.people.actions.persons import register_person
from lms.people.actions.roles import grant_role, revoke_role
from lms.people.actions.tries import purge as purge_tries

__all__ = [
    "DEFAULT_LIMIT",
    "CreatedUser",
    "Limit",
    "SignedIn",
    "assign",
    "change_password",
    "create_user",
    "disable_account",
    "enable_account",
    "end_assignment",
    "grant_role",
    "leave_service",
    "note_absence",
    "open_account",
    "purge_tries",
    "register_person",
    "revoke_role",
    "second",
    "sign_in",
    "sign_out",
    "transfer",
]
