"""Units of work: who may write, who commits, and what happens after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, CursorResult, Executable, event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction
from sqlalchemy.orm.unitofwork import UOWTransaction

from lms.kernel.db import unit
from lms.kernel.db.columns import Base
from lms.kernel.db.unit import WriteWhileReading, is_reading

Values = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
_later: ContextVar[tuple[Callable[[], None], ...]] = ContextVar("db_later", default=())


class CadreSession(FlaskSession):
    """The toolkit's session of a unit of work: it joins the line on which everything else of that unit goes."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Connection:
        """Where a statement runs; an installation has one database, so nothing decides it but what is being done."""
        return connection_here()

    def begin_nested(self) -> SessionTransaction:
        """Set a savepoint at once: what goes over the line past the toolkit is undone with it as well."""
        savepoint = super().begin_nested()
        self.connection()
        return savepoint

    def commit(self) -> None:
        """End the unit of work and keep what it wrote."""
        if self.has_begun():
            super().commit()
        unit.keep()

    def rollback(self) -> None:
        """End the unit of work and leave nothing behind."""
        try:
            super().rollback()
        finally:
            unit.leave()

    def close(self) -> None:
        """Forget everything; what was not committed is left behind."""
        try:
            super().close()
        finally:
            unit.leave()

    def has_begun(self) -> bool:
        """Whether the toolkit has been asked for anything, or has something to write."""
        return self.in_transaction() or bool(self.new or self.dirty or self.deleted)


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": CadreSession, "expire_on_commit": False})


def run(statement: Executable, values: Values = None) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement written once, as a constant: for the busiest paths, as the ORM takes five times as long.

    Objects that wait in the session are not flushed before it.
    """
    if is_reading() and not statement.is_select:
        raise WriteWhileReading(str(statement)[:80])
    return connection_here().execute(statement, values)


def connection_here() -> Connection:
    """The connection of the present unit of work, which begins with it where it has not begun.

    Raises PendingRollbackError where the unit of work was undone by an error before.
    """
    line = unit.line_here()
    line.make_sure()
    return line.connection


@contextmanager
def reading() -> Iterator[None]:
    """Within: a unit of work that only reads; it is over at the end, so that nothing is ever written on its line."""
    try:
        with unit.marked(reads=True):
            yield
    finally:
        if not is_reading() and unit.only_reads():
            end_unit()


@contextmanager
def writing() -> Iterator[None]:
    """Within: a unit of work that may write; it holds the writer from its first statement on.

    What was only read before is over: whoever changes something looks at it as it is now.
    """
    if unit.only_reads():
        end_unit()
    with unit.marked(reads=False):
        yield


@contextmanager
def glance(*, goes_on: bool = False) -> Iterator[None]:
    """Within: a look at the database before the unit of work begins, so that nobody waits for the pen to read.

    `goes_on` where that unit of work only reads as well: it then goes on in the same transaction.
    """
    if is_begun():
        yield
        return
    try:
        with unit.marked(reads=True):
            yield
    except BaseException:
        goes_on = False
        raise
    finally:
        if not goes_on:
            end_unit()


@contextmanager
def transaction() -> Iterator[None]:
    """The unit of work of a command, a job step or a test: commits at its end, or leaves nothing behind."""
    with writing():
        try:
            yield
            keep_unit()
        except BaseException:
            end_unit()
            _later.set(())
            raise
        run_afterwards()


def afterwards(write: Callable[[], None]) -> None:
    """Have something written in a transaction of its own once the present one is over, whatever its outcome."""
    _later.set((*_later.get(), write))


def run_afterwards() -> None:
    """Carry out what was asked for `afterwards`; the request or transaction calls this once it is over."""
    later = _later.get()
    if not later:
        return
    _later.set(())
    with writing():
        try:
            for write in later:
                write()
            keep_unit()
        finally:
            end_unit()


def is_begun() -> bool:
    """Whether the present unit of work has read or written anything, or is about to."""
    return unit.has_line() or _is_toolkit_begun()


def _is_toolkit_begun() -> bool:
    if not db.session.registry.has():
        return False
    session: Any = db.session()
    return bool(session.has_begun())


def keep_unit() -> None:
    """End the present unit of work and keep what it wrote."""
    if db.session.registry.has():
        db.session.commit()
    else:
        unit.keep()


def end_unit() -> None:
    """End the present unit of work; what was not committed is left behind."""
    if db.session.registry.has():
        db.session.rollback()
    else:
        unit.leave()


@event.listens_for(CadreSession, "before_flush")
def _refuse_flush(session: Session, context: UOWTransaction, instances: Any) -> None:
    if is_reading():
        raise WriteWhileReading(f"{sorted({type(o).__name__ for o in (*session.new, *session.dirty)})}")


@event.listens_for(CadreSession, "do_orm_execute")
def _refuse_statement(state: ORMExecuteState) -> None:
    if is_reading() and not state.is_select:
        raise WriteWhileReading(str(state.statement)[:80])
