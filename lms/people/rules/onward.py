"""Where somebody may be sent after signing in: a path of this very site and nothing else (row A7)."""

from __future__ import annotations

import re

LONGEST = 2000
_PATH = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f\x7f-\x9f]*")


def same_origin_path(text: str | None) -> str | None:
    """The text where it is a path within the site; None for anything a browser might read as another origin."""
    if not text or len(text) > LONGEST or not _PATH.fullmatch(text):
        return None
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # half a character
        return None
    return text
