"""Row C1: before an attempt is handed in, nothing that reaches the browser lets anyone tell what is right."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from assessments.kinds import QuizKind
from courses.models import Enrolment
from lms.kernel import ids
from lms.kernel.db import db
from lms.xapi.models import StatementRow
from tests.assessments.conftest import Sat, asked, fields, right_values
from tests.assessments.papers import CANARY, OTHER_KEY, Key, Paper
from tests.databases import Databases

Browser = Callable[[Sat], FlaskClient]
Sitting = Callable[..., Sat]
SECRETS = Key(short=("Canary yellow", "canary two"), number="918273..918274", word="canary")
_CHANGING = re.compile(rb'name="csrf_token" value="[^"]*"')
_OF_ONE_REPLY = frozenset({"X-Request-Id", "Date", "Set-Cookie"})


def walk(browser: FlaskClient, sat: Sat) -> Iterator[TestResponse]:
    """Everything a learner can open, save and look over before handing in."""
    yield browser.get(f"/learn/{sat.registration}")
    yield browser.get(f"/learn/{sat.registration}/quiz-101-check", follow_redirects=True)
    yield browser.get("/courses/quiz-101")
    yield browser.get(sat.start_page)
    begun = browser.post(sat.start_page)
    yield begun
    attempt = int(begun.location.split("/")[3])
    for position in range(1, 9):
        yield from answer(browser, attempt, position)
    yield browser.get(f"/learn/attempts/{attempt}/review")
    yield browser.get(f"/learn/attempts/{attempt}/result")
    yield browser.get(sat.start_page)


def answer(browser: FlaskClient, attempt: int, position: int) -> Iterator[TestResponse]:
    """One question: shown, answered in three ways, shown again."""
    address = f"/learn/attempts/{attempt}/questions/{position}"
    yield browser.get(address)
    for revision, sent in enumerate(answers(attempt, position)):
        form = sent | {"revision": revision}
        yield browser.post(f"{address}/answer", data=form, headers={"Accept": "application/json"})
    yield browser.post(address, data={"revision": 0, "choice": "nothing"})
    yield browser.post(address, data={"revision": 99, **next(answers(attempt, position))})
    yield browser.get(address)


def answers(attempt: int, position: int) -> Iterator[dict[str, Any]]:
    """Answers that do not depend on the key: each one option, or the options as shown and turned round."""
    question = asked(attempt)[position - 1]
    names = question.shown["options"]
    match question.kind:
        case "short":
            yield from ({"answer": text} for text in ("Two factors", "something else"))
        case "number":
            yield from ({"answer": text} for text in ("3", "44", "918273"))
        case "match":
            left, right = names, question.shown["partners"]
            yield {f"match-{a}": b for a, b in zip(left, right, strict=True)}
            yield {f"match-{a}": b for a, b in zip(left, reversed(right), strict=True)}
        case "order":
            yield from ({"order": order} for order in (list(names), list(reversed(names))))
        case _:
            yield from ({"choice": name} for name in sorted(names))


def test_C1_no_word_of_any_key_or_feedback_is_sent(sitting: Sitting, browser: Browser) -> None:
    sat = sitting(Paper(key=SECRETS), account=True)
    for response in walk(browser(sat), sat):
        seen = response.get_data(as_text=True) + str(response.headers)
        assert CANARY not in seen.lower(), response.request.path
        assert "918274" not in seen, response.request.path
    for payload in db.session.scalars(select(StatementRow.payload)):
        assert CANARY not in payload.lower()
        assert "correctResponsesPattern" not in payload


def test_C1_two_quizzes_that_differ_only_in_the_key_look_the_same(
    sitting: Sitting, browser: Browser, databases: Databases
) -> None:
    one = seen_with(Key(), sitting, browser)
    databases.begin_anew()
    other = seen_with(OTHER_KEY, sitting, browser)
    assert len(one) == len(other) > 60
    for before, after in zip(one, other, strict=True):
        assert before == after, first_difference(before, after)


def seen_with(key: Key, sitting: Sitting, browser: Browser) -> list[tuple[Any, ...]]:
    """Every reply of the walk, less what changes from one reply to the next."""
    with ids.seeded(random.Random(7)):
        sat = sitting(Paper(key=key), account=True)
        return [plain(response) for response in walk(browser(sat), sat)]


def plain(response: TestResponse) -> tuple[Any, ...]:
    headers = sorted((name, value) for name, value in response.headers if name not in _OF_ONE_REPLY)
    return response.status_code, headers, _CHANGING.sub(b"", response.get_data())


def test_C1_what_is_right_stays_hidden_until_a_pass_or_the_last_attempt(sitting: Sitting, browser: Browser) -> None:
    sat = sitting(Paper(attempts=2), account=True)
    page = browser(sat)
    attempt = sat.begin()
    questions = {question.kind: question for question in asked(attempt)}
    sat.save(attempt, questions["single"].position, questions["single"].named("option 0"))
    sat.hand_in(attempt)
    first = page.get(f"/learn/attempts/{attempt}/result").get_data(as_text=True)
    assert "because 0 canary" in first, "the feedback of what was chosen"
    assert "because 1 canary" not in first, "the feedback of the right option"
    assert "Right answer" not in first
    assert "Two factors" not in first
    assert "The reason is because single" in first
    assert "The reason is because multi" not in first, "nothing was answered there"
    assert "The second lesson" in first
    sat.hand_in(sat.begin())
    last = page.get(f"/learn/attempts/{attempt}/result").get_data(as_text=True)
    assert "because 1 canary" in last
    assert "Right answer" in last
    assert "Two factors" in last


def test_C1_a_pass_releases_the_right_answers(sitting: Sitting, browser: Browser) -> None:
    sat = sitting(Paper(pass_mark=80), account=True)
    attempt = sat.begin()
    for question in asked(attempt)[:-1]:
        sat.save(attempt, question.position, right_values(question))
    sat.hand_in(attempt)
    shown = browser(sat).get(f"/learn/attempts/{attempt}/result").get_data(as_text=True)
    assert "You passed" in shown
    assert "Right answer" in shown


def test_C1_the_preview_of_a_draft_has_no_answers(sitting: Sitting, app: Flask) -> None:
    sat = sitting(Paper(key=SECRETS))
    version = db.session.scalar(select(Enrolment.version_id).where(Enrolment.registration == sat.registration))
    assert version is not None
    with app.test_request_context():
        shown = QuizKind().preview(version_id=version, step_key="quiz-101-check")
    assert CANARY not in shown.lower()
    assert "option 3" in shown


def test_the_right_form_of_every_kind_of_answer_is_taken(sitting: Sitting, browser: Browser) -> None:
    sat = sitting(account=True)
    page = browser(sat)
    attempt = sat.begin()
    for question in asked(attempt):
        form = fields(question, right_values(question)) | {"revision": 0, "go": "next"}
        response = page.post(f"/learn/attempts/{attempt}/questions/{question.position}", data=form)
        assert response.status_code == 303, response.get_data(as_text=True)
    assert sat.hand_in(attempt).score == 1


def first_difference(before: tuple[Any, ...], after: tuple[Any, ...]) -> str:
    """Where two replies part, in words that fit on a screen."""
    one, other = str(before), str(after)
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"{one[max(0, at - 200) : at + 80]!r}\n{other[max(0, at - 200) : at + 80]!r}"
