"""Reading the record: pages of statements for clients, and the trail behind a person's or a course's figure."""

from lms.xapi.queries.evidence import Entry, statement, statements_of_person, trail
from lms.xapi.queries.pages import Page, consistent_lately, consistent_through, single, statements

__all__ = [
    "Entry",
    "Page",
    "consistent_lately",
    "consistent_through",
    "single",
    "statement",
    "statements",
    "statements_of_person",
    "trail",
]
