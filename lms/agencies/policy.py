"""Who may change the tree of agencies and see which part of it."""

from __future__ import annotations

from lms.agencies.rules import Tree
from lms.kernel.actor import Actor, Reach
from lms.kernel.errors import NotAllowed


def must_manage(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may open, move and close agencies."""
    if not actor.may("agencies.manage"):
        raise NotAllowed("Only an administrator changes agencies and posts: ask yours to do it.")


def visible(reach: Reach, tree: Tree) -> frozenset[int]:
    """The agencies that a permission reaches."""
    return frozenset(tree.rows) if reach.everywhere else tree.subtree(reach.agencies)
