-- The engine's tables: what a host offers, workflows, jobs, stages, the queue, items and what attempts left behind.
--
-- Why this shape: a task row never holds what can be derived. A task is (stage, n); its items are found by range, its
-- params are rendered when it is dispatched. `ready` and `leases` stay as small as what is queued and what is in
-- hand; `attempts` is append-only history. Counters live apart from the wide stage row, so that moving them is cheap.
-- Locks: creates only; nothing that runs is touched.

CREATE TABLE hosts (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL,
    version      text NOT NULL,
    machine      text NOT NULL,             -- the same for all processes of one boot of one machine
    pid          integer NOT NULL,
    process      text NOT NULL,             -- tells a process from a later one with the same pid
    slots        integer NOT NULL CHECK (slots >= 0),
    started_at   timestamptz NOT NULL DEFAULT now(),
    lease_until  timestamptz NOT NULL,
    ended_at     timestamptz,
    ended_why    text CHECK (ended_why IN ('stopped', 'lost')),
    CONSTRAINT ended_has_reason CHECK ((ended_at IS NULL) = (ended_why IS NULL))
);
CREATE INDEX hosts_alive ON hosts (lease_until) WHERE ended_at IS NULL;

CREATE TABLE handlers (
    name            text NOT NULL,
    library_hash    text NOT NULL,
    plugin          text NOT NULL,
    plugin_version  text NOT NULL,
    version         text NOT NULL,
    description     jsonb NOT NULL,         -- as the library describes it, with the manifest's limits
    seen_at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (name, library_hash)
);

CREATE TABLE offers (
    host_id       bigint NOT NULL REFERENCES hosts ON DELETE CASCADE,
    handler       text NOT NULL,
    library_hash  text NOT NULL,
    PRIMARY KEY (host_id, handler)
);

CREATE TABLE workflows (
    name        text NOT NULL,
    version     integer NOT NULL CHECK (version > 0),
    definition  text NOT NULL,              -- the document as it was read: its text is its identity
    sha256      text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (name, version)
);

CREATE TABLE jobs (
    id                   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workflow             text NOT NULL,
    workflow_version     integer NOT NULL,
    params               text NOT NULL,     -- JSON text: numbers keep theirs
    dedup_key            text,
    label                text,
    priority             smallint NOT NULL DEFAULT 0,
    not_before           timestamptz,
    state                text NOT NULL CHECK (state IN
                         ('queued', 'running', 'paused', 'completed', 'completed_with_errors', 'failed', 'cancelled')),
    error                text,
    created_at           timestamptz NOT NULL DEFAULT now(),
    started_at           timestamptz,
    finished_at          timestamptz,
    cancel_requested_at  timestamptz,
    FOREIGN KEY (workflow, workflow_version) REFERENCES workflows (name, version),
    CONSTRAINT finished_has_time CHECK (
        (finished_at IS NOT NULL) = (state IN ('completed', 'completed_with_errors', 'failed', 'cancelled')))
);
CREATE UNIQUE INDEX jobs_dedup ON jobs (workflow, dedup_key) WHERE dedup_key IS NOT NULL;
CREATE INDEX jobs_waiting ON jobs (not_before) WHERE state = 'queued';
CREATE INDEX jobs_cancelling ON jobs (id) WHERE cancel_requested_at IS NOT NULL AND finished_at IS NULL;

CREATE TABLE stages (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job_id        bigint NOT NULL REFERENCES jobs ON DELETE CASCADE,
    position      smallint NOT NULL,
    name          text NOT NULL,            -- the stage's id in its workflow
    handler       text NOT NULL,
    state         text NOT NULL DEFAULT 'waiting' CHECK (state IN
                  ('waiting', 'running', 'paused', 'completed', 'failed', 'skipped', 'cancelled')),
    priority      smallint NOT NULL DEFAULT 0,
    max_parallel  integer CHECK (max_parallel > 0),
    items_from    bigint,                   -- the stage whose items this one fans out over; itself for an array
    items_total   bigint,
    batch         integer CHECK (batch > 0),-- items a task; NULL: one item, given as such
    tasks_total   integer,
    result        text,                     -- of the one task of a stage without fan-out
    reason        text,                     -- why it failed or was skipped
    opened_at     timestamptz,
    finished_at   timestamptz,
    UNIQUE (job_id, name),
    UNIQUE (job_id, position),
    CONSTRAINT finished_has_time CHECK (
        (finished_at IS NOT NULL) = (state IN ('completed', 'failed', 'skipped', 'cancelled')))
);
CREATE INDEX stages_running ON stages (handler) WHERE state = 'running';

