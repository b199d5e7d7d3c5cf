// How a database of an older version becomes one of this version. The list only grows: a migration that was released
// is never edited. `user_version` is how many of them a database has been through.

export const migrations: readonly string[] = [
  // 0.1
  `
  CREATE TABLE accounts (
    id            INTEGER PRIMARY KEY,
    name          TEXT    NOT NULL,
    name_key      TEXT    NOT NULL UNIQUE,
    password      TEXT    NOT NULL,              -- PHC string, argon2id
    password_rule INTEGER NOT NULL,              -- shortest password allowed when it was set, in characters
    created_at    INTEGER NOT NULL,              -- milliseconds since 1970
    deleted_at    INTEGER
  ) STRICT;

  CREATE TABLE conversations (
    id        INTEGER PRIMARY KEY,
    kind      TEXT    NOT NULL CHECK (kind IN ('direct', 'room')),
    pair_low  INTEGER REFERENCES accounts (id),  -- direct: the lower and the higher account
    pair_high INTEGER REFERENCES accounts (id),
    name      TEXT,                              -- room
    topic     TEXT,
    history   TEXT CHECK (history IN ('all', 'from-joining')),
    CHECK ((kind = 'direct') = (pair_low IS NOT NULL AND pair_high IS NOT NULL AND pair_low <= pair_high))
  ) STRICT;
  CREATE UNIQUE INDEX conversations_pair ON conversations (pair_low, pair_high) WHERE kind = 'direct';

  -- One row an interval: who left and came back has two. Never deleted, so that what was readable stays a function of the log.
  CREATE TABLE memberships (
    account      INTEGER NOT NULL REFERENCES accounts (id),
    conversation INTEGER NOT NULL REFERENCES conversations (id),
    joined_seq   INTEGER NOT NULL,
    left_seq     INTEGER,
    role         TEXT    NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'member')),
    read_seq     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account, conversation, joined_seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX memberships_conversation ON memberships (conversation, account);

  -- The log. seq is given by the append itself: head+1 .. head+n.
  CREATE TABLE messages (
    seq          INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL,
    sender       INTEGER NOT NULL,
    kind         TEXT    NOT NULL,
    text         TEXT    NOT NULL,
    refers_to    INTEGER,
    client_id    TEXT,
    sent_at      REAL    NOT NULL,               -- the sender's clock, seconds since 1970
    stored_at    INTEGER NOT NULL                -- ours, milliseconds since 1970, never decreasing along seq
  ) STRICT;
  CREATE INDEX messages_conversation ON messages (conversation, seq);

  -- What makes a repeated send harmless.
  CREATE TABLE sends (
    sender    INTEGER NOT NULL,
    client_id TEXT    NOT NULL,
    seq       INTEGER NOT NULL,
    digest    TEXT    NOT NULL,
    PRIMARY KEY (sender, client_id)
  ) STRICT, WITHOUT ROWID;

  -- The identity of this log, one row an epoch; the last one is in force.
  CREATE TABLE log_meta (
    epoch     TEXT    PRIMARY KEY,
    first_seq INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO log_meta VALUES (lower(hex(randomblob(8))), 1);

  -- For people who look: the columns of the messaging lab.
  CREATE VIEW lab_users AS
    SELECT id, name AS username, password FROM accounts WHERE deleted_at IS NULL ORDER BY id;
  CREATE VIEW lab_messages AS
    SELECT m.seq AS id, s.name AS sender, r.name AS recipient, m.text AS message, m.sent_at AS timestamp
    FROM messages m
    JOIN conversations c ON c.id = m.conversation AND c.kind = 'direct'
    JOIN accounts s ON s.id = m.sender
    JOIN accounts r ON r.id = c.pair_low + c.pair_high - m.sender
    WHERE m.kind = 'text'
    ORDER BY m.seq;
  `,
]
