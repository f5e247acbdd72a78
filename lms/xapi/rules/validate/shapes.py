"""Objects with named properties, and lists of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lms.xapi.rules.errors import wrong
from lms.xapi.rules.validate.atoms import Check, Version, escaped, kind

Rule = Callable[[Mapping[str, Any], str, Version], None]


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: which properties it may have, which it needs, and what must hold between them."""

    what: str
    fields: Mapping[str, Check]
    required: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()

    def __call__(self, value: Any, at: str, version: Version) -> None:
        """Raises Malformed that points at the first place where the value is not of this shape."""
        if not isinstance(value, dict):
            raise wrong(at, f"must be an object ({self.what}), not {kind(value)}.")
        for key, inner in value.items():
            check = self.fields.get(key)
            if check is None:
                raise unknown(self.what, key, at)
            check(inner, f"{at}/{key}", version)
        for key in self.required:
            if key not in value:
                raise wrong(at, f'lacks "{key}": {self.what} needs it.')
        for rule in self.rules:
            rule(value, at, version)


def unknown(what: str, key: str, at: str) -> Exception:
    """The refusal of a property that the specification does not name."""
    return wrong(f"{at}/{escaped(key)}", f"is not a property of {what}: check its spelling and its case.")


def listed(check: Check, what: str) -> Check:
    """An array, each entry checked."""

    def check_all(value: Any, at: str, version: Version) -> None:
        if not isinstance(value, list):
            raise wrong(at, f"must be an array of {what}, not {kind(value)}.")
        for index, inner in enumerate(value):
            check(inner, f"{at}/{index}", version)

    return check_all


def one_or_listed(check: Check, what: str) -> Check:
    """An array or a single entry in its place."""
    many = listed(check, what)

    def check_either(value: Any, at: str, version: Version) -> None:
        (check if isinstance(value, dict) else many)(value, at, version)

    return check_either


def since_two(check: Check, what: str) -> Check:
    """A property that came with xAPI 2.0.0."""

    def check_newer(value: Any, at: str, version: Version) -> None:
        if version != "2.0.0":
            place, _, key = at.rpartition("/")
            raise unknown(f"{what} in xAPI 1.0.3", key, place)
        check(value, at, version)

    return check_newer


def by_type(default: str, shapes: Mapping[str, Check]) -> Check:
    """An object whose `objectType` says which shape it has."""
    words = ", ".join(shapes)

    def check(value: Any, at: str, version: Version) -> None:
        if not isinstance(value, dict):
            raise wrong(at, f"must be an object, not {kind(value)}.")
        named = value.get("objectType", default)
        shape = shapes.get(named) if isinstance(named, str) else None
        if shape is None:
            raise wrong(f"{at}/objectType", f"must be one of {words}, in exactly this case.")
        shape(value, at, version)

    return check
