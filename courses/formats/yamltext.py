"""YAML read as text: no scalar is guessed to be a number, a date or a truth value."""

from __future__ import annotations

from dataclasses import dataclass, field

from courses.formats.issues import Issue

LONGEST = 256_000


@dataclass(frozen=True)
class Scalar:
    """A text as written; `quoted` says that it stood in quotes or in a block."""

    text: str
    quoted: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Listing:
    """A list; `flow` says that it was written in brackets on one line."""

    items: tuple[Node, ...] = ()
    flow: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Table:
    """Keys and values in the order of the file; `flow` says that it was written in braces."""

    entries: tuple[tuple[Scalar, Node], ...] = ()
    flow: bool = False
    line: int = field(default=0, compare=False)

    def get(self, key: str) -> Node | None:
        """Find the value of a key."""
        return next((value for name, value in self.entries if name.text == key), None)


Node = Scalar | Listing | Table


class YamlRefused(Exception):
    """The text is not YAML that a course may use; carries line, code and plain words."""

    def __init__(self, line: int, code: str, message: str) -> None:
        super().__init__(message)
        self.line, self.code, self.message = line, code, message


def read_yaml(file: str, text: str, first_line: int = 1) -> tuple[Table | None, list[Issue]]:
    """Read one YAML mapping of texts, or say by line what is wrong with it."""
    offset = first_line - 1
    if len(text) > LONGEST:
        return None, [Issue(file, first_line, "FILE_TOO_LARGE", f"The settings are longer than {LONGEST} characters.")]
    from courses.formats.yamlbuilder import build  # by the first who reads YAML: a server can start without

    try:
        node = build(text, offset)
    except YamlRefused as fault:
        return None, [Issue(file, fault.line, fault.code, fault.message)]
    if not isinstance(node, Table):
        return None, [Issue(file, first_line, "NOT_A_MAPPING", "Write `key: value` lines here.")]
    return node, _repeated_keys(file, node)


def _repeated_keys(file: str, node: Node) -> list[Issue]:
    """Find keys that stand twice in the same mapping."""
    if isinstance(node, Scalar):
        return []
    if isinstance(node, Listing):
        return [issue for item in node.items for issue in _repeated_keys(file, item)]
    seen: set[str] = set()
    found: list[Issue] = []
    for key, value in node.entries:
        if key.text in seen:
            found.append(Issue(file, key.line, "DUPLICATE_KEY", f"The key `{key.text}` is written twice; keep one."))
        seen.add(key.text)
        found += _repeated_keys(file, value)
    return found
