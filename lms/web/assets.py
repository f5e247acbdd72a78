"""Addresses of the built style sheets, script and fonts, each with the fingerprint of its content."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path

from flask import has_request_context, request, url_for

MANIFEST = Path(__file__).parent / "static" / "dist" / "manifest.json"


class UnknownAsset(LookupError):
    """A page asks for a file that the front-end build does not make."""


@cache
def fingerprints() -> dict[str, str]:
    """Return the fingerprint of every built file, as the build wrote it; read once per process."""
    return {str(name): str(mark) for name, mark in json.loads(MANIFEST.read_text(encoding="utf-8")).items()}


def asset(name: str) -> str:
    """Return the address of a built file; it changes when the content does, so it may be cached for a year."""
    mark = fingerprints().get(name)
    if mark is None:
        known = ", ".join(fingerprints())
        raise UnknownAsset(f"“{name}” is not among the built files ({known}). Run `npm run build` in frontend/.")
    return _address(name, mark, request.script_root if has_request_context() else "")


@lru_cache(maxsize=100)
def _address(name: str, mark: str, beneath: str) -> str:
    """The address of a file under the path that the product is served at."""
    return url_for("static", filename=f"dist/{name}", v=mark)
