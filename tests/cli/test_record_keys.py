"""Keys to the record from the shell: made, listed, revoked."""

from __future__ import annotations

from tests.commands import Run


def test_a_key_is_made_listed_and_revoked(lms: Run) -> None:
    made = lms(
        "records", "key", "create", "--name", "Academy", "--scope", "statements/write", "--scope", "state", "--json"
    )
    assert made.code == 0
    assert made.json["scopes"] == ["statements/write", "state"] and made.json["secret"]
    key = made.json["key"]
    listed = lms("records", "key", "list", "--json")
    (row,) = listed.json["keys"]
    assert (row["key"], row["name"], row["state"], row["last_used"]) == (key, "Academy", "active", None)
    assert made.json["secret"] not in listed.out
    assert lms("records", "key", "revoke", key, "--json").json == {"key": key, "state": "revoked"}
    assert "revoked" in lms("records", "key", "list").out


def test_a_key_ends_on_its_day(lms: Run) -> None:
    made = lms("records", "key", "create", "--name", "N", "--scope", "all", "--expires", "2030-01-31", "--json")
    assert made.json["expires"] == "2030-01-31"
    assert "active, until 2030-01-31  never used" in lms("records", "key", "list").out


def test_what_makes_no_sense_is_refused(lms: Run) -> None:
    past = lms("records", "key", "create", "--name", "N", "--scope", "all", "--expires", "2020-01-31", "--json")
    assert past.code == 1 and "after today" in past.json["refused"]
    unknown = lms("records", "key", "create", "--name", "N", "--scope", "root", "--json")
    assert unknown.code == 1 and "agents_profile" in unknown.json["refused"]
    assert lms("records", "key", "create", "--name", "N", "--scope", "all", "--expires", "soon").code == 2
    gone = lms("records", "key", "revoke", "k-unknown", "--json")
    assert gone.code == 1 and "k-unknown" in gone.json["refused"]


def test_no_key_yet(lms: Run) -> None:
    assert lms("records", "key", "list").out == "There is no key yet.\n"
