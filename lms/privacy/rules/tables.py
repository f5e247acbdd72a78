"""Every table with something personal in it: how a person's rows are found, and what an erasure does to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Way = Literal[
    "person", "self", "account", "pseudonym", "enrolment", "attempt", "agent", "act", "deed", "mail", "author", "nobody"
]


@dataclass(frozen=True, slots=True)
class Table:
    """How rows about somebody are found, what they are, and what an erasure does to them.

    `column` holds the person, account or pseudonym; where a row is found by another one, the number of that.
    `secret` columns are not shown to anybody.
    """

    way: Way
    what: str
    fate: str
    column: str = "person_id"
    secret: frozenset[str] = frozenset()


_STAYS: Final = "stays under a person without a name, since past counts are made of it"
_REMOVED: Final = "is removed"
_PSEUDONYM: Final = "stays with a pseudonym that leads to nobody"

# what people write in their own words about others or about no one: an erased person's name is struck from it
OWN_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "skills_recognition": ("why", "withdrawn_why"),
    "retention_rule": ("why", "withdrawn_why"),
    "legal_hold": ("reason", "released_why"),
    "exemption": ("reason",),
    "xapi_credential": ("name",),
}

TABLES: Final[Mapping[str, Table]] = {
    "person": Table("self", "Who you are", "loses name, numbers, address and account name", "id"),
    "account": Table("person", "How you sign in", _REMOVED, secret=frozenset({"password_hash"})),
    "role_grant": Table("person", "Roles you hold", _REMOVED),
    "assignment": Table("person", "Where you work", "loses title, seat, grade and line manager; the rest stays"),
    "absence": Table("person", "Long absences", _STAYS),
    "exemption": Table("person", "Exemptions", "loses its reason; the rest stays"),
    "enrolment": Table("person", "Courses you take", _STAYS),
    "step_progress": Table("enrolment", "Your progress", _STAYS, "enrolment_id"),
    "attempt": Table("person", "Your attempts at quizzes", _STAYS),
    "attempt_item": Table("attempt", "Your answers", "loses what was written in own words", "attempt_id"),
    "time_adjustment": Table("person", "Your time in quizzes", _REMOVED),
    "attainment": Table("person", "What you attained", _STAYS),
    "fulfilment": Table("person", "Requirements you meet", _STAYS),
    "legal_hold": Table("person", "Legal holds", "stays; while one is in force nobody is erased"),
    "privacy_erasure": Table("person", "Your erasure", "is made by it"),
    "web_session": Table("account", "Where you are signed in", _REMOVED, "account_id", frozenset({"key", "content"})),
    "sign_in_try": Table("nobody", "Counts of wrong passwords, by a hash", "is removed for the person's addresses"),
    "mail": Table("mail", "Mail to you", "is removed, its file too"),
    "audit_event": Table("deed", "What was done about you and by you", "loses its details; the pseudonym stays"),
    "course_version": Table("author", "Courses you brought in or published", "stays by number", "imported_by"),
    "skills_recognition": Table("pseudonym", "Decisions you took", _PSEUDONYM, "decided_by"),
    "retention_rule": Table("pseudonym", "Rules you recorded", _PSEUDONYM, "recorded_by"),
    "xapi_agent": Table("agent", "Who you are to the record", "loses every identifier", "id"),
    "xapi_statement": Table("act", "What the record says you did", "is removed; what you attained by it stays", "seq"),
    "xapi_carried": Table("person", "What you attained by statements that are gone", _STAYS),
    "xapi_document": Table("agent", "What courses keep about you", _REMOVED, "agent_id"),
    "xapi_launch": Table("pseudonym", "Units you launched", _REMOVED, "account_name"),
    "xapi_link": Table("nobody", "An index of the record", "is removed with its statement"),
    "xapi_inherited": Table("nobody", "An index of the record", "is removed with its statement"),
    "xapi_attachment": Table("nobody", "Files sent with statements", "is removed where no other statement names it"),
    "xapi_attachment_sender": Table("nobody", "Which key sent a file", "is removed with the file"),
    "seal_leaf": Table("nobody", "Salts of the sealed logs", "loses the salt, so that nothing can be tried out"),
    "agency_parent": Table("nobody", "Days in the tree of agencies", "says nothing about anybody"),
    "post": Table("nobody", "Days of posts", "says nothing about anybody"),
    "role_target": Table("nobody", "Days of role targets", "says nothing about anybody"),
}
