"""The record as administrators and auditors read it: statements as sentences, found by what they have in common."""

from lms.xapi.queries.browsing.asked import IMPORTED, LAUNCHED, LOOKED_AT, OURS, Wish
from lms.xapi.queries.browsing.choices import (
    Choice,
    Deed,
    Something,
    activities_called,
    agents_called,
    senders_met,
    verbs_met,
)
from lms.xapi.queries.browsing.lines import Line
from lms.xapi.queries.browsing.listing import AT_ONCE, COUNTED, Listing, listing
from lms.xapi.queries.browsing.people import Known, people_called, set_directory
from lms.xapi.queries.browsing.places import Place, beneath, places, set_government
from lms.xapi.queries.browsing.seals import Seal, SealedPage, note_of, seals
from lms.xapi.queries.browsing.single import Single, single
from lms.xapi.queries.browsing.volume import Day, per_day

__all__ = [
    "AT_ONCE",
    "COUNTED",
    "IMPORTED",
    "LAUNCHED",
    "LOOKED_AT",
    "OURS",
    "Choice",
    "Day",
    "Deed",
    "Known",
    "Line",
    "Listing",
    "Place",
    "Seal",
    "SealedPage",
    "Single",
    "Something",
    "Wish",
    "activities_called",
    "agents_called",
    "beneath",
    "listing",
    "note_of",
    "people_called",
    "per_day",
    "places",
    "seals",
    "senders_met",
    "set_directory",
    "set_government",
    "single",
    "verbs_met",
]
