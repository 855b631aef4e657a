-- What was told of the end of jobs, and what plugins declare of their metrics.
--
-- Why: a forecast that nobody holds against the truth is a guess; predictions stay as long as their job. Declarations stand in the
-- database so that every host shows the metrics of every job, also of plugins that it does not have.
-- The leader samples the stages that ended since it looked last: the index finds them.
-- Locks: `jobs` for the moment of the foreign key, `stages` while the index is built. Older hosts may run on: they neither predict nor declare.

CREATE TABLE predictions (
    job_id      bigint NOT NULL REFERENCES jobs ON DELETE CASCADE,
    made_at     timestamptz NOT NULL DEFAULT now(),
    soonest_at  timestamptz NOT NULL,
    latest_at   timestamptz NOT NULL,
    PRIMARY KEY (job_id, made_at),
    CONSTRAINT band_has_order CHECK (soonest_at <= latest_at)
);

CREATE TABLE plugin_metrics (
    plugin        text PRIMARY KEY,
    declarations  text NOT NULL,            -- JSON: the array `metrics` of its manifest
    declared_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX stages_finished ON stages (finished_at) WHERE finished_at IS NOT NULL;
