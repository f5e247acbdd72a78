"""Two ways to work a page: with a mouse, and with the keyboard alone."""

from __future__ import annotations

from typing import Protocol

from playwright.sync_api import Locator, Page

MOST_STOPS = 150
IS_FOCUSED = "element => element === document.activeElement"
# The focus is seen by an outline on the thing itself or on the card or label around it, and nothing lies over it.
FOCUS = """() => {
  const here = document.activeElement;
  const outlined = e => {
    const style = getComputedStyle(e);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  };
  const box = here.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
  const around = [];
  for (let e = here; e && e !== document.body; e = e.parentElement) around.push(e);
  return {
    what: here.outerHTML.slice(0, 120),
    seen: around.some(outlined),
    covered: !!top && !around.includes(top) && !here.contains(top) && !(here.closest('label, .cd-card')?.contains(top)),
  };
}"""


class Hands(Protocol):
    """What can be done to a page."""

    def press(self, target: Locator) -> None:
        """Press a button or follow a link."""

    def press_twice(self, target: Locator) -> None:
        """Press impatiently."""

    def write(self, target: Locator, text: str) -> None:
        """Write into a field."""

    def tick(self, target: Locator, *, wanted: bool = True) -> None:
        """Tick a box or choose a radio button, or clear a box."""

    def choose(self, target: Locator, index: int) -> None:
        """Choose an entry of a list."""


class Mouse:
    """A mouse, and a keyboard for writing."""

    def press(self, target: Locator) -> None:
        target.click()

    def press_twice(self, target: Locator) -> None:
        target.dblclick()

    def write(self, target: Locator, text: str) -> None:
        target.fill(text)

    def tick(self, target: Locator, *, wanted: bool = True) -> None:
        target.set_checked(wanted)

    def choose(self, target: Locator, index: int) -> None:
        target.select_option(index=index)


class Keyboard:
    """The keyboard alone; wherever it stops, one must see where one is (2.1.1, 2.4.7, 2.4.11)."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def press_twice(self, target: Locator) -> None:
        self.press(target)

    def write(self, target: Locator, text: str) -> None:
        self.reach(target)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def tick(self, target: Locator, *, wanted: bool = True) -> None:
        if target.is_checked() == wanted:
            return
        if target.get_attribute("type") == "checkbox":
            self.reach(target)
            self.page.keyboard.press("Space")
        else:
            self._step_to(target)
        assert target.is_checked() == wanted

    def choose(self, target: Locator, index: int) -> None:
        self.reach(target)
        self.page.keyboard.press("Home")
        for _ in range(index):
            self.page.keyboard.press("ArrowDown")
        assert target.evaluate("select => select.selectedIndex") == index

    def reach(self, target: Locator) -> None:
        """Go on with Tab until the target has the focus, past the navigation by the skip link."""
        target.wait_for()
        for _ in range(MOST_STOPS):
            if target.evaluate(IS_FOCUSED):
                return
            self.page.keyboard.press("Tab")
            self._see_the_focus()
        raise AssertionError(f"the keyboard does not reach {target}")

    def go_round(self) -> int:
        """Go through the whole page once and come out at the end; give the number of stops (2.1.2)."""
        self.page.evaluate("document.activeElement.blur()")
        for stops in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            if stops and self.page.evaluate("document.activeElement === document.body"):
                return stops
        raise AssertionError("the keyboard never comes to the end of the page")

    def _step_to(self, target: Locator) -> None:
        """Enter a group of radio buttons and go through it with the arrows."""
        group = self.page.locator(f"input[type=radio][name={target.get_attribute('name')}]")
        for _ in range(MOST_STOPS):
            if self.page.evaluate("document.activeElement.type === 'radio'"):
                break
            self.page.keyboard.press("Tab")
            self._see_the_focus()
        if target.evaluate(IS_FOCUSED):
            self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")

    def _see_the_focus(self) -> None:
        if self.page.evaluate("document.activeElement === document.body"):
            return
        found = self.page.evaluate(FOCUS)
        assert found["seen"], f"the focus cannot be seen on {found['what']}"
        assert not found["covered"], f"something covers {found['what']}"
