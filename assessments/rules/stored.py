"""Answers as JSON, for the autosave and the attempt record."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from assessments.rules.responses import Chosen, Entered, Matched, Ordered, Response, Unanswered, Written


class UnreadableAnswer(ValueError):
    """A stored answer does not have the form it was written in; the message names what was found."""


def response_to_json(response: Response) -> dict[str, object]:
    """Write an answer as a JSON object; unanswered is the empty one."""
    match response:
        case Unanswered():
            return {}
        case Chosen(options):
            return {"chosen": sorted(options)}
        case Written(text):
            return {"written": text}
        case Entered(number):
            return {"entered": str(number)}
        case Matched(pairs):
            return {"matched": dict(pairs)}
        case Ordered(items):
            return {"ordered": list(items)}


def response_from_json(value: object) -> Response:
    """Read an answer back; raises UnreadableAnswer for anything that `response_to_json` does not write."""
    match value:
        case {"chosen": [*options], **others} if not others:
            return Chosen(frozenset(map(_text, options)))
        case {"written": str(text), **others} if not others:
            return Written(text)
        case {"entered": str(text), **others} if not others:
            return Entered(_number(text))
        case {"matched": Mapping() as pairs, **others} if not others:
            return Matched(tuple(sorted((_text(left), _text(right)) for left, right in pairs.items())))
        case {"ordered": [*items], **others} if not others:
            return Ordered(tuple(map(_text, items)))
        case None | Mapping() if not value:
            return Unanswered()
    raise UnreadableAnswer(f"A stored answer cannot be read: {value!r}. Restore the attempt from its statements.")


def _text(value: object) -> str:
    """Take a text, nothing else."""
    if isinstance(value, str):
        return value
    raise UnreadableAnswer(f"A stored answer holds {value!r} where an option's id belongs.")


def _number(text: str) -> Decimal:
    """Take a finite number, nothing else."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise UnreadableAnswer(f"A stored answer holds {text!r} where a number belongs.") from None
    if not number.is_finite():
        raise UnreadableAnswer(f"A stored answer holds {text!r} where a number belongs.")
    return number
