"""What is wrong and where; the place is put together only when something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from lms.kernel.errors import Malformed
from lms.xapi.rules.errors import wrong

Version = Literal["1.0.3", "2.0.0"]
Check = Callable[[Any], None]
PointedCheck = Callable[[Any, str, Version], None]


class Flaw(Exception):
    """Something is not as the specification has it; whoever looked deeper adds the key it looked under."""

    def __init__(self, sentence: str, *innermost: str | int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.keys: list[str | int] = list(innermost)

    def under(self, key: str | int) -> Flaw:
        """The same, found under a key."""
        self.keys.append(key)
        return self

    def refusal(self, at: str) -> Malformed:
        """The refusal that points at the very place within what stood at `at`."""
        return wrong(at + "".join(f"/{escaped(str(key))}" for key in reversed(self.keys)), self.sentence)


def escaped(key: str) -> str:
    """A key as a JSON pointer writes it, cut where it is very long."""
    return key[:120].replace("~", "~0").replace("/", "~1")


def pointed(check: Check) -> PointedCheck:
    """A check for what stands alone, such as a parameter of a query."""

    def check_at(value: Any, at: str, version: Version) -> None:
        try:
            check(value)
        except Flaw as flaw:
            raise flaw.refusal(at) from None

    return check_at


def kind(value: Any) -> str:
    """What a JSON value is, in plain words."""
    names = {dict: "an object", list: "an array", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
