"""Somebody with a browser who looks closely at each page: axe, width, title, console, and where requests go."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from tests.house.source import ROOT

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RUN = """() => axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']})
  .then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160)).slice(0, 3).join(' | ')))"""
# What lies beyond the edge of something that hides what overflows: the page itself is then not too wide.
CUT_OFF = """() => {
  const found = [];
  const shown = 'main :is(a, button, input, select, textarea, h1, h2, h3, p, li, td, label)';
  for (const e of document.querySelectorAll(shown)) {
    const box = e.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || e.closest('.govuk-visually-hidden')) continue;
    for (let around = e.parentElement; around && around !== document.body; around = around.parentElement) {
      const overflow = getComputedStyle(around).overflowX, edge = around.getBoundingClientRect();
      if (/auto|scroll/.test(overflow) || edge.width < 2) break;
      if (/hidden|clip/.test(overflow) && (box.right > edge.right + 1 || box.left < edge.left - 1)) {
        found.push(e.outerHTML.slice(0, 120));
        break;
      }
    }
  }
  return found;
}"""
EXPECTED = re.compile(r"status of (401|403|404|409|422|429|503)|ERR_INTERNET_DISCONNECTED|ERR_FAILED")
SHOTS = ROOT / "var" / "screenshots"
PASSWORD = "valdora-demo-2026"


class Visitor:
    """One person's browser."""

    def __init__(self, context: BrowserContext, origin: str, *, checks: bool) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self._origin = origin
        self._checks = checks
        self.complaints: list[str] = []
        self.titles: dict[str, str] = {}
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        self.page.on("request", self._sent)

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Sign in as somebody."""
        self.page.goto("/sign-in")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_load_state()

    def look(self, name: str) -> None:
        """Look at the present page: its title, its width, what axe says, and two screenshots."""
        page = self.page
        heading = page.locator("h1")
        assert heading.count() == 1, f"{name}: {heading.count()} h1"
        title, first = page.title(), " ".join(heading.inner_text().split())
        assert title.removeprefix("Error: ").startswith(first[:40]), f"{name}: title {title!r}, h1 {first!r}"
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            if self._checks:
                self._check(name, width)
            SHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})

    def _check(self, name: str, width: int) -> None:
        page = self.page
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} at {width}: {wide} px too wide"
        cut: list[str] = page.evaluate(CUT_OFF)
        assert cut == [], f"{name} at {width}: cut off: {cut[:3]}"
        if page.evaluate("typeof axe === 'undefined'"):
            page.evaluate(AXE)
        violations: list[Any] = page.evaluate(RUN)
        assert violations == [], f"{name} at {width}: {violations}"

    def leave(self) -> None:
        """Close the browser; anything it complained about is a fault."""
        self.context.close()
        assert self.complaints == []

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not EXPECTED.search(message.text):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _sent(self, request: Request) -> None:
        if not request.url.startswith((self._origin, "data:", "blob:")):
            self.complaints.append(f"request to {request.url}")
