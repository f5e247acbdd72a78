"""Numbers as people write them: 3.5, 3,5, 1 200, 1,200.50, 72 hours."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from assessments.rules.kinds import Problem

LONGEST: Final = 40
_SAME_AS: Final = {"−": "-", "٫": ".", "٬": " ", "'": " ", "’": " "}
_PLAIN: Final = re.compile(r"\d+[.,]?|\d*[.,]\d+")
_SPACED: Final = re.compile(r"\d{1,3}( \d{3})+([.,]\d+)?")
_ENGLISH: Final = re.compile(r"\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}")
_CONTINENTAL: Final = re.compile(r"\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}")
_UNCLEAR: Final = re.compile(r"[1-9]\d{0,2},\d{3}")


def read_number(text: str, unit: str = "") -> Decimal | Problem:
    """Read a number with a decimal point or comma, with digits in groups, with or without its unit.

    `1,200` is refused: it is 1200 to one reader and 1.2 to another.
    """
    if len(text) > LONGEST:
        return Problem("number_too_long", f"Write the number with at most {LONGEST} characters.", text[:LONGEST])
    sign, digits = _split_sign(_without_unit(_plain(text), _plain(unit)))
    if _UNCLEAR.fullmatch(digits):
        whole, point = sign + digits.replace(",", ""), sign + digits.replace(",", ".")
        return Problem("unclear_number", f"Write {whole} without a comma, or {point} with a point.", text)
    written = _with_point(digits)
    if written is None:
        return Problem("not_a_number", "Write a number, such as 3 or 3.5.", text)
    return Decimal(sign + written)


def write_number(number: Decimal) -> str:
    """Write a number plainly: no exponent, no needless zeros."""
    written = format(number, "f")
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def _plain(text: str) -> str:
    """Give digits of every script, spaces, minus and decimal signs one form each."""
    return " ".join("".join(map(_plain_sign, text)).split())


def _plain_sign(sign: str) -> str:
    """Give the plain form of one character."""
    if unicodedata.category(sign) == "Nd":
        return str(unicodedata.decimal(sign))
    return _SAME_AS.get(sign, sign)


def _without_unit(text: str, unit: str) -> str:
    """Take the unit off the end, whatever its case."""
    found = re.fullmatch(rf"(.*?) ?{re.escape(unit)}", text, re.IGNORECASE) if unit else None
    return found[1] if found else text


def _split_sign(text: str) -> tuple[str, str]:
    """Part the sign from the digits."""
    return (text[0], text[1:].lstrip()) if text[:1] in ("-", "+") else ("", text)


def _with_point(digits: str) -> str | None:
    """Write the digits with a decimal point and no groups; None if they are no number."""
    if _PLAIN.fullmatch(digits) or _SPACED.fullmatch(digits):
        return digits.replace(" ", "").replace(",", ".")
    if _ENGLISH.fullmatch(digits):
        return digits.replace(",", "")
    if _CONTINENTAL.fullmatch(digits):
        return digits.replace(".", "").replace(",", ".")
    return None
