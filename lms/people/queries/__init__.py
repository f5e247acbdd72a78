"""Named reads about people; the scoped ones take the actor and show nothing outside of his reach."""

from lms.people.queries.accounts import AccountRow, Entrant, GrantRow, account_of, actor_of, entrant, grants_of
from lms.people.queries.cards import PersonCard, person_card, person_visible, search_people
from lms.people.queries.history import AbsenceSpan, Placed, PrimarySpan, absences, full_time, population, primary_spans
from lms.people.queries.names import names_of, people_called
from lms.people.queries.stamps import stamp, stamps, stamps_by_account

__all__ = [
    "AbsenceSpan",
    "AccountRow",
    "Entrant",
    "GrantRow",
    "PersonCard",
    "Placed",
    "PrimarySpan",
    "absences",
    "account_of",
    "actor_of",
    "entrant",
    "full_time",
    "grants_of",
    "names_of",
    "people_called",
    "person_card",
    "person_visible",
    "population",
    "primary_spans",
    "search_people",
    "stamp",
    "stamps",
    "stamps_by_account",
]
