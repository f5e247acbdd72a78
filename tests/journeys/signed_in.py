"""Whoever signs in and looks around; what they do on their pages, their own modules say."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from tests.journeys.visitor import Visitor


class SignedIn:
    """Somebody at her browser, whose looks are kept under a name."""

    def __init__(self, visitor: Visitor, email: str, shots: str) -> None:
        self.visitor = visitor
        self.page: Page = visitor.page
        self.shots = shots
        visitor.sign_in(email)

    @property
    def main(self) -> Locator:
        """What is on the page beside its frame."""
        return self.page.get_by_role("main")

    def looks(self, name: str) -> None:
        """Look closely at a page."""
        self.visitor.look(f"{self.shots}-{name}")