-- moved by the deltas of a batch, never counted; narrow, so that an update stays on its page
CREATE TABLE stage_counters (
    stage_id      bigint PRIMARY KEY REFERENCES stages ON DELETE CASCADE,
    expanded      integer NOT NULL DEFAULT 0,   -- tasks [0, expanded) are or were in the queue
    queued        integer NOT NULL DEFAULT 0,   -- of those, waiting for their first attempt
    retrying      integer NOT NULL DEFAULT 0,   -- waiting for another
    running       integer NOT NULL DEFAULT 0,
    completed     integer NOT NULL DEFAULT 0,
    failed        integer NOT NULL DEFAULT 0,
    cancelled     integer NOT NULL DEFAULT 0,
    items         bigint NOT NULL DEFAULT 0,    -- emitted by winning attempts
    rejects       bigint NOT NULL DEFAULT 0,
    failed_items  bigint NOT NULL DEFAULT 0,    -- items of tasks that failed
    CONSTRAINT never_negative CHECK (queued >= 0 AND retrying >= 0 AND running >= 0)
) WITH (fillfactor = 40, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- sums and extremes over the results and metrics of winning attempts
CREATE TABLE stage_totals (
    stage_id   bigint NOT NULL REFERENCES stages ON DELETE CASCADE,
    kind       text NOT NULL CHECK (kind IN ('total', 'metric')),
    name       text NOT NULL,
    aggregate  text NOT NULL CHECK (aggregate IN ('sum', 'min', 'max', 'count', 'last')),
    value      numeric NOT NULL,
    PRIMARY KEY (stage_id, kind, name)
) WITH (fillfactor = 40, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- the queue: deleted from at one end, so vacuumed early
CREATE TABLE ready (
    stage_id  bigint NOT NULL,
    n         integer NOT NULL,
    due_at    timestamptz NOT NULL,
    attempt   integer NOT NULL DEFAULT 0,   -- attempts opened so far
    failures  smallint NOT NULL DEFAULT 0,  -- of those, counted against retry.attempts
    kills     smallint NOT NULL DEFAULT 0   -- of those, ended with their runner's process
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX ready_order ON ready (stage_id, due_at, n);

CREATE SEQUENCE tokens AS bigint CACHE 100;

CREATE TABLE leases (
    token       bigint PRIMARY KEY,
    stage_id    bigint NOT NULL,
    n           integer NOT NULL,
    host_id     bigint NOT NULL,
    attempt     integer NOT NULL,
    failures    smallint NOT NULL,
    kills       smallint NOT NULL,
    claimed_at  timestamptz NOT NULL DEFAULT now()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

-- one row an attempt that ended; a task's last one has `final`
CREATE TABLE attempts (
    stage_id     bigint NOT NULL,
    n            integer NOT NULL,
    attempt      integer NOT NULL,
    token        bigint NOT NULL,
    host_id      bigint,
    final        boolean NOT NULL,
    outcome      text NOT NULL CHECK (outcome IN
                 ('completed', 'failed', 'invalid', 'crashed', 'timeout', 'memory', 'protocol', 'lost', 'cancelled', 'returned')),
    message      text,
    details      text,                      -- JSON
    result       text,                      -- JSON; NULL for none or {}
    claimed_at   timestamptz NOT NULL,
    finished_at  timestamptz NOT NULL DEFAULT now(),
    wall_us      bigint,
    cpu_us       bigint,
    peak_rss_kb  bigint
);
CREATE INDEX attempts_task ON attempts (stage_id, n);
CREATE INDEX attempts_failed ON attempts (stage_id, n) WHERE final AND outcome <> 'completed';

-- items and rejects, spooled under the token of the attempt that emitted them; invisible until item_ranges names the token
CREATE TABLE chunks (
    token  bigint NOT NULL,
    kind   smallint NOT NULL,               -- 0 items, 1 rejects, 2 the elements of a for_each array
    first  bigint NOT NULL,                 -- number of its first element within the token
    count  integer NOT NULL CHECK (count > 0),
    body   text COMPRESSION lz4 NOT NULL,   -- one JSON value a line
    PRIMARY KEY (token, kind, first)
);

CREATE TABLE item_ranges (
    stage_id  bigint NOT NULL REFERENCES stages ON DELETE CASCADE,
    kind      smallint NOT NULL,
    first     bigint NOT NULL,              -- number of its first element within the stage
    count     bigint NOT NULL CHECK (count > 0),
    token     bigint NOT NULL,
    n         integer,                      -- the task that emitted them
    PRIMARY KEY (stage_id, kind, first)
);
CREATE INDEX item_ranges_token ON item_ranges (token);

CREATE TABLE checkpoints (
    stage_id  bigint NOT NULL,
    n         integer NOT NULL,
    state     bytea NOT NULL,
    saved_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (stage_id, n)
);

CREATE TABLE progress (
    token        bigint PRIMARY KEY,
    stage_id     bigint NOT NULL,
    n            integer NOT NULL,
    done         numeric NOT NULL,
    total        numeric NOT NULL,          -- 0: unknown
    note         text,
    reported_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE task_logs (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stage_id  bigint NOT NULL,
    n         integer NOT NULL,
    attempt   integer NOT NULL,
    level     smallint NOT NULL CHECK (level BETWEEN 0 AND 3),
    message   text NOT NULL,
    fields    text,                         -- JSON object
    at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX task_logs_task ON task_logs (stage_id, n, id);
