"""The smallest parts of a statement: identifiers, languages, durations (xAPI data, sections 2 and 4)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from lms.xapi.rules import moments
from lms.xapi.rules.validate.flaws import Check, Flaw, kind

LONGEST_IRI = 1000  # bytes: what both databases can index
LONGEST_VERB = 400
_REMEMBERED = 4096  # the same few IRIs and languages come over and over

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:(?:[^\s\x00-\x20\x7f<>\"{}|\\^`%]++|%[0-9A-Fa-f]{2})++")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_LANGUAGE = re.compile(
    r"(?:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+"
    r"|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)|en-gb-oed|sgn-(?:be-fr|be-nl|ch-de))",
    re.IGNORECASE | re.ASCII,
)
_USUAL_DURATION = re.compile(r"PT(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?")
_DURATION = re.compile(
    r"(?!.*[.,][0-9]+[A-Z]T?[0-9])P(?=[0-9T])(?:[0-9]+(?:[.,][0-9]+)?W"
    r"|(?:[0-9]+(?:[.,][0-9]+)?Y)?(?:[0-9]+(?:[.,][0-9]+)?M)?(?:[0-9]+(?:[.,][0-9]+)?D)?"
    r"(?:T(?=[0-9])(?:[0-9]+(?:[.,][0-9]+)?H)?(?:[0-9]+(?:[.,][0-9]+)?M)?(?:[0-9]+(?:[.,][0-9]+)?S)?)?)"
)
_MAILTO = re.compile(r"mailto:[^\s\x00-\x1f\x7f@<>,;]+@[^\s\x00-\x1f\x7f@<>,;?#/&=]+")
_SHA1 = re.compile(r"[0-9A-Fa-f]{40}")
_SHA2 = re.compile(r"[0-9A-Fa-f]{56}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{96}|[0-9A-Fa-f]{128}")
_MEDIA = re.compile(r"[A-Za-z0-9!#$&^_.+\-]+/[A-Za-z0-9!#$&^_.+\-]+(?:[ \t]*;[^\x00-\x08\x0a-\x1f\x7f]*)?")


def text(value: Any) -> None:
    """Any text."""
    if not isinstance(value, str):
        raise Flaw(f"must be text, not {kind(value)}.")


@lru_cache(maxsize=_REMEMBERED)
def _is_iri(value: str) -> bool:
    return _IRI.fullmatch(value) is not None and len(value.encode("utf-8", "replace")) <= LONGEST_IRI


def iri(value: Any) -> None:
    """An absolute IRI that is short enough to be found again."""
    if isinstance(value, str) and len(value) <= LONGEST_IRI and _is_iri(value):
        return
    text(value)
    if _IRI.fullmatch(value) is not None:
        raise Flaw(f"is longer than {LONGEST_IRI} bytes: use a shorter IRI.")
    raise Flaw("must be an IRI with its scheme and without spaces, such as https://example.gov/x.")


def verb_iri(value: Any) -> None:
    """A verb's IRI."""
    iri(value)
    if len(value) > LONGEST_VERB:
        raise Flaw(f"is longer than {LONGEST_VERB} characters: use a shorter IRI.")


def matching(form: re.Pattern[str], what: str) -> Check:
    """Text of a certain form."""
    fits = form.fullmatch

    def check(value: Any) -> None:
        if not isinstance(value, str) or fits(value) is None:
            text(value)
            raise Flaw(f"must be {what}.")

    return check


uuid = matching(_UUID, "a UUID such as 7c5b1f0e-2d43-4c58-9a3c-0d5f6f4f2b11")
mailto = matching(_MAILTO, "a mail address written as mailto:name@example.gov")
sha1 = matching(_SHA1, "40 hexadecimal digits (SHA-1)")
sha2 = matching(_SHA2, "the hexadecimal digits of a SHA-2 hash")
media_type = matching(_MEDIA, "a media type such as application/pdf")
_any_duration = matching(_DURATION, "an ISO 8601 duration such as PT1H30M")


def duration(value: Any) -> None:
    """How long it took."""
    if not isinstance(value, str) or _USUAL_DURATION.fullmatch(value) is None:
        _any_duration(value)


@lru_cache(maxsize=_REMEMBERED)
def _is_language(value: str) -> bool:
    return _LANGUAGE.fullmatch(value) is not None


def language(value: Any) -> None:
    """A language tag, well-formed by RFC 5646."""
    text(value)
    if len(value) > LONGEST_IRI or not _is_language(value):
        raise Flaw("must be a language tag such as en or pt-BR (RFC 5646).")


def language_map(value: Any) -> None:
    """A text by language."""
    if not isinstance(value, dict):
        raise Flaw(f"must be an object (text by language), not {kind(value)}.")
    for tag, words in value.items():
        try:
            language(tag)
            text(words)
        except Flaw as flaw:
            raise flaw.under(tag) from None


def extensions(value: Any) -> None:
    """Whatever else is to be said, by IRI."""
    if not isinstance(value, dict):
        raise Flaw(f"must be an object (extensions by IRI), not {kind(value)}.")
    for key in value:
        try:
            iri(key)
        except Flaw as flaw:
            raise flaw.under(key) from None


def literal(*words: str) -> Check:
    """One of a few words, in exactly this case."""
    listed = " or ".join(f'"{word}"' for word in words)
    known = frozenset(words)

    def check(value: Any) -> None:
        if not isinstance(value, str) or value not in known:
            raise Flaw(f"must be {listed}, in exactly this case.")

    return check


def timestamp(*, zone_needed: bool) -> Check:
    """A moment; from 2.0.0 on always with its zone (RFC 3339)."""

    def check(value: Any) -> None:
        text(value)
        try:
            moments.read(value, zone_needed=zone_needed)
        except ValueError as error:
            raise Flaw(f"{error}.") from None

    return check


def version_number(form: str, what: str) -> Check:
    """The version a statement says it is written in: not newer than the one spoken."""
    return matching(re.compile(form), what)
