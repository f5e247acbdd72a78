"""Objects with named properties, and lists of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from lms.xapi.rules.validate.flaws import Check, Flaw, kind

MOST_REMEMBERED, LONGEST_REMEMBERED = 6000, 600  # values of one shape, and bytes of each: at the most some 4 MB
Rule = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: which properties it may have, which it needs, and what must hold between them."""

    what: str
    fields: Mapping[str, Check]
    required: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()

    def __call__(self, value: Any) -> None:
        """Raises Flaw that points at the first place where the value is not of this shape."""
        if not isinstance(value, dict):
            raise Flaw(f"must be an object ({self.what}), not {kind(value)}.")
        known = self.fields.get
        for key, inner in value.items():
            check = known(key)
            if check is None:
                raise Flaw(f"is not a property of {self.what}: check its spelling and its case.", key)
            try:
                check(inner)
            except Flaw as flaw:
                raise flaw.under(key) from None
        for key in self.required:
            if key not in value:
                raise Flaw(f'lacks "{key}": {self.what} needs it.')
        for rule in self.rules:
            rule(value)


def remembered(check: Check) -> Check:
    """What was found right is not looked at again: the same verbs and activities come over and over.

    For values as the strict door lets them in (rule D9): there, the same text always means the same.
    """
    known: set[bytes] = set()

    def look(value: Any) -> None:
        try:
            text = orjson.dumps(value)
        except TypeError:  # a number that this writer does not take
            check(value)
            return
        if text in known:
            return
        check(value)
        if len(text) <= LONGEST_REMEMBERED:
            if len(known) >= MOST_REMEMBERED:
                known.clear()
            known.add(text)

    return look


def listed(check: Check, what: str) -> Check:
    """An array, each entry checked."""

    def check_all(value: Any) -> None:
        if not isinstance(value, list):
            raise Flaw(f"must be an array of {what}, not {kind(value)}.")
        for index, inner in enumerate(value):
            try:
                check(inner)
            except Flaw as flaw:
                raise flaw.under(index) from None

    return check_all


def one_or_listed(check: Check, what: str) -> Check:
    """An array or a single entry in its place."""
    many = listed(check, what)

    def check_either(value: Any) -> None:
        (check if isinstance(value, dict) else many)(value)

    return check_either


def by_type(default: str, shapes: Mapping[str, Check]) -> Check:
    """An object whose `objectType` says which shape it has."""
    words = ", ".join(shapes)

    def check(value: Any) -> None:
        if not isinstance(value, dict):
            raise Flaw(f"must be an object, not {kind(value)}.")
        named = value.get("objectType", default)
        shape = shapes.get(named) if isinstance(named, str) else None
        if shape is None:
            raise Flaw(f"must be one of {words}, in exactly this case.", "objectType")
        shape(value)

    return check
