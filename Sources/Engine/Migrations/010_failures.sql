-- What failures have in common, builds that end runners, and deadlines.
--
-- Why: groups are moved by the deltas of a batch that holds failures, as the counters are, so that a stage of a million tasks is
-- never counted; where nothing fails nothing is written. `failure_limit` is the stage's failure_budget in tasks, set when it opens.
-- Locks: creates, and adds columns that are NULL or have constant defaults, each at once. Older hosts may run on: what fails
-- there is not grouped.

CREATE TABLE failure_groups (
    stage_id     bigint NOT NULL REFERENCES stages ON DELETE CASCADE,
    fingerprint  text NOT NULL,
    outcome      text NOT NULL,
    text         text NOT NULL,             -- the message without what differs
    message      text NOT NULL,             -- of the attempt that failed last
    n            integer NOT NULL,          -- its task
    attempts     integer NOT NULL,          -- that failed so
    tasks        integer NOT NULL,          -- of which at least one attempt did
    failed       integer NOT NULL,          -- that ended so
    forgiven     integer NOT NULL DEFAULT 0,-- of `tasks`, when the stage was resumed last
    first_at     timestamptz NOT NULL DEFAULT now(),
    last_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (stage_id, fingerprint)
);
CREATE INDEX failure_groups_last ON failure_groups (last_at);

CREATE TABLE runner_kills (
    library_hash  text NOT NULL,
    stage_id      bigint NOT NULL,
    n             integer NOT NULL,
    handler       text NOT NULL,
    at            timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (library_hash, stage_id, n)
);

CREATE TABLE quarantines (
    library_hash  text PRIMARY KEY,
    plugin        text NOT NULL,
    handler       text NOT NULL,            -- whose task ended a runner last
    tasks         integer NOT NULL,         -- different ones that did, within the hour before
    message       text,                     -- of the last one
    since         timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE stages
    ADD COLUMN failure_limit     integer,
    ADD COLUMN queue_timeout_ms  bigint;
ALTER TABLE jobs
    ADD COLUMN deadline_ms       bigint,
    ADD COLUMN deadline_at       timestamptz,
    ADD COLUMN deadline_passed   boolean NOT NULL DEFAULT false;
CREATE INDEX jobs_deadline ON jobs (deadline_at) WHERE finished_at IS NULL AND deadline_at IS NOT NULL;
