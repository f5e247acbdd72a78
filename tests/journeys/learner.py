"""A civil servant who learns: what she does at each page, and what she then sees."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.answers import AnswerBook
from tests.journeys.hands import Hands, Mouse
from tests.journeys.quiz import QuestionOnPage
from tests.journeys.visitor import PASSWORD, Visitor

AMINA = "amina@valdora.example"
SECURITY = "Data protection and security awareness"
CHECK = "Security check"
WRONG = frozenset({2, 5})  # two of ten, so that eighty percent are right


class Learner:
    """Somebody at a browser who takes the security course.

    `shots` begins the names of her screenshots; without it she does not look at the pages that others look at.
    """

    def __init__(self, visitor: Visitor, shots: str = "", *, script: bool = True, hands: Hands | None = None) -> None:
        self.visitor = visitor
        self.page: Page = visitor.page
        self.shots = shots
        self.script = script
        self.book = AnswerBook()
        self.hands: Hands = hands or Mouse()
        self.question = QuestionOnPage(self.page, self.hands)
        self.missed: list[str] = []

    def looks(self, name: str) -> None:
        """Look closely at the page she is on."""
        if self.shots:
            self.visitor.look(f"{self.shots}-{name}")

    @property
    def main(self) -> Locator:
        """What is hers on the page."""
        return self.page.get_by_role("main")

    def given_she_is_signed_in(self, email: str = AMINA) -> None:
        self.visitor.sign_in(email)
        expect(self.page.locator("h1")).to_contain_text("Welcome")

    def given_she_signs_in_herself(self, email: str) -> None:
        """Sign in with whatever hands she has, first to the main content by the skip link."""
        self.page.goto("/sign-in")
        self.hands.press(self.page.get_by_role("link", name="Skip to main content"))
        self.hands.write(self.page.get_by_label("E-mail"), email)
        self.hands.write(self.page.get_by_label("Password", exact=True), PASSWORD)
        self.hands.press(self.page.get_by_role("button", name="Sign in"))
        expect(self.page.locator("h1")).to_contain_text("Welcome")

    def then_she_sees_what_is_required_and_why(self) -> None:
        required = self.page.locator("section", has=self.page.get_by_role("heading", name="Required of you"))
        expect(required).to_contain_text(SECURITY)
        expect(required).to_contain_text("Circular 4/2025")
        expect(required).to_contain_text(re.compile(r"(Renew by|Due|Overdue)"))
        self.looks("home")

    def when_she_finds_the_course_and_starts_it(self) -> None:
        self.hands.press(self.page.get_by_role("link", name="Find", exact=True))
        self.hands.write(self.page.get_by_label("Search"), "phishing")
        self.hands.press(self.main.get_by_role("button", name="Search"))
        self.looks("find")
        self.hands.press(self.main.get_by_role("link", name=SECURITY))
        self.looks("course-new")
        self.hands.press_twice(self.main.get_by_role("button", name="Start", exact=True))

    def when_she_continues_where_she_stopped(self) -> None:
        self.hands.press(self.main.get_by_role("link", name="Continue", exact=True).first)

    def then_she_is_at_the_lesson(self, title: str) -> None:
        expect(self.page.locator("h1")).to_have_text(title)

    def when_she_reads_on_to_the_check(self) -> list[str]:
        """Press the one button at the end of each lesson; give the titles of the lessons read."""
        read = []
        expect(self.page).to_have_url(re.compile("/learn/"))
        while CHECK not in self.page.title():
            title = self.page.locator("h1").inner_text()
            read.append(title)
            self.looks(f"lesson-{len(read)}")
            self.hands.press(self.main.get_by_role("button", name=re.compile("Finish and go on")))
            expect(self.page.locator("h1")).not_to_have_text(title)
        return read

    def when_she_starts_the_check(self) -> None:
        expect(self.main).to_contain_text("To pass")
        self.looks("quiz-start")
        self.hands.press_twice(self.main.get_by_role("button", name=re.compile("^(Start|Go on with attempt)")))
        expect(self.page.locator("h1")).to_have_text(re.compile("^Question 1 of 10$"))

    def when_she_answers(self, *, until: int = 10) -> None:
        """Answer question by question, two of them wrongly, up to one of them, and go on."""
        for number in range(self.question.number[0], until + 1):
            expect(self.page.locator("h1")).to_have_text(f"Question {number} of 10")
            stem = self.question.stem
            wrongly = number in WRONG
            changed = self.question.answer(self.book.wrong(stem) if wrongly else self.book.right(stem))
            self.missed += [stem] if wrongly and stem not in self.missed else []
            if changed and self.script:
                self.question.then_it_is_saved()
            self.looks(f"question-{number:02}")
            self.question.go("Next" if number < 10 else "Review your answers")

    def then_every_question_is_answered(self) -> None:
        expect(self.page.locator("h1")).to_have_text("Review your answers")
        expect(self.main).to_contain_text("Every question is answered")
        expect(self.main.locator("tbody tr")).to_have_count(10)
        self.looks("review")

    def when_she_hands_in(self) -> None:
        self.hands.press_twice(self.main.get_by_role("button", name="Hand in"))

    def then_she_has_passed_and_sees_what_to_reread(self) -> None:
        expect(self.page.locator("h1")).to_have_text("You passed")
        expect(self.main).to_contain_text("80%")
        reviews = self.main.locator(".cd-review--wrong, .cd-review--partial")
        expect(reviews).to_have_count(len(self.missed))
        for number, stem in enumerate(self.missed):
            expect(reviews.nth(number)).to_contain_text(stem)
            expect(reviews.nth(number)).to_contain_text("Right answer")
            expect(reviews.nth(number).get_by_role("link", name=re.compile("^Read again: "))).to_be_visible()
        self.looks("result")

    def when_she_goes_on(self) -> None:
        self.hands.press(self.main.get_by_role("link", name="Go on with the course"))

    def then_the_course_is_finished(self) -> None:
        expect(self.page.locator("h1")).to_have_text(f"You finished {SECURITY}")
        expect(self.main).to_contain_text("4.1 Protecting devices: Intermediate, level 3")
        self.looks("finished")

    def then_it_stands_in_her_record_with_its_proof(self) -> None:
        self.hands.press(self.page.get_by_role("link", name="My record"))
        award = self.main.locator(".cd-award", has_text=SECURITY).first
        expect(award).to_contain_text("Tested")
        self.looks("record")
        self.hands.press(award.get_by_role("link", name=re.compile("See the proof")))
        expect(self.main.locator(".cd-timeline")).to_contain_text(CHECK)
        expect(self.main.locator(".cd-timeline")).to_contain_text("80")
        self.looks("proof")
