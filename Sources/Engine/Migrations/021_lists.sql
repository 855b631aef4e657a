-- The lines of a stage in the order in which they were stored, and the jobs of a workflow or in a state, the newest first.
--
-- Why: pages that are open read both every few seconds. Without these the lines of all jobs were looked through for those of one, and for
-- the last job of a workflow that runs seldom, or the last that failed, all jobs.
-- Locks: `task_logs` and `jobs` against writes while the indexes are built. Older hosts may run on.

CREATE INDEX task_logs_stage ON task_logs (stage_id, id);
CREATE INDEX jobs_workflow ON jobs (workflow, id);
CREATE INDEX jobs_state ON jobs (state, id);
