-- Schedules, and what became of each time to fire.
--
-- Why: one row a fire, unique by schedule and time, written in the transaction that submits its job: whoever leads may die at any moment
-- and nothing is lost or done twice. Everything up to `decided_through` has been decided, so that a clock that is put back fires nothing
-- again. `next_at` is when to look next, so that a look costs as much as there is to do.
-- Locks: creates only. Older hosts may run on: they fire nothing.

CREATE TABLE schedules (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name             text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
    settings         text NOT NULL,                     -- JSON, as it was set
    generation       integer NOT NULL DEFAULT 1,        -- moved by every change of it
    created_at       timestamptz NOT NULL DEFAULT now(),
    changed_at       timestamptz NOT NULL DEFAULT now(),
    changed_by       text NOT NULL,
    paused_at        timestamptz,
    paused_by        text,
    paused_why       text,
    decided_through  timestamptz NOT NULL,
    next_at          timestamptz,                       -- NULL: none comes
    buffered_at      timestamptz,                       -- of the fire that waits until its forerunner has ended
    CONSTRAINT paused_by_somebody CHECK ((paused_at IS NULL) = (paused_by IS NULL))
);
CREATE INDEX schedules_next ON schedules (next_at) WHERE paused_at IS NULL;

CREATE TABLE schedule_fires (
    schedule_id  bigint NOT NULL REFERENCES schedules ON DELETE CASCADE,
    fire_at      timestamptz NOT NULL,
    local        text NOT NULL,                         -- what the clock of the zone shows, or should have
    mark         text CHECK (mark IN ('moved', 'first', 'second')),
    outcome      text NOT NULL CHECK (outcome IN ('submitted', 'skipped', 'missed', 'buffered', 'failed')),
    is_late      boolean NOT NULL DEFAULT false,
    why          text,
    job_id       bigint,                                -- it may have been removed since
    is_open      boolean NOT NULL DEFAULT false,        -- its job was not seen to have ended
    decided_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (schedule_id, fire_at)
);
CREATE INDEX schedule_fires_open ON schedule_fires (schedule_id) WHERE is_open;

CREATE TABLE backfills (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    schedule_id      bigint NOT NULL REFERENCES schedules ON DELETE CASCADE,
    from_at          timestamptz NOT NULL,
    to_at            timestamptz NOT NULL,
    reprocess        text NOT NULL CHECK (reprocess IN ('none', 'failed', 'completed')),
    concurrency      integer NOT NULL CHECK (concurrency BETWEEN 1 AND 1000),
    decided_through  timestamptz NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    created_by       text NOT NULL,
    finished_at      timestamptz,
    cancelled_by     text
);
CREATE INDEX backfills_open ON backfills (id) WHERE finished_at IS NULL;

CREATE TABLE backfill_runs (
    backfill_id  bigint NOT NULL REFERENCES backfills ON DELETE CASCADE,
    fire_at      timestamptz NOT NULL,
    outcome      text NOT NULL CHECK (outcome IN ('submitted', 'skipped', 'failed')),
    why          text,
    job_id       bigint,
    is_open      boolean NOT NULL DEFAULT false,
    PRIMARY KEY (backfill_id, fire_at)
);
CREATE INDEX backfill_runs_open ON backfill_runs (backfill_id) WHERE is_open;
