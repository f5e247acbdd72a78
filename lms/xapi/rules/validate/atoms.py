"""The smallest parts of a statement: identifiers, languages, durations, numbers (xAPI data, sections 2 and 4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

from lms.xapi.rules import moments
from lms.xapi.rules.errors import wrong

Version = Literal["1.0.3", "2.0.0"]
Check = Callable[[Any, str, Version], None]

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:(?:[^\s\x00-\x20\x7f<>\"{}|\\^`%]++|%[0-9A-Fa-f]{2})++")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_LANGUAGE = re.compile(
    r"(?:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+|i-[a-z]{3,8}|en-gb-oed|sgn-[a-z]{2}-[a-z]{2})",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"(?!.*[.,][0-9]+[A-Z]T?[0-9])P(?=[0-9T])(?:[0-9]+(?:[.,][0-9]+)?W"
    r"|(?:[0-9]+(?:[.,][0-9]+)?Y)?(?:[0-9]+(?:[.,][0-9]+)?M)?(?:[0-9]+(?:[.,][0-9]+)?D)?"
    r"(?:T(?=[0-9])(?:[0-9]+(?:[.,][0-9]+)?H)?(?:[0-9]+(?:[.,][0-9]+)?M)?(?:[0-9]+(?:[.,][0-9]+)?S)?)?)"
)
_MAILTO = re.compile(r"mailto:[^\s@<>,;]+@[^\s@<>,;]+")
_SHA1 = re.compile(r"[0-9A-Fa-f]{40}")
_SHA2 = re.compile(r"[0-9A-Fa-f]{56}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{96}|[0-9A-Fa-f]{128}")
_MEDIA = re.compile(r"[A-Za-z0-9!#$&^_.+\-]+/[A-Za-z0-9!#$&^_.+\-]+(?:\s*;.*)?")
LONGEST_IRI = 1000  # bytes: what both databases can index


def kind(value: Any) -> str:
    """What a JSON value is, in plain words."""
    names = {dict: "an object", list: "an array", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def text(value: Any, at: str, version: Version) -> None:
    """Any text."""
    if not isinstance(value, str):
        raise wrong(at, f"must be text, not {kind(value)}.")


def boolean(value: Any, at: str, version: Version) -> None:
    """True or false, not in quotes."""
    if not isinstance(value, bool):
        raise wrong(at, f"must be true or false without quotes, not {kind(value)}.")


def number(low: float | None = None, high: float | None = None) -> Check:
    """A number, within bounds where they are given."""

    def check(value: Any, at: str, version: Version) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise wrong(at, f"must be a number, not {kind(value)}.")
        if low is not None and high is not None and not low <= value <= high:
            raise wrong(at, f"is {value}: it must be between {low} and {high}.")

    return check


def length(value: Any, at: str, version: Version) -> None:
    """A number of bytes."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise wrong(at, "must be a whole number of bytes, 0 or more.")


def matching(form: re.Pattern[str], what: str) -> Check:
    """Text of a certain form."""

    def check(value: Any, at: str, version: Version) -> None:
        text(value, at, version)
        if form.fullmatch(value) is None:
            raise wrong(at, f"must be {what}.")

    return check


_looks_like_iri = matching(_IRI, "an IRI with its scheme and without spaces, such as https://example.gov/x")


def iri(value: Any, at: str, version: Version) -> None:
    """An absolute IRI that is short enough to be found again."""
    _looks_like_iri(value, at, version)
    if len(value.encode()) > LONGEST_IRI:
        raise wrong(at, f"is longer than {LONGEST_IRI} bytes: use a shorter IRI.")


def verb_iri(value: Any, at: str, version: Version) -> None:
    """A verb's IRI."""
    iri(value, at, version)
    if len(value) > 400:
        raise wrong(at, "is longer than 400 characters: use a shorter IRI.")


uuid = matching(_UUID, "a UUID such as 7c5b1f0e-2d43-4c58-9a3c-0d5f6f4f2b11")
language = matching(_LANGUAGE, "a language tag such as en or pt-BR (RFC 5646)")
duration = matching(_DURATION, "an ISO 8601 duration such as PT1H30M")
mailto = matching(_MAILTO, "a mail address written as mailto:name@example.gov")
sha1 = matching(_SHA1, "40 hexadecimal digits (SHA-1)")
sha2 = matching(_SHA2, "the hexadecimal digits of a SHA-2 hash")
media_type = matching(_MEDIA, "a media type such as application/pdf")


def timestamp(value: Any, at: str, version: Version) -> None:
    """A moment; in 2.0.0 always with its zone."""
    text(value, at, version)
    try:
        moments.read(value, zone_needed=version == "2.0.0")
    except ValueError as error:
        raise wrong(at, f"{error}.") from None


def literal(*words: str) -> Check:
    """One of a few words, in exactly this case."""
    listed = " or ".join(f'"{word}"' for word in words)

    def check(value: Any, at: str, version: Version) -> None:
        if not isinstance(value, str) or value not in words:
            raise wrong(at, f"must be {listed}, in exactly this case.")

    return check


def version_number(value: Any, at: str, version: Version) -> None:
    """The version a statement says it is written in: not newer than the one spoken."""
    text(value, at, version)
    if re.fullmatch(r"1\.0(\.[0-9]{1,3})?", value) is None and not (version == "2.0.0" and value == "2.0.0"):
        raise wrong(at, "must be 1.0.x" + (" or 2.0.0." if version == "2.0.0" else "."))


def keyed(of_key: Check, of_value: Check | None, what: str) -> Check:
    """An object whose keys all have one form, and its values another."""

    def check(value: Any, at: str, version: Version) -> None:
        if not isinstance(value, Mapping):
            raise wrong(at, f"must be an object ({what}), not {kind(value)}.")
        for key, inner in value.items():
            of_key(key, f"{at}/{escaped(key)}", version)
            if of_value is not None:
                of_value(inner, f"{at}/{escaped(key)}", version)

    return check


def escaped(key: str) -> str:
    """A key as a JSON pointer writes it, cut where it is very long."""
    return key[:120].replace("~", "~0").replace("/", "~1")


language_map = keyed(language, text, "text by language")
extensions = keyed(iri, None, "extensions by IRI")
