-- What needs attention, from when to when, and what webhooks were told of it.
--
-- Why: who leads may die at any moment, and what was told must not be told again. An alert is a row from the moment its cause is seen
-- until a while after it was seen last; what is sent of it is made in the same transaction, once a webhook and event.
-- Ended deliveries go with their alert, which is kept for a month, and at most so many.
-- Locks: creates only. Older hosts may run on: one that leads tells nobody.

CREATE TABLE alerts (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key         text NOT NULL,                      -- kind and subject, the same as long as the cause lasts
    kind        text NOT NULL,
    attention   text NOT NULL,                      -- JSON, as it was when it was raised
    raised_at   timestamptz NOT NULL DEFAULT now(),
    seen_at     timestamptz NOT NULL DEFAULT now(),
    cleared_at  timestamptz
);
CREATE UNIQUE INDEX alerts_open ON alerts (key) WHERE cleared_at IS NULL;
CREATE INDEX alerts_cleared ON alerts (cleared_at) WHERE cleared_at IS NOT NULL;

CREATE TABLE alert_deliveries (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    alert_id    bigint NOT NULL REFERENCES alerts ON DELETE CASCADE,
    webhook     text NOT NULL,                      -- its name in the configuration
    event       text NOT NULL CHECK (event IN ('raised', 'cleared')),
    state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'given_up')),
    tries       integer NOT NULL DEFAULT 0,
    next_at     timestamptz NOT NULL DEFAULT now(),
    status      integer,                            -- of HTTP, of the last try
    error       text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    ended_at    timestamptz,
    UNIQUE (alert_id, webhook, event),
    CONSTRAINT ended_has_time CHECK ((ended_at IS NULL) = (state = 'waiting'))
);
CREATE INDEX alert_deliveries_waiting ON alert_deliveries (next_at) WHERE state = 'waiting';
