"""Who acts: a person, an API client, the system itself, or nobody yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a permission carries: everywhere, the subtrees of some agencies, or one's own things."""

    everywhere: bool = False
    agencies: frozenset[int] = frozenset()
    own: bool = False

    def __or__(self, other: Reach) -> Reach:
        return Reach(self.everywhere or other.everywhere, self.agencies | other.agencies, self.own or other.own)


NOWHERE = Reach()
EVERYWHERE = Reach(everywhere=True)
OWN = Reach(own=True)
_NO_POWERS: Mapping[str, Reach] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Actor:
    """Everything a rule may ask about who acts; `powers` maps a permission to its reach."""

    kind: Literal["person", "client", "system", "anonymous"]
    name: str = ""
    person_id: int | None = None
    account_id: int | None = None
    account_name: str = ""
    language: str = "en"
    roles: frozenset[str] = frozenset()
    powers: Mapping[str, Reach] = field(default_factory=lambda: _NO_POWERS)

    @property
    def is_authenticated(self) -> bool:
        return self.kind != "anonymous"

    def may(self, permission: str) -> bool:
        """Whether the actor holds a permission at all, wherever it reaches."""
        return self.kind == "system" or permission in self.powers

    def reach(self, permission: str) -> Reach:
        """How far the actor's permission carries."""
        if self.kind == "system":
            return EVERYWHERE
        return self.powers.get(permission, NOWHERE)


ANONYMOUS = Actor("anonymous")
SYSTEM = Actor("system", name="Cadre")
