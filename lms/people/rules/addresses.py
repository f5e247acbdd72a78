"""Mail addresses: one way to write each, so that an account is found however it was typed."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 254  # RFC 5321, section 4.5.3.1.3, less the brackets
_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\\\]\x00-\x1f\x7f]{1,64}")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class NotAnAddress(ValueError):
    """The text is no mail address."""


def normal(text: str) -> str:
    """A mail address in lower case, composed, its domain in ASCII; raises NotAnAddress."""
    local, at, domain = unicodedata.normalize("NFKC", text).strip().casefold().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise NotAnAddress(text) from None
    address = f"{local}@{domain}"
    labels = domain.split(".")
    if not at or len(address) > LONGEST or not _LOCAL.fullmatch(local):
        raise NotAnAddress(text)
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise NotAnAddress(text)
    return address


def name_from(address: str) -> str:
    """A first guess at a display name: "amina.nkosi@…" becomes "Amina Nkosi"."""
    words = re.split(r"[._+-]+", address.split("@", 1)[0])
    return " ".join(word.capitalize() for word in words if word) or address
