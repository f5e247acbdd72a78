"""Row C2: the score in the database equals a second, independent way of counting, whatever was answered."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

from sqlalchemy import select

from assessments.models.attempts import Attempt, AttemptItem
from lms.kernel.db import db
from tests.assessments.conftest import Asked, Sat, asked

ROUNDS = 12


def chance(question: Asked, dice: Random) -> tuple[Any, Fraction]:
    """An answer by chance, and what it earns by the words of the paper."""
    match question.kind:
        case "single":
            n = dice.randrange(4)
            return question.named(f"option {n}"), Fraction(n == 1)
        case "truefalse":
            said = dice.choice(["true", "false"])
            return [said], Fraction(said == "true")
        case "scenario":
            n = dice.randrange(3)
            return question.named(f"act {n}"), [Fraction(1), Fraction(1, 2), Fraction(0)][n]
        case "multi":
            ticked = [n for n in range(4) if dice.random() < 0.5]
            halves = sum(1 if n in (0, 2) else -1 for n in ticked)
            return question.named(*(f"option {n}" for n in ticked)), Fraction(max(0, halves), 2)
        case "short":
            said = dice.choice(["two  factors", "2fa", "one factor", "ＴＷＯ factors"])
            return [said], Fraction("one" not in said)
        case "number":
            tenths = dice.randrange(20, 41)
            return [f"{tenths // 10}.{tenths % 10} hours"], Fraction(25 <= tenths <= 35)
        case "match":
            rights = dice.sample(range(3), 3)
            pairs = {question.named(f"left {n}")[0]: question.named(f"right {rights[n]}")[0] for n in range(3)}
            return pairs, Fraction(sum(rights[n] == n for n in range(3)), 3)
        case _:
            order = dice.sample(range(4), 4)
            text = "".join(map(str, order))
            kept = sum(step in text for step in ("01", "12", "23"))
            return question.named(*(f"item {n}" for n in order)), Fraction(kept, 3)


def test_C2_the_stored_score_is_what_the_answers_earn(
    sitting: Callable[..., Sat], enrolled: Callable[..., Sat]
) -> None:
    dice = Random(20261123)
    sitting()
    for _ in range(ROUNDS):
        sat = enrolled()
        attempt = sat.begin()
        expected: dict[int, Fraction] = {}
        for question in asked(attempt):
            values, worth = chance(question, dice)
            answered = dice.random() < 0.9
            expected[question.position] = worth if answered else Fraction(0)
            if answered:
                sat.save(attempt, question.position, values)
        outcome = sat.hand_in(attempt)
        total = sum(expected.values(), Fraction(0)) / len(expected)
        stored = db.session.execute(select(Attempt.score, Attempt.passed).where(Attempt.id == attempt)).one()
        items = db.session.execute(
            select(AttemptItem.position, AttemptItem.score).where(AttemptItem.attempt_id == attempt)
        ).all()
        assert Fraction(stored.score) == outcome.score == total
        assert stored.passed == outcome.passed == (total * 100 >= 80)
        assert {position: Fraction(score) for position, score in items} == expected
