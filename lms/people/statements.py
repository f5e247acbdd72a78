"""What the record says about signing in and out."""

from __future__ import annotations

from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Draft, Stamp, Thing
from lms.xapi.statements import iri

APPLICATION = "http://activitystrea.ms/schema/1.0/application"


def product() -> Thing:
    """The product itself, as an activity."""
    return Thing(iri=iri("product"), type=APPLICATION, name={"en": "Cadre"})


def signed_in(stamp: Stamp) -> Draft:
    """Somebody signed in."""
    return Draft(stamp=stamp, verb=verbs.LOGGED_IN, object=product())


def signed_out(stamp: Stamp) -> Draft:
    """Somebody signed out."""
    return Draft(stamp=stamp, verb=verbs.LOGGED_OUT, object=product())
