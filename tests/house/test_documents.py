"""Every setting and every command is documented."""

from __future__ import annotations

import re

import click

from lms.cli.commands import lms
from tests.house.source import ROOT


def commands(group: click.Group, path: str = "lms") -> list[str]:
    found = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += commands(command, f"{path} {name}")
        else:
            found.append(f"{path} {name}")
    return found


def test_every_setting_is_documented() -> None:
    source = (ROOT / "lms" / "settings.py").read_text("utf-8")
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    named = set(re.findall(r'"((?:LMS|DATABASE)_[A-Z_]+)"', source))
    assert len(named) > 10
    assert {name for name in named if f"`{name}`" not in text} == set()


def test_every_command_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert {command for command in commands(lms) if f"`{command}" not in text} == set()


def test_the_readme_names_every_room() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    rooms = [path.name for path in (ROOT / "lms").iterdir() if (path / "__init__.py").exists()]
    assert {room for room in rooms if f"lms.{room}" not in readme} == set()


def test_no_template_imports_what_it_does_not_use() -> None:
    unused = []
    for path in [p for package in ("lms", "courses", "assessments") for p in (ROOT / package).rglob("*.html")]:
        text = path.read_text("utf-8")
        for name in re.findall(r"\{%-?\s*import\s+\S+\s+as\s+(\w+)", text):
            if len(re.findall(rf"\b{name}\.", text)) == 0:
                unused.append(f"{path.relative_to(ROOT)}: {name}")
    assert unused == []


def test_no_template_carries_inline_style_or_script() -> None:
    guilty = []
    for path in [p for package in ("lms", "courses", "assessments") for p in (ROOT / package).rglob("*.html")]:
        if re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", path.read_text("utf-8")):
            guilty.append(str(path.relative_to(ROOT)))
    assert guilty == []
