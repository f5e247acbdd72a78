"""Journey 2: a civil servant renews her security course, on any device, with or without a mouse or script."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.conftest import Product
from tests.journeys.hands import Keyboard
from tests.journeys.learner import AMINA, SECURITY, Learner
from tests.journeys.people import newcomer
from tests.journeys.visitor import Visitor

Visitors = Callable[..., Visitor]


def test_amina_renews_her_security_course_and_finds_the_proof_in_her_record(visitor: Visitors) -> None:
    amina = Learner(visitor(), "learner")
    amina.given_she_is_signed_in()
    amina.then_she_sees_what_is_required_and_why()
    amina.when_she_continues_where_she_stopped()
    amina.then_she_is_at_the_lesson("Working elsewhere")
    assert amina.when_she_reads_on_to_the_check() == ["Working elsewhere", "When something goes wrong"]
    amina.when_she_starts_the_check()
    amina.when_she_answers(until=3)

    phone = Device(visitor(), "learner-phone")
    phone.given_she_goes_on_at_another_device()
    phone.then_it_shows_the_same_answers(amina)
    phone.then_a_page_left_behind_lets_her_choose_between_two_answers(amina)

    amina.when_she_answers()
    amina.then_every_question_is_answered()
    amina.when_she_hands_in()
    amina.then_she_has_passed_and_sees_what_to_reread()
    amina.when_she_goes_on()
    amina.then_the_course_is_finished()
    amina.then_it_stands_in_her_record_with_its_proof()


class Device(Learner):
    """The same account at a second device."""

    def given_she_goes_on_at_another_device(self) -> None:
        self.given_she_is_signed_in()
        self.when_she_continues_where_she_stopped()
        self.main.get_by_role("button", name="Go on with attempt 1").click()
        expect(self.page.locator("h1")).to_have_text("Question 4 of 10")

    def then_it_shows_the_same_answers(self, first: Learner) -> None:
        self.page.goto(self.page.url.replace("/questions/4", "/questions/1"))
        for number in (1, 2, 3):
            expect(self.page.locator("h1")).to_have_text(f"Question {number} of 10")
            stem = self.question.stem
            reply = self.book.wrong(stem) if stem in first.missed else self.book.right(stem)
            assert not self.question.answer(reply), "the same answer stands there already"
            self.question.go("Next")

    def then_a_page_left_behind_lets_her_choose_between_two_answers(self, first: Learner) -> None:
        """She answers question 4 here; the page on the first device does not know, and answers otherwise."""
        expect(first.page.locator("h1")).to_have_text("Question 4 of 10")
        stem = self.question.stem
        assert self.question.answer(self.book.wrong(stem))
        self.question.then_it_is_saved()
        assert first.question.answer(self.book.right(stem))
        notice = first.page.locator("[data-conflict]")
        expect(notice).to_contain_text("answered elsewhere")
        expect(notice.locator("[data-conflict-yours]")).not_to_be_empty()
        expect(notice.locator("[data-conflict-theirs]")).not_to_be_empty()
        first.looks("conflict")
        notice.get_by_role("button", name="Keep mine").click()
        first.question.then_it_is_saved()
        expect(notice).to_be_hidden()
        self.page.reload()
        assert not self.question.answer(self.book.right(stem)), "the answer she kept stands here too"


def test_X26_the_whole_course_works_without_script(visitor: Visitors, product: Product) -> None:
    someone = Learner(visitor(script=False), "noscript", script=False)
    someone.given_she_is_signed_in(newcomer(product, "noor"))
    someone.when_she_finds_the_course_and_starts_it()
    assert len(someone.when_she_reads_on_to_the_check()) == 5
    someone.when_she_starts_the_check()
    someone.when_she_answers()
    someone.then_every_question_is_answered()
    someone.when_she_hands_in()
    someone.then_she_has_passed_and_sees_what_to_reread()
    someone.when_she_goes_on()
    someone.then_the_course_is_finished()
    someone.then_it_stands_in_her_record_with_its_proof()


def test_X2_the_whole_course_is_worked_by_keyboard_alone(visitor: Visitors, product: Product) -> None:
    browser = visitor()
    keyboard = Keyboard(browser.page)
    someone = Learner(browser, hands=keyboard)
    someone.given_she_signs_in_herself(newcomer(product, "kofi"))
    someone.when_she_finds_the_course_and_starts_it()
    assert len(someone.when_she_reads_on_to_the_check()) == 5
    someone.when_she_starts_the_check()
    assert keyboard.go_round() > 10
    someone.when_she_answers()
    someone.then_every_question_is_answered()
    someone.when_she_hands_in()
    someone.then_she_has_passed_and_sees_what_to_reread()
    someone.when_she_goes_on()
    someone.then_the_course_is_finished()
    someone.then_it_stands_in_her_record_with_its_proof()


def test_an_answer_given_offline_is_kept_and_saved_when_the_connection_is_back(
    visitor: Visitors, product: Product
) -> None:
    someone = Learner(visitor())
    someone.given_she_is_signed_in(newcomer(product, "oana"))
    someone.when_she_finds_the_course_and_starts_it()
    someone.when_she_reads_on_to_the_check()
    someone.when_she_starts_the_check()
    someone.visitor.context.set_offline(True)
    someone.question.answer(someone.book.right(someone.question.stem))
    expect(someone.question.saved).to_have_text("Not saved, retrying")
    someone.visitor.look("question-not-saved")
    someone.visitor.context.set_offline(False)
    someone.question.then_it_is_saved()
    given = someone.question.given()
    someone.page.reload()
    assert someone.question.given() == given


def test_pressing_start_and_hand_in_twice_does_no_harm(visitor: Visitors, product: Product) -> None:
    """Without script nothing in the page swallows the second press: both reach the server."""
    someone = Learner(visitor(script=False), script=False)
    someone.given_she_is_signed_in(newcomer(product, "tove"))
    someone.when_she_finds_the_course_and_starts_it()
    someone.when_she_reads_on_to_the_check()
    someone.when_she_starts_the_check()
    someone.question.go("Review all")
    someone.when_she_hands_in()
    expect(someone.page.locator("h1")).to_have_text("Not passed yet")
    expect(someone.main).to_contain_text("2 attempts are left")
    someone.visitor.look("result-failed")
    someone.main.get_by_role("link", name="Try again").click()
    expect(someone.main).to_contain_text("2 of 3")
    expect(someone.main.locator(".cd-timeline > li")).to_have_count(1)
    someone.visitor.look("quiz-start-second")


def test_a_wrong_password_is_told_beside_the_field_and_keeps_the_address(visitor: Visitors) -> None:
    somebody = visitor()
    somebody.page.goto("/sign-in")
    somebody.look("sign-in")
    somebody.page.get_by_role("button", name="Sign in").click()
    expect(somebody.page).to_have_title(re.compile("^Error: "))
    summary = somebody.page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text(["Enter your e-mail address", "Enter your password"])
    expect(somebody.page.locator(".govuk-error-message")).to_have_count(2)
    somebody.look("sign-in-empty")
    somebody.sign_in(AMINA, "not-her-password")
    expect(somebody.page.get_by_role("alert")).to_be_visible()
    expect(somebody.page.get_by_label("E-mail")).to_have_value(AMINA)
    expect(somebody.page.get_by_label("Password", exact=True)).to_have_value("")
    somebody.look("sign-in-wrong")


def test_A6_after_signing_out_the_back_button_shows_nothing_of_hers(visitor: Visitors) -> None:
    amina = Learner(visitor(), "signed-out")
    amina.given_she_is_signed_in()
    amina.page.get_by_role("link", name="My record").click()
    expect(amina.main).to_contain_text("Levels against your post")
    amina.page.locator(".cd-account summary").click()
    amina.page.get_by_role("button", name="Sign out").click()
    amina.looks("sign-in")
    amina.page.go_back()
    amina.page.wait_for_load_state()
    expect(amina.page.locator("h1")).to_have_text("Sign in")
    assert "Amina" not in amina.page.content()
    assert SECURITY not in amina.page.content()
    assert amina.visitor.context.request.get("/record", max_redirects=0).status in (302, 303, 401)


def test_an_address_that_is_not_there_says_what_to_do_next(visitor: Visitors) -> None:
    amina = Learner(visitor(), "nothing")
    amina.given_she_is_signed_in()
    answer = amina.page.goto("/courses/no-such-course")
    assert answer is not None
    assert answer.status == 404
    amina.looks("there")
