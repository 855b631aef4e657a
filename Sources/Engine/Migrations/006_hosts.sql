-- Hosts that are stopping, and a quick way to the jobs that have not ended.
--
-- Why: a host without HTTP ends when nothing is left that it could do, and asks so several times a second; the list of hosts shows
-- which of them take no more tasks.
-- Locks: `hosts` and `jobs` for the moment of the change and of building an index over the open jobs. Older hosts may run on: they never
-- set the column.

ALTER TABLE hosts ADD COLUMN stopping_at timestamptz;

CREATE INDEX jobs_unfinished ON jobs (id) WHERE finished_at IS NULL;
CREATE INDEX offers_handler ON offers (handler);
