"""The one way in which Cadre writes YAML: one line a value, quotes only where they are needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache

from courses.formats.yamltext import Listing, Node, Scalar, Table

_TEXT_TAG = "tag:yaml.org,2002:str"
_STARTS_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=<~]|[-?:](?=[^\s,\[\]{}:\-?#])")
_FLOW_PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9 _./+-]*[A-Za-z0-9_./+-])?")
_NEEDS_ESCAPE = re.compile('[^\t\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029\ufeff"\\\\\t]')
_CORE_NUMBER = re.compile(r"[-+]?(0o[0-7]+|0x[0-9a-fA-F]+|[0-9_.]+([eE][-+]?[0-9]+)?)")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def text_node(text: str, *, flow: bool = False) -> Scalar:
    """Make the node of a text, quoted where a YAML reader would take it for something else."""
    return Scalar(text, quoted=not _is_plain(text, flow=flow))


def number_node(number: int) -> Scalar:
    """Make the node of a whole number."""
    return Scalar(str(number))


def texts_node(texts: Iterable[str]) -> Listing:
    """Make the one-line list of short texts."""
    return Listing(tuple(text_node(text, flow=True) for text in texts), flow=True)


def _is_plain(text: str, *, flow: bool) -> bool:
    if not text or text != text.strip() or _NEEDS_ESCAPE.search(text):
        return False
    if flow and not _FLOW_PLAIN.fullmatch(text):
        return False
    if not _STARTS_PLAIN.match(text) or ": " in text or " #" in text or text.endswith(":"):
        return False
    if "\xa0" in text or _CORE_NUMBER.fullmatch(text):
        return False
    return _tag()(text) == _TEXT_TAG


@cache
def _tag() -> Callable[[str], object]:
    """What a YAML reader takes a plain text for."""
    from yaml.nodes import ScalarNode  # by the first who writes YAML: a server can start without
    from yaml.resolver import Resolver

    resolve: Callable[[type[ScalarNode], str, tuple[bool, bool]], object] = Resolver().resolve
    return lambda text: resolve(ScalarNode, text, (True, False))


def _quoted(text: str) -> str:
    return '"' + _NEEDS_ESCAPE.sub(lambda found: _escape(found.group()), text) + '"'


def _escape(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def entry_lines(key: str, node: Node) -> list[str]:
    """Write one key with its value, without line ends."""
    name = _scalar(text_node(key))
    if isinstance(node, Scalar) or _on_one_line(node):
        value = _inline(node)
        return [f"{name}: {value}" if value else f"{name}:"]
    return [f"{name}:", *("  " + line for line in _block_lines(node))]


def write_yaml(entries: Iterable[tuple[str, Node]]) -> str:
    """Write keys and values in the order given, one line end after each line."""
    return "".join(line + "\n" for key, node in entries for line in entry_lines(key, node))


def _on_one_line(node: Listing | Table) -> bool:
    return node.flow or not (node.items if isinstance(node, Listing) else node.entries)


def _block_lines(node: Node) -> list[str]:
    if isinstance(node, Scalar) or _on_one_line(node):
        return [_inline(node)]
    if isinstance(node, Table):
        return [line for key, value in node.entries for line in entry_lines(key.text, value)]
    return [line for item in node.items for line in _dashed(_block_lines(item))]


def _dashed(lines: list[str]) -> list[str]:
    first = f"- {lines[0]}" if lines[0] else "-"
    return [first, *("  " + line for line in lines[1:])]


def _inline(node: Node) -> str:
    if isinstance(node, Scalar):
        return _scalar(node)
    if isinstance(node, Listing):
        return "[" + ", ".join(_inline(item) for item in node.items) + "]"
    pairs = (f"{_scalar(text_node(key.text, flow=True))}: {_inline(value)}" for key, value in node.entries)
    return "{" + ", ".join(pairs) + "}"


def _scalar(node: Scalar) -> str:
    return _quoted(node.text) if node.quoted or "\n" in node.text else node.text
