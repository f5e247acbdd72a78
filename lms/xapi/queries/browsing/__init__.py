"""The record as administrators and auditors read it: statements as sentences, found by what they have in common."""

from lms.xapi.queries.browsing.asked import IMPORTED, LAUNCHED, OURS, Wish
from lms.xapi.queries.browsing.choices import (
    Choice,
    Something,
    activities_called,
    agents_called,
    senders_met,
    verbs_met,
)
from lms.xapi.queries.browsing.lines import Line
from lms.xapi.queries.browsing.listing import AT_ONCE, COUNTED, Listing, listing
from lms.xapi.queries.browsing.people import Known, people_called, set_directory
from lms.xapi.queries.browsing.seals import Seal, SealedPage, note_of, seals
from lms.xapi.queries.browsing.single import Single, single
from lms.xapi.queries.browsing.volume import Day, per_day

__all__ = [
    "AT_ONCE",
    "COUNTED",
    "IMPORTED",
    "LAUNCHED",
    "OURS",
    "Choice",
    "Day",
    "Known",
    "Line",
    "Listing",
    "Seal",
    "SealedPage",
    "Single",
    "Something",
    "Wish",
    "activities_called",
    "agents_called",
    "listing",
    "note_of",
    "people_called",
    "per_day",
    "seals",
    "senders_met",
    "set_directory",
    "single",
    "verbs_met",
]
