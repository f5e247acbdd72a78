"""What readers of the record may ask, the seal on further pages, identity of agents, sameness of statements."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.kernel.errors import Malformed
from lms.xapi.policy import powers
from lms.xapi.rules import more, parameters
from lms.xapi.rules.agents import identifier, is_own_authority
from lms.xapi.rules.iris import account, account_of_ours, own_authority
from lms.xapi.rules.parameters import Filters, One
from lms.xapi.rules.sameness import lists_everywhere, same
from tests.conftest import NOW
from tests.rules.statement_corpus import ID, full, least

EVERYTHING = Filters(
    agent='{"mbox":"mailto:a@gov.example"}',
    verb="http://adlnet.gov/expapi/verbs/passed",
    activity="https://gov.example/a",
    registration=UUID(ID),
    since=datetime(2026, 1, 1, tzinfo=UTC),
    until=datetime(2026, 2, 1, 1, 2, 3, 4, tzinfo=UTC),
    limit=7,
    ascending=True,
)


def read(**sent: str) -> One | Filters:
    return parameters.read({name: [value] for name, value in sent.items()}, "2.0.0")


def test_everything_that_may_be_asked_is_understood() -> None:
    asked = read(
        agent='{"objectType": "Agent", "name": "A", "mbox": "mailto:a@gov.example"}',
        verb="http://adlnet.gov/expapi/verbs/passed",
        activity="https://gov.example/a",
        registration=ID,
        since="2026-01-01T00:00:00Z",
        until="2026-02-01T02:02:03.000004 01:00",
        limit="7",
        ascending="true",
        related_agents="false",
        attachments="false",
        format="exact",
    )
    assert asked == EVERYTHING
    assert read(statementId=ID) == One(UUID(ID), voided=False)
    assert read(voidedStatementId=ID, format="exact") == One(UUID(ID), voided=True)
    assert read(limit="0") == Filters(limit=500)


@pytest.mark.parametrize(
    "sent",
    [
        {"foo": "1"},
        {"StatementId": ID},
        {"statementId": "x"},
        {"statementId": ID, "voidedStatementId": ID},
        {"statementId": ID, "limit": "1"},
        {"agent": "{"},
        {"agent": "[]"},
        {"agent": "{}"},
        {"agent": '{"mbox":"mailto:a@b.example","mbox":"mailto:c@b.example"}'},
        {"verb": "passed"},
        {"activity": "a b"},
        {"activity": "https://gov.example/\x00"},
        {"registration": "1"},
        {"since": "yesterday"},
        {"until": "2026-01-01T00:00:00-00:00"},
        {"limit": "-1"},
        {"limit": "1.0"},
        {"limit": "٣"},
        {"limit": "9" * 400},
        {"ascending": "True"},
        {"related_activities": "1"},
        {"related_agents": "yes"},
        {"attachments": "yes"},
        {"format": "IDs"},
        {"format": "pretty"},
    ],
)
def test_what_cannot_be_asked_is_refused(sent: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        read(**sent)


def test_a_parameter_given_twice_is_refused() -> None:
    with pytest.raises(Malformed, match="2 times"):
        parameters.read({"limit": ["1", "2"]}, "2.0.0")


def test_E9_a_further_page_opens_for_its_reader_only() -> None:
    token = more.seal(EVERYTHING, reader="key:a", secret="s", now=NOW)
    assert more.unseal(token, reader="key:a", secret="s", now=NOW) == EVERYTHING
    for reader, secret in (("key:b", "s"), ("key:a", "t"), ("key:as", "")):
        with pytest.raises(Malformed):
            more.unseal(token, reader=reader, secret=secret, now=NOW)


def test_a_further_page_can_be_had_for_a_day() -> None:
    token = more.seal(EVERYTHING, reader="key:a", secret="s", now=NOW)
    assert more.unseal(token, reader="key:a", secret="s", now=NOW + timedelta(hours=24)) == EVERYTHING
    with pytest.raises(Malformed, match="24 hours"):
        more.unseal(token, reader="key:a", secret="s", now=NOW + timedelta(hours=24, seconds=1))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_E9_a_forged_page_address_is_refused(token: str) -> None:
    with pytest.raises(Malformed):
        more.unseal(token, reader="key:a", secret="s", now=NOW)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 200), st.characters(codec="ascii"))
def test_E9_a_page_address_that_was_changed_is_refused(place: int, letter: str) -> None:
    token = more.seal(EVERYTHING, reader="key:a", secret="s", now=NOW)
    changed = token[: place % len(token)] + letter + token[place % len(token) + 1 :]
    if changed != token:
        with pytest.raises(Malformed):
            more.unseal(changed, reader="key:a", secret="s", now=NOW)


def test_an_agent_is_known_by_its_identifier_alone() -> None:
    one = identifier({"name": "A", "account": {"name": "x", "homePage": "https://g"}})
    assert one == identifier({"objectType": "Agent", "account": {"homePage": "https://g", "name": "x"}})
    assert one != identifier({"account": {"homePage": "https://g", "name": "y"}})
    assert len(identifier({"openid": "https://g/" + "x" * 2000})) < 100


def test_an_anonymous_group_is_known_by_its_members_in_any_order() -> None:
    a, b = {"mbox": "mailto:a@g"}, {"mbox": "mailto:b@g"}
    assert identifier({"member": [a, b]}) == identifier({"objectType": "Group", "member": [b, a]})
    assert identifier({"member": [a]}) != identifier(a)


def test_only_our_own_authority_is_ours() -> None:
    assert is_own_authority(identifier(own_authority()))
    assert not is_own_authority(identifier(account("key:cadre")))
    assert not is_own_authority(identifier({"mbox": "mailto:cadre@gov.example"}))


def test_an_account_of_ours_is_told_from_others() -> None:
    assert account_of_ours(account("p-1")) == "p-1"
    assert account_of_ours({"mbox": "mailto:a@gov.example"}) is None
    assert account_of_ours({"account": {"homePage": "https://other.example", "name": "p-1"}}) is None


def kept(statement: dict[str, Any]) -> dict[str, Any]:
    stored = {"stored": "2026-11-23T09:30:00.000Z", "authority": account("key:a"), "version": "1.0.0"}
    return lists_everywhere({"timestamp": "2026-11-23T09:30:00.000Z", **statement, **stored, "id": ID})


def test_E3_what_the_store_sets_makes_no_difference() -> None:
    assert same(kept(full()), full())
    assert same(kept(least()), least())
    assert same(kept(least()), kept(least()))


def test_E3_the_same_moment_in_another_zone_is_the_same() -> None:
    assert same(kept(least(timestamp="2026-11-23T09:30:00Z")), least(timestamp="2026-11-23T10:30:00+01:00"))


@pytest.mark.parametrize(
    "other",
    [
        {"result": {}},
        {"timestamp": "2026-11-23T09:30:01Z"},
        {"object": {"id": "https://gov.example/b"}},
        {"actor": {"mbox": "mailto:b@gov.example"}},
    ],
)
def test_E3_anything_else_does(other: dict[str, Any]) -> None:
    assert not same(kept(least()), least(**other))


def test_single_related_activities_become_lists() -> None:
    statement = full()
    statement["object"] = {**least(), "objectType": "SubStatement", "context": statement["context"]}
    arrays = lists_everywhere(statement)
    expected = {"parent": [{"id": "https://gov.example/c"}], "category": [{"id": "https://gov.example/k"}]}
    assert arrays["context"]["contextActivities"] == expected
    assert arrays["object"]["context"]["contextActivities"] == expected
    assert statement["context"]["contextActivities"]["parent"] == {"id": "https://gov.example/c"}


def test_scopes_add_up_and_unknown_ones_give_nothing() -> None:
    assert powers(["statements/read/mine"])["statements.read"].own
    assert powers(["statements/read/mine", "all/read"])["statements.read"].everywhere
    assert powers(["everything"]) == {}
    assert set(powers(["state"])) == {"state.read", "state.write"}
    assert "statements.void" not in powers(["statements/write", "statements/read"])
