"""What somebody is called where nobody knows a name: as short as it can be said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_LONGEST = 80


def called(agent: Mapping[str, Any]) -> str:
    """An agent's own name, else its account, address or page, else the names of a group's members."""
    account = agent.get("account") or {}
    found = agent.get("name") or account.get("name") or agent.get("mbox", "").removeprefix("mailto:")
    found = found or agent.get("openid") or agent.get("mbox_sha1sum")
    text = str(found or ", ".join(called(member) for member in agent.get("member", ())[:3]))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def meant(text: str) -> list[dict[str, Any]]:
    """The agents that somebody may mean who types a mail address or the address of a page."""
    if "://" in text:
        return [{"openid": text}]
    return [{"mbox": f"mailto:{text}"}] if "@" in text else []
