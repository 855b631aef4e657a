-- Tokens that programs send and sessions that pages have, neither of them readable here: only their SHA-256 is kept.
--
-- Why no salt and no slow hash: both are 256 random bits, which nobody finds by trying.
-- Locks: creates only. Older hosts may run on: they know the token of their configuration only.

CREATE TABLE access_tokens (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    role          text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    hash          bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
    beginning     text NOT NULL,            -- to know it again by
    created_at    timestamptz NOT NULL DEFAULT now(),
    created_by    text NOT NULL,
    expires_at    timestamptz,
    last_used_at  timestamptz,              -- to a few minutes
    revoked_at    timestamptz,
    revoked_by    text,
    CONSTRAINT revoked_by_somebody CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE UNIQUE INDEX access_tokens_name ON access_tokens (name) WHERE revoked_at IS NULL;

CREATE TABLE sessions (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash        bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
    token_id    bigint REFERENCES access_tokens ON DELETE CASCADE,
    binding     bytea CHECK (length(binding) = 32), -- of a session by the token of the configuration: SHA-256 of both
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    CONSTRAINT of_one_token CHECK ((token_id IS NULL) <> (binding IS NULL))
);
CREATE INDEX sessions_token ON sessions (token_id);
CREATE INDEX sessions_end ON sessions (expires_at);
