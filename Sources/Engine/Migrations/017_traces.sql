-- Where jobs stand among traces.
--
-- Why: ids of spans follow from the job, its stages and attempts, so nothing is stored a task. What cannot follow is the trace that a
-- job was submitted in. The mark says up to when jobs that ended were told of, so that a new leader goes on there.
-- Locks: `jobs` for the moment of the new column. Older hosts may run on: their attempts are no spans.

ALTER TABLE jobs ADD COLUMN traceparent text CHECK (length(traceparent) = 55);

CREATE TABLE trace_marks (
    name  text PRIMARY KEY,
    at    timestamptz NOT NULL
);
