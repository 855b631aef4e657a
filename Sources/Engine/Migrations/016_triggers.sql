-- Triggers: what starts a workflow besides the clock; and the own schedules of datasets.
--
-- Why: one row an event, unique by trigger and event, written in the transaction that submits its job: whoever leads may die at any
-- moment, and nothing is lost or done twice. What lies before the watermark has been decided, so events that lie well before it may be
-- forgotten. A dataset's own schedule stands among the others, named `dataset.ID`, and fires by the same rules.
-- Locks: `curated_datasets` for the moment of the new column. Older hosts may run on, but none may lead: it would not fire datasets.

CREATE TABLE triggers (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
    kind         text NOT NULL CHECK (kind IN ('objects', 'dataset', 'job', 'webhook')),
    settings     text NOT NULL,                     -- JSON, as it was set
    generation   integer NOT NULL DEFAULT 1,        -- moved by every change of it
    created_at   timestamptz NOT NULL DEFAULT now(),
    changed_at   timestamptz NOT NULL DEFAULT now(),
    changed_by   text NOT NULL,
    paused_at    timestamptz,
    paused_by    text,
    paused_why   text,
    since_at     timestamptz NOT NULL,              -- what was before is no event
    watermark    timestamptz NOT NULL,              -- of objects and jobs: what was well before has been decided
    log_mark     bigint NOT NULL DEFAULT 0,         -- of datasets: the update that was seen last
    next_at      timestamptz NOT NULL DEFAULT now(), -- when objects are looked at next
    page         text,                              -- where a walk through them goes on; NULL: at the beginning
    newest_at    timestamptz,                       -- of that walk
    looked_at    timestamptz,                       -- when the last whole walk ended
    error        text,                              -- why the last look was none
    CONSTRAINT paused_by_somebody CHECK ((paused_at IS NULL) = (paused_by IS NULL))
);

CREATE TABLE trigger_events (
    trigger_id   bigint NOT NULL REFERENCES triggers ON DELETE CASCADE,
    key          text NOT NULL,                     -- what it is once and no second time
    id           bigint GENERATED ALWAYS AS IDENTITY,
    subject      text NOT NULL,                     -- for people
    happened_at  timestamptz NOT NULL,
    outcome      text NOT NULL CHECK (outcome IN ('submitted', 'skipped', 'failed')),
    why          text,
    job_id       bigint,                            -- it may have been removed since
    decided_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (trigger_id, key)
);
CREATE INDEX trigger_events_latest ON trigger_events (trigger_id, id);

ALTER TABLE curated_datasets ADD COLUMN update_zone text CHECK (length(update_zone) <= 64);

INSERT INTO schedules (name, settings, changed_by, decided_through, next_at)
SELECT 'dataset.' || dataset_id,
       json_build_object('workflow', job_type, 'cron', coalesce(update_schedule, '0 2 * * *'), 'zone', 'UTC', 'dataset', dataset_id)::text,
       'weir', now(), now()
FROM curated_datasets WHERE removed_at IS NULL AND enabled AND (source_type <> 'manual' OR update_schedule IS NOT NULL);
