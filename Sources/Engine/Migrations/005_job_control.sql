-- Jobs are paused, cancelled at once, retried, rerun from a stage, and found by labels.
--
-- Why: `held` stands in the counters because the claim locks that row: a claim that waited for a pause sees it, while the state of
-- the stage would be that of the claim's snapshot. A stage of a rerun that `reuses` one of its origin's has no rows of its own
-- in `attempts` and `item_ranges`: the origin's are read, so the origin's stage cannot be removed before.
-- Locks: adds columns with constant defaults, each at once. Older hosts may run on: they finish what is paused, and claim no more of it.

ALTER TABLE jobs
    ADD COLUMN labels         text[] NOT NULL DEFAULT '{}',     -- `label` is what older hosts write
    ADD COLUMN origin_job_id  bigint REFERENCES jobs ON DELETE SET NULL,
    ADD COLUMN origin_stage   text,                             -- where the rerun began; NULL: at the beginning
    ADD COLUMN cancel_now     boolean NOT NULL DEFAULT false,   -- what runs is killed without a grace period
    ADD COLUMN paused_at      timestamptz,
    ADD COLUMN paused_by      text,
    ADD COLUMN paused_why     text,
    ADD CONSTRAINT paused_has_time CHECK (paused_at IS NOT NULL OR state <> 'paused');
CREATE INDEX jobs_origin ON jobs (origin_job_id) WHERE origin_job_id IS NOT NULL;

ALTER TABLE stages
    ADD COLUMN reuses         bigint REFERENCES stages,
    ADD COLUMN paused_at      timestamptz,                      -- NULL while it is paused with its job only
    ADD COLUMN paused_by      text,
    ADD COLUMN paused_why     text;
CREATE INDEX stages_reusing ON stages (reuses) WHERE reuses IS NOT NULL;

ALTER TABLE stage_counters
    ADD COLUMN held           boolean NOT NULL DEFAULT false;   -- the stage is paused: nothing of it is claimed

ALTER TABLE attempts
    ADD COLUMN fingerprint    text;                             -- of one that failed: what it has in common with others
