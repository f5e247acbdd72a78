"""Answer keys as JSON; fractions and numbers travel as text, so that nothing is rounded."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from assessments.rules.keys import AnyOf, InOrder, Key, Numbers, OneOf, Pairs, Texts, UnusableKey, check_key
from assessments.rules.kinds import Kind


def key_to_json(key: Key) -> dict[str, object]:
    """Write a key as a JSON object; the kind stays with the question."""
    match key:
        case OneOf(weights) | AnyOf(weights):
            return {"weights": {option: str(weight) for option, weight in weights.items()}}
        case Texts(accepted):
            return {"accepted": list(accepted)}
        case Numbers(ranges, unit):
            return {"ranges": [[str(low), str(high)] for low, high in ranges], "unit": unit}
        case Pairs(partners):
            return {"pairs": dict(partners)}
        case InOrder(items):
            return {"items": list(items)}


def key_from_json(kind: Kind, value: object) -> Key:
    """Read a key back; raises UnusableKey for anything that `key_to_json` does not write for this kind."""
    key = _read(kind, value)
    check_key(kind, key)
    return key


def _read(kind: Kind, value: object) -> Key:
    """Read a key of whatever type the object holds."""
    match value:
        case {"weights": Mapping() as weights, **others} if not others:
            read = {_text(option): _fraction(weight) for option, weight in weights.items()}
            return AnyOf(read) if kind == "multi" else OneOf(read)
        case {"accepted": [*texts], **others} if not others:
            return Texts(tuple(map(_text, texts)))
        case {"ranges": [*ranges], "unit": str(unit), **others} if not others:
            return Numbers(tuple(map(_range, ranges)), unit)
        case {"pairs": Mapping() as pairs, **others} if not others:
            return Pairs({_text(left): _text(right) for left, right in pairs.items()})
        case {"items": [*items], **others} if not others:
            return InOrder(tuple(map(_text, items)))
    raise UnusableKey(f"The stored key of a {kind} question cannot be read: {value!r}. Publish the question again.")


def _text(value: object) -> str:
    """Take a text, nothing else."""
    if isinstance(value, str):
        return value
    raise UnusableKey(f"A stored key holds {value!r} where text belongs. Publish the question again.")


def _fraction(value: object) -> Fraction:
    """Take an exact fraction written as text."""
    try:
        return Fraction(_text(value))
    except (ValueError, ZeroDivisionError):
        raise UnusableKey(f"A stored key holds {value!r} where a fraction such as 1/2 belongs.") from None


def _range(value: object) -> tuple[Decimal, Decimal]:
    """Take a lower and a higher number written as text."""
    match value:
        case [str(low), str(high)]:
            try:
                return Decimal(low), Decimal(high)
            except InvalidOperation:
                raise UnusableKey(f"A stored key holds {value!r} where two numbers belong.") from None
    raise UnusableKey(f"A stored key holds {value!r} where two numbers belong.")
