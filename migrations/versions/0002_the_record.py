"""The record as a store of its own: numbers that grow with time, ids apart, everything a statement is found by"""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_SLOT_BITS = 10
_AT_ONCE = 1000
_COLUMNS = "id, stored, timestamp, actor_id, verb_id, activity_id, authority_id, registration, voided_by, person_id"


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    _set_aside(postgresql)
    _statements(postgresql)
    _ways_to_find()
    _move()
    op.drop_table("xapi_statement_before")
    _others()
    _recognitions(postgresql)
    _audit(postgresql)


def _set_aside(postgresql: bool) -> None:
    for name in ("actor", "verb", "activity", "registration", "person", "stored"):
        op.drop_index(f"ix_xapi_statement_{name}", table_name="xapi_statement")
    op.rename_table("xapi_statement", "xapi_statement_before")
    if postgresql:
        op.execute("alter index pk_xapi_statement rename to pk_xapi_statement_before")
        op.execute("alter index uq_xapi_statement_id rename to uq_xapi_statement_before")
        op.execute("create sequence xapi_worker minvalue 0 maxvalue 1023 start 0 cycle")


def _statements(postgresql: bool) -> None:
    whole = sa.BigInteger() if postgresql else sa.Integer()
    op.create_table(
        "xapi_statement_id",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_xapi_statement_id")),
    )
    op.create_table(
        "xapi_statement",
        sa.Column("seq", whole, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stored", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timestamp", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("verb_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("registration", sa.Uuid(), nullable=True),
        sa.Column("voided_by", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_xapi_statement")),
        postgresql_partition_by="RANGE (seq)",
    )
    if postgresql:
        op.execute("create table xapi_statement_rest partition of xapi_statement default")


def _ways_to_find() -> None:
    for name in ("actor_id", "verb_id", "activity_id", "authority_id", "registration", "person_id"):
        op.create_index(f"ix_xapi_statement_{name.removesuffix('_id')}", "xapi_statement", [name, "seq"], unique=False)
    op.create_table(
        "xapi_link",
        sa.Column("kind", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "seq", name=op.f("pk_xapi_link")),
        sqlite_with_rowid=False,
    )
    for name, found_by in (("xapi_reference", "target"), ("xapi_inherited", "registration")):
        op.create_table(
            name,
            sa.Column(found_by, sa.Uuid(), nullable=False),
            sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.PrimaryKeyConstraint(found_by, "seq", name=op.f(f"pk_{name}")),
            sqlite_with_rowid=False,
        )


def _move() -> None:
    """Number what is there by when it was stored, and find it by its activities of context as well.

    The releases before this one took no statements with groups, sub-statements or further agents into their filters;
    whoever stored such from outside finds them by actor, verb and object, as before.
    """
    connection = op.get_bind()
    wanted = f"select seq as before, {_COLUMNS}, agency_id, payload from xapi_statement_before"
    ordered = f"order by stored, seq limit {_AT_ONCE}"
    beyond = "where stored > :stored or stored = :stored and seq > :before"
    rows = connection.execute(sa.text(f"{wanted} {ordered}")).mappings().all()
    last = -1
    while rows:
        numbered = []
        for row in rows:
            last = max(_number(row["stored"]), last + 1)
            numbered.append({**row, "seq": last})
        _store(connection, numbered)
        rows = connection.execute(sa.text(f"{wanted} {beyond} {ordered}"), dict(rows[-1])).mappings().all()


def _store(connection: sa.Connection, rows: list[dict[str, object]]) -> None:
    names = [*_COLUMNS.split(", "), "agency_id", "payload", "seq"]
    places = ", ".join(f":{name}" for name in names)
    connection.execute(sa.text("insert into xapi_statement_id (id, seq) values (:id, :seq)"), rows)
    connection.execute(sa.text(f"insert into xapi_statement ({', '.join(names)}) values ({places})"), rows)
    keys = dict(connection.execute(sa.text("select iri, id from xapi_activity")).tuples().all())
    links, targets = [], []
    for row in rows:
        said = json.loads(str(row["payload"]))
        for iri in _related(said):
            if iri not in keys:
                connection.execute(sa.text("insert into xapi_activity (iri, definition) values (:i, '{}')"), {"i": iri})
                keys = dict(connection.execute(sa.text("select iri, id from xapi_activity")).tuples().all())
            if keys[iri] != row["activity_id"]:
                links.append({"kind": 4, "key": keys[iri], "seq": row["seq"]})
        if said["object"].get("objectType") == "StatementRef":
            target = said["object"]["id"].replace("-", "").lower()
            targets.append({"target": target, "seq": row["seq"]})
    if links:
        connection.execute(sa.text("insert into xapi_link (kind, key, seq) values (:kind, :key, :seq)"), links)
    if targets:
        connection.execute(sa.text("insert into xapi_reference (target, seq) values (:target, :seq)"), targets)


def _related(said: dict[str, Any]) -> list[str]:
    groups = said.get("context", {}).get("contextActivities", {}).values()
    return sorted({thing["id"] for group in groups for thing in (group if isinstance(group, list) else [group])})


def _number(stored: datetime | str) -> int:
    moment = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round((aware - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000) << _SLOT_BITS


def _recognitions(postgresql: bool) -> None:
    """The word of others counts by a decision, and one statement may count by several, one after the other."""
    if not postgresql:  # the table is made anew, and nothing may hang on it meanwhile
        op.execute("create temporary table fulfilment_aside as select * from fulfilment")
        op.execute("delete from fulfilment")
    with op.batch_alter_table("attainment") as table:
        table.add_column(sa.Column("recognition", sa.Integer(), nullable=False, server_default="0"))
        table.drop_constraint("uq_attainment_statement_id_target", type_="unique")
        table.create_unique_constraint(
            "uq_attainment_statement_id_target_recognition", ["statement_id", "target", "recognition"]
        )
        table.create_index("ix_attainment_recognition", ["recognition"], unique=False)
    with op.batch_alter_table("attainment") as table:
        table.alter_column("recognition", server_default=None)
    if not postgresql:
        op.execute("insert into fulfilment select * from fulfilment_aside")
        op.execute("drop table fulfilment_aside")


def _audit(postgresql: bool) -> None:
    """Deeds are never changed or removed, but for those that were erased, whose salt is gone."""
    erased = "exists (select 1 from seal_leaf where log = 1 and subject = old.id and salt is null)"
    said = "audit_event: deeds are never changed or removed"
    if not postgresql:
        for deed in ("update", "delete"):
            op.execute(
                f"create trigger audit_event_no_{deed} before {deed} on audit_event when not {erased} "
                f"begin select raise(abort, '{said}'); end"
            )
        return
    op.execute(
        f"""create or replace function audit_event_stands() returns trigger language plpgsql as $$
begin
  if tg_op <> 'TRUNCATE' then
    if {erased} then
      if tg_op = 'DELETE' then return old; end if;
      return new;
    end if;
  end if;
  raise exception '{said}';
end $$"""
    )
    op.execute(
        "create trigger audit_event_stands before update or delete on audit_event "
        "for each row execute function audit_event_stands()"
    )
    op.execute(
        "create trigger audit_event_whole before truncate on audit_event "
        "for each statement execute function audit_event_stands()"
    )


def _others() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("record_class", sa.String(length=12), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.String(length=80), nullable=True),
        sa.Column("released_why", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(person_id is not null and agency_id is null and record_class is null) or (person_id is null and agency_id is not null and record_class is null) or (person_id is null and agency_id is null and record_class is not null)",
            name=op.f("ck_legal_hold_one"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_table(
        "retention_disposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.Column("statements", sa.Integer(), nullable=False),
        sa.Column("carried", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_disposal")),
    )
    op.create_index("ix_retention_disposal_rule", "retention_disposal", ["rule_id"], unique=False)
    op.create_table(
        "retention_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_class", sa.String(length=12), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.CheckConstraint("months > 0", name=op.f("ck_retention_rule_months")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_rule")),
    )
    op.create_table(
        "seal_checkpoint",
        sa.Column("log", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("log", "number", name=op.f("pk_seal_checkpoint")),
    )
    op.create_index("uq_seal_checkpoint_log_size", "seal_checkpoint", ["log", "size"], unique=True)
    op.create_table(
        "seal_leaf",
        sa.Column("log", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.BigInteger(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.Column("erasure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("log", "position", name=op.f("pk_seal_leaf")),
        sqlite_with_rowid=False,
    )
    op.create_index("uq_seal_leaf_log_subject", "seal_leaf", ["log", "subject"], unique=True)
    op.create_table(
        "seal_node",
        sa.Column("log", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("log", "level", "place", name=op.f("pk_seal_node")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "skills_recognition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("is_prefix", sa.Boolean(), nullable=False),
        sa.Column("sender", sa.String(length=400), nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("assurance", sa.Integer(), nullable=False),
        sa.Column("valid_months", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skills_recognition")),
    )
    op.create_table(
        "xapi_attachment",
        sa.Column("sha2", sa.String(length=128), nullable=False),
        sa.Column("content_type", sa.String(length=200), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha2", name=op.f("pk_xapi_attachment")),
    )
    op.create_table(
        "xapi_attachment_sender",
        sa.Column("sha2", sa.String(length=128), nullable=False),
        sa.Column("authority_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("sha2", "authority_id", name=op.f("pk_xapi_attachment_sender")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "xapi_carried",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.String(length=400), nullable=False),
        sa.Column("object_iri", sa.String(length=1000), nullable=False),
        sa.Column("timestamp", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registration", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("voided_by", sa.Uuid(), nullable=True),
        sa.Column("essence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_xapi_carried")),
    )
    op.create_index("ix_xapi_carried_person", "xapi_carried", ["person_id"], unique=False)
    op.create_table(
        "xapi_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("registration", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=1000), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_type", sa.String(length=255), nullable=False),
        sa.Column("etag", sa.String(length=40), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_xapi_document")),
        sa.UniqueConstraint("kind", "activity_id", "agent_id", "registration", "name", name="uq_xapi_document_place"),
    )
    op.create_index(op.f("ix_xapi_document_agent_id"), "xapi_document", ["agent_id"], unique=False)
    op.create_table(
        "xapi_launch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("account_name", sa.String(length=80), nullable=False),
        sa.Column("registration", sa.Uuid(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("session", sa.String(length=36), nullable=False),
        sa.Column("verbs", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_xapi_launch")),
        sa.UniqueConstraint("name", name=op.f("uq_xapi_launch_name")),
    )
    op.create_index("ix_xapi_launch_registration", "xapi_launch", ["registration"], unique=False)
    op.create_table(
        "privacy_erasure",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("certificate", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("statements", sa.Integer(), nullable=False),
        sa.Column("carried", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_privacy_erasure_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_privacy_erasure")),
        sa.UniqueConstraint("certificate", name=op.f("uq_privacy_erasure_certificate")),
    )
    op.add_column("xapi_credential", sa.Column("last_used_on", sa.Date(), nullable=True))
