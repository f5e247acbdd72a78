"""Journey 5: a trainer imports a course, mends it, publishes it, and publishes it anew while people learn with it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.conftest import Product
from tests.journeys.coursework import FIRST, SECOND, on_disk, small_course, with_three_mistakes
from tests.journeys.people import newcomer
from tests.journeys.trainer import Trainer
from tests.journeys.visitor import Visitor

Visitors = Callable[..., Visitor]
TITLE, SLUG = "Less paper at the counter", "pap-101"
LESSON = "The visitor with a telephone"


class Reader:
    """Somebody who takes the trainer's course."""

    def __init__(self, visitor: Visitor, email: str) -> None:
        self.visitor = visitor
        self.page = visitor.page
        visitor.sign_in(email)

    def when_she_starts(self, slug: str) -> None:
        self.page.goto(f"/courses/{slug}")
        self.page.get_by_role("main").get_by_role("button", name="Start", exact=True).click()
        expect(self.page).to_have_url(re.compile("/learn/"))

    def when_she_goes_on_with(self, slug: str) -> None:
        self.page.goto(f"/courses/{slug}")
        self.page.get_by_role("main").get_by_role("link", name="Continue").click()
        expect(self.page).to_have_url(re.compile("/learn/"))

    def then_the_lesson_says(self, words: str) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(words)


def test_a_trainer_mends_three_mistakes_and_publishes_two_versions(visitor: Visitors, product: Product) -> None:
    trainer = Trainer(visitor())
    trainer.given_she_is_in_the_studio()
    trainer.when_she_imports_nothing()
    trainer.then_she_is_told_to_choose_a_file()

    trainer.when_she_imports(with_three_mistakes(), "less-paper")
    trainer.then_the_report_names_each_mistake(with_three_mistakes())
    trainer.when_she_imports(small_course(), "less-paper")
    trainer.then_it_is_a_draft(TITLE)
    trainer.when_she_previews(LESSON, "trainer-preview-lesson")
    trainer.page.go_back()
    trainer.when_she_previews("Counter check", "trainer-preview-check")
    assert "Right. The case is found with it." not in trainer.main.inner_text(), "a preview tells no answers"
    trainer.page.go_back()
    trainer.when_she_publishes()
    trainer.visitor.look("trainer-published")

    first = Reader(visitor(), newcomer(product, "first.reader"))
    first.when_she_starts(SLUG)
    first.then_the_lesson_says(FIRST)

    trainer.when_she_imports(small_course(SECOND), "less-paper")
    trainer.then_it_is_a_draft(TITLE, 2)
    first.when_she_goes_on_with(SLUG)
    first.then_the_lesson_says(FIRST)
    trainer.when_she_publishes("Ask before you print.")

    first.when_she_goes_on_with(SLUG)
    first.then_the_lesson_says(FIRST)
    first.page.goto(f"/courses/{SLUG}")
    expect(first.page.get_by_role("main")).to_contain_text("You stay on the one you began")
    first.visitor.look("course-newer-version")
    second = Reader(visitor(), newcomer(product, "second.reader"))
    second.when_she_starts(SLUG)
    second.then_the_lesson_says(SECOND)
    trainer.then_its_versions_are(SLUG, [("Version 2", "Published"), ("Version 1", "Earlier version")])


def test_a_plain_folder_of_texts_becomes_a_course_that_is_read(
    visitor: Visitors, product: Product, shared_files: Path
) -> None:
    trainer = Trainer(visitor())
    trainer.given_she_is_in_the_studio()
    trainer.when_she_imports(on_disk(shared_files / "courses" / "security-101-en"), "security-101-en", owner="DIG-ACA")
    expect(trainer.main).to_contain_text("as a draft")
    expect(trainer.main).to_contain_text("Noted at the import")
    trainer.visitor.look("trainer-plain-draft")
    trainer.when_she_publishes()

    reader = Reader(visitor(), newcomer(product, "third.reader"))
    reader.page.get_by_role("link", name="Find", exact=True).click()
    reader.page.get_by_label("Search").fill("CIA triad")
    reader.page.get_by_role("main").get_by_role("button", name="Search").click()
    reader.page.get_by_role("main").locator(".cd-card__link").first.click()
    reader.visitor.look("plain-course")
    reader.page.get_by_role("main").get_by_role("button", name="Start", exact=True).click()
    reader.then_the_lesson_says("confidentiality")
    reader.visitor.look("plain-lesson")
    reader.page.get_by_role("main").get_by_role("button", name=re.compile("Finish and go on")).click()
    expect(reader.page.locator("h1")).to_contain_text("Common cybersecurity threats")


def test_a_file_that_is_no_archive_is_refused_with_its_reason(visitor: Visitors) -> None:
    trainer = Trainer(visitor())
    trainer.given_she_is_in_the_studio()
    trainer.page.goto("/studio/import")
    sent = {"name": "course.zip", "mimeType": "application/zip", "buffer": b"not an archive"}
    trainer.page.get_by_label("Course as a ZIP file").set_input_files(files=[sent])  # type: ignore[list-item]
    trainer.main.get_by_role("button", name="Import").click()
    expect(trainer.main).to_contain_text("NOT_A_ZIP")
    trainer.visitor.look("trainer-not-a-zip")


def test_the_folder_comes_back_byte_for_byte_as_it_came(visitor: Visitors) -> None:
    trainer = Trainer(visitor())
    trainer.given_she_is_in_the_studio()
    files = {path: text.replace(b"pap-101", b"pap-102") for path, text in small_course().items()}
    trainer.when_she_imports(files, "less-paper-again")
    with trainer.page.expect_download() as coming:
        trainer.main.get_by_role("link", name="Download as ZIP").click()
    with zipfile.ZipFile(io.BytesIO(Path(coming.value.path()).read_bytes())) as archive:
        back = {name: archive.read(name) for name in archive.namelist()}
    assert {name.removeprefix("pap-102/"): content for name, content in back.items()} == files
