"""Statements from outside: kept as they came, stamped by us, and withdrawn by those who may (rows E2, E4, E5)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

import pytest
from flask import Flask

from lms.kernel.db import transaction
from lms.xapi.actions import inbound, road
from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Fact, Projector, Stamp
from lms.xapi.statements import account, extension, iri
from tests.factories import Make
from tests.rules.statement_corpus import ID, REFERENCE, full, least
from tests.xapi.conftest import Lrs, stored_rows

OTHER = "8c5b1f0e-2d43-4c58-9a3c-0d5f6f4f2b12"
VOIDED = {"id": "http://adlnet.gov/expapi/verbs/voided"}


def test_a_statement_is_given_back_as_it_came_with_what_the_store_adds(lrs: Lrs) -> None:
    sent = full()
    assert lrs.post(sent).json == [ID]
    found = lrs.get(statementId=ID).json
    related = found["context"].pop("contextActivities")
    assert related["parent"] == [sent["context"].pop("contextActivities")["parent"]]
    assert found["authority"]["account"]["name"].startswith("key:k-")
    assert found["stored"] == "2026-11-23T09:30:00.000Z"
    assert {key: value for key, value in found.items() if key not in {"authority", "stored"}} == sent


def test_the_sender_sets_neither_stored_nor_authority(lrs: Lrs) -> None:
    lrs.post(least(id=ID, stored="2020-01-01T00:00:00Z", authority={"mbox": "mailto:minister@gov.example"}))
    found = lrs.get(statementId=ID).json
    assert found["stored"].startswith("2026-11-23")
    assert "mbox" not in found["authority"]


@pytest.mark.parametrize(("spoken", "written"), [("2.0.0", "2.0.0"), ("1.0.3", "1.0.0")])
def test_what_the_sender_left_out_is_filled_in(lrs: Lrs, spoken: str, written: str) -> None:
    (made,) = lrs.post(least(), headers={"X-Experience-API-Version": spoken}).json
    found = lrs.get(statementId=made).json
    assert found["id"] == made
    assert found["timestamp"] == found["stored"]
    assert found["version"] == written


def test_a_batch_keeps_its_order(lrs: Lrs) -> None:
    sent = [least(result={"response": str(number)}) for number in range(20)]
    made = lrs.post(sent).json
    assert len(made) == 20
    assert lrs.ids(ascending="true") == made
    assert lrs.ids() == made[::-1]
    assert lrs.post([]).json == []


def test_E5_more_than_500_at_once_are_too_many(lrs: Lrs) -> None:
    answer = lrs.post([least()] * 501)
    assert answer.status_code == 413
    assert "at most 500" in answer.json["detail"]


def test_E5_a_body_beyond_the_limit_is_not_read(app: Flask, lrs: Lrs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)
    answer = lrs.post(least(result={"response": "x" * 1000}))
    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")
    assert lrs.post(least()).status_code == 200


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ({}, least()),
        ({"statementId": "x"}, least()),
        ({"statementId": ID, "foo": "1"}, least()),
        ({"statementId": ID}, [least()]),
        ({"statementId": ID}, least(id=OTHER)),
        ({"statementId": ID}, "text"),
        ({"statementId": ID}, None),
    ],
)
def test_a_put_is_for_one_statement_under_one_id(lrs: Lrs, query: dict[str, str], body: Any) -> None:
    answer = lrs.send("PUT", query_string=query, json=body)
    assert answer.status_code == 400
    assert stored_rows() == 0


def test_a_put_may_leave_the_id_out_or_write_it_in_capitals(lrs: Lrs) -> None:
    assert lrs.put(ID, least()).status_code == 204
    assert lrs.put(ID, least(id=ID.upper())).status_code == 204
    assert lrs.ids() == [ID]


@pytest.mark.parametrize("kind", ["text/plain", "multipart/mixed; boundary=x", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken(lrs: Lrs, kind: str) -> None:
    answer = lrs.send("POST", data=b"[]", content_type=kind)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


def test_an_attachment_needs_an_address(lrs: Lrs) -> None:
    sent = full()
    assert lrs.post(sent).status_code == 200
    del sent["attachments"][0]["fileUrl"]
    sent["id"] = OTHER
    answer = lrs.post([sent])
    assert answer.status_code == 400
    assert answer.json["errors"][0]["field"] == "/0/attachments/0"


def test_what_came_from_outside_is_a_fact_but_not_ours(lrs: Lrs, seen: list[tuple[str, Fact]]) -> None:
    lrs.post(least(actor=account("p-abc"), context={"registration": OTHER}))
    fact = seen[0][1]
    assert [name for name, _ in seen] == ["first", "second"]
    assert (fact.own, fact.person_id, fact.agency_id) == (False, None, None)
    assert str(fact.registration) == OTHER
    assert fact.object_iri == "https://gov.example/a"


def test_E2_what_a_client_claims_for_a_person_counts_nowhere(
    lrs: Lrs, rooms_above: tuple[Projector, ...], make: Make
) -> None:
    """The real rooms: a pass, a completion, an enrolment and a verified level that we did not see ourselves."""
    agency = make.agency("GOV", kind="government")
    amina = make.person(agency=agency)
    known = Stamp(account_name=amina.account_name, person_id=amina.id, agency_id=None)
    inbound.set_person_lookup(lambda names, on: {amina.account_name: known})
    road.set_projectors(rooms_above)
    course = {"id": iri("courses", "sec-201"), "definition": {"type": verbs.COURSE}}
    profile = {"id": iri("frameworks", "role-profile"), "definition": {"type": verbs.PROFILE}}
    claims = [(verb, course) for verb in (verbs.REGISTERED, verbs.PASSED, verbs.COMPLETED)]
    context = {
        "registration": OTHER,
        "revision": "1",
        "extensions": {
            extension("assurance"): "tested",
            extension("source"): "self",
            extension("levels"): {"3.1": 7},
            extension("verified-by"): "p-minister",
            extension("competences"): [{"code": "3.1", "level": 7}],
        },
    }
    for verb, thing in [*claims, (verbs.VERIFIED, profile)]:
        sent = least(actor=account(amina.account_name), verb={"id": verb}, object=thing, context=context)
        assert lrs.post({**sent, "result": {"success": True, "score": {"scaled": 1}}}).status_code == 200
    with transaction():
        assert [list(projector.contents()) for projector in rooms_above] == [[] for _ in rooms_above]
    assert stored_rows() == 4


def test_a_person_of_ours_is_recognised_by_the_account_on_the_day_of_the_deed(
    lrs: Lrs, seen: list[tuple[str, Fact]]
) -> None:
    asked: list[tuple[frozenset[str], date]] = []

    def lookup(names: Collection[str], on: date) -> Mapping[str, Stamp]:
        asked.append((frozenset(names), on))
        return {"p-abc": Stamp(account_name="p-abc", person_id=7, agency_id=on.year)} if "p-abc" in names else {}

    inbound.set_person_lookup(lookup)
    elsewhere = {"account": {"homePage": "https://other.example", "name": "p-abc"}}
    lrs.post(
        [
            least(actor=account("p-abc"), timestamp="2025-06-01T00:00:00Z"),
            least(actor=account("p-abc")),
            least(actor=account("p-nobody")),
            least(actor=elsewhere),
            least(),
        ]
    )
    facts = [fact for name, fact in seen if name == "first"]
    assert [(fact.person_id, fact.agency_id) for fact in facts] == [(7, 2025), (7, 2026), *[(None, None)] * 3]
    assert asked == [
        (frozenset({"p-abc"}), date(2025, 6, 1)),
        (frozenset({"p-abc", "p-nobody"}), date(2026, 11, 23)),
    ]


def test_E4_a_voided_statement_leaves_the_lists_and_stays_reachable(lrs: Lrs) -> None:
    lrs.post(least(id=ID))
    (voiding,) = lrs.post(least(object=REFERENCE, verb=VOIDED)).json
    assert lrs.ids() == [voiding]
    assert lrs.get(statementId=ID).status_code == 404
    assert lrs.get(voidedStatementId=ID).json["id"] == ID
    assert lrs.get(voidedStatementId=voiding).status_code == 404
    assert stored_rows() == 2


def test_E4_a_voiding_statement_cannot_be_voided_and_an_unknown_one_may_yet_come(lrs: Lrs) -> None:
    (voiding,) = lrs.post(least(object=REFERENCE, verb=VOIDED)).json
    again = lrs.post(least(object={"objectType": "StatementRef", "id": voiding}, verb=VOIDED))
    assert again.status_code == 400
    assert lrs.ids() == [voiding]


def test_E4_voiding_within_one_batch_works_in_order(lrs: Lrs) -> None:
    made = lrs.post([least(id=ID), least(object=REFERENCE, verb=VOIDED)]).json
    assert lrs.ids() == made[1:]


def test_E4_who_may_only_write_cannot_void(with_key: Callable[..., Lrs], lrs: Lrs) -> None:
    lrs.post(least(id=ID))
    writer = with_key("statements/write")
    answer = writer.post([least(), least(object=REFERENCE, verb=VOIDED)])
    assert answer.status_code == 403
    assert lrs.ids() == [ID]
