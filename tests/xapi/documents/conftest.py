"""Clients of the three document resources, in both versions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.xapi.conftest import Lrs

Query = dict[str, str]
ACTIVITY = "https://client.example/things/one"
REGISTRATION = "7c5b1f0e-2d43-4c58-9a3c-0d5f6f4f2b11"
AGENT = {"objectType": "Agent", "account": {"homePage": "https://client.example", "name": "someone"}}
MOUNTS = {"2.0.0": "/xapi", "1.0.3": "/xapi/1.0.3"}
RESOURCES: Mapping[str, tuple[str, Query]] = {
    "state": ("activities/state", {"activityId": ACTIVITY, "agent": json.dumps(AGENT), "stateId": "s-1"}),
    "activity": ("activities/profile", {"activityId": ACTIVITY, "profileId": "s-1"}),
    "agent": ("agents/profile", {"agent": json.dumps(AGENT), "profileId": "s-1"}),
}
ALL = [(kind, version) for kind in RESOURCES for version in MOUNTS]
PROFILES = [(kind, version) for kind, version in ALL if kind != "state"]


class Documents:
    """A client of one resource under one mount; a parameter that is None is left out."""

    def __init__(self, lrs: Lrs, kind: str, version: str) -> None:
        self.kind, self.version = kind, version
        self.resource, self.query = RESOURCES[kind]
        self._lrs = lrs
        self.named_by = "stateId" if kind == "state" else "profileId"

    def ask(
        self, method: str, path: str = "", /, headers: Mapping[str, str] | None = None, **query: Any
    ) -> TestResponse:
        return self.send(method, b"", None, headers, path or self.resource, **query)

    def send(
        self,
        method: str,
        content: Any,
        kind: str | None = "application/json",
        headers: Mapping[str, str] | None = None,
        path: str = "",
        /,
        **query: Any,
    ) -> TestResponse:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        asked = {name: value for name, value in (self.query | query).items() if value is not None}
        spoken = {"X-Experience-API-Version": self.version, **(headers or {})}
        address = f"{MOUNTS[self.version]}/{path or self.resource}"
        sent = {"data": body, "content_type": kind} if body or kind else {}
        return self._lrs.send(method, address, headers=spoken, query_string=asked, **sent)

    def make(self, content: Any, kind: str = "application/json", **query: Any) -> TestResponse:
        """Put a document where none is."""
        return self.send("PUT", content, kind, {"If-None-Match": "*"}, **query)

    def names(self, **query: Any) -> list[str]:
        answer = self.ask("GET", **{self.named_by: None}, **query)
        assert answer.status_code == 200, answer.text
        found: list[str] = answer.json
        return found


@pytest.fixture
def of(lrs: Lrs) -> Callable[[str, str], Documents]:
    """The client of a resource in a version."""
    return lambda kind, version="2.0.0": Documents(lrs, kind, version)


@pytest.fixture
def documents(lrs: Lrs, kind: str, version: str) -> Documents:
    """The client of the resource and version that a test is run for."""
    return Documents(lrs, kind, version)
