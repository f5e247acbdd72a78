"""Pictures of a plain folder: found where the text says, and put into the media of their module."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from urllib.parse import unquote

from courses.formats.media import media_fault
from courses.formats.model import MediaFile
from courses.formats.paths import slug

_PICTURE = re.compile(r"(!\[[^\]]*\]\()([^)\s]+)")


class Shelf:
    """The files of a plain folder; remembers which of them became media of which module."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.used: set[str] = set()
        self.placed: dict[str, dict[str, str]] = {}

    def settled(self, body: str, path: str, folder: str) -> str:
        """Point the pictures of a text to the media of its module; missing ones stay as written."""

        def replaced(found: re.Match[str]) -> str:
            target = self._place(found[2], path, folder)
            return found[1] + (target or found[2])

        return _PICTURE.sub(replaced, body)

    def _place(self, src: str, path: str, folder: str) -> str | None:
        source = self._find(unquote(src.partition("#")[0].partition("?")[0]), path)
        if source is None or media_fault(source, self.files[source]):
            return None
        self.used.add(source)
        placed = self.placed.setdefault(folder, {})
        if source not in placed:
            stem, _, ending = source.rpartition("/")[2].rpartition(".")
            name = f"media/{slug(stem) or 'picture'}.{ending.lower()}"
            if name in placed.values():
                name = f"media/{slug(stem) or 'picture'}-{len(placed) + 1}.{ending.lower()}"
            placed[source] = name
        return placed[source]

    def _find(self, src: str, path: str) -> str | None:
        """Find a picture beside its text, or counted from the top of the folder."""
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), src))
        tries = (beside, src.lstrip("/"))
        return next((name for name in tries if name in self.files), None)

    def media_of(self, folder: str) -> tuple[MediaFile, ...]:
        """Give the media that were placed in a module, by name."""
        placed = self.placed.get(folder, {})
        media = [MediaFile(f"{folder}/{name}", self.files[source]) for source, name in placed.items()]
        return tuple(sorted(media, key=lambda one: one.path))
