"""How a course's files may be shown: by an allow-list of endings, everything else only to be saved."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "vtt": "text/vtt",
}
SAVED = {"pdf": "application/pdf"}
# A drawing opened by itself may style itself, and nothing else.
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class Showing:
    """The content type of a file, and whether a browser may show it in place."""

    content_type: str
    inline: bool


def showing(path: str) -> Showing | None:
    """Say how a file may leave; None for files that are not media, such as lessons and answer keys."""
    ending = path.rpartition(".")[2].lower()
    if ending in SHOWN:
        return Showing(SHOWN[ending], True)
    return Showing(SAVED[ending], False) if ending in SAVED else None
