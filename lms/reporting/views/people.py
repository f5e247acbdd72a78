"""Lists of the people behind a figure, and the page of one person; each look at them leaves a trace (rule J6)."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.reporting import actions, policy, queries
from lms.reporting.queries import STATUSES, People, PersonPage, Reacher, Standee, Wish
from lms.reporting.views import asking, tenses, wording
from lms.reporting.views.blueprint import ID, blueprint
from lms.web.guards import allowed, current_actor


@blueprint.get("/coverage/<agency>/<requirement>")
@allowed(policy.PEOPLE, scope="agency")
def cell(agency: str, requirement: str) -> ResponseReturnValue:
    """The people of a cell, by status."""
    actor, wish, status = current_actor(), asking.wish(), _status()
    found = queries.people_of_cell(actor, wish, agency, requirement, status, asking.part(sort="status"))
    where = f"{found.agency.code}/{requirement}"
    actions.note_look(actor=actor, subject=("cell", where), why="people of a cell", shown=_shown(found, status))
    return render_template(
        "reporting/cell.html", found=found, status=status, tabs=_tabs(found), **_frame(found, wish), **_order("status")
    )


@blueprint.get("/coverage/<agency>/role-fit")
@allowed(policy.PEOPLE, scope="agency")
def role_fit(agency: str) -> ResponseReturnValue:
    """The people of an agency whose roles have targets, and what they reach of them."""
    actor, wish = current_actor(), asking.wish()
    found = queries.people_of_fit(actor, wish, agency, asking.part(sort="met"))
    subject = ("cell", f"{found.agency.code}/role-fit")
    actions.note_look(actor=actor, subject=subject, why="people by role fit", shown=_shown(found))
    return render_template("reporting/role_fit.html", found=found, **_frame(found, wish), **_order("met"))


@blueprint.get(f"/people/<{ID}:person_id>")
@allowed(policy.PEOPLE, scope="agency")
def person(person_id: int) -> ResponseReturnValue:
    """One person on a day: posts, obligations, levels and what was attained."""
    actor, wish = current_actor(), asking.wish()
    found = queries.person(actor, person_id, wish.as_at, wish.known_on)
    actions.note_look(actor=actor, subject=("person", person_id), why="page of a person")
    return render_template(
        "reporting/person.html",
        found=found,
        initials=_initials(found),
        words=wording,
        days=asking.days(wish),
        may_see_evidence=actor.may(policy.EVIDENCE),
    )


def _status() -> str:
    asked = request.args.get("status", "")
    return asked if asked in STATUSES else ""


def _shown(found: People[Any], status: str = "") -> dict[str, Any]:
    return {"people": [row.card.id for row in found.rows], "status": status, "page": found.page}


def _tabs(found: People[Standee]) -> list[tuple[str, str, str]]:
    """Every status that somebody holds, with how many do."""
    counts = {name: getattr(found.cell, name) for name in STATUSES}
    return [(name, wording.status(name), wording.number(counts[name])) for name in STATUSES if counts[name]]


def _frame(found: People[Standee] | People[Reacher], wish: Wish) -> dict[str, Any]:
    """What both lists need: words, days, the way up, and whether they may be taken along."""
    up = [found.asked.tree.rows[id] for id in found.asked.tree.path(found.agency.id) if id in found.asked.seen]
    days = asking.days(wish)
    return {
        "words": wording,
        "tenses": tenses,
        "days": days,
        "as_at": wording.as_at(found.asked),
        "crumbs": [(row.name, url_for("reporting.coverage", agency=row.code, **days)) for row in up],
        "may_export": current_actor().may(policy.EXPORT),
    }


def _order(usual: str) -> dict[str, Any]:
    return {"sort": request.args.get("sort") or usual, "descending": request.args.get("desc") == "1"}


def _initials(found: PersonPage) -> str:
    names = found.name.split()
    return "".join(name[0] for name in (names[0], *names[1:][-1:])).upper() if names else ""
