"""Words as the catalogue's search compares them: without case and accents."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

LONGEST_QUERY = 200
MOST_TERMS = 8


def fold(text: str) -> str:
    """Lower the case, drop accents and doubled spaces: "Sécurité  DES" becomes "securite des"."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in apart if not unicodedata.combining(letter)).split())


def searchable(texts: Iterable[str]) -> str:
    """Join texts into what a search looks through."""
    return " | ".join(folded for text in texts if (folded := fold(text)))


def terms(query: str) -> list[str]:
    """Give the words of a search, each of which must be found."""
    return fold(query[:LONGEST_QUERY]).split()[:MOST_TERMS]


def pattern(term: str) -> str:
    """Give the LIKE pattern (escape character /) that finds a word anywhere."""
    for sign in "/%_":
        term = term.replace(sign, "/" + sign)
    return f"%{term}%"
