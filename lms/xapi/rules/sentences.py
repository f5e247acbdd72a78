"""A statement as a plain sentence without its name: "passed Security check, 80%"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lms.xapi.rules import verbs
from lms.xapi.rules.agents import identifier, is_own_authority
from lms.xapi.rules.iris import is_ours


def N_(text: str) -> str:
    """Mark a text for translation; whoever shows the sentence translates it."""
    return text


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence to translate: show it as `_(sentence.key, **sentence.parameters)`."""

    key: str
    parameters: Mapping[str, str | int] = field(default_factory=dict)


PLAIN: Mapping[str, str] = {
    verbs.REGISTERED: N_("enrolled in %(what)s"),
    verbs.EXPERIENCED: N_("opened %(what)s"),
    verbs.ATTEMPTED: N_("started %(what)s"),
    verbs.ANSWERED: N_("answered “%(what)s”"),
    verbs.COMPLETED: N_("completed %(what)s"),
    verbs.PASSED: N_("passed %(what)s"),
    verbs.FAILED: N_("did not pass %(what)s"),
    verbs.ABANDONED: N_("left %(what)s"),
    verbs.SATISFIED: N_("fulfilled %(what)s"),
    verbs.WAIVED: N_("was excused from %(what)s"),
    verbs.VERIFIED: N_("received verified levels: %(what)s"),
    verbs.VOIDED: N_("withdrew an earlier record"),
    verbs.LAUNCHED: N_("launched %(what)s"),
    verbs.INITIALIZED: N_("began %(what)s"),
    verbs.TERMINATED: N_("closed %(what)s"),
    verbs.LOGGED_IN: N_("signed in to %(what)s"),
    verbs.LOGGED_OUT: N_("signed out of %(what)s"),
}
SCORED: Mapping[str, str] = {
    verbs.PASSED: N_("passed %(what)s, %(percent)s%%"),
    verbs.FAILED: N_("did not pass %(what)s, %(percent)s%%"),
    verbs.COMPLETED: N_("completed %(what)s, %(percent)s%%"),
}
ANSWERED_RIGHT = N_("answered correctly: “%(what)s”")
ANSWERED_WRONG = N_("answered incorrectly: “%(what)s”")
OTHER = N_("%(verb)s %(what)s")
WHATEVER = "…"
NOTHING_KEPT: Mapping[str, Mapping[str, Any]] = {}


def sentence(
    statement: Mapping[str, Any], language: str = "en", kept: Mapping[str, Mapping[str, Any]] = NOTHING_KEPT
) -> Sentence:
    """What a statement says, in words; names of things in the language asked for where they have it.

    `kept` is what we say ourselves of things of ours, by IRI: nobody else gives them a name.
    """
    verb = statement["verb"]["id"]
    named = {**statement["object"], "definition": definition_of(statement, kept)}
    parameters: dict[str, str | int] = {"what": _what(named, language)}
    result = statement.get("result", {})
    percent = _percent(result.get("score", {}))
    if verb in SCORED and percent is not None:
        return Sentence(SCORED[verb], parameters | {"percent": percent})
    if verb == verbs.ANSWERED and "success" in result:
        return Sentence(ANSWERED_RIGHT if result["success"] else ANSWERED_WRONG, parameters)
    if verb in PLAIN:
        return Sentence(PLAIN[verb], parameters)
    return Sentence(OTHER, parameters | {"verb": _word(statement["verb"], language)})


def in_general(verb: Mapping[str, Any], language: str = "en") -> Sentence:
    """What somebody does with whatever it may be, in the words of the sentences about it: "passed …"."""
    if verb["id"] in PLAIN:
        return Sentence(PLAIN[verb["id"]], {"what": WHATEVER})
    return Sentence(OTHER, {"what": WHATEVER, "verb": _word(verb, language)})


def _word(verb: Mapping[str, Any], language: str) -> str:
    """The verb as its sender says it; without that the last word of its IRI."""
    return in_language(verb.get("display", {}), language) or verbs.word(verb["id"])


def definition_of(statement: Mapping[str, Any], kept: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """What the object of a statement is: as the statement says, but of things of ours only as we say ourselves."""
    thing = statement["object"]
    of_ours = named_by_others(statement)
    found: Mapping[str, Any] = kept.get(of_ours, {}) if of_ours is not None else thing.get("definition", {})
    return found


def named_by_others(statement: Mapping[str, Any]) -> str | None:
    """The IRI of the object, where it is ours and the statement is somebody else's."""
    thing, authority = statement["object"], statement.get("authority")
    if "id" not in thing or thing.get("objectType", "Activity") != "Activity" or not is_ours(thing["id"]):
        return None
    return str(thing["id"]) if authority and not is_own_authority(identifier(authority)) else None


def _what(thing: Mapping[str, Any], language: str) -> str:
    """The name of a thing; the last part of its IRI where it has none."""
    named = thing.get("definition", {}).get("name", {})
    found = in_language(named, language) or thing.get("name")
    return str(found or verbs.word(str(thing.get("id", ""))))


def in_language(words: Mapping[str, str], language: str) -> str | None:
    """The words of a language map in a language, else in English, else in any."""
    for wanted in (language, language.partition("-")[0], "en"):
        for tag, word in words.items():
            if tag.lower() == wanted.lower() or tag.lower().startswith(wanted.lower() + "-"):
                return word
    return next(iter(words.values()), None)


def _percent(score: Mapping[str, Any]) -> int | None:
    scaled, raw, best = score.get("scaled"), score.get("raw"), score.get("max")
    if scaled is None and raw is not None and best is not None and 0 <= raw <= best and best > 0:
        scaled = raw / best
    if scaled is None:
        return None
    return int((Decimal(str(scaled)) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
