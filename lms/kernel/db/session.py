"""Units of work: who may write, who commits, and what happens after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, CursorResult, Engine, Executable, event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction
from sqlalchemy.orm.unitofwork import UOWTransaction

from lms.kernel.db.columns import Base

Values = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
_CONNECTION = "connection of the unit of work"
_reading: ContextVar[bool] = ContextVar("db_reading", default=False)
_later: ContextVar[tuple[Callable[[], None], ...]] = ContextVar("db_later", default=())


class WriteWhileReading(RuntimeError):
    """A safe request tried to change a row: a GET changes nothing (house rule)."""


class CadreSession(FlaskSession):
    """The session of a unit of work; on PostgreSQL, reads go without the two round trips of a transaction."""

    _engine: Engine | None = None

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        if self._engine is None:  # an installation has one database: it need not be looked up for each statement
            found = super().get_bind(*args, **kwargs)
            if not isinstance(found, Engine):
                return found
            self._engine = found
        if _reading.get() and self._engine.dialect.name == "postgresql":
            return _autocommitting(self._engine)
        return self._engine


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
    session = db.session()
    found: Connection = session.info.get(_CONNECTION) or session.connection()
    return found


def is_reading() -> bool:
    """Whether the present unit of work may only read."""
    return _reading.get()


@contextmanager
def reading() -> Iterator[None]:
    """Within: a unit of work that only reads."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """Within: a unit of work that may write; it holds the writer from its first statement on."""
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
    if db.session().in_transaction():
        yield
        return
    with reading():
        try:
            yield
        except BaseException:
            goes_on = False
            raise
        finally:
            if not goes_on:
                db.session.rollback()


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


def _autocommitting(engine: Engine) -> Engine:
    twin: Engine | None = engine.dialect.__dict__.get("_cadre_reading_twin")
    if twin is None:
        twin = engine.execution_options(isolation_level="AUTOCOMMIT")
        engine.dialect.__dict__["_cadre_reading_twin"] = twin
    return twin


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
