"""An auditor who trusts nobody here: finds what was said of somebody, and checks its proof on a machine of her own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.signed_in import SignedIn
from tests.journeys.visitor import Visitor


class Auditor(SignedIn):
    """Somebody at the pages of the record."""

    def __init__(self, visitor: Visitor, email: str, shots: str = "auditor") -> None:
        super().__init__(visitor, email, shots)

    def tops(self, parts: str) -> int:
        """At how many heights some parts of the filter begin."""
        found = self.main.locator(f".cd-filter :is({parts})").evaluate_all(
            "all => all.map(one => Math.round(one.getBoundingClientRect().top))"
        )
        return len(set(found))

    def shows_whole(self, boxes: str) -> None:
        """On a phone, nothing of what is to be copied lies beyond the edge of its box."""
        self.page.set_viewport_size({"width": 360, "height": 900})
        for box in self.main.locator(boxes).all():
            assert box.evaluate("box => box.scrollWidth <= box.clientWidth"), box.inner_text()
        self.page.set_viewport_size({"width": 1280, "height": 900})

    def when_she_opens_the_record(self) -> None:
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name="Record", exact=True).click()
        expect(self.page.locator("h1")).to_have_text("Record")

    def when_she_asks_for(self, **filters: str) -> None:
        """Fill in the filter; a field that has choices is chosen from."""
        for label, wanted in filters.items():
            field = self.main.get_by_label(label.replace("_", " "), exact=True)
            if field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(label=wanted)
            else:
                field.fill(wanted)
        self.main.get_by_role("button", name="Show").click()

    def sentences(self) -> list[str]:
        """What the list says."""
        return self.main.locator("tbody th a").all_inner_texts()

    def when_she_opens(self, sentence: str) -> None:
        self.main.locator("tbody th").get_by_role("link", name=sentence).first.click()
        expect(self.page.locator("h1")).to_contain_text(sentence)

    def downloaded(self, link: str, folder: Path) -> Path:
        """Take a file along."""
        with self.page.expect_download() as coming:
            self.main.get_by_role("link", name=link, exact=True).click()
        path = folder / coming.value.suggested_filename
        coming.value.save_as(path)
        return path

    def verified(self, folder: Path, *asked: str) -> subprocess.CompletedProcess[str]:
        """What the verifier says at home."""
        return subprocess.run(
            [sys.executable, "verify.py", *asked], cwd=folder, capture_output=True, text=True, check=False
        )
