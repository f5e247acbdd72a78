"""The factory: the only module that knows every room; wires projectors, step kinds and page slots."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import courses.views
import lms.home.views
import lms.people.views
import lms.privacy.views
import lms.reporting.views
import lms.requirements.views
import lms.skills.views
import lms.xapi.views
import lms.xapi.views.records
from assessments import views as assessment_views
from assessments.jobs import SUBMIT_OVERDUE, hand_in_overdue
from assessments.kinds import QuizKind
from courses import kinds as step_kinds
from courses.actions.projection import CourseProjector
from courses.queries import published_structures
from lms import settings as settings_module
from lms.agencies.queries import places as agencies_within
from lms.kernel import mail
from lms.kernel.audit import AUDIT
from lms.kernel.db.opening import open_database
from lms.kernel.db.requests import CommittingFlask
from lms.kernel.jobs import Job, Step
from lms.kernel.sealing.jobs import SEAL, sealer
from lms.people.actions import purge_tries
from lms.people.queries import names_of, people_called, stamps_by_account
from lms.privacy.jobs import RETAIN, let_go
from lms.requirements.actions.projection import RequirementProjector
from lms.settings import Settings
from lms.skills.actions.projection import SkillProjector
from lms.skills.queries import recognised
from lms.web import errors, furniture, guards, headers, sessions, slots
from lms.web.front import FrontedFlask
from lms.xapi import statements as xapi_statements
from lms.xapi.actions import inbound, road
from lms.xapi.queries import browsing
from lms.xapi.queries.proofs import STATEMENTS
from lms.xapi.views.alternate import AlternateSyntax
from lms.xapi.views.short_road import ShortRoad

TIDY = "tidy"
LOGS = (STATEMENTS, AUDIT)
ROOMS = (
    lms.people.views,
    lms.skills.views,
    lms.requirements.views,
    courses.views,
    assessment_views,
    lms.reporting.views,
    lms.home.views,
    lms.privacy.views,
    lms.xapi.views,
    lms.xapi.views.records,
)


class House(CommittingFlask, FrontedFlask):
    """The application: it commits once a request, and has something before it."""


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application; raises Undeclared when a view says nothing about who may use it."""
    chosen = settings or settings_module.read()
    app = House("lms", static_folder=None)
    _configure(app, chosen)
    open_database(app, chosen)
    _furnish(app, chosen)
    _wire(app, chosen)
    app.put_before(ShortRoad(app, headers.always(chosen)))
    app.put_before(AlternateSyntax(app.front, largest=app.config["MAX_CONTENT_LENGTH"]))
    for room in ROOMS:
        app.register_blueprint(room.blueprint)
    guards.guard(app, {"": lms.people.views.load_actor, "xapi": lms.xapi.views.load_actor})
    return app


def _configure(app: House, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.upload_megabytes * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,  # the gate asks for it, of every request that may change something
        BABEL_DEFAULT_LOCALE="en",
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.extensions["cadre.settings"] = settings
    ours = (*settings.hosts, urlsplit(settings.base_url).hostname or "", "127.0.0.1", "localhost")
    app.extensions["cadre.hosts"] = ours  # looked at by the gate; TRUSTED_HOSTS would spell out each for every request
    if settings.proxies:  # otherwise every reader would seem to come from the proxy, and share its sign-in limit
        app.put_before(ProxyFix(app.front, x_for=settings.proxies, x_proto=settings.proxies))
    app.session_interface = sessions.KeptSessions(settings)


def _furnish(app: House, settings: Settings) -> None:
    """Page furniture: language, forms, headers, error pages and what templates may use."""
    Babel(app, locale_selector=lambda: guards.current_actor().language)
    csrf = CSRFProtect(app)
    csrf.exempt(lms.xapi.views.blueprint)
    headers.install(app, settings)
    errors.install(app)
    furniture.install(app)


def _wire(app: Flask, settings: Settings) -> None:
    """The order of the projectors is the order in which numbers follow from statements."""
    xapi_statements.set_base(settings.iri_base)
    road.set_projectors(
        (
            CourseProjector(),
            SkillProjector(),
            RequirementProjector(),
        )
    )
    inbound.set_person_lookup(stamps_by_account)
    browsing.set_directory(names_of, people_called)
    browsing.set_government(agencies_within)
    recognised.set_course_lookup(_known_courses)
    step_kinds.register(QuizKind())
    slots.fill(app, "course_why", lms.requirements.views.course_why)
    slots.fill(app, "person_actions", assessment_views.extra_time_link)
    slots.fill(app, "person_actions", lms.privacy.views.person_link)


def _known_courses() -> dict[str, recognised.KnownCourse]:
    """What an activity elsewhere may be recognised as, told to the room that stands beneath the courses."""
    return {
        slug: recognised.KnownCourse(course.title, course.valid_months)
        for slug, course in published_structures().items()
    }


def job_steps(app: Flask) -> dict[str, Step]:
    """What each kind of job does, one step at a time."""
    chosen: Settings = app.extensions["cadre.settings"]

    def tidy(job: Job) -> bool:
        sessions.purge()
        purge_tries(timedelta(minutes=chosen.sign_in_window_minutes))
        return False

    return {
        mail.SEND: mail.sender(chosen),
        TIDY: tidy,
        SUBMIT_OVERDUE: hand_in_overdue,
        SEAL: sealer(LOGS),
        RETAIN: let_go,
    }
