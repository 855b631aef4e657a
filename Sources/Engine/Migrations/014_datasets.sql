-- Curated datasets: what reference data is kept current, from where, and what became of each update.
--
-- Why the versions of a dataset are not here: they stand beside its tables, in schema `geo`, so that one transaction of the role
-- that owns those tables changes both (decisions/0024). What this schema knows of them is what the last update said.
-- Why no foreign key to jobs: the log outlives them.
-- Locks: creates only. Older hosts may run on: they do not know the tables.

CREATE TABLE curated_datasets (
    dataset_id         text PRIMARY KEY CHECK (dataset_id ~ '^[a-z][a-z0-9_]{0,63}$'),
    name               text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    description        text,
    source_type        text NOT NULL CHECK (source_type IN ('api_bulk_download', 'api_paginated', 'manual')),
    source_url         text CHECK (length(source_url) BETWEEN 1 AND 500),
    source_config      jsonb NOT NULL,
    job_type           text NOT NULL,
    update_strategy    text NOT NULL CHECK (update_strategy IN ('full_replace', 'upsert')),
    update_schedule    text CHECK (length(update_schedule) <= 50),
    credential_key     text CHECK (length(credential_key) <= 200),
    target_schema      text NOT NULL,
    target_table_name  text NOT NULL CHECK (target_table_name ~ '^curated_[a-z0-9_]+$'),
    license            text,
    attribution        text,
    keep_versions      integer NOT NULL CHECK (keep_versions BETWEEN 0 AND 50),
    enabled            boolean NOT NULL,
    -- who said all this last; what an operator said is not overwritten by a manifest
    origin             text NOT NULL CHECK (origin IN ('manifest', 'operator')),
    revision           bigint NOT NULL DEFAULT 1,   -- of what is said above: the ETag
    last_checked_at    timestamptz,
    last_updated_at    timestamptz,
    last_job_id        bigint,
    source_version     text,                        -- of the version that readers see
    current_version    integer,
    row_count          bigint,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    removed_at         timestamptz,                 -- so that no manifest brings back what an operator removed
    CONSTRAINT source_is_known CHECK (source_url IS NOT NULL OR source_type = 'manual')
);
CREATE UNIQUE INDEX curated_datasets_target ON curated_datasets (target_schema, target_table_name) WHERE removed_at IS NULL;

CREATE TABLE curated_update_log (
    log_id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dataset_id        text NOT NULL REFERENCES curated_datasets,
    job_id            bigint,                       -- NULL of a rollback
    update_type       text NOT NULL CHECK (update_type IN ('scheduled', 'manual', 'triggered', 'rollback')),
    force_update      boolean NOT NULL DEFAULT false,
    dry_run           boolean NOT NULL DEFAULT false,
    source_version    text,
    version           integer,
    records_added     bigint,
    records_updated   bigint,
    records_deleted   bigint,
    records_total     bigint,
    status            text NOT NULL DEFAULT 'started' CHECK (status IN
                      ('started', 'completed', 'failed', 'skipped', 'cancelled')),
    error_message     text,
    started_at        timestamptz NOT NULL DEFAULT now(),
    started_by        text NOT NULL,
    completed_at      timestamptz,
    duration_seconds  numeric GENERATED ALWAYS AS (extract(epoch FROM completed_at - started_at)) STORED,
    CONSTRAINT completed_has_time CHECK ((completed_at IS NULL) = (status = 'started'))
);
CREATE INDEX curated_update_log_dataset ON curated_update_log (dataset_id, log_id);
-- one update of a dataset at a time
CREATE UNIQUE INDEX curated_update_log_running ON curated_update_log (dataset_id) WHERE completed_at IS NULL;
