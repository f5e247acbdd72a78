"""Answers that a form sends, with and without script: kept, refused or shown again (rows C2, C3, C6, X8, X14)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from assessments.models.attempts import AttemptItem
from lms.kernel import clock
from lms.kernel.db import db
from tests.assessments.conftest import Sat, asked
from tests.assessments.papers import Paper
from tests.assessments.test_pages import heading, text_of, title
from tests.conftest import NOW

Browser = Callable[[Sat], FlaskClient]
Sitting = Callable[..., Sat]
JSON = {"Accept": "application/json"}


def test_C6_a_form_with_a_stale_revision_shows_both_answers_and_can_be_kept(sitting: Sitting, browser: Browser) -> None:
    sat = sitting(account=True)
    page = browser(sat)
    attempt = sat.begin()
    question = asked(attempt)[0]
    (first,), (second,) = question.named("option 0"), question.named("option 3")
    sat.save(attempt, 1, [first])
    address = f"/learn/attempts/{attempt}/questions/1"
    stale = page.post(address, data={"revision": 0, "choice": second, "go": "next"})
    html = text_of(stale)
    assert stale.status_code == 409
    assert "Yours" in html
    assert re.search(rf'value="{second}"[^>]* checked', html)
    kept = page.post(address, data={"revision": 1, "choice": second, "go": ""})
    assert kept.status_code == 303
    assert re.search(rf'value="{second}"[^>]* checked', text_of(page.get(address)))


def test_C6_autosave_answers_with_both_values_and_the_revision(sitting: Sitting, browser: Browser) -> None:
    sat = sitting(account=True)
    page = browser(sat)
    attempt = sat.begin()
    question = asked(attempt)[0]
    (first,), (second,) = question.named("option 0"), question.named("option 3")
    address = f"/learn/attempts/{attempt}/questions/1/answer"
    saved = page.post(address, data={"revision": 0, "choice": first}, headers=JSON)
    assert saved.json == {"revision": 1, "saved_at": "2026-11-23T09:30:00+00:00", "saved_text": "Saved 09:30"}
    stale = page.post(address, data={"revision": 0, "choice": second, "flagged": "1"}, headers=JSON)
    assert stale.status_code == 409
    assert stale.json is not None
    assert (stale.json["yours"], stale.json["theirs"], stale.json["revision"]) == ("option 3", "option 0", 1)
    assert set(stale.json) == {"title", "detail", "yours", "theirs", "revision"}


def test_C2_fields_that_no_form_has_are_refused(sitting: Sitting, browser: Browser) -> None:
    sat = sitting(Paper(kinds=("single",)), account=True)
    page = browser(sat)
    attempt = sat.begin()
    answer = {"revision": 0, "choice": asked(attempt)[0].named("option 0")}
    for place, data in (("questions/1", answer), ("questions/1/answer", answer), ("submit", {})):
        for field in ("score", "correct", "points", "passed", "time_used", "csrf"):
            response = page.post(f"/learn/attempts/{attempt}/{place}", data={field: "1", **data}, headers=JSON)
            assert response.status_code == 422
            assert response.json is not None
            assert response.json["errors"] == [{"field": field, "message": "unknown field"}]
    assert db.session.scalar(select(AttemptItem.revision)) == 0


def test_C3_after_the_time_a_form_is_refused_and_the_review_only_hands_in(sitting: Sitting, browser: Browser) -> None:
    sat = sitting(Paper(time_limit=10, kinds=("single",)), account=True)
    page = browser(sat)
    attempt = sat.begin()
    address = f"/learn/attempts/{attempt}/questions/1"
    assert 'data-countdown="2026-11-23T09:40:00+00:00"' in text_of(page.get(address))
    choice = asked(attempt)[0].named("option 1")
    sat.save(attempt, 1, choice)
    with clock.at(NOW + timedelta(minutes=10, seconds=31)):
        late = page.post(address, data={"revision": 1, "choice": asked(attempt)[0].named("option 0")})
        assert late.status_code == 409
        assert heading(text_of(late)) == "The time is over"
        told = page.post(f"{address}/answer", data={"revision": 1, "choice": choice}, headers=JSON)
        assert told.status_code == 409
        assert told.json is not None
        assert "revision" not in told.json
        assert page.get(address).location.endswith("/review")
        assert heading(text_of(page.get(f"/learn/attempts/{attempt}/review"))) == "The time is over"
        assert "See your result" in text_of(page.get(sat.start_page))
        assert page.post(sat.start_page).location.endswith(f"{attempt}/result")
        assert heading(text_of(page.get(f"/learn/attempts/{attempt}/result"))) == "You passed"


def test_X8_an_answer_that_cannot_be_read_stays_in_its_box(sitting: Sitting, browser: Browser) -> None:
    sat = sitting(Paper(kinds=("number",)), account=True)
    page = browser(sat)
    attempt = sat.begin()
    refused = page.post(f"/learn/attempts/{attempt}/questions/1", data={"revision": 0, "answer": "1,200", "go": "next"})
    html = text_of(refused)
    assert refused.status_code == 422
    assert title(html).startswith("Error: Question 1 of 1")
    assert 'value="1,200"' in html
    assert 'href="#answer"' in html
    assert 'aria-describedby="answer-error"' in html


def test_X14_an_order_is_changed_by_buttons_on_the_server(sitting: Sitting, browser: Browser) -> None:
    sat = sitting(Paper(kinds=("order",)), account=True)
    page = browser(sat)
    attempt = sat.begin()
    names = list(asked(attempt)[0].shown["options"])
    address = f"/learn/attempts/{attempt}/questions/1"
    moved = page.post(address, data={"revision": 0, "order": names, "move": f"down:{names[0]}"})
    assert moved.location.endswith("/questions/1")
    html = text_of(page.get(address))
    shown = re.findall(r'name="order" value="(\w+)"', html)
    assert shown == [names[1], names[0], *names[2:]]
    assert "drag" not in html
    assert len(re.findall('aria-label="Move (?:up|down): item', html)) == 8
