"""Units of work: who may write, who commits, and what happens after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import current_app, g
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, CursorResult, Engine, Executable, event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction
from sqlalchemy.orm.unitofwork import UOWTransaction

from lms.kernel.db.columns import Base
from lms.kernel.db.line import Line

Values = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
_LINE = "line of the unit of work"
_CONNECTION = "connection of the unit of work"
_READER = "cadre_reader"
_ENGINE = "cadre.engine"
_reading: ContextVar[bool] = ContextVar("db_reading", default=False)
_later: ContextVar[tuple[Callable[[], None], ...]] = ContextVar("db_later", default=())


class WriteWhileReading(RuntimeError):
    """A safe request tried to change a row: a GET changes nothing (house rule)."""


class CadreSession(FlaskSession):
    """The session of a unit of work; one that only reads goes over a line of its own, without a transaction's frame."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        """Where a statement runs; an installation has one database, so nothing decides it but what is being done."""
        if _reading.get() and not self.in_transaction():
            return _reader().connection
        return _engine()

    def commit(self) -> None:
        """End the unit of work and keep what it wrote."""
        super().commit()
        _end_reading()

    def rollback(self) -> None:
        """End the unit of work and leave nothing behind."""
        super().rollback()
        _end_reading()

    def close(self) -> None:
        """Forget everything; what was not committed is left behind."""
        super().close()
        _end_reading()


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": CadreSession, "expire_on_commit": False})


def run(statement: Executable, values: Values = None) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement written once, as a constant: for the busiest paths, as the ORM takes five times as long.

    Objects that wait in the session are not flushed before it.
    """
    if _reading.get() and not statement.is_select:
        raise WriteWhileReading(str(statement)[:80])
    return connection_here().execute(statement, values)


def connection_here() -> Connection:
    """The connection of the present unit of work, which begins with it where it has not begun."""
    begun = _begun()
    if begun is not None:
        return begun
    return _reader().connection if _reading.get() else db.session.connection()


def line_here() -> Line:
    """The same, as thin as it gets."""
    line: Line | None = g.get(_READER) if _reading.get() else None
    if line is not None:
        return line
    begun = _begun()
    if begun is None and _reading.get():
        return _reader()
    session = db.session()
    line = session.info.get(_LINE)
    if line is None:
        line = session.info[_LINE] = Line.of(begun or session.connection())
    return line


def is_reading() -> bool:
    """Whether the present unit of work may only read."""
    return _reading.get()


@contextmanager
def reading() -> Iterator[None]:
    """Within: a unit of work that only reads; it is over at the end, so that nothing is ever written on its line."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)
        if not _reading.get() and _READER in g:
            end_unit()


@contextmanager
def writing() -> Iterator[None]:
    """Within: a unit of work that may write; it holds the writer from its first statement on.

    What was only read before is over: whoever changes something looks at it as it is now.
    """
    if _READER in g:
        end_unit()
    token = _reading.set(False)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def glance(*, goes_on: bool = False) -> Iterator[None]:
    """Within: a look at the database before the unit of work begins, so that nobody waits for the pen to read.

    `goes_on` where that unit of work only reads as well: it then goes on in the same transaction.
    """
    if is_begun():
        yield
        return
    token = _reading.set(True)
    try:
        yield
    except BaseException:
        goes_on = False
        raise
    finally:
        _reading.reset(token)
        if not goes_on:
            end_unit()


@contextmanager
def transaction() -> Iterator[None]:
    """The unit of work of a command, a job step or a test: commits at its end, or leaves nothing behind."""
    with writing():
        try:
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
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
            db.session.commit()
        finally:
            db.session.rollback()


def is_begun() -> bool:
    """Whether the present unit of work has read or written anything, or is about to."""
    if _READER in g:
        return True
    if not db.session.registry.has():
        return False
    session = db.session()
    return _CONNECTION in session.info or bool(session.new or session.dirty or session.deleted)


def end_unit() -> None:
    """End the present unit of work; what was not committed is left behind."""
    if db.session.registry.has():
        db.session.rollback()
    else:
        _end_reading()


def _begun() -> Connection | None:
    """The connection over which the toolkit's session has begun."""
    if not db.session.registry.has():
        return None
    found: Connection | None = db.session().info.get(_CONNECTION)
    return found


def _reader() -> Line:
    """The line of the present unit of work that only reads."""
    line: Line | None = g.get(_READER)
    if line is None:
        line = Line.to_read(_engine())
        setattr(g, _READER, line)
    return line


def _end_reading() -> None:
    line: Line | None = g.pop(_READER, None)
    if line is not None:
        line.end()


def _engine() -> Engine:
    """The engine of the installation, looked up once: the toolkit would for each statement."""
    kept = current_app.extensions
    engine: Engine | None = kept.get(_ENGINE)
    if engine is None:
        engine = kept[_ENGINE] = db.engine
    return engine


@event.listens_for(CadreSession, "before_flush")
def _refuse_flush(session: Session, context: UOWTransaction, instances: Any) -> None:
    if _reading.get():
        raise WriteWhileReading(f"{sorted({type(o).__name__ for o in (*session.new, *session.dirty)})}")


@event.listens_for(CadreSession, "do_orm_execute")
def _refuse_statement(state: ORMExecuteState) -> None:
    if _reading.get() and not state.is_select:
        raise WriteWhileReading(str(state.statement)[:80])


@event.listens_for(CadreSession, "after_begin")
def _keep_connection(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    session.info[_CONNECTION] = connection


@event.listens_for(CadreSession, "after_transaction_end")
def _forget_connection(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_CONNECTION, None)
        session.info.pop(_LINE, None)
