-- The leader, and what is removed of jobs that ended long ago.
--
-- Why: one host at a time does what is to be done once for all hosts. A job goes in one short transaction, and what it left - attempts,
-- logs, items - follows in many small ones; `removals` says how far they are, so that any host can go on.
-- Locks: `item_ranges`, `progress`, `stage_counters` and `attempts` for the moment of a change; an index over the jobs that ended.
-- Older hosts may run on: they lead nothing and remove nothing.

CREATE TABLE leaders (
    role         text PRIMARY KEY,
    host_id      bigint NOT NULL,
    term         bigint NOT NULL,           -- grows whenever another host takes over
    lease_until  timestamptz NOT NULL
) WITH (fillfactor = 40, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

CREATE TABLE removals (
    stage_id  bigint PRIMARY KEY,           -- of a job that is gone
    tasks     integer NOT NULL,
    next      integer NOT NULL DEFAULT 0,   -- of tasks before this nothing is left
    kind      smallint NOT NULL DEFAULT -1, -- item ranges up to (kind, first) are gone
    first     bigint NOT NULL DEFAULT 0
);

CREATE INDEX jobs_ended ON jobs (workflow, finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX stages_items_from ON stages (items_from) WHERE items_from IS NOT NULL;

-- its cascade would remove the ranges of a whole stage at once
ALTER TABLE item_ranges DROP CONSTRAINT item_ranges_stage_id_fkey;

-- hot rows are vacuumed when they have turned over, whatever has gathered beside them
ALTER TABLE progress SET (fillfactor = 40, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
ALTER TABLE stage_counters SET (autovacuum_vacuum_scale_factor = 0.01);
-- history is only added to, and removed from one end
ALTER TABLE attempts SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 20000);
ALTER TABLE item_ranges SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 20000);
ALTER TABLE task_logs SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 20000);
