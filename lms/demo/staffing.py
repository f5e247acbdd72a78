"""Who works for Valdora: a plan drawn from a seed, before anybody is registered."""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files

from lms.demo.government import AGENCIES, EMPLOYMENT, FAMILY_SHARES, GRADES, TITLES, PlannedAgency

DOMAIN = "valdora.example"


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """Somebody the demonstration will register, and what will happen to their employment."""

    index: int
    name: str
    mail: str
    agency: PlannedAgency
    family: str
    title: str
    grade: str
    employment: str
    fte_percent: int
    starts_on: date
    leaves_on: date | None
    transfer: tuple[date, str] | None
    secondment: tuple[date, str] | None
    absence: tuple[date, date | None] | None


class Namer:
    """Gives names of many cultures, and addresses that nobody else has."""

    def __init__(self, rng: random.Random) -> None:
        text = (files("lms.demo") / "names" / "names.json").read_text("utf-8")
        self._cultures = list(json.loads(text).values())
        self._rng = rng
        self._taken: set[str] = set()

    def name(self) -> str:
        """A given and a family name."""
        culture = self._rng.choice(self._cultures)
        return f"{self._rng.choice(culture['given'])} {self._rng.choice(culture['family'])}"

    def mail(self, name: str, agency: str) -> str:
        """A work address for a name."""
        local = ".".join(_plain(part) for part in name.split())
        host = f"{agency.lower()}.{DOMAIN}"
        address, number = f"{local}@{host}", 2
        while address in self._taken:
            address, number = f"{local}{number}@{host}", number + 1
        self._taken.add(address)
        return address


def plan(rng: random.Random, staff: int, first: date, today: date) -> list[PlannedPerson]:
    """Everybody who will have worked for Valdora between two days, about `staff` of them on the last.

    Those who lead come first in each agency, so that the others can be given a manager.
    """
    namer = Namer(rng)
    sizes = _sizes(staff)
    people: list[PlannedPerson] = []
    for agency in AGENCIES:
        families = sorted(_families(rng, agency, sizes[agency.code]), key=lambda f: {"SL": 0, "MG": 1}.get(f, 2))
        for family in families:
            people.append(_person(rng, namer, len(people), agency, family, first, today))
    return people


def _sizes(staff: int) -> dict[str, int]:
    """Staff per agency by weight, with a little over for those who will leave."""
    total = sum(agency.weight for agency in AGENCIES)
    return {agency.code: max(4, round(staff * 1.035 * agency.weight / total)) for agency in AGENCIES}


def _families(rng: random.Random, agency: PlannedAgency, size: int) -> Iterator[str]:
    shares = FAMILY_SHARES[agency.kind]
    yield "MG"
    yield from rng.choices(list(shares), weights=list(shares.values()), k=size - 1)


def _person(
    rng: random.Random, namer: Namer, index: int, agency: PlannedAgency, family: str, first: date, today: date
) -> PlannedPerson:
    name = namer.name()
    span = (today - first).days
    joins = rng.random() < 0.07
    starts = first + timedelta(rng.randint(10, span - 2)) if joins else first - timedelta(rng.randint(60, 5000))
    fate = rng.random()
    moved = max(starts, first) + timedelta(rng.randint(20, max(21, (today - max(starts, first)).days)))
    within = moved < today - timedelta(7)
    return PlannedPerson(
        index=index,
        name=name,
        mail=namer.mail(name, agency.code.split("-")[0]),
        agency=agency,
        family=family,
        title=rng.choice(TITLES[family]),
        grade=rng.choice(GRADES[family]),
        employment=rng.choices(list(EMPLOYMENT), weights=list(EMPLOYMENT.values()))[0],
        fte_percent=rng.choices((100, 80, 60, 50), weights=(80, 9, 6, 5))[0],
        starts_on=starts,
        leaves_on=moved if within and fate < 0.045 else None,
        transfer=(moved, _elsewhere(rng, agency)) if within and 0.05 < fate < 0.07 else None,
        secondment=(moved, _elsewhere(rng, agency)) if within and 0.08 < fate < 0.092 else None,
        absence=_absence(rng, moved, today) if within and 0.10 < fate < 0.125 else None,
    )


def _elsewhere(rng: random.Random, agency: PlannedAgency) -> str:
    return rng.choice([other.code for other in AGENCIES if other.code != agency.code and other.kind != "unit"])


def _absence(rng: random.Random, begins: date, today: date) -> tuple[date, date | None]:
    """A long absence: some go on, some have ended."""
    ends = begins + timedelta(rng.randint(40, 220))
    return begins, ends if ends < today else None


def _plain(text: str) -> str:
    """A name in the letters that addresses allow."""
    table = str.maketrans({"ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ı": "i", "ß": "ss"})
    decomposed = unicodedata.normalize("NFKD", text.translate(table).casefold())
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalnum())
