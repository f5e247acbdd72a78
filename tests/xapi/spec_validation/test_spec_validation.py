"""Each requirement on statements by its section: what is let in, what is refused, and where the finger points."""

from __future__ import annotations

import json
from collections import defaultdict

import pytest

from lms.kernel.errors import Malformed
from lms.xapi.rules.validate import Version, validate
from tests.xapi.spec_validation import forms, parts
from tests.xapi.spec_validation.cases import VERSIONS, Case

FAMILIES = (
    *(forms.formed, forms.needed, forms.enumerated, forms.identifiers, forms.languages, forms.times, forms.versions),
    *(forms.ids, parts.agents, parts.groups, parts.known_by, parts.verbs, parts.activities, parts.interactions),
    *(parts.objects, parts.results, parts.contexts, parts.authorities, parts.attachments),
)


def by_section() -> dict[str, list[Case]]:
    """Every case under its section."""
    found: dict[str, list[Case]] = defaultdict(list)
    for family in FAMILIES:
        for case in family():
            found[case.section].append(case)
    return found


SECTIONS = by_section()


def verdict(case: Case, version: Version) -> str:
    """Where the statement is wrong; nothing where it is let in."""
    try:
        validate(case.statement, version=version)
    except Malformed as refusal:
        assert len(refusal.errors) == 1
        ((pointer, sentence),) = refusal.errors.items()
        assert sentence.endswith(".") and len(sentence) < 300
        return pointer
    return ""


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_E6_section(section: str, version: Version) -> None:
    cases = SECTIONS[section]
    found = {case.what: verdict(case, version) for case in cases}
    assert found == {case.what: case.expected(version) for case in cases}


def test_the_sections_are_covered_by_many_different_cases() -> None:
    cases = [case for cases in SECTIONS.values() for case in cases]
    assert len({json.dumps(case.statement, sort_keys=True) for case in cases}) > 1500
    assert len(SECTIONS) > 40
