-- Limits: how many tasks may run at a time over all hosts, by handler and by named resource, and how many may begin in a while.
--
-- Why this shape: what is in use is never counted in a column that could drift; a lease carries what it holds, and frees it by ending,
-- however it ends. A handler without limits carries nothing and locks nothing.
-- Locks: `leases` for the moment of the change. Older hosts may run on: what they claim keeps to no limit.

CREATE TABLE limits (
    name          text PRIMARY KEY,         -- a resource, or a handler, whose name has a dot
    concurrency   integer CHECK (concurrency >= 0),      -- weight held at a time; NULL: any
    rate_count    integer CHECK (rate_count > 0),        -- weight begun in `rate_seconds`; NULL: any
    rate_seconds  integer CHECK (rate_seconds > 0),
    burst         integer CHECK (burst > 0),             -- the most that gathers while nothing begins
    tokens        float8 NOT NULL DEFAULT 0,             -- what may begin at once, as of `counted_at`; below 0 after a heavy task
    counted_at    timestamptz NOT NULL DEFAULT now(),
    origin        text NOT NULL CHECK (origin IN ('configuration', 'operator')),
    changed_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT limits_something CHECK (concurrency IS NOT NULL OR rate_count IS NOT NULL),
    CONSTRAINT rate_is_whole CHECK (
        (rate_count IS NULL) = (rate_seconds IS NULL) AND (rate_count IS NULL) = (burst IS NULL))
) WITH (fillfactor = 40, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- what a task of a handler holds while it runs, besides the handler itself
CREATE TABLE resources (
    handler   text NOT NULL,
    resource  text NOT NULL,
    weight    integer NOT NULL CHECK (weight > 0),
    PRIMARY KEY (handler, resource)
);

ALTER TABLE leases ADD COLUMN holds text[], ADD COLUMN weights integer[];
CREATE INDEX leases_holding ON leases (token) WHERE holds IS NOT NULL;
