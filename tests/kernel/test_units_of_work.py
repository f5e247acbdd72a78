"""Who commits and when: one commit a successful request, nothing left of the others, and writers in a queue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest
from flask import Flask, abort
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, func, inspect, select
from sqlalchemy.exc import OperationalError

from lms.kernel import audit, clock
from lms.kernel.actor import SYSTEM
from lms.kernel.audit import AuditEvent
from lms.kernel.db import afterwards, db, glance, reading, transaction
from lms.kernel.db.engine import WriterQueue
from lms.kernel.db.requests import CommittingFlask
from lms.kernel.db.unit import WriteWhileReading
from lms.kernel.errors import Busy, Conflict
from tests.together import meanwhile, together, wait_until


def write(action: str = "deed") -> None:
    audit.note(actor=SYSTEM, action=action, subject=("test", 1))
    db.session.flush()


def deeds() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


@pytest.fixture
def visit(app: Flask) -> Iterator[Callable[..., int]]:
    """Send a request to a view of one's own, in an application over the same database."""
    engines = db.engines
    small = CommittingFlask("small")
    small.config["SQLALCHEMY_DATABASE_URI"] = app.config["SQLALCHEMY_DATABASE_URI"]
    small.config["SQLALCHEMY_ENGINE_OPTIONS"] = {}
    db.init_app(small)
    with small.app_context():
        db.engines[None] = engines[None]  # the very same engine, with its habits

    def send(method: str, view: Callable[[], ResponseReturnValue], **config: Any) -> int:
        small.view_functions["view"] = view
        small.testing = config.get("testing", False)
        small.config["PROPAGATE_EXCEPTIONS"] = config.get("testing", False)
        return small.test_client().open("/", method=method).status_code

    small.add_url_rule("/", "view", lambda: "", methods=["GET", "POST"])
    small.register_error_handler(Conflict, lambda error: (error.detail, 409))
    small.register_error_handler(Busy, lambda error: ("busy", 503))
    yield send


def wrote(answer: ResponseReturnValue) -> Callable[[], ResponseReturnValue]:
    def view() -> ResponseReturnValue:
        write()
        return answer

    return view


@pytest.mark.parametrize(
    ("answer", "kept"),
    [("done", 1), (("made", 201), 1), (("", 303), 1), (("again", 422), 0), (("no", 400), 0), (("broken", 500), 0)],
)
def test_a_successful_unsafe_request_commits_once_and_any_other_leaves_nothing(
    visit: Callable[..., int], answer: ResponseReturnValue, kept: int
) -> None:
    visit("POST", wrote(answer))
    assert len(deeds()) == kept


@pytest.mark.parametrize("trouble", [RuntimeError("x"), Conflict("moved on")])
def test_an_error_in_a_view_leaves_nothing(visit: Callable[..., int], trouble: Exception) -> None:
    def view() -> ResponseReturnValue:
        write()
        raise trouble

    assert visit("POST", view) in {409, 500}
    assert deeds() == []


def test_an_aborted_request_leaves_nothing(visit: Callable[..., int]) -> None:
    def view() -> ResponseReturnValue:
        write()
        abort(403)

    assert visit("POST", view) == 403
    assert deeds() == []


def test_A5_a_get_that_writes_raises_and_changes_nothing(visit: Callable[..., int]) -> None:
    with pytest.raises(WriteWhileReading):
        visit("GET", wrote("done"), testing=True)
    assert deeds() == []


def test_A5_a_get_that_writes_past_the_session_objects_raises_too(visit: Callable[..., int]) -> None:
    def view() -> ResponseReturnValue:
        db.session.execute(AuditEvent.__table__.delete())
        return "done"

    with pytest.raises(WriteWhileReading):
        visit("GET", view, testing=True)


def test_what_is_meant_for_afterwards_is_written_whatever_became_of_the_request(visit: Callable[..., int]) -> None:
    def view() -> ResponseReturnValue:
        afterwards(lambda: write("counted"))
        write()
        return "no", 422

    assert visit("POST", view) == 422
    assert deeds() == ["counted"]


def test_a_get_may_have_something_written_afterwards(visit: Callable[..., int]) -> None:
    def view() -> ResponseReturnValue:
        afterwards(lambda: write("seen"))
        return "page"

    assert visit("GET", view) == 200
    assert deeds() == ["seen"]


def test_D12_a_database_that_is_locked_answers_busy(visit: Callable[..., int]) -> None:
    def view() -> ResponseReturnValue:
        raise OperationalError("insert", {}, Exception("database is locked"))

    assert visit("POST", view) == 503


def test_a_transaction_that_fails_writes_nothing_afterwards_either(app: Flask) -> None:
    with pytest.raises(RuntimeError), transaction():
        afterwards(lambda: write("counted"))
        write()
        raise RuntimeError
    assert deeds() == []


def test_reading_refuses_writing_and_ends_where_it_ends(app: Flask) -> None:
    with reading():
        assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == 0
        with pytest.raises(WriteWhileReading):
            write()
    db.session.rollback()
    with transaction():
        write()
    assert deeds() == ["deed"]


def test_writers_go_in_the_order_they_came() -> None:
    queue = WriterQueue(patience=5)
    order: list[int] = []

    def writer(number: int) -> None:
        queue.enter()
        order.append(number)
        queue.leave()

    def waiting(many: int) -> bool:
        return len(queue._waiting) == many

    queue.enter()
    with ExitStack() as writers:
        for number in range(8):
            writers.enter_context(meanwhile(partial(writer, number)))
            wait_until(partial(waiting, number + 1))
        queue.leave()
    assert order == list(range(8))
    queue.enter()  # it is free again
    queue.leave()


def test_a_writer_who_waits_in_vain_gives_up_and_leaves_the_queue() -> None:
    queue = WriterQueue(patience=0.01)
    queue.enter()
    with pytest.raises(Busy):
        queue.enter()
    queue.leave()
    queue.enter()
    queue.leave()


def test_many_writers_at_once_all_succeed(app: Flask) -> None:
    def writer() -> None:
        for _ in range(5):
            with transaction():
                write()

    together(*[writer] * 6, app=app)
    assert len(deeds()) == 30


def test_what_is_written_after_reading_is_one_transaction_all_the_same(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        with reading():
            assert list(db.session.scalars(select(AuditEvent.action))) == []
        write("first")
        write("second")
        raise ZeroDivisionError
    assert deeds() == []
    with transaction():
        with reading():
            assert list(db.session.scalars(select(AuditEvent.action))) == []
        write("first")
    assert deeds() == ["first"]


def test_a_transaction_of_one_s_own_is_one_even_while_reading(app: Flask) -> None:
    with reading():
        assert list(db.session.scalars(select(AuditEvent.action))) == []
        with pytest.raises(ZeroDivisionError), db.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE half_a_migration (id INTEGER)")
            raise ZeroDivisionError
        assert not inspect(db.engine).has_table("half_a_migration")


def test_a_statement_past_the_session_is_refused_while_reading_too(app: Flask) -> None:
    with reading(), pytest.raises(WriteWhileReading):
        db.session.connection().execute(delete(AuditEvent))


def test_a_glance_loses_nothing_that_waits_to_be_written(app: Flask) -> None:
    with transaction():
        named = {"actor": "system", "action": "deed", "subject_kind": "test", "subject_id": "1", "why": ""}
        db.session.add(AuditEvent(at=clock.now(), **named))
        with glance():
            assert db.session.scalar(select(func.count(AuditEvent.id))) == 1
    assert deeds() == ["deed"]
