"""The two addresses of the record: /xapi/ speaks 2.0.0 and what the header says, /xapi/1.0.3/ the older line alone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from lms.web.guards import PUBLIC, allowed
from lms.xapi.rules.validate import Version

ROOT = "/xapi"
OLDER = "/1.0.3"
BENEATH, BENEATH_OLDER = f"{ROOT}/", f"{ROOT}{OLDER}/"


class Mount(Blueprint):
    """A blueprint every address of which stands under both mounts and answers the question before a request (CORS)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._asked: set[str] = set()

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Any = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        """Give a view its addresses."""
        for prefix in ("", OLDER):
            address = prefix + rule
            super().add_url_rule(address, endpoint, view_func, provide_automatic_options=False, **options)
            if address not in self._asked:
                self._asked.add(address)
                super().add_url_rule(
                    address, "preflight", preflight, provide_automatic_options=False, methods=["OPTIONS"]
                )


@allowed(PUBLIC, scope="public")
def preflight() -> ResponseReturnValue:
    """What another site's page may send; the headers that say so are on every answer of the record."""
    return Response(status=204)


def own_version(path: str) -> Version:
    """The version that a mount speaks when nobody says one."""
    return "1.0.3" if path.startswith(BENEATH_OLDER) else "2.0.0"
