"""A question of a quiz as it stands on the page."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.answers import Reply, words
from tests.journeys.hands import Hands

SAVED = re.compile(r"^Saved \d\d:\d\d$")


class QuestionOnPage:
    """The question that a page shows."""

    def __init__(self, page: Page, hands: Hands) -> None:
        self.page = page
        self.hands = hands

    @property
    def stem(self) -> str:
        """The question itself."""
        return self.page.locator(".cd-question__stem").inner_text()

    @property
    def number(self) -> tuple[int, int]:
        """Which question it is, and of how many."""
        found = re.fullmatch(r"Question (\d+) of (\d+)", self.page.locator("h1").inner_text().strip())
        assert found, self.page.title()
        return int(found[1]), int(found[2])

    @property
    def saved(self) -> Locator:
        """The line that says whether the answer is saved."""
        return self.page.locator("[data-save-state]")

    def answer(self, reply: Reply) -> bool:
        """Give an answer of whatever kind; false where the page stood that way already."""
        before = self.given()
        for label in self.page.locator(".cd-answer").all():
            is_wanted = words(label.inner_text()) in reply.ticks
            if is_wanted or label.locator("input[type=checkbox]").count():
                self.hands.tick(label.locator("input"), wanted=is_wanted)
        for row in self.page.locator(".cd-match li").all():
            select = row.locator("select")
            partner = reply.pairs[words(row.locator("label").inner_text())]
            texts = select.locator("option").all_inner_texts()
            self.hands.choose(select, [words(text) for text in texts].index(partner))
        if self.page.locator(".cd-order").count():
            self._put_in_order(reply.order)
        if self.page.locator("input[name=answer]").count():
            self.hands.write(self.page.locator("input[name=answer]"), reply.written)
        return self.given() != before

    def given(self) -> list[str]:
        """The answer that stands on the page, whatever its kind."""
        ticked = self.page.locator(".cd-answer:has(input:checked)").all_inner_texts()
        matched = self.page.locator(".cd-match select").evaluate_all("all => all.map(s => s.selectedOptions[0].text)")
        ordered = self.page.locator(".cd-order__text").all_inner_texts()
        written = self.page.locator("input[name=answer]").evaluate_all("all => all.map(input => input.value)")
        return [*ticked, *matched, *ordered, *written]

    def then_it_is_saved(self) -> None:
        """The page says when the answer was saved."""
        expect(self.saved).to_have_text(SAVED)

    def go(self, button: str) -> None:
        """Press one of the buttons under the question."""
        self.hands.press(self.page.get_by_role("main").get_by_role("button", name=button, exact=True))

    def _put_in_order(self, order: tuple[str, ...]) -> None:
        """Move each item up to its place with the arrow buttons."""
        for place, wanted in enumerate(order):
            for _ in range(len(order)):
                now = [words(text) for text in self.page.locator(".cd-order__text").all_inner_texts()]
                at = now.index(wanted)
                if at <= place:
                    break
                self.hands.press(self.page.locator(".cd-order li").nth(at).get_by_role("button", name="Move up"))
                self.page.wait_for_load_state()
