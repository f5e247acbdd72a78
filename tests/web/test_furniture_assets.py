"""The built files: each is what the manifest says, and the sources keep to the rules of the look."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from flask import Flask

from lms.web.assets import MANIFEST, UnknownAsset, asset, fingerprints

ROOT = Path(__file__).parents[2]
STYLES = sorted((ROOT / "frontend" / "src" / "cadre").glob("*.scss"))
TEMPLATES = ROOT / "lms" / "web" / "templates" / "web"
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:(?:margin|padding|border)-)?(?:left|right|top|bottom)\s*:|"
    r"(?:text-align|float):\s*(?:left|right))"
)


def test_every_built_file_is_in_the_manifest_with_its_own_fingerprint() -> None:
    files = [path for path in MANIFEST.parent.rglob("*") if path.is_file()]
    built = {path.relative_to(MANIFEST.parent).as_posix(): path for path in files}
    built.pop(MANIFEST.name)
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for name, path in built.items()} == fingerprints()


def test_an_asset_address_carries_its_fingerprint() -> None:
    app = Flask(__name__, static_url_path="/static")
    with app.test_request_context():
        assert asset("app.css") == f"/static/dist/app.css?v={fingerprints()['app.css']}"
        with pytest.raises(UnknownAsset, match=r"“app.scss” is not among the built files .*npm run build"):
            asset("app.scss")


def test_a_font_in_the_style_sheet_has_the_address_that_pages_preload() -> None:
    for name in ("app.css", "app.rtl.css"):
        fonts = re.findall(r"url\((fonts/[^?)]+)\?v=(\w+)\)", (MANIFEST.parent / name).read_text(encoding="utf-8"))
        assert fonts and all(fingerprints()[font] == mark for font, mark in fonts)


def test_the_style_sheet_asks_nobody_else_for_anything() -> None:
    for name in ("app.css", "app.rtl.css"):
        assert not re.search(r"url\([\"']?(?:https?:)?//", (MANIFEST.parent / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_our_styles_follow_the_reading_direction(path: Path) -> None:
    assert PHYSICAL.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_templates_hold_no_inline_style_and_no_inline_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son\w+=\"|<script(?![^>]*\bsrc=)|<style", text)


def test_the_lock_file_names_no_place_to_fetch_from() -> None:
    packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert all("integrity" in package for name, package in packages.items() if name)
