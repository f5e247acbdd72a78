"""Media of a module: which kinds may ship, and what stands beside each file."""

from __future__ import annotations

import re
from collections.abc import Mapping

from courses.formats.fields import Fields
from courses.formats.frontmatter import changed_yaml, decode
from courses.formats.issues import Issue
from courses.formats.model import MediaFile
from courses.formats.steps import extra_entries
from courses.formats.yamltext import Node, read_yaml
from courses.formats.yamlwriter import text_node, write_yaml

SIDECAR = ".yaml"
LARGEST_MEDIA = 20_000_000
PICTURES = ("png", "jpg", "jpeg", "gif", "webp", "svg")
_MAGIC: dict[str, tuple[int, tuple[bytes, ...]]] = {
    "png": (0, (b"\x89PNG\r\n\x1a\n",)),
    "jpg": (0, (b"\xff\xd8\xff",)),
    "jpeg": (0, (b"\xff\xd8\xff",)),
    "gif": (0, (b"GIF87a", b"GIF89a")),
    "webp": (8, (b"WEBP",)),
    "pdf": (0, (b"%PDF-",)),
    "mp4": (4, (b"ftyp",)),
    "webm": (0, (b"\x1a\x45\xdf\xa3",)),
    "mp3": (0, (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    "ogg": (0, (b"OggS",)),
    "vtt": (0, (b"WEBVTT", b"\xef\xbb\xbfWEBVTT")),
}
_ACTIVE_SVG = re.compile(
    rb"<(?:[\w.-]+:)?(?:script|foreignobject|iframe|embed|object|handler|listener|set|animate\w*)\b|<!(?:doctype|entity)"
    rb"|\son[a-z]+\s*=|(?:href|src)\s*=\s*[\"']?\s*(?![#\"'\s>])"
    rb"|url\(\s*[\"']?\s*(?![#\"'\s])|@import|<\?xml-stylesheet",
    re.IGNORECASE,
)


def media_fault(path: str, content: bytes) -> tuple[str, str] | None:
    """Say why a media file may not ship, as code and plain words; None when it may."""
    ending = path.rpartition(".")[2].lower()
    if len(content) > LARGEST_MEDIA:
        return "FILE_TOO_LARGE", f"The file is larger than {LARGEST_MEDIA // 1_000_000} MB; make it smaller."
    if ending == "svg":
        return _svg_fault(content)
    if ending not in _MAGIC:
        kinds = ", ".join(("svg", *_MAGIC))
        return "MEDIA_TYPE", f"Files of the kind .{ending[:12]} cannot be media of a course; use one of: {kinds}."
    at, marks = _MAGIC[ending]
    if not any(content[at:].startswith(mark) for mark in marks):
        return "MEDIA_TYPE", f"The file is called .{ending} but its content is not; save it in that format."
    return None


def _svg_fault(content: bytes) -> tuple[str, str] | None:
    """Refuse a drawing that could run or load something, or hides its letters in another encoding."""
    try:
        text = content.decode("utf-8").lstrip("\ufeff \t\r\n")
    except UnicodeDecodeError:
        return "MEDIA_TYPE", "The drawing is not UTF-8; save it as plain SVG in UTF-8."
    if "\0" in text or not re.match(r"<\?xml\s|<!--|<svg[\s>]", text) or "<svg" not in text:
        return "MEDIA_TYPE", "The file is called .svg but its content is not; save it as plain SVG."
    if _ACTIVE_SVG.search(content):
        return "SVG_ACTIVE", "The drawing has scripts, animation, links or outside references; save it as plain SVG."
    return None


def read_media(path: str, files: Mapping[str, bytes]) -> tuple[MediaFile, list[Issue]]:
    """Read a media file and the description beside it."""
    content = files[path]
    fault = media_fault(path, content)
    issues = [Issue(path, 0, *fault)] if fault else []
    beside = path + SIDECAR
    if beside not in files:
        message = f"Nothing says what the file shows; add {beside.rpartition('/')[2]} with alt, credit and licence."
        return MediaFile(path, content), [*issues, Issue(path, 0, "MEDIA_UNDESCRIBED", message, "warning")]
    text, faults = decode(beside, files[beside])
    issues += faults
    if text is None:
        return MediaFile(path, content), issues
    media, faults = _described(path, content, text)
    return media, issues + faults


def _described(path: str, content: bytes, text: str) -> tuple[MediaFile, list[Issue]]:
    table, issues = read_yaml(path + SIDECAR, text)
    if table is None:
        return MediaFile(path, content, head=text), issues
    fields = Fields(path + SIDECAR, table, issues, what="media description")
    is_picture = path.rpartition(".")[2].lower() in PICTURES
    alt = fields.text("alt")
    if is_picture and not alt:
        fields.found(fields.line_of("alt"), "ALT_MISSING", "Say in `alt` what the picture shows.")
    licence = fields.text("licence", "warning")
    return MediaFile(path, content, alt, fields.text("credit"), licence, fields.extras(), text), issues


def _entries(media: MediaFile) -> list[tuple[str, Node]]:
    entries: list[tuple[str, Node]] = [
        (key, text_node(value)) for key in ("alt", "credit", "licence") if (value := getattr(media, key))
    ]
    return entries + extra_entries(media.extras)


def write_media(media: MediaFile) -> dict[str, bytes]:
    """Write a media file and, where there is something to say, the description beside it."""
    after = _entries(media)
    text = write_yaml(after)
    if media.head:
        before = _entries(_described(media.path, media.content, media.head)[0])
        text = changed_yaml(media.head, before, after)
    written = {media.path: media.content}
    if text:
        written[media.path + SIDECAR] = text.encode("utf-8")
    return written
