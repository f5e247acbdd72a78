"""A trainer in the studio: she imports, reads the report, previews and publishes."""

from __future__ import annotations

from collections.abc import Mapping

from playwright.sync_api import Locator, Page, expect

from tests.journeys.coursework import MISTAKES, line_of, packed
from tests.journeys.visitor import Visitor

TRAINER = "trainer@valdora.example"


class Trainer:
    """A trainer at her browser."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page: Page = visitor.page

    @property
    def main(self) -> Locator:
        """What is hers on the page."""
        return self.page.get_by_role("main")

    def given_she_is_in_the_studio(self) -> None:
        self.visitor.sign_in(TRAINER)
        self.page.get_by_role("link", name="Studio").click()
        expect(self.page.locator("h1")).to_have_text("Studio")
        self.visitor.look("trainer-studio")

    def when_she_imports(self, files: Mapping[str, bytes], name: str, *, owner: str = "", top: str = "") -> None:
        """Send a folder as a ZIP file."""
        self.page.goto("/studio/import")
        sent = {"name": f"{name}.zip", "mimeType": "application/zip", "buffer": packed(files, top or f"{name}/")}
        self.page.get_by_label("Course as a ZIP file").set_input_files(files=[sent])  # type: ignore[list-item]
        if owner:
            self.page.get_by_label("Owner").select_option(owner)
        self.main.get_by_role("button", name="Import").click()

    def when_she_imports_nothing(self) -> None:
        self.page.goto("/studio/import")
        self.visitor.look("trainer-import")
        self.main.get_by_role("button", name="Import").click()

    def then_she_is_told_to_choose_a_file(self) -> None:
        expect(self.page.locator(".govuk-error-summary")).to_contain_text("Choose a ZIP file")
        self.visitor.look("trainer-import-empty")

    def then_the_report_names_each_mistake(self, files: Mapping[str, bytes]) -> None:
        """File, line, code, and what to do about it."""
        expect(self.page.locator("h1")).to_have_text("The course was not imported")
        problems = self.main.locator(".cd-problems > li")
        expect(problems).to_have_count(len(MISTAKES))
        for code, (path, beginning) in MISTAKES.items():
            problem = problems.filter(has_text=code)
            expect(problem).to_contain_text(f"{path}:{line_of(files, path, beginning)}")
            expect(problem.locator("p")).not_to_be_empty()
        self.visitor.look("trainer-report")

    def then_it_is_a_draft(self, title: str, number: int = 1) -> None:
        expect(self.page.locator("h1")).to_have_text(f"{title}, version {number}")
        expect(self.main).to_contain_text("as a draft")
        self.visitor.look(f"trainer-draft-{number}")

    def when_she_previews(self, step: str, shot: str) -> None:
        """Read a step as a learner will, and come back."""
        self.main.get_by_role("link", name=step).first.click()
        expect(self.page.locator("h1")).to_have_text(step)
        self.visitor.look(shot)

    def when_she_publishes(self, note: str = "") -> None:
        if note:
            self.page.get_by_label("What is new").fill(note)
        self.main.get_by_role("button", name="Publish", exact=True).click()
        expect(self.main).to_contain_text("The course is published")

    def then_its_versions_are(self, slug: str, expected: list[tuple[str, str]]) -> None:
        """Each version with its state, the newest first."""
        self.page.goto(f"/studio/courses/{slug}")
        rows = self.main.locator("tbody tr")
        expect(rows).to_have_count(len(expected))
        for row, (version, state) in zip(rows.all(), expected, strict=True):
            expect(row).to_contain_text(version)
            expect(row).to_contain_text(state)
        self.visitor.look("trainer-versions")
