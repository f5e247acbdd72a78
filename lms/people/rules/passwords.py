"""Passwords: long rather than odd, none of the well-known ones, kept as argon2 hashes (NIST SP 800-63B, 3.1.1)."""

from __future__ import annotations

import unicodedata
from base64 import b64encode
from collections.abc import Iterable
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 256
COST = (2, 19456, 1)  # rounds, KiB, lanes: what OWASP asks of argon2id at the least
_SERVICE_WORDS = frozenset({"cadre"})
_WELL_KNOWN = """
    123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 012345678901 111122223333
    123123123123 123412341234 112233445566 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc 1qaz2wsx3edc4rfv qazwsxedcrfv
    qwertyuiop12 qwertyuiop123 qwertyuiopas qwertyuiopasdfghjkl qwerty123456 qwerty1234567 qwertyqwerty asdfghjkl123
    asdfghjklzxcvbnm zxcvbnm12345 zxcvbnmasdfghjkl abcdefghijkl abcdefghijklm abcdefghijklmnopqrstuvwxyz
    abcd12345678 abc123abc123 abcabcabcabc a1b2c3d4e5f6 password1234 password12345 password123456 passwordpassword
    password2024 password2025 password2026 password@123 p@ssw0rd1234 p@ssword1234 passw0rd1234 mypassword123
    mypassword1234 newpassword1 newpassword123 changemenow1 changeme1234 changemechangeme welcome12345 welcome123456
    welcomewelcome welcome2024! welcome2025! welcome2026! letmeinletmein letmein12345 iloveyou1234 iloveyouforever
    iloveyouiloveyou trustno1trustno1 administrator administrator1 adminadminadmin admin1234567 administrator123
    superuser1234 rootrootroot masterpassword secretpassword supersecret1 government123 governmentgovernment
    ministry1234 department123 footballfootball football1234 baseball1234 princess1234 sunshine1234 monkeymonkey
    dragondragon superman1234 starwars1234 correcthorsebatterystaple thisismypassword donotenter123 nopassword123
    opensesame123 defaultpassword temporary123 temppassword1
"""
_COMMON = frozenset(_WELL_KNOWN.split())

Refusal = Literal["short", "long", "common", "repeats", "about-you"]
REASONS: dict[Refusal, str] = {
    "short": f"Use at least {SHORTEST} characters; a few words in a row work well.",
    "long": f"Use at most {LONGEST} characters.",
    "common": "This password is among the first that attackers try: choose another.",
    "repeats": "This password repeats the same few characters: choose another.",
    "about-you": "This password is made of your name, your address or the name of the service: choose another.",
}


def refusal(password: str, about: Iterable[str] = ()) -> Refusal | None:
    """Why a new password cannot be accepted; `about` holds words anyone could guess, such as the holder's name."""
    text = _composed(password)
    if len(text) < SHORTEST:
        return "short"
    if len(text) > LONGEST:
        return "long"
    folded = text.casefold()
    if folded.replace(" ", "") in _COMMON:
        return "common"
    if _repeats(folded):
        return "repeats"
    return "about-you" if _only_about(folded, about) else None


def hashed(password: str) -> str:
    """The hash of a password."""
    return _hasher.hash(_composed(password))


def fits(password: str, password_hash: str | None) -> bool:
    """Whether a password belongs to a hash; takes as long where there is no account at all (row A2)."""
    try:
        return _hasher.verify(password_hash or _nobodys_hash, _composed(password[: 2 * LONGEST]))
    except (VerificationError, InvalidHashError):
        return False


def outdated(password_hash: str) -> bool:
    """Whether a hash was made at another cost than today's, so that it should be made anew."""
    return _hasher.check_needs_rehash(password_hash)


def set_cost(cost: tuple[int, int, int]) -> None:
    """Fix what a hash costs; an installation keeps COST, tests ask for less."""
    global _hasher, _nobodys_hash
    rounds, memory, lanes = cost
    _hasher = PasswordHasher(time_cost=rounds, memory_cost=memory, parallelism=lanes)
    salt, digest = (b64encode(bytes(size)).decode().rstrip("=") for size in (16, 32))
    # no password is known to give this hash, and looking costs what looking at a real one costs
    _nobodys_hash = f"$argon2id$v=19$m={memory},t={rounds},p={lanes}${salt}${digest}"


def _composed(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _repeats(text: str) -> bool:
    if len(set(text)) < 4:
        return True
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, 5))


def _only_about(text: str, about: Iterable[str]) -> bool:
    """Whether little is left of a password once everything guessable is taken out of it."""
    words = {word.casefold() for phrase in about for word in _words(phrase)} | _SERVICE_WORDS
    for word in sorted((w for w in words if len(w) > 2), key=len, reverse=True):
        text = text.replace(word, "")
    return len([letter for letter in text if letter.isalpha()]) < 3 and len(text) < SHORTEST - 4


def _words(phrase: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in phrase).split()


_hasher: PasswordHasher
_nobodys_hash: str
set_cost(COST)
