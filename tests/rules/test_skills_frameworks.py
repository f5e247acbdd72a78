"""The frameworks and role targets that ship, against the notes they were written from where those are at hand."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from lms.skills.rules import BANDS, band_of, levels_in

ROOT = Path(__file__).parents[2]
FRAMEWORKS = ROOT / "lms" / "skills" / "frameworks"
NOTES = ROOT.parent / "shared" / "domain" / "SPEC.md"


def shipped(name: str) -> dict[str, Any]:
    """Read a file that ships."""
    found: dict[str, Any] = json.loads((FRAMEWORKS / f"{name}.json").read_text(encoding="utf-8"))
    return found


DIGCOMP, SUPPLEMENT, TARGETS = (shipped(name) for name in ("digcomp-3.0", "cadre-supplement-1.0", "role-targets"))


def competences(framework: dict[str, Any]) -> dict[str, str]:
    """The titles of a framework's competences by code."""
    return {c["code"]: c["title"] for area in framework["areas"] for c in area["competences"]}


def table_rows() -> list[list[str]]:
    """The table rows of the notes' first section."""
    if not NOTES.exists():
        assert "CI" not in os.environ, f"{NOTES} is missing: nothing may be left out here."
        pytest.skip("The notes on frameworks are not at hand: codes, titles and targets not compared.")
    section = NOTES.read_text(encoding="utf-8").split("\n# 2. ")[0]
    return [[c.strip() for c in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")]


def test_codes_and_titles_are_those_of_the_framework() -> None:
    rows = table_rows()
    titles = {row[0]: row[1] for row in rows if re.fullmatch(r"[1-5]\.\d", row[0]) and len(row) == 3}
    areas = {row[0].strip("*"): row[1].strip("*") for row in rows if re.fullmatch(r"\*\*\d\*\*", row[0])}
    assert competences(DIGCOMP) == titles
    assert {area["code"]: area["title"] for area in DIGCOMP["areas"]} == areas
    assert (len(areas), len(titles)) == (5, 21)


def test_the_supplement_describes_each_band() -> None:
    rows = {row[0]: row[1:] for row in table_rows() if re.fullmatch(r"(CH|DG)\d", row[0]) and len(row) == 6}
    ours = {
        c["code"]: [c["title"], *(c["bands"][band] for band in BANDS)]
        for area in SUPPLEMENT["areas"]
        for c in area["competences"]
    }
    assert ours == rows
    assert len(ours) == 9


def test_role_targets_are_those_of_the_notes() -> None:
    rows = [row for row in table_rows() if len(row) == 8]
    families = next(row[1:] for row in rows if row[1] == "FL")
    noted = {
        family: {row[0]: int(row[column]) for row in rows if row[column].isdigit()}
        for column, family in enumerate(families, start=1)
    }
    assert {family["code"]: family["targets"] for family in TARGETS["families"]} == noted


def test_every_target_names_a_competence_that_ships_at_a_level_of_the_scale() -> None:
    known = set(competences(DIGCOMP)) | set(competences(SUPPLEMENT))
    assert len(TARGETS["families"]) == 7
    for family in TARGETS["families"]:
        assert set(family["targets"]) == known and len(known) == 30
        assert all(1 <= level <= 8 for level in family["targets"].values())


@pytest.mark.parametrize("framework", [DIGCOMP, SUPPLEMENT], ids=["digcomp", "supplement"])
def test_frameworks_carry_credit_licence_version_and_levels(framework: dict[str, Any]) -> None:
    assert framework["licence"] == "CC-BY-4.0" and framework["credit"]
    assert framework["framework_version"] and framework["errata_date"] is None
    assert [(n["level"], n["band"]) for n in framework["levels"]] == [(n, band_of(n)) for n in range(1, 9)]
    assert {band["code"]: tuple(band["levels"]) for band in framework["bands"]} == {b: levels_in(b) for b in BANDS}


def test_the_credit_line_is_the_one_the_licence_asks_for() -> None:
    credit = "Based on DigComp 3.0 (Cosgrove & Cachia, 2025), © European Union, CC BY 4.0; adapted."
    assert DIGCOMP["credit"] == credit
    assert "Not endorsed" in DIGCOMP["changes"]
