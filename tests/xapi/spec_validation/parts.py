"""Section 2.4, the parts of a statement one by one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from lms.xapi.rules.validate.activities import LISTS, PARTS
from tests.xapi.spec_validation.cases import (
    ACCOUNT,
    ACTIVITY,
    ATTACHMENT,
    BOTH,
    ID,
    LEAST,
    LEFT_OUT,
    MAIL,
    NEITHER,
    ONLY_2,
    OPENID,
    REFERENCE,
    SHA1,
    TEAM,
    Case,
    at,
    good,
    right,
    within,
    wrong,
)

IDENTIFIERS: tuple[dict[str, Any], ...] = (MAIL, SHA1, OPENID, ACCOUNT)
BARE = at("context/platform", LEFT_OUT, at("context/revision", LEFT_OUT))  # may speak of anything


def _group(**more: Any) -> dict[str, Any]:
    return {"objectType": "Group", **more}


def agents() -> Iterator[Case]:
    """2.4.2.1: an agent is known by exactly one identifier, wherever it stands."""
    places = ("actor", "context/instructor", "context/team/member/0")
    for path in places:
        agents = [{**extra, **known} for known in IDENTIFIERS for extra in ({}, {"objectType": "Agent", "name": "A"})]
        yield from within(right("2.4.2.1 agents", path, agents))
        doubled = [one | other for one, other in combinations(IDENTIFIERS, 2)]
        yield from within(wrong("2.4.2.1 one identifier", path, [*doubled, {}, {"name": "A"}, {"objectType": "Agent"}]))
        pointer = f"/{path}/member"
        yield from within(wrong("2.4.2.1 agents", path, [{**MAIL, "member": [MAIL]}], pointer=pointer))
    yield from wrong("2.4.9 authority", "authority", [one | other for one, other in combinations(IDENTIFIERS, 2)])


def groups() -> Iterator[Case]:
    """2.4.2.2: an anonymous group lists its members, an identified one has one identifier; no group in a group."""
    for path in ("actor", "context/instructor", "context/team"):
        known = [_group(**known) for known in IDENTIFIERS]
        with_members = [{**group, "member": [MAIL, {"objectType": "Agent", **ACCOUNT}]} for group in known]
        named = [_group(name="G", member=[MAIL]), _group(member=[MAIL, SHA1])]
        yield from within(right("2.4.2.2 groups", path, [*known, *with_members, *named, {**known[0], "member": []}]))
        doubled = [_group(**(one | other)) for one, other in combinations(IDENTIFIERS, 2)]
        empty = [_group(), _group(name="G"), _group(member=[])]
        yield from within(wrong("2.4.2.2 groups", path, [*doubled, *empty]))
        for member, inner in ((_group(**MAIL), "/0/objectType"), ({}, "/0"), ("x", "/0"), (None, "/0")):
            pointer = f"/{path}/member{inner}"
            yield from within(wrong("2.4.2.2 members", path, [_group(member=[member])], pointer=pointer))
        yield from within(
            wrong(
                "2.4.2.2 members", path, [_group(member=bad) for bad in ({}, "x", 1, MAIL)], pointer=f"/{path}/member"
            )
        )


def known_by() -> Iterator[Case]:
    """2.4.2.3: the forms of the identifiers."""
    mails = ("mailto:a@gov.example", "mailto:a.b+c@x.gov.example", "mailto:é@gov.example", "mailto:a?b@gov.example")
    no_mails: tuple[Any, ...] = ("", "a@gov.example", "mailto:", "mailto:a", "mailto:a@", "mailto:@gov.example")
    no_mails += ("MAILTO:a@gov.example", "mailto:a@gov.example?subject=x", "mailto:a@b@c", "mailto:a b@gov.example")
    no_mails += (
        "http://gov.example",
        "mailto:should.fail.example",
        "mailto:a@gov.example,b@gov.example",
        " mailto:a@b.c",
    )
    hashes = ("0" * 40, "aBcDeF0123" * 4)
    no_hashes = ("", "0" * 39, "0" * 41, "g" * 40, "0" * 40 + "\n", "0" * 64)
    for path in ("actor", "context/instructor"):
        for name, fine, bad in (("mbox", mails, no_mails), ("mbox_sha1sum", hashes, no_hashes)):
            yield from within(right(f"2.4.2.3 {name}", path, [{name: value} for value in fine]))
            cases = wrong(f"2.4.2.3 {name}", path, [{name: value} for value in bad], pointer=f"/{path}/{name}")
            yield from within(cases)
    yield from within(right("2.4.2.4 account", "actor/account/name", ["", "é", "x" * 5000, "a b"]))
    yield from within(wrong("2.4.2.4 account", "actor/account/name", [{"x": 1}, 1, None]))


def verbs() -> Iterator[Case]:
    """2.4.3 and 2.3.2: verbs, and voiding."""
    yield from within(right("2.4.3 verb", "verb/display", [LEFT_OUT, {}]))
    yield from within(wrong("2.4.3 verb", "verb", [{}, {"display": {"en": "x"}}]))
    yield from within(wrong("2.4.3 verb", "verb/id", ["https://gov.example/" + "v" * 400]))
    voiding = at("verb/id", "http://adlnet.gov/expapi/verbs/voided", BARE)
    yield Case("2.3.2 voiding", "voids by reference", voiding | {"object": REFERENCE}, BOTH, "")
    for thing in (ACTIVITY, {"objectType": "Agent", **MAIL}, {"objectType": "SubStatement", **LEAST}):
        yield Case("2.3.2 voiding", f"voids {thing}", voiding | {"object": thing}, NEITHER, "/object/objectType")


def activities() -> Iterator[Case]:
    """2.4.4.1: activities and their definitions."""
    yield from within(right("2.4.4.1 activity", "object", [ACTIVITY, {"objectType": "Activity", **ACTIVITY}]))
    yield from within(right("2.4.4.1 definition", "object/definition", [LEFT_OUT, {}, {"type": "x:y"}]))
    choices = "object/definition/choices"
    yield from within(right("2.4.4.1 parts", choices, [[], [{"id": ""}], [{"id": "a"}, {"id": "A"}]]))
    yield from within(wrong("2.4.4.1 parts", choices, [[{"id": "a"}, {"id": "a"}]], pointer=f"/{choices}/1/id"))
    yield from within(wrong("2.4.4.1 parts", choices, [[{"id": "a", "name": 1}]], pointer=f"/{choices}/0/name"))
    yield from within(wrong("2.4.4.1 parts", choices, [[{}], [1], ["a"], [None], [[]]], pointer=f"/{choices}/0"))
    kinds = ("true-faLse", "choiCe", "fill-iN", "long-fiLl-in", "matchIng", "perfOrmance", "seqUencing", "liKert")
    yield from within(
        wrong("2.4.4.1 interactionType", "object/definition/interactionType", [*kinds, "nUmeric", "Other", "", "x:y"])
    )


def interactions() -> Iterator[Case]:
    """2.4.4.1: which lists of parts belong to which type of interaction."""
    for said, own in PARTS.items():
        for name in LISTS:
            definition = {"interactionType": said, name: [{"id": "a"}]}
            if name in own:
                yield from within(right("2.4.4.1 lists of parts", "object/definition", [definition]))
            else:
                pointer = f"/object/definition/{name}"
                yield from within(wrong("2.4.4.1 lists of parts", "object/definition", [definition], pointer=pointer))
        bare = {"interactionType": said, "correctResponsesPattern": ["x", ""]}
        yield from within(right("2.4.4.1 interactionType", "object/definition", [bare, {"interactionType": said}]))
    for name in ("correctResponsesPattern", *LISTS):
        yield from within(wrong("2.4.4.1 interactionType", "object/definition", [{name: []}]))


def objects() -> Iterator[Case]:
    """2.4.4.2 and 2.4.4.3: agents, groups, statements and sub-statements as objects."""
    agent, group = {"objectType": "Agent", **MAIL}, _group(**MAIL)
    yield from within(right("2.4.4.2 agents as objects", "object", [agent, group, TEAM, REFERENCE], base=BARE))
    yield from within(wrong("2.4.4.2 objectType is needed", "object", [MAIL], base=BARE, pointer="/object/mbox"))
    sub: dict[str, Any] = {"objectType": "SubStatement", **LEAST}
    yield from right("2.4.4.3 sub-statement", "object", [sub, {**sub, "result": {}, "context": {}}], base=BARE)
    for key, value in {"id": ID, "stored": "2026-11-23T09:30:00Z", "version": "1.0.3", "authority": MAIL}.items():
        pointer = f"/object/{key}"
        yield from wrong("2.4.4.3 sub-statement", "object", [{**sub, key: value}], base=BARE, pointer=pointer)
    deeper = {**sub, "object": sub}
    yield from wrong("2.4.4.3 sub-statement", "object", [deeper], base=BARE, pointer="/object/object/objectType")
    yield from wrong("2.4.4.3 StatementRef", "object", [{**REFERENCE, "x": 1}], base=BARE, pointer="/object/x")
    for word in ("revision", "platform"):
        for thing in (agent, group, REFERENCE):
            base = at(f"context/{word}", "1", BARE)
            yield from within(wrong(f"2.4.6 {word}", "object", [thing], base=base, pointer=f"/context/{word}"))
    yield from wrong(
        "2.4.6 platform", "object", [sub], base=at("context/platform", "1", BARE), pointer="/context/platform"
    )


def results() -> Iterator[Case]:
    """2.4.5: results and scores."""
    yield from within(right("2.4.5 result", "result", [{}, {"response": ""}, {"success": False}]))
    yield from within(
        right("2.4.5.1 scaled", "result/score", [{"scaled": n} for n in (-1, 1, 0, 1.0, -1.0, 0.6767676)])
    )
    off = [{"scaled": n} for n in (1.01, -1.01, 5, 1.0000001)]
    yield from within(wrong("2.4.5.1 scaled", "result/score", off, pointer="/result/score/scaled"))
    fine: list[Any] = [{}, {"raw": -5}, {"min": 0, "max": 0.5}, {"raw": 1, "min": 1}, {"raw": 2, "min": 1, "max": 2}]
    fine += [{"raw": 1e300}, {"max": -1, "raw": -1}, {"raw": 100.6767676, "max": 101}]
    yield from within(right("2.4.5.1 score", "result/score", fine))
    for score in ({"raw": 3, "max": 2}, {"raw": 0, "min": 1}, {"raw": 5, "min": 1, "max": 4}):
        yield from within(wrong("2.4.5.1 raw", "result/score", [score], pointer="/result/score/raw"))
    for score in ({"min": 2, "max": 1}, {"min": 1, "max": 1}):
        yield from within(wrong("2.4.5.1 min", "result/score", [score], pointer="/result/score/min"))


def contexts() -> Iterator[Case]:
    """2.4.6: contexts; context agents and groups came with 2.0.0 (4.2.2.5)."""
    yield from within(right("2.4.6 context", "context", [{}]))
    for name in ("parent", "grouping", "category", "other"):
        path = f"context/contextActivities/{name}"
        yield from within(right("2.4.6.2 contextActivities", path, [[], ACTIVITY, [ACTIVITY, ACTIVITY]]))
        yield from within(wrong("2.4.6.2 contextActivities", path, [{}, {"objectType": "Activity"}]))
        yield from within(wrong("2.4.6.2 contextActivities", path, [["x"], [{}], [None]], pointer=f"/{path}/0"))
        typed = wrong("2.4.6.2 contextActivities", path, [[{"objectType": "Agent", **MAIL}]])
        yield from within(Case(c.section, c.what, c.statement, c.accepted, f"/{path}/0/objectType") for c in typed)
    path = "context/contextActivities"
    yield from within(wrong("2.4.6.2 contextActivities", path, [{"sibling": []}], pointer=f"/{path}/sibling"))
    yield from within(
        wrong("2.4.6 team", "context/team", [{"objectType": "Group", **MAIL, "note": 1}], pointer="/context/team/note")
    )
    for name, word, inner, somebody in (
        ("contextAgents", "contextAgent", "agent", MAIL),
        ("contextGroups", "contextGroup", "group", TEAM),
    ):
        yield from within(_newer(name, word, inner, somebody))


def _newer(name: str, word: str, inner: str, somebody: dict[str, Any]) -> Iterator[Case]:
    path, section = f"context/{name}", f"4.2.2.5 {name} (2.0.0)"
    entry: dict[str, Any] = {"objectType": word, inner: somebody}
    many = [{**entry, "relevantTypes": ["x:y", "x:z"]}, entry]
    for fine in ([], [entry], many):
        yield Case(section, f"{fine}", at(path, fine), ONLY_2, f"/{path}")
    bad: dict[str, list[Any]] = {
        "": [{}, "x", 1, entry],
        "/0": [["x"], [None], [{"objectType": word}], [{inner: somebody}]],
        "/0/objectType": [[{**entry, "objectType": kind}] for kind in ("Agent", "Group", word.lower(), "")],
        "/0/relevantTypes": [[{**entry, "relevantTypes": types}] for types in ([], {}, "x:y", None)],
        "/0/relevantTypes/1": [[{**entry, "relevantTypes": ["x:y", kind]}] for kind in ("abc", 1, "")],
        "/0/note": [[{**entry, "note": 1}]],
    }
    for pointer, values in bad.items():
        for value in values:
            statement = at(path, value)
            yield Case(section, f"{value}", statement, NEITHER, f"/{path}{pointer}", older=f"/{path}")


def authorities() -> Iterator[Case]:
    """2.4.9: an agent, or two agents as an anonymous group."""
    two = [ACCOUNT, MAIL]
    yield from right("2.4.9 authority", "authority", [LEFT_OUT, MAIL, ACCOUNT, SHA1, OPENID, _group(member=two)])
    wrongly = [_group(member=[MAIL]), _group(member=[*two, SHA1]), _group(**MAIL), _group(member=[]), _group()]
    wrongly += [_group(**known, member=two) for known in IDENTIFIERS]
    yield from wrong("2.4.9 authority", "authority", [*wrongly, {}, {"name": "LRS"}])


def attachments() -> Iterator[Case]:
    """2.4.11: attachments."""
    yield from within(right("2.4.11 attachments", "attachments", [[], [ATTACHMENT, ATTACHMENT]]))
    for key in ("description", "fileUrl"):
        yield from within(right("2.4.11 attachments", f"attachments/0/{key}", [LEFT_OUT]))
    types: tuple[str, ...] = (
        "text/plain; charset=ascii",
        "application/octet-stream",
        "application/vnd.x+json",
        'text/x; a="b c"',
    )
    yield from within(right("2.4.11 contentType", "attachments/0/contentType", types))
    no_types = ("", "pdf", "application/", "/pdf", "a/b/c", "text/plain charset", "text/plain\n")
    yield from within(wrong("2.4.11 contentType", "attachments/0/contentType", no_types))
    yield from within(right("2.4.11 length", "attachments/0/length", [0, 2**40]))
    yield from within(wrong("2.4.11 length", "attachments/0/length", [-1, 1.5, "12"]))
    yield from within(right("2.4.11 sha2", "attachments/0/sha2", ["0" * n for n in (56, 64, 96, 128)] + ["A" * 64]))
    yield from within(wrong("2.4.11 sha2", "attachments/0/sha2", ["", "0" * 40, "0" * 63, "g" * 64, "0" * 64 + "\n"]))
    yield from within(wrong("2.4.11 attachments", "attachments", [good()["attachments"][0]]))
