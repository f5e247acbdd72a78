"""What every page of the house must be: well formed, titled after its heading, and without anything that could run."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
DRAWN = frozenset(("path", "circle", "rect", "line", "polyline", "polygon", "ellipse", "use", "stop"))
LIMITS = {"a": {"a", "button"}, "button": {"a", "button", "input"}, "form": {"form"}, "p": {"p", "div", "ul", "table"}}


class Reader(HTMLParser):
    """Reads a page and keeps what is wrong with it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.headings: list[str] = []
        self.title = ""
        self.language = ""
        self._open: list[str] = []
        self._ids: set[str] = set()
        self._named: set[str] = set()

    def handle_decl(self, decl: str) -> None:
        if decl.lower() != "doctype html":
            self.faults.append(f"declares itself {decl}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._look_at(tag, dict(attrs))
        if len({name for name, _ in attrs}) < len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        for outer in self._open:
            if tag in LIMITS.get(outer, ()):
                self.faults.append(f"<{tag}> within <{outer}>")
        if tag == "h1":
            self.headings.append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._look_at(tag, dict(attrs))
        if tag not in VOID and tag not in DRAWN:
            self.faults.append(f"<{tag}/> is not closed by its slash")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            self.faults.append(f"</{tag}>")
        elif not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes what it did not open, at line {self.getpos()[0]}")

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["title"] and "svg" not in self._open:
            self.title += data
        if "h1" in self._open:
            self.headings[-1] += data

    def close(self) -> None:
        super().close()
        if self._open:
            self.faults.append(f"left open: {self._open}")
        for name in sorted(self._named - self._ids):
            self.faults.append(f"names the id {name!r}, which is not there")

    def _look_at(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "html":
            self.language = attributes.get("lang") or ""
        if tag == "style" or (tag == "script" and not attributes.get("src")):
            self.faults.append(f"inline <{tag}>")
        if tag in ("img", "svg") and not {"alt", "aria-hidden", "aria-label", "aria-labelledby", "role"} & set(
            attributes
        ):
            self.faults.append(f"<{tag}> says nothing and is not hidden either")
        self._look_at_values(attributes)

    def _look_at_values(self, attributes: dict[str, str | None]) -> None:
        for name, value in attributes.items():
            if name == "style" or name.startswith("on"):
                self.faults.append(f"attribute {name}")
            elif name == "id":
                self.faults += [f"id {value!r} twice"] if value in self._ids else []
                self._ids.add(value or "")
            elif name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
                self._named |= set((value or "").split())
            elif name in ("href", "src", "action", "formaction") and is_elsewhere(value or ""):
                self.faults.append(f"{name} leads to {value}")


def is_elsewhere(address: str) -> bool:
    """Whether an address leaves the product or runs something."""
    return address.startswith("//") or address.partition(":")[0].lower() in ("http", "https", "javascript", "data")


def faults(page: str) -> list[str]:
    """What is wrong with a page; nothing for a good one."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    found = list(dict.fromkeys(reader.faults))
    if not page.lower().startswith("<!doctype html>"):
        found.append("no doctype at its beginning")
    if not reader.language:
        found.append("no lang")
    if len(reader.headings) != 1:
        return [*found, f"{len(reader.headings)} h1"]
    heading, title = (" ".join(text.split()) for text in (reader.headings[0], reader.title))
    if not heading or not title.removeprefix("Error: ").startswith(heading):
        found.append(f"title {title!r} does not begin with the heading {heading!r}")
    return found
