"""Catalogue section 4: what holds for every page, asked of the pages of each role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count, pairwise

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Product
from tests.journeys.people import newcomer
from tests.journeys.visitor import Visitor

Visitors = Callable[..., Visitor]
WALKERS = count()
OPEN = ["/help", "/accessibility", "/privacy", "/sign-in"]
LEARNER = ["/", "/find", "/find?q=nothing-of-the-kind", "/courses/sec-201", "/record", "/password"]
PRIVACY = [
    "/privacy/kept",
    "/privacy/rules/new",
    "/privacy/holds/new",
    "/privacy/people?q=a",
    "/privacy/people/7/erase",
]
RECORD = ["/records", "/records/checkpoints", "/records/keys", "/records/recognition", "/privacy/kept"]
ROLES = {
    "hr@valdora.example": ["/coverage?open=all", "/coverage/FIN/SEC", "/coverage/FIN/role-fit"],
    "trainer@valdora.example": ["/studio", "/studio/import", "/studio/courses/sec-201"],
    "manager@valdora.example": ["/coverage", "/coverage/FIN-TAX/SEC"],
    "auditor@valdora.example": ["/coverage?open=all", "/studio", "/records?agency=FIN", *RECORD],
    "admin@valdora.example": ["/", "/coverage", *RECORD, "/records/keys/new", "/records?verb=x&since=soon", *PRIVACY],
}
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* {
      line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important;
    }
    p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Targets smaller than 24 pixels that are no links within a line of text (2.5.8).
SMALL = """() => [...document.querySelectorAll('main :is(a, button, input, select, summary)')].filter(e => {
  const target = e.closest('label') ?? e, box = target.getBoundingClientRect();
  const inline = e.localName === 'a' && getComputedStyle(e).display === 'inline';
  return box.width > 1 && !inline && (box.width < 24 || box.height < 24);
}).map(e => e.outerHTML.slice(0, 120))"""
LEVELS = "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(h => Number(h.localName[1]))"


class Somebody:
    """Somebody who goes from page to page as one role."""

    def __init__(self, visitor: Visitor, email: str | None, addresses: list[str]) -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.addresses = addresses
        if email:
            visitor.sign_in(email)

    def pages(self) -> Iterator[str]:
        """Open each address in turn."""
        for address in self.addresses:
            self.page.goto(address)
            yield address


@pytest.fixture
def learner(visitor: Visitors, product: Product) -> Somebody:
    """Somebody in the middle of a course and of its quiz."""
    someone = Somebody(visitor(), newcomer(product, f"walker{next(WALKERS)}"), [])
    page, main = someone.page, someone.page.get_by_role("main")
    page.goto("/courses/sec-201")
    main.get_by_role("button", name="Start", exact=True).click()
    lesson = page.url
    page.goto("/courses/sec-201")
    main.get_by_role("link", name="Security check").click()
    start = page.url
    main.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("h1")).to_have_text("Question 1 of 10")
    question = page.url
    review = question.rpartition("/questions/")[0] + "/review"
    someone.addresses = [*LEARNER, lesson, start, question, question[:-1] + "2", review]
    return someone


def test_X1_no_page_of_any_role_has_an_axe_violation(visitor: Visitors) -> None:
    everybody = {"open": Somebody(visitor(), None, OPEN)}
    everybody |= {email.split("@")[0]: Somebody(visitor(), email, pages) for email, pages in ROLES.items()}
    for role, somebody in everybody.items():
        for address in somebody.pages():
            somebody.visitor.look(f"page-{role}{address}".lower().translate(str.maketrans("/?=", "---")))


def test_X1_the_dark_colours_have_contrast_too(learner: Somebody) -> None:
    learner.page.emulate_media(color_scheme="dark")
    for address in learner.pages():
        learner.visitor.look("dark-" + (address.rstrip("/").rpartition("/")[2] or "home").split("?")[0])


def test_X6_X7_each_page_has_its_own_title_and_no_skipped_heading(learner: Somebody) -> None:
    titles = {}
    for address in [*learner.pages()]:
        learner.page.goto(address)
        titles[address] = learner.page.title()
        levels = learner.page.evaluate(LEVELS)
        assert all(after - before <= 1 for before, after in pairwise(levels)), (address, levels)
        assert levels.count(1) == 1
    different = {address.split("?")[0] for address in titles}
    assert len(set(titles.values())) == len(different), titles


def test_X9_X13_X14_a_question_is_a_named_group_and_saving_is_announced(learner: Somebody) -> None:
    questions = [address for address in learner.addresses if "/questions/" in address]
    base = questions[0][:-1]
    for number in range(1, 11):
        learner.page.goto(f"{base}{number}")
        group = learner.page.get_by_role("group", name=learner.page.locator(".cd-question__stem").inner_text())
        expect(group).to_be_visible()
        expect(learner.page.locator("[data-save-state]")).to_have_attribute("role", "status")
        assert learner.page.locator("[draggable=true]").count() == 0
        for answer in learner.page.locator(".cd-answer, .cd-order__moves button:visible, .cd-match select").all():
            box = answer.bounding_box()
            assert box is not None
            assert box["height"] >= 44, (number, box)


def test_X15_every_target_is_large_enough(learner: Somebody) -> None:
    for width in (1280, 360):
        learner.page.set_viewport_size({"width": width, "height": 900})
        assert {address: small for address in learner.pages() if (small := learner.page.evaluate(SMALL))} == {}


def test_X17_pages_reflow_at_320_pixels_with_wider_text_spacing(learner: Somebody) -> None:
    learner.page.set_viewport_size({"width": 320, "height": 640})
    wide = {}
    for address in learner.pages():
        learner.page.evaluate(SPACED)
        if (more := learner.page.evaluate(WIDER)) > 0:
            wide[address] = more
    assert wide == {}


def test_X22_signing_in_lets_paste_and_password_managers_work(visitor: Visitors) -> None:
    page = visitor().page
    page.goto("/sign-in")
    email, password = page.get_by_label("E-mail"), page.get_by_label("Password", exact=True)
    expect(email).to_have_attribute("autocomplete", "username")
    expect(password).to_have_attribute("autocomplete", "current-password")
    for field in (email, password):
        pasting = "e => e.dispatchEvent(new ClipboardEvent('paste', {bubbles: true, cancelable: true}))"
        assert field.evaluate(pasting), "pasting is not prevented"
