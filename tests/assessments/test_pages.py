"""The pages of a quiz (rows C5, C7, C8, X7, X9, X13)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from lms.kernel.db import db
from tests.assessments.conftest import Sat, asked, right_values
from tests.assessments.papers import Paper
from tests.factories import sent

Browser = Callable[[Sat], FlaskClient]
Sitting = Callable[..., Sat]
MOST_QUERIES = 10


def text_of(response: Any) -> str:
    return str(response.get_data(as_text=True))


def heading(html: str) -> str:
    found = re.findall(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    assert len(found) == 1
    return re.sub(r"<[^>]+>", "", found[0]).strip()


def title(html: str) -> str:
    found = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    assert found
    return found[1].strip()


def test_a_quiz_is_taken_from_start_to_result_without_script(sitting: Sitting, browser: Browser) -> None:
    sat = sitting(account=True)
    page = browser(sat)
    start = page.get(sat.start_page)
    assert "No time limit" in text_of(start)
    assert "3 of 3" in text_of(start)
    assert "80% of the points" in text_of(start)
    where = page.post(sat.start_page).location
    attempt = int(where.split("/")[3])
    for question in asked(attempt):
        html = text_of(page.get(where))
        assert title(html).startswith(f"Question {question.position} of 8 – Final check – ")
        assert heading(html) == f"Question {question.position} of 8"
        values = right_values(question)
        data: dict[str, Any] = {"choice": values} if isinstance(values, list) else {}
        if question.kind in ("short", "number"):
            data = {"answer": values}
        elif question.kind == "order":
            data = {"order": values}
        elif question.kind == "match":
            data = {f"match-{left}": right for left, right in values.items()}
        where = page.post(where, data=data | {"revision": 0, "go": "next"}).location
    assert where.endswith("/review")
    assert "Every question is answered" in text_of(page.get(where))
    where = page.post(f"/learn/attempts/{attempt}/submit").location
    html = text_of(page.get(where))
    assert heading(html) == "You passed"
    assert title(html).startswith("You passed – Final check")
    assert "4.1" in html
    assert f"/learn/{sat.registration}" in html
    assert page.post(f"/learn/attempts/{attempt}/submit").location == where


def test_C8_a_hundred_reloads_show_the_same_questions_in_the_same_order(sitting: Sitting, browser: Browser) -> None:
    sat = sitting(Paper(draw=2), account=True)
    page = browser(sat)
    attempt = sat.begin()
    drawn = asked(attempt)
    first = strip(text_of(page.get(f"/learn/attempts/{attempt}/questions/1")))
    for _ in range(99):
        assert strip(text_of(page.get(f"/learn/attempts/{attempt}/questions/1"))) == first
    assert asked(attempt) == drawn
    assert len(drawn) == 4


def strip(html: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", html)


def test_C8_numbers_out_of_range_and_other_peoples_quizzes_are_not_found(
    sitting: Sitting, enrolled: Callable[..., Sat], browser: Browser
) -> None:
    sat = sitting(Paper(kinds=("single",)), account=True)
    attempt, other = sat.begin(), enrolled().begin()
    page = browser(sat)
    for place in ("questions/0", "questions/2", "questions/9999", "questions/99999999999999999999"):
        assert page.get(f"/learn/attempts/{attempt}/{place}").status_code == 404
        assert page.post(f"/learn/attempts/{attempt}/{place}", data={"revision": 0}).status_code in (404, 405)
    for place in ("questions/1", "review", "result"):
        assert page.get(f"/learn/attempts/{other}/{place}").status_code == 404
    assert page.post(f"/learn/attempts/{other}/submit").status_code == 404
    assert page.get("/learn/attempts/2147483647/review").status_code == 404
    assert page.get("/learn/attempts/99999999999999999999/review").status_code == 404
    strange = sat.start_page.replace(str(sat.registration), "0195f000-0000-7000-8000-000000000000")
    assert page.get(strange).status_code == page.post(strange).status_code == 404
    assert page.get(sat.start_page.replace("check", "first")).status_code == 404


def test_X9_every_question_is_a_group_with_its_words_and_labels(sitting: Sitting, browser: Browser) -> None:
    sat = sitting(account=True)
    page = browser(sat)
    attempt = sat.begin()
    for question in asked(attempt):
        html = text_of(page.get(f"/learn/attempts/{attempt}/questions/{question.position}"))
        main = html[html.index("<main") :]
        assert main.count("<fieldset") == main.count("<legend") == 1
        assert f"The {question.kind} question?" in main[main.index("<legend") : main.index("</legend>")]
        names = re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', main)
        assert len(names) == len(set(names))
        for name in names:
            inside = re.search(rf'<label[^>]*><input[^>]* id="{name}"', main)
            assert inside or f'for="{name}"' in main
        assert 'role="status"' in main


def test_flags_and_states_show_in_the_navigator(sitting: Sitting, browser: Browser) -> None:
    sat = sitting(Paper(kinds=("single", "multi", "scenario", "truefalse")), account=True)
    page = browser(sat)
    attempt = sat.begin()
    questions = asked(attempt)
    sat.save(attempt, 1, questions[0].named("option 0"))
    sat.save(attempt, 2, [], flagged=True)
    sat.save(attempt, 3, [])
    html = text_of(page.get(f"/learn/attempts/{attempt}/questions/1"))
    assert re.findall(r'cd-navigator__state">([^<]+)<', html) == ["Answered", "Flagged", "Seen", "Not seen"]
    assert "3 questions have no answer" in text_of(page.get(f"/learn/attempts/{attempt}/review"))


def test_X7_every_page_of_a_quiz_has_a_title_of_its_own(sitting: Sitting, browser: Browser) -> None:
    sat = sitting(Paper(kinds=("single", "multi")), account=True)
    page = browser(sat)
    attempt = sat.begin()
    places = [sat.start_page, *(f"/learn/attempts/{attempt}/{end}" for end in ("questions/1", "questions/2", "review"))]
    pages = [text_of(page.get(place)) for place in places]
    sat.hand_in(attempt)
    pages.append(text_of(page.get(f"/learn/attempts/{attempt}/result")))
    titles = [title(html) for html in pages]
    assert len(set(titles)) == len(titles)
    assert all(name.startswith(heading(html)) for name, html in zip(titles, pages, strict=True))


def test_C5_pages_of_a_submitted_attempt_lead_to_its_result(sitting: Sitting, browser: Browser) -> None:
    sat = sitting(Paper(kinds=("single",)), account=True)
    page = browser(sat)
    attempt = sat.begin()
    assert page.get(f"/learn/attempts/{attempt}/result").location.endswith("/review")
    choice = asked(attempt)[0].named("option 0")
    sat.hand_in(attempt)
    for place in ("questions/1", "review"):
        assert page.get(f"/learn/attempts/{attempt}/{place}").location.endswith("/result")
    late = page.post(f"/learn/attempts/{attempt}/questions/1", data={"revision": 0, "choice": choice})
    assert late.status_code == 409
    assert heading(text_of(late)) == "Already handed in"


def test_the_number_of_queries_does_not_grow_with_the_paper(sitting: Sitting, browser: Browser) -> None:
    counts = []
    for copies in (1, 3):
        db.session.remove()
        sat = sitting(Paper(copies=copies, shuffle=copies == 1), account=True)
        page = browser(sat)
        attempt = sat.begin()
        taken = [
            queries(page, place)
            for place in (
                sat.start_page,
                *(f"/learn/attempts/{attempt}/{end}" for end in ("questions/1", "questions/5", "review")),
            )
        ]
        sat.hand_in(attempt)
        taken.append(queries(page, f"/learn/attempts/{attempt}/result"))
        counts.append(taken)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= MOST_QUERIES, counts


def queries(page: FlaskClient, place: str) -> int:
    page.get(place)
    with sent() as texts:
        assert page.get(place).status_code == 200
    return len(texts)


def test_going_on_opens_the_first_question_without_an_answer_and_then_the_review(
    sitting: Sitting, browser: Browser
) -> None:
    sat = sitting(Paper(kinds=("single", "multi", "truefalse")), account=True)
    page = browser(sat)
    attempt = sat.begin()
    questions = asked(attempt)
    places: list[str] = [page.post(sat.start_page).location]
    assert "Go on with attempt 1" in text_of(page.get(sat.start_page))
    sat.save(attempt, 2, [], flagged=True)
    for position in (1, 3, 2):
        sat.save(attempt, position, right_values(questions[position - 1]), revision=int(position == 2))
        places.append(page.post(sat.start_page).location)
    ends = ("questions/1", "questions/2", "questions/2", "review")
    assert places == [f"/learn/attempts/{attempt}/{end}" for end in ends]
