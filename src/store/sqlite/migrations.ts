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
  // Sessions, rooms, edits, blocks, search
  `
  ALTER TABLE accounts ADD COLUMN is_admin INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE accounts ADD COLUMN shows_presence INTEGER NOT NULL DEFAULT 1;

  -- Whom an entry was done to, where that is not its sender.
  ALTER TABLE messages ADD COLUMN subject INTEGER;
  -- The edits of a message. A table of its own: even an index on edits alone is asked about every message.
  CREATE TABLE edits (
    message INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    PRIMARY KEY (message, seq)
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE conversations ADD COLUMN name_key TEXT;                          -- room
  ALTER TABLE conversations ADD COLUMN is_private INTEGER NOT NULL DEFAULT 0;  -- room
  -- Closed for writing: a room by an owner; a direct conversation while one blocks the other, or is deleted.
  ALTER TABLE conversations ADD COLUMN is_closed INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE conversations ADD COLUMN members INTEGER NOT NULL DEFAULT 0;     -- room: how many are in it at present
  CREATE UNIQUE INDEX conversations_room ON conversations (name_key) WHERE kind = 'room';
  CREATE INDEX conversations_public ON conversations (name_key) WHERE kind = 'room' AND is_private = 0;
  -- Answers both questions of a direct send at once: which conversation, and whether it is open.
  CREATE INDEX conversations_open_pair ON conversations (pair_low, pair_high) WHERE kind = 'direct' AND is_closed = 0;

  -- Kept by who leaves and comes back.
  ALTER TABLE memberships ADD COLUMN is_silenced INTEGER NOT NULL DEFAULT 0;
  CREATE UNIQUE INDEX memberships_present ON memberships (conversation, account) WHERE left_seq IS NULL;

  CREATE TABLE sessions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given again: entries of the log name it
    token_hash   TEXT    NOT NULL UNIQUE,
    account      INTEGER NOT NULL REFERENCES accounts (id),
    label        TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX sessions_account ON sessions (account, last_used_at);

  CREATE TABLE invites (
    invite_hash TEXT    PRIMARY KEY,
    made_by     INTEGER REFERENCES accounts (id),    -- null: the server itself
    makes_admin INTEGER NOT NULL,
    uses_left   INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX invites_made_by ON invites (made_by);

  CREATE TABLE blocks (
    account INTEGER NOT NULL REFERENCES accounts (id),
    other   INTEGER NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (account, other)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX blocks_other ON blocks (other);

  -- Deleted accounts whose messages are being erased, and how far that has got: through seq, in this conversation.
  CREATE TABLE erasures (
    account      INTEGER PRIMARY KEY REFERENCES accounts (id),
    conversation INTEGER NOT NULL DEFAULT 0,
    seq          INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  -- The search index. The conversation comes first, so that a search, also by prefix, costs what the asker's own
  -- conversations hold; the second index says which words a message has, to test and to forget them.
  CREATE TABLE words (
    conversation INTEGER NOT NULL,
    word         TEXT    NOT NULL,
    seq          INTEGER NOT NULL,
    PRIMARY KEY (conversation, word, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX words_of_message ON words (seq, word);

  -- indexed-up-to: how far the search index reaches. quiet-batches: how many batches changed something else than the
  -- log and the accounts, so that after a failed COMMIT it can be told whether such a batch is there.
  CREATE TABLE marks (
    name  TEXT    PRIMARY KEY,
    value INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO marks VALUES ('indexed-up-to', 0), ('quiet-batches', 0);
  `,
  // Cursors that are signed; repeated sends of messages that are gone
  `
  ALTER TABLE log_meta ADD COLUMN shared_seq INTEGER NOT NULL DEFAULT 0;  -- rows up to here are those of the epochs before
  ALTER TABLE log_meta ADD COLUMN cursor_key TEXT NOT NULL DEFAULT '';    -- signs cursors
  UPDATE log_meta SET shared_seq = first_seq - 1, cursor_key = lower(hex(randomblob(16)));

  -- What a repeat is answered with stands here whole, since the message itself need not stay.
  ALTER TABLE sends ADD COLUMN conversation INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sends ADD COLUMN stored_at INTEGER NOT NULL DEFAULT 0;
  UPDATE sends SET conversation = m.conversation, stored_at = m.stored_at FROM messages m WHERE m.seq = sends.seq;
  `,
  // A search index that costs less to write
  `
  -- A message's words as they are, one row a message at the end of the table, in place of a second index over all of them:
  -- to forget them, and to ask a message for further words. Each stands between two line breaks, as in char(10) || word ||
  -- char(10) || another || char(10).
  DROP INDEX words_of_message;
  CREATE TABLE message_words (
    seq   INTEGER PRIMARY KEY,
    words TEXT    NOT NULL
  ) STRICT;
  -- It is made anew, behind the log as ever.
  DELETE FROM words;
  UPDATE marks SET value = 0 WHERE name = 'indexed-up-to';
  `,
  // Sessions that last as long as they are used
  `
  ALTER TABLE sessions ADD COLUMN life INTEGER NOT NULL DEFAULT 0;  -- how long it lasts after a use, milliseconds
  UPDATE sessions SET life = expires_at - created_at;
  `,
  // A message keeps its first text, and each edit its own; no digest of a text that was erased
  `
  ALTER TABLE edits RENAME TO versions;

  -- Until here an edit replaced the text of the message itself. Its first text is gone: the row is blank and refers to
  -- itself, and only the digest can tell whether a repeated send is the same.
  CREATE TABLE first_digests (
    message INTEGER PRIMARY KEY,
    digest  TEXT    NOT NULL
  ) STRICT;
  INSERT INTO first_digests (message, digest)
    SELECT s.seq, s.digest FROM sends s CROSS JOIN messages m ON m.seq = s.seq
    WHERE m.kind = 'text' AND EXISTS (SELECT 1 FROM versions v WHERE v.message = s.seq)
    ON CONFLICT DO NOTHING;
  UPDATE messages SET text = '', refers_to = seq WHERE kind = 'text' AND seq IN (SELECT message FROM versions);

  -- All other repeats are compared with the text. A new table, since old pages hold copies of moved rows.
  CREATE TABLE sends_without_digests (
    sender       INTEGER NOT NULL,
    client_id    TEXT    NOT NULL,
    seq          INTEGER NOT NULL,
    conversation INTEGER NOT NULL,
    stored_at    INTEGER NOT NULL,
    PRIMARY KEY (sender, client_id)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO sends_without_digests SELECT sender, client_id, seq, conversation, stored_at FROM sends;
  DROP TABLE sends;
  ALTER TABLE sends_without_digests RENAME TO sends;

  -- The index holds the words of all versions, those of an edit under its own seq in message_words. It is built again.
  DELETE FROM words;
  DELETE FROM message_words;
  UPDATE marks SET value = 0 WHERE name = 'indexed-up-to';

  DROP VIEW lab_messages;
  CREATE VIEW lab_messages AS
    SELECT m.seq AS id, s.name AS sender, r.name AS recipient,
      coalesce(
        (SELECT e.text FROM versions v JOIN messages e ON e.seq = v.seq WHERE v.message = m.seq ORDER BY v.seq DESC LIMIT 1),
        m.text
      ) AS message,
      m.sent_at AS timestamp
    FROM messages m
    JOIN conversations c ON c.id = m.conversation AND c.kind = 'direct'
    JOIN accounts s ON s.id = m.sender
    JOIN accounts r ON r.id = c.pair_low + c.pair_high - m.sender
    WHERE m.kind = 'text'
    ORDER BY m.seq;

  -- Free space of the file may still hold texts that an older version erased, until a VACUUM.
  INSERT INTO marks SELECT 'vacuum-due', 1 WHERE EXISTS (SELECT 1 FROM messages);
  `,
  // People and rooms are found by every word of their names
  `
  -- A row for each later word of a name, with the rest of the name behind it. Those of a public room are kept for good, those
  -- of an account until it is deleted.
  CREATE TABLE account_words (
    words    TEXT    NOT NULL,
    name_key TEXT    NOT NULL,
    account  INTEGER NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (words, name_key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX account_words_account ON account_words (account);
  CREATE TABLE room_words (
    words        TEXT    NOT NULL,
    name_key     TEXT    NOT NULL,
    conversation INTEGER NOT NULL REFERENCES conversations (id),
    PRIMARY KEY (words, name_key)
  ) STRICT, WITHOUT ROWID;

  INSERT INTO account_words
    WITH RECURSIVE at (id, name_key, start) AS (
      SELECT id, name_key, 2 FROM accounts WHERE deleted_at IS NULL
      UNION ALL SELECT id, name_key, start + 1 FROM at WHERE start < length(name_key)
    )
    SELECT substr(name_key, start), name_key, id FROM at
    WHERE instr(' _.-''', substr(name_key, start - 1, 1)) > 0 AND instr(' _.-''', substr(name_key, start, 1)) = 0;
  INSERT INTO room_words
    WITH RECURSIVE at (id, name_key, start) AS (
      SELECT id, name_key, 2 FROM conversations WHERE kind = 'room' AND is_private = 0
      UNION ALL SELECT id, name_key, start + 1 FROM at WHERE start < length(name_key)
    )
    SELECT substr(name_key, start), name_key, id FROM at
    WHERE instr(' _.-''', substr(name_key, start - 1, 1)) > 0 AND instr(' _.-''', substr(name_key, start, 1)) = 0;
  `,
]
