"""An HR officer who answers for the people of one ministry: figures, the people behind them, and the proof."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.journeys.signed_in import SignedIn
from tests.journeys.visitor import Visitor

NUMBERS = re.compile(r"n/a|[\d.,]+")


class Officer(SignedIn):
    """An HR officer at her browser; `seen` is the text of every page she has looked at."""

    def __init__(self, visitor: Visitor, email: str, shots: str = "hr") -> None:
        super().__init__(visitor, email, shots)
        self.seen = ""

    def looks(self, name: str) -> None:
        """Look closely at a page, and remember what it says."""
        super().looks(name)
        self.seen += self.page.content()

    def when_she_opens_coverage(self, **asked: str) -> None:
        self.page.goto("/coverage?" + "&".join(f"{name}={value}" for name, value in asked.items()))
        expect(self.page.locator("h1")).to_have_text("Coverage")

    def then_a_sentence_says_how_far_her_ministry_is(self) -> None:
        """A share, of how many, and since when it is so."""
        expect(self.main.locator(".cd-headline")).to_have_text(
            re.compile(r"^[\d.]+% of \d+ staff due for .* overdue.*\.$")
        )
        expect(self.main.locator(".cd-asat")).to_contain_text("As at ")
        expect(self.main.locator(".cd-headbar")).to_contain_text("Ministry of Finance")
        self.looks("coverage")

    def matrix(self) -> list[list[str]]:
        """The matrix as the page shows it: the agency's name, then every number of each cell in order."""
        rows = []
        for row in self.main.locator(".cd-matrix tbody tr").all():
            cells = row.locator("td").all_inner_texts()
            name = row.locator("th").inner_text().split("\n")[0].strip()
            rows.append([name, *(number for cell in cells for number in _figures(cell))])
        return rows

    def exported(self, link: str) -> list[list[str]]:
        """The same table as a file that one of the links gives, row by row as texts."""
        with self.page.expect_download() as coming:
            self.main.get_by_role("link", name=link, exact=True).click()
        content = Path(coming.value.path()).read_bytes()
        if coming.value.suggested_filename.endswith(".csv"):
            return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        sheet = load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]

    def when_she_opens_a_figure(self, agency: str, what: str) -> str:
        """Follow a cell of the matrix to its people; give its numbers."""
        row = self.main.locator(".cd-matrix tbody tr").filter(has=self.page.locator("th", has_text=agency)).first
        link = row.get_by_role("link", name=re.compile(f": {what}, ")).first
        text = link.inner_text()
        link.click()
        expect(self.page.locator("h1")).to_have_text(what)
        return text

    def then_as_many_people_hold_it(self, figure: str) -> None:
        """The tab of those who hold it counts as many as the figure said."""
        part = re.search(r"(\d+) of \d+", figure)
        assert part, figure
        held = 0
        for name in ("Holds it", "Expires soon"):
            tab = self.main.locator(".cd-tabs a", has_text=name)
            held += int(tab.locator(".cd-count").inner_text()) if tab.count() else 0
        assert held >= int(part[1]), (held, figure)

    def when_she_opens_somebody_who_holds_it(self) -> str:
        """From the list to a person; gives the name."""
        self.main.locator(".cd-tabs a", has_text="Holds it").click()
        self.looks("people")
        person = self.main.locator("tbody th a").first
        name = person.inner_text()
        person.click()
        expect(self.page.locator("h1")).to_have_text(name)
        self.looks("person")
        return name

    def when_she_asks_for_the_evidence(self) -> None:
        self.main.get_by_role("link", name=re.compile("^Evidence")).first.click()
        expect(self.main).to_contain_text("How it came about")
        self.looks("evidence")

    def then_each_statement_can_be_read(self) -> None:
        self.main.locator("a[href^='/statements/']").first.click()
        expect(self.main.locator(".cd-json")).to_contain_text('"verb"')
        self.looks("statement")

    def then_it_is_not_there(self, address: str) -> None:
        """An address beyond her ministry answers like one that does not exist."""
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status == 404, address
        self.seen += self.page.content()


def _figures(cell: str) -> list[str]:
    """The numbers of a cell: "71.4% 45 of 63 Due: 71.4%" holds four; a rate of nobody is empty in a file."""
    shown = [line for line in cell.split("\n") if not line.startswith(":")]
    return [number.replace(",", "").replace("n/a", "") for line in shown for number in NUMBERS.findall(line)]
