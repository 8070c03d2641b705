"""documents
├── a document that comes later fills in what it names
├── an erased one takes it away again, and leaves figures and tombstone
├── a file that is not what its name says is not taken
├── refreshing again changes nothing
├── what cannot be read is missing until it can
├── what is no JSON by RFC 8259 says nothing, and stops neither folding nor refreshing
├── what is read of it does not depend on how deep the stack is
└── what it says is bounded, storable and fit for an answer, whatever it is
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from support.crafted import ACCOUNT, FACTORY, NONE, Tale
from support.rows import dump
from support.story import LARGE, Story

from backend.chain import events as e
from backend.core.documents import DocumentStore
from backend.core.objects import DEEPEST, parse_object
from backend.db.models import Agreement, Cursor, Document, Milestone, Participant
from backend.db.session import Database
from backend.db.text import storable
from backend.indexer import index_once
from backend.projections.documents import (
    LONGEST_NAME,
    _look_up,
    refresh_document,
    refresh_documents,
)
from backend.projections.media import media_type
from backend.queries.documents import find_document


@pytest.fixture
def bare(story: Story, any_database: Database, store: DocumentStore) -> Database:
    """The story without any document."""
    index_once(any_database, story.rpc, story.world.deployment, store)
    return any_database


def test_missing_documents_change_no_figure(story: Story, bare: Database) -> None:
    with bare.reading() as session:
        assert set(session.scalars(select(Document.state))) == {"missing"}
        assert set(session.scalars(select(Agreement.title))) == {None}
        paid = session.scalars(select(Agreement.paid).order_by(Agreement.number)).all()
    assert paid == [10_050, 1_000, 375, LARGE, 0, 0, 300, 0]


def test_documents_that_come_later_fill_in_the_rest(
    story: Story, bare: Database, told: Database, store: DocumentStore
) -> None:
    for digest in story.documents.values():
        store.write(story.store.read(digest) or b"")
    with bare.transaction() as session:
        assert refresh_documents(session, store) == len(story.documents) == 10
    late, early = dump(bare), dump(told)
    assert late.pop("cursor")[0][-1] == 10
    assert early.pop("cursor")[0][-1] == 0
    assert late == early
    with bare.transaction() as session:
        assert refresh_documents(session, store) == 0


def test_one_document(story: Story, bare: Database, store: DocumentStore) -> None:
    digest = story.documents["Foundation"]
    store.write(story.store.read(digest) or b"")
    with bare.transaction() as session:
        assert refresh_document(session, store, f"0x{digest.hex()}")
        assert not refresh_document(session, store, f"0x{digest.hex()}")
        assert not refresh_document(session, store, "0x" + "de" * 32)
    with bare.reading() as session:
        row = session.get_one(Document, f"0x{digest.hex()}")
        assert (row.kind, row.state, row.media_type) == ("milestone", "present", "application/json")
        assert row.size == len(store.read(digest) or b"")
        titles = session.scalars(select(Milestone.title).where(Milestone.title.is_not(None))).all()
        assert titles == ["Foundation"]
        assert session.get_one(Cursor, 1).documents_revision == 1


def test_an_erased_document_leaves_a_tombstone(
    story: Story, indexed: Database, store: DocumentStore
) -> None:
    for digest in story.documents.values():
        store.write(story.store.read(digest) or b"")
    digest = story.documents["PT Karya Jaya"]
    store.erase(digest)
    with indexed.transaction() as session:
        assert refresh_documents(session, store) == 1
    with indexed.reading() as session:
        row = session.get_one(Document, f"0x{digest.hex()}")
        assert (row.state, row.media_type, row.size, row.text) == ("erased", None, None, None)
        karya = session.get_one(Participant, story.people["karya"].hex)
        assert (karya.name, karya.name_key, karya.search) == (None, "s-karya", "\ns-karya")


def test_a_file_that_is_not_what_its_name_says(
    story: Story, bare: Database, store: DocumentStore
) -> None:
    path = store.path(story.documents["Foundation"])
    path.parent.mkdir(parents=True)
    path.write_bytes(b'{"type":"milestone","title":"forged"}')
    with bare.transaction() as session:
        assert refresh_documents(session, store) == 0
    with bare.reading() as session:
        assert set(session.scalars(select(Document.state))) == {"missing"}


def test_kinds(story: Story, told: Database) -> None:
    with told.reading() as session:
        kinds = {row.hash: row.kind for row in session.scalars(select(Document))}
    assert kinds["0x" + "01" * 32] == "evidence"
    assert kinds["0x" + "02" * 32] == "report"
    assert kinds["0x" + "09" * 32] == "rejection"
    assert kinds["0x" + "33" * 32] == "standing"
    assert kinds["0x" + "44" * 32] == "amendment"
    assert kinds["0x" + "55" * 32] == "termination"
    assert kinds["0x" + "77" * 32] == "agreement"
    assert "0x" + "00" * 32 not in kinds


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{}", "application/json"),
        (b' {"a": 1.5} ', "application/json"),
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"", None),
        (b"[]", None),
        (b'"text"', None),
        (b'{"a": NaN}', None),
        (b'{"a": ', None),
        (b"\xff\xfe{}", None),
        ("{}".encode("utf-16"), None),
        ("{}".encode("utf-32-be"), None),
        ("{}".encode("utf-8-sig"), None),
        (b'{"a":"\xed\xa0\x80"}', None),
        (b'{"a":"\\ud800"}', "application/json"),
        (b'{"a":' * DEEPEST + b"1" + b"}" * DEEPEST, "application/json"),
        (b'{"a":' * (DEEPEST + 1) + b"1" + b"}" * (DEEPEST + 1), None),
        (b"<html>", None),
        (b"[" * 100_000, None),
        (b'{"a":' * 100_000, None),
        (b'{"a": %s}' % (b"1" * 5000), None),
    ],
)
def test_media_types(content: bytes, kind: str | None) -> None:
    assert media_type(content) == kind


NAMED = '{"type":"participant","name":"PT Karya"}'
UNREAD = {
    "utf-16": NAMED.encode("utf-16"),
    "utf-32": NAMED.encode("utf-32"),
    "utf-8-sig": NAMED.encode("utf-8-sig"),
    "surrogate": b'{"type":"participant","name":"\xed\xa0\x80"}',
    "deep": NAMED.encode()[:-1] + b',"a":' + b"[" * DEEPEST + b"]" * DEEPEST + b"}",
}


def name_by(tale: Tale, participant: str, digest: str) -> None:
    """Register somebody with a document."""
    values = (participant, ACCOUNT, NONE, "X", participant[2:8], 2, digest)
    tale.tell((e.ParticipantRegistered, FACTORY, values))


@pytest.mark.parametrize("first", [True, False], ids=["before it is named", "later"])
@pytest.mark.parametrize("content", UNREAD.values(), ids=UNREAD)
def test_what_is_no_json_says_nothing(
    any_database: Database, store: DocumentStore, content: bytes, first: bool
) -> None:
    digest = f"0x{hashlib.sha256(content).hexdigest()}"
    if first:
        store.write(content)
    tale = Tale(any_database, store)
    tale.begin()
    name_by(tale, "0x" + "1a" * 32, digest)
    store.write(content)
    with any_database.transaction() as session:
        assert refresh_documents(session, store) == (0 if first else 1)
        row = session.get_one(Document, digest)
        assert (row.state, row.media_type, row.text) == ("present", None, None)
        assert row.size == len(content)
        assert session.get_one(Participant, "0x" + "1a" * 32).name is None


@pytest.mark.parametrize("first", [True, False], ids=["before it is named", "later"])
def test_what_cannot_be_read_is_missing(
    any_database: Database, store: DocumentStore, first: bool
) -> None:
    content = NAMED.encode()
    digest = f"0x{hashlib.sha256(content).hexdigest()}"
    path = store.path(bytes.fromhex(digest[2:]))
    if first:
        path.mkdir(parents=True)
    tale = Tale(any_database, store)
    tale.begin()
    name_by(tale, "0x" + "1a" * 32, digest)
    path.mkdir(parents=True, exist_ok=True)
    with any_database.transaction() as session:
        assert refresh_documents(session, store) == 0
        assert session.get_one(Document, digest).state == "missing"
    path.rmdir()
    store.write(content)
    with any_database.transaction() as session:
        assert refresh_documents(session, store) == 1
        assert session.get_one(Participant, "0x" + "1a" * 32).name == "PT Karya"


ESCAPED = {
    r"\ud800": r"\ud800",
    r"a\uDfffb": r"a\udfffb",
    r"\ud83c\udfd7": "\U0001f3d7",
    r"\ud83c\ud83c\udfd7": "\\ud83c\U0001f3d7",
    r"\\ud800": r"\ud800",
    r"\\\ud800": r"\\ud800",
    r"a\u0000b": r"a\x00b",
    r"\u00e9\n": "é\n",
}


@pytest.mark.parametrize(("escaped", "name"), ESCAPED.items())
def test_escapes_that_are_no_text(
    any_database: Database, store: DocumentStore, escaped: str, name: str
) -> None:
    content = f'{{"type":"participant","name":"{escaped}","{escaped}":["{escaped}"]}}'.encode()
    digest = f"0x{store.write(content).hex()}"
    tale = Tale(any_database, store)
    tale.begin()
    name_by(tale, "0x" + "1a" * 32, digest)
    with any_database.reading() as session:
        assert session.get_one(Participant, "0x" + "1a" * 32).name == name
        found = find_document(session, digest).content
    assert storable(found["name"]) == name
    assert msgspec.json.decode(msgspec.json.encode(found)) == found
    assert json.dumps(found, ensure_ascii=False).encode()


@pytest.mark.parametrize("depth", [DEEPEST, DEEPEST + 1, 900, 950, 985])
def test_how_deep_the_stack_is_does_not_matter(store: DocumentStore, depth: int) -> None:
    content = b'{"a":' * depth + b"1" + b"}" * depth
    digest = f"0x{store.write(content).hex()}"

    def looked_up(frames: int) -> str | None:
        return looked_up(frames - 1) if frames else _look_up(store, digest).media_type

    expected = "application/json" if depth <= DEEPEST else None
    assert {looked_up(frames) for frames in (0, 30, 100, 500)} == {expected}


@given(
    st.dictionaries(
        st.sampled_from(["type", "name", "title", "id", "date"]),
        st.one_of(
            st.text(st.characters(), max_size=2000),
            st.sampled_from(
                ["participant", "agreement", "milestone", "\ud800", "a\0b", "é" * 3000]
            ),
            st.integers(),
            st.none(),
            st.lists(st.text(), max_size=2),
        ),
    )
)
def test_any_document_can_be_described(content: dict[str, Any]) -> None:
    from backend.projections.documents import describe_milestone

    row = Milestone(
        agreement="a",
        number=0,
        amount=0,
        original_amount=0,
        due_at=None,
        original_due_at=None,
        agreed_at=0,
        payee="p",
        document=None,
        amendment=None,
        scheduled_at=0,
        made_block=0,
        made_transaction="",
        made_log_index=0,
        changed_block=0,
        changed_transaction="",
        changed_log_index=0,
    )
    describe_milestone(row, parse_object(json.dumps(content)) or {})
    for text in (row.title, row.source_id, row.source_date):
        assert text is None or (0 < len(text) <= LONGEST_NAME + 5)
        assert text is None or ("\0" not in text and text.encode())
    if content.get("type") != "milestone":
        assert (row.title, row.source_id, row.source_date) == (None, None, None)


def test_canonical_json_is_json() -> None:
    content = {"type": "agreement", "title": "Jalan  É"}
    assert parse_object(rfc8785.dumps(content)) == content
