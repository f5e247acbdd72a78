"""The government of the walks, for faults that happen to it."""

from tests.house.conftest import founded, world
from tests.trust.sealed import sealed

__all__ = ["founded", "sealed", "world"]
