PRAGMA auto_vacuum=INCREMENTAL

BEGIN TRANSACTION

CREATE TABLE entries (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        from_revision INTEGER NOT NULL REFERENCES revisions(number),
        to_revision INTEGER REFERENCES revisions(number),
        name TEXT NOT NULL,
        origin INTEGER NOT NULL,
        position INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (kind, id, from_revision)
    )

INSERT INTO "entries" VALUES('gateway','gateway',1,NULL,'gateway',0,0,'{}')

INSERT INTO "entries" VALUES('provider','provider_7d0n3xv1k2pq',1,NULL,'openai',0,0,'{"id":"provider_7d0n3xv1k2pq","name":"openai","kind":"openai","headers":{"OpenAI-Organization":"org-1"}}')

CREATE TABLE key_state (
        id TEXT PRIMARY KEY,
        hash TEXT NOT NULL,
        file_hash TEXT NOT NULL,
        prefix TEXT NOT NULL,
        revoked INTEGER NOT NULL,
        created_us INTEGER NOT NULL,
        changed_us INTEGER NOT NULL
    , former_hash TEXT NOT NULL DEFAULT '', former_until_us INTEGER NOT NULL DEFAULT 0)

CREATE TABLE retired_secrets (
        hash TEXT PRIMARY KEY,
        retired_us INTEGER NOT NULL
    )
CREATE TABLE revisions (
        number INTEGER PRIMARY KEY,
        at_us INTEGER NOT NULL,
        author TEXT NOT NULL,
        note TEXT NOT NULL,
        diff TEXT NOT NULL
    )

INSERT INTO "revisions" VALUES(1,1768478400000000,'window','first','provider openai added')

CREATE TABLE vault (
        name TEXT PRIMARY KEY,
        nonce BLOB NOT NULL,
        sealed BLOB NOT NULL
    )

CREATE TABLE unsealed_headers (
        id TEXT NOT NULL,
        from_revision INTEGER NOT NULL,
        PRIMARY KEY (id, from_revision)
    )

INSERT INTO "unsealed_headers" VALUES('provider_7d0n3xv1k2pq',1)

CREATE INDEX entries_current ON entries(kind, position) WHERE to_revision IS NULL

CREATE INDEX entries_ended ON entries(to_revision) WHERE to_revision IS NOT NULL

CREATE TABLE audit (
        row INTEGER PRIMARY KEY,
        at_us INTEGER NOT NULL,
        author TEXT NOT NULL,
        place TEXT NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        action TEXT NOT NULL,
        revision INTEGER NOT NULL,
        diff TEXT NOT NULL,
        hash BLOB NOT NULL
    )
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log is only added to'); END
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit log is only added to'); END
CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit WHEN NEW.row <= (SELECT coalesce(max(row), 0) FROM audit)
        BEGIN SELECT raise(ABORT, 'the audit log is only added to'); END
COMMIT

PRAGMA application_id=1396851526

PRAGMA user_version=5
