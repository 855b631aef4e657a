CREATE SCHEMA app;

CREATE SCHEMA h3;

CREATE TABLE app.access_tokens (
    id bigint NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    hash bytea NOT NULL,
    beginning text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by text NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    revoked_by text,
    CONSTRAINT access_tokens_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT access_tokens_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT access_tokens_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'operator'::text, 'admin'::text]))),
    CONSTRAINT revoked_by_somebody CHECK (((revoked_at IS NULL) = (revoked_by IS NULL)))
);

ALTER TABLE app.access_tokens ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.access_tokens_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.alert_deliveries (
    id bigint NOT NULL,
    alert_id bigint NOT NULL,
    webhook text NOT NULL,
    event text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone DEFAULT now() NOT NULL,
    status integer,
    error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT alert_deliveries_event_check CHECK ((event = ANY (ARRAY['raised'::text, 'cleared'::text]))),
    CONSTRAINT alert_deliveries_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'delivered'::text, 'given_up'::text]))),
    CONSTRAINT ended_has_time CHECK (((ended_at IS NULL) = (state = 'waiting'::text)))
);

ALTER TABLE app.alert_deliveries ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.alert_deliveries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.alerts (
    id bigint NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    attention text NOT NULL,
    raised_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    cleared_at timestamp with time zone
);

ALTER TABLE app.alerts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.alerts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.attempts (
    stage_id bigint NOT NULL,
    n integer NOT NULL,
    attempt integer NOT NULL,
    token bigint NOT NULL,
    host_id bigint,
    final boolean NOT NULL,
    outcome text NOT NULL,
    message text,
    details text,
    result text,
    claimed_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone DEFAULT now() NOT NULL,
    wall_us bigint,
    cpu_us bigint,
    peak_rss_kb bigint,
    fingerprint text,
    CONSTRAINT attempts_outcome_check CHECK ((outcome = ANY (ARRAY['completed'::text, 'failed'::text, 'invalid'::text, 'crashed'::text, 'timeout'::text, 'memory'::text, 'protocol'::text, 'lost'::text, 'cancelled'::text, 'returned'::text])))
)
WITH (autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='20000');

CREATE TABLE app.audit (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor text NOT NULL,
    role text NOT NULL,
    via text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    details jsonb,
    CONSTRAINT audit_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'operator'::text, 'admin'::text]))),
    CONSTRAINT audit_via_check CHECK ((via = ANY (ARRAY['cli'::text, 'api'::text, 'page'::text, 'system'::text])))
);

ALTER TABLE app.audit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.backfill_runs (
    backfill_id bigint NOT NULL,
    fire_at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    why text,
    job_id bigint,
    is_open boolean DEFAULT false NOT NULL,
    CONSTRAINT backfill_runs_outcome_check CHECK ((outcome = ANY (ARRAY['submitted'::text, 'skipped'::text, 'failed'::text])))
);

CREATE TABLE app.backfills (
    id bigint NOT NULL,
    schedule_id bigint NOT NULL,
    from_at timestamp with time zone NOT NULL,
    to_at timestamp with time zone NOT NULL,
    reprocess text NOT NULL,
    concurrency integer NOT NULL,
    decided_through timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by text NOT NULL,
    finished_at timestamp with time zone,
    cancelled_by text,
    CONSTRAINT backfills_concurrency_check CHECK (((concurrency >= 1) AND (concurrency <= 1000))),
    CONSTRAINT backfills_reprocess_check CHECK ((reprocess = ANY (ARRAY['none'::text, 'failed'::text, 'completed'::text])))
);

ALTER TABLE app.backfills ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.backfills_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.checkpoints (
    stage_id bigint NOT NULL,
    n integer NOT NULL,
    state bytea NOT NULL,
    saved_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE app.chunks (
    token bigint NOT NULL,
    kind smallint NOT NULL,
    first bigint NOT NULL,
    count integer NOT NULL,
    body text NOT NULL,
    CONSTRAINT chunks_count_check CHECK ((count > 0))
);
ALTER TABLE ONLY app.chunks ALTER COLUMN body SET COMPRESSION lz4;

CREATE TABLE app.curated_datasets (
    dataset_id text NOT NULL,
    name text NOT NULL,
    description text,
    source_type text NOT NULL,
    source_url text,
    source_config jsonb NOT NULL,
    job_type text NOT NULL,
    update_strategy text NOT NULL,
    update_schedule text,
    credential_key text,
    target_schema text NOT NULL,
    target_table_name text NOT NULL,
    license text,
    attribution text,
    keep_versions integer NOT NULL,
    enabled boolean NOT NULL,
    origin text NOT NULL,
    revision bigint DEFAULT 1 NOT NULL,
    last_checked_at timestamp with time zone,
    last_updated_at timestamp with time zone,
    last_job_id bigint,
    source_version text,
    current_version integer,
    row_count bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    removed_at timestamp with time zone,
    update_zone text,
    CONSTRAINT curated_datasets_credential_key_check CHECK ((length(credential_key) <= 200)),
    CONSTRAINT curated_datasets_dataset_id_check CHECK ((dataset_id ~ '^[a-z][a-z0-9_]{0,63}$'::text)),
    CONSTRAINT curated_datasets_keep_versions_check CHECK (((keep_versions >= 0) AND (keep_versions <= 50))),
    CONSTRAINT curated_datasets_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT curated_datasets_origin_check CHECK ((origin = ANY (ARRAY['manifest'::text, 'operator'::text]))),
    CONSTRAINT curated_datasets_source_type_check CHECK ((source_type = ANY (ARRAY['api_bulk_download'::text, 'api_paginated'::text, 'manual'::text]))),
    CONSTRAINT curated_datasets_source_url_check CHECK (((length(source_url) >= 1) AND (length(source_url) <= 500))),
    CONSTRAINT curated_datasets_target_table_name_check CHECK ((target_table_name ~ '^curated_[a-z0-9_]+$'::text)),
    CONSTRAINT curated_datasets_update_schedule_check CHECK ((length(update_schedule) <= 50)),
    CONSTRAINT curated_datasets_update_strategy_check CHECK ((update_strategy = ANY (ARRAY['full_replace'::text, 'upsert'::text]))),
    CONSTRAINT curated_datasets_update_zone_check CHECK ((length(update_zone) <= 64)),
    CONSTRAINT source_is_known CHECK (((source_url IS NOT NULL) OR (source_type = 'manual'::text)))
);

CREATE TABLE app.curated_update_log (
    log_id bigint NOT NULL,
    dataset_id text NOT NULL,
    job_id bigint,
    update_type text NOT NULL,
    force_update boolean DEFAULT false NOT NULL,
    dry_run boolean DEFAULT false NOT NULL,
    source_version text,
    version integer,
    records_added bigint,
    records_updated bigint,
    records_deleted bigint,
    records_total bigint,
    status text DEFAULT 'started'::text NOT NULL,
    error_message text,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    started_by text NOT NULL,
    completed_at timestamp with time zone,
    duration_seconds numeric GENERATED ALWAYS AS (EXTRACT(epoch FROM (completed_at - started_at))) STORED,
    CONSTRAINT completed_has_time CHECK (((completed_at IS NULL) = (status = 'started'::text))),
    CONSTRAINT curated_update_log_status_check CHECK ((status = ANY (ARRAY['started'::text, 'completed'::text, 'failed'::text, 'skipped'::text, 'cancelled'::text]))),
    CONSTRAINT curated_update_log_update_type_check CHECK ((update_type = ANY (ARRAY['scheduled'::text, 'manual'::text, 'triggered'::text, 'rollback'::text])))
);

ALTER TABLE app.curated_update_log ALTER COLUMN log_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.curated_update_log_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.discarded (
    token bigint NOT NULL
);

CREATE TABLE app.failure_groups (
    stage_id bigint NOT NULL,
    fingerprint text NOT NULL,
    outcome text NOT NULL,
    text text NOT NULL,
    message text NOT NULL,
    n integer NOT NULL,
    attempts integer NOT NULL,
    tasks integer NOT NULL,
    failed integer NOT NULL,
    forgiven integer DEFAULT 0 NOT NULL,
    first_at timestamp with time zone DEFAULT now() NOT NULL,
    last_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE app.handlers (
    name text NOT NULL,
    library_hash text NOT NULL,
    plugin text NOT NULL,
    plugin_version text NOT NULL,
    version text NOT NULL,
    description jsonb NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE app.hosts (
    id bigint NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    machine text NOT NULL,
    pid integer NOT NULL,
    process text NOT NULL,
    slots integer NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    lease_until timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ended_why text,
    stopping_at timestamp with time zone,
    unavailable json DEFAULT '[]'::json NOT NULL,
    CONSTRAINT ended_has_reason CHECK (((ended_at IS NULL) = (ended_why IS NULL))),
    CONSTRAINT hosts_ended_why_check CHECK ((ended_why = ANY (ARRAY['stopped'::text, 'lost'::text]))),
    CONSTRAINT hosts_slots_check CHECK ((slots >= 0))
);

ALTER TABLE app.hosts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.hosts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.item_ranges (
    stage_id bigint NOT NULL,
    kind smallint NOT NULL,
    first bigint NOT NULL,
    count bigint NOT NULL,
    token bigint NOT NULL,
    n integer,
    CONSTRAINT item_ranges_count_check CHECK ((count > 0))
)
WITH (autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='20000');

CREATE TABLE app.jobs (
    id bigint NOT NULL,
    workflow text NOT NULL,
    workflow_version integer NOT NULL,
    params text NOT NULL,
    dedup_key text,
    label text,
    priority smallint DEFAULT 0 NOT NULL,
    not_before timestamp with time zone,
    state text NOT NULL,
    error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    cancel_requested_at timestamp with time zone,
    labels text[] DEFAULT '{}'::text[] NOT NULL,
    origin_job_id bigint,
    origin_stage text,
    cancel_now boolean DEFAULT false NOT NULL,
    paused_at timestamp with time zone,
    paused_by text,
    paused_why text,
    deadline_ms bigint,
    deadline_at timestamp with time zone,
    deadline_passed boolean DEFAULT false NOT NULL,
    traceparent text,
    CONSTRAINT finished_has_time CHECK (((finished_at IS NOT NULL) = (state = ANY (ARRAY['completed'::text, 'completed_with_errors'::text, 'failed'::text, 'cancelled'::text])))),
    CONSTRAINT jobs_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'paused'::text, 'completed'::text, 'completed_with_errors'::text, 'failed'::text, 'cancelled'::text]))),
    CONSTRAINT jobs_traceparent_check CHECK ((length(traceparent) = 55)),
    CONSTRAINT paused_has_time CHECK (((paused_at IS NOT NULL) OR (state <> 'paused'::text)))
);

ALTER TABLE app.jobs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.leaders (
    role text NOT NULL,
    host_id bigint NOT NULL,
    term bigint NOT NULL,
    lease_until timestamp with time zone NOT NULL
)
WITH (fillfactor='40', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='500');

CREATE TABLE app.leases (
    token bigint NOT NULL,
    stage_id bigint NOT NULL,
    n integer NOT NULL,
    host_id bigint NOT NULL,
    attempt integer NOT NULL,
    failures smallint NOT NULL,
    kills smallint NOT NULL,
    claimed_at timestamp with time zone DEFAULT now() NOT NULL,
    holds text[],
    weights integer[]
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='5000', autovacuum_vacuum_cost_delay='0');

CREATE TABLE app.limits (
    name text NOT NULL,
    concurrency integer,
    rate_count integer,
    rate_seconds integer,
    burst integer,
    tokens double precision DEFAULT 0 NOT NULL,
    counted_at timestamp with time zone DEFAULT now() NOT NULL,
    origin text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT limits_burst_check CHECK ((burst > 0)),
    CONSTRAINT limits_concurrency_check CHECK ((concurrency >= 0)),
    CONSTRAINT limits_origin_check CHECK ((origin = ANY (ARRAY['configuration'::text, 'operator'::text]))),
    CONSTRAINT limits_rate_count_check CHECK ((rate_count > 0)),
    CONSTRAINT limits_rate_seconds_check CHECK ((rate_seconds > 0)),
    CONSTRAINT limits_something CHECK (((concurrency IS NOT NULL) OR (rate_count IS NOT NULL))),
    CONSTRAINT rate_is_whole CHECK ((((rate_count IS NULL) = (rate_seconds IS NULL)) AND ((rate_count IS NULL) = (burst IS NULL))))
)
WITH (fillfactor='40', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='500');

CREATE TABLE app.object_writes (
    id bigint NOT NULL,
    collection text NOT NULL,
    container text NOT NULL,
    first_key text NOT NULL COLLATE pg_catalog."C",
    last_key text NOT NULL COLLATE pg_catalog."C",
    keys text[] NOT NULL,
    etags text[],
    sizes bigint[],
    job_id bigint NOT NULL,
    stage text NOT NULL,
    n integer NOT NULL,
    attempt integer NOT NULL,
    handler text NOT NULL,
    handler_version text NOT NULL,
    plugin text NOT NULL,
    plugin_version text NOT NULL,
    library_hash text NOT NULL,
    began_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
ALTER TABLE ONLY app.object_writes ALTER COLUMN keys SET COMPRESSION lz4;
ALTER TABLE ONLY app.object_writes ALTER COLUMN etags SET COMPRESSION lz4;

ALTER TABLE app.object_writes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.object_writes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.offers (
    host_id bigint NOT NULL,
    handler text NOT NULL,
    library_hash text NOT NULL
);

CREATE TABLE app.plugin_metrics (
    plugin text NOT NULL,
    declarations text NOT NULL,
    declared_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE app.predictions (
    job_id bigint NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    soonest_at timestamp with time zone NOT NULL,
    latest_at timestamp with time zone NOT NULL,
    CONSTRAINT band_has_order CHECK ((soonest_at <= latest_at))
);

CREATE TABLE app.progress (
    token bigint NOT NULL,
    stage_id bigint NOT NULL,
    n integer NOT NULL,
    done numeric NOT NULL,
    total numeric NOT NULL,
    note text,
    reported_at timestamp with time zone DEFAULT now() NOT NULL
)
WITH (fillfactor='40', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='1000');

CREATE TABLE app.quarantines (
    library_hash text NOT NULL,
    plugin text NOT NULL,
    handler text NOT NULL,
    tasks integer NOT NULL,
    message text,
    since timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE app.ready (
    stage_id bigint NOT NULL,
    n integer NOT NULL,
    due_at timestamp with time zone NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    failures smallint DEFAULT 0 NOT NULL,
    kills smallint DEFAULT 0 NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='5000', autovacuum_vacuum_cost_delay='0');

CREATE TABLE app.registrations (
    id bigint NOT NULL,
    collection text NOT NULL,
    first_id text COLLATE pg_catalog."C",
    last_id text COLLATE pg_catalog."C",
    ids text[] NOT NULL,
    job_id bigint NOT NULL,
    stage text NOT NULL,
    n integer NOT NULL,
    attempt integer NOT NULL,
    handler text NOT NULL,
    handler_version text NOT NULL,
    plugin text NOT NULL,
    plugin_version text NOT NULL,
    library_hash text NOT NULL,
    registered_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT items_have_bounds CHECK ((((first_id IS NULL) = (ids = '{}'::text[])) AND ((last_id IS NULL) = (ids = '{}'::text[]))))
);
ALTER TABLE ONLY app.registrations ALTER COLUMN ids SET COMPRESSION lz4;

ALTER TABLE app.registrations ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.registrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.removals (
    stage_id bigint NOT NULL,
    tasks integer NOT NULL,
    next integer DEFAULT 0 NOT NULL,
    kind smallint DEFAULT '-1'::integer NOT NULL,
    first bigint DEFAULT 0 NOT NULL
);

CREATE TABLE app.resources (
    handler text NOT NULL,
    resource text NOT NULL,
    weight integer NOT NULL,
    CONSTRAINT resources_weight_check CHECK ((weight > 0))
);

CREATE TABLE app.runner_kills (
    library_hash text NOT NULL,
    stage_id bigint NOT NULL,
    n integer NOT NULL,
    handler text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE app.schedule_fires (
    schedule_id bigint NOT NULL,
    fire_at timestamp with time zone NOT NULL,
    local text NOT NULL,
    mark text,
    outcome text NOT NULL,
    is_late boolean DEFAULT false NOT NULL,
    why text,
    job_id bigint,
    is_open boolean DEFAULT false NOT NULL,
    decided_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT schedule_fires_mark_check CHECK ((mark = ANY (ARRAY['moved'::text, 'first'::text, 'second'::text]))),
    CONSTRAINT schedule_fires_outcome_check CHECK ((outcome = ANY (ARRAY['submitted'::text, 'skipped'::text, 'missed'::text, 'buffered'::text, 'failed'::text])))
);

CREATE TABLE app.schedules (
    id bigint NOT NULL,
    name text NOT NULL,
    settings text NOT NULL,
    generation integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_by text NOT NULL,
    paused_at timestamp with time zone,
    paused_by text,
    paused_why text,
    decided_through timestamp with time zone NOT NULL,
    next_at timestamp with time zone,
    buffered_at timestamp with time zone,
    CONSTRAINT paused_by_somebody CHECK (((paused_at IS NULL) = (paused_by IS NULL))),
    CONSTRAINT schedules_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100)))
);

ALTER TABLE app.schedules ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.schedules_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.schema_migrations (
    number integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE app.sessions (
    id bigint NOT NULL,
    hash bytea NOT NULL,
    token_id bigint,
    binding bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT of_one_token CHECK (((token_id IS NULL) <> (binding IS NULL))),
    CONSTRAINT sessions_binding_check CHECK ((length(binding) = 32)),
    CONSTRAINT sessions_hash_check CHECK ((length(hash) = 32))
);

ALTER TABLE app.sessions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.sessions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.stage_counters (
    stage_id bigint NOT NULL,
    expanded integer DEFAULT 0 NOT NULL,
    queued integer DEFAULT 0 NOT NULL,
    retrying integer DEFAULT 0 NOT NULL,
    running integer DEFAULT 0 NOT NULL,
    completed integer DEFAULT 0 NOT NULL,
    failed integer DEFAULT 0 NOT NULL,
    cancelled integer DEFAULT 0 NOT NULL,
    items bigint DEFAULT 0 NOT NULL,
    rejects bigint DEFAULT 0 NOT NULL,
    failed_items bigint DEFAULT 0 NOT NULL,
    held boolean DEFAULT false NOT NULL,
    CONSTRAINT never_negative CHECK (((queued >= 0) AND (retrying >= 0) AND (running >= 0)))
)
WITH (fillfactor='40', autovacuum_vacuum_threshold='500', autovacuum_vacuum_scale_factor='0.01');

CREATE TABLE app.stage_totals (
    stage_id bigint NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    aggregate text NOT NULL,
    value numeric NOT NULL,
    CONSTRAINT stage_totals_aggregate_check CHECK ((aggregate = ANY (ARRAY['sum'::text, 'min'::text, 'max'::text, 'count'::text, 'last'::text]))),
    CONSTRAINT stage_totals_kind_check CHECK ((kind = ANY (ARRAY['total'::text, 'metric'::text])))
)
WITH (fillfactor='40', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='500');

CREATE TABLE app.stages (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    "position" smallint NOT NULL,
    name text NOT NULL,
    handler text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    priority smallint DEFAULT 0 NOT NULL,
    max_parallel integer,
    items_from bigint,
    items_total bigint,
    batch integer,
    tasks_total integer,
    result text,
    reason text,
    opened_at timestamp with time zone,
    finished_at timestamp with time zone,
    reuses bigint,
    paused_at timestamp with time zone,
    paused_by text,
    paused_why text,
    failure_limit integer,
    queue_timeout_ms bigint,
    CONSTRAINT finished_has_time CHECK (((finished_at IS NOT NULL) = (state = ANY (ARRAY['completed'::text, 'failed'::text, 'skipped'::text, 'cancelled'::text])))),
    CONSTRAINT stages_batch_check CHECK ((batch > 0)),
    CONSTRAINT stages_max_parallel_check CHECK ((max_parallel > 0)),
    CONSTRAINT stages_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'paused'::text, 'completed'::text, 'failed'::text, 'skipped'::text, 'cancelled'::text])))
);

ALTER TABLE app.stages ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.stages_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE SEQUENCE app.style_revisions
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE app.styles (
    style_id text NOT NULL,
    document json NOT NULL,
    sld text,
    revision bigint DEFAULT nextval('app.style_revisions'::regclass) NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT styles_style_id_check CHECK ((style_id ~ '^[a-z][a-z0-9_]{0,63}$'::text))
);

CREATE TABLE app.task_logs (
    id bigint NOT NULL,
    stage_id bigint NOT NULL,
    n integer NOT NULL,
    attempt integer NOT NULL,
    level smallint NOT NULL,
    message text NOT NULL,
    fields text,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT task_logs_level_check CHECK (((level >= 0) AND (level <= 3)))
)
WITH (autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='20000');

ALTER TABLE app.task_logs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.task_logs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE SEQUENCE app.tokens
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 100;

CREATE TABLE app.trace_marks (
    name text NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE TABLE app.trigger_events (
    trigger_id bigint NOT NULL,
    key text NOT NULL,
    id bigint NOT NULL,
    subject text NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    why text,
    job_id bigint,
    decided_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT trigger_events_outcome_check CHECK ((outcome = ANY (ARRAY['submitted'::text, 'skipped'::text, 'failed'::text])))
);

ALTER TABLE app.trigger_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.trigger_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.trigger_objects (
    trigger_id bigint NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    version text NOT NULL
);

CREATE TABLE app.triggers (
    id bigint NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    settings text NOT NULL,
    generation integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_by text NOT NULL,
    paused_at timestamp with time zone,
    paused_by text,
    paused_why text,
    since_at timestamp with time zone NOT NULL,
    watermark timestamp with time zone NOT NULL,
    log_mark bigint DEFAULT 0 NOT NULL,
    next_at timestamp with time zone DEFAULT now() NOT NULL,
    page text,
    newest_at timestamp with time zone,
    looked_at timestamp with time zone,
    error text,
    page_after text,
    known_at timestamp with time zone,
    CONSTRAINT paused_by_somebody CHECK (((paused_at IS NULL) = (paused_by IS NULL))),
    CONSTRAINT triggers_kind_check CHECK ((kind = ANY (ARRAY['objects'::text, 'dataset'::text, 'job'::text, 'webhook'::text]))),
    CONSTRAINT triggers_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100)))
);

ALTER TABLE app.triggers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.triggers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.workflows (
    name text NOT NULL,
    version integer NOT NULL,
    definition text NOT NULL,
    sha256 text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT workflows_version_check CHECK ((version > 0))
);

CREATE TABLE h3.source_catalog (
    id bigint NOT NULL,
    source_id text NOT NULL,
    collection_id text NOT NULL,
    theme text,
    title text NOT NULL,
    description text,
    keywords text[] DEFAULT '{}'::text[] NOT NULL,
    license text,
    item_count bigint NOT NULL,
    extent jsonb NOT NULL,
    asset_container text NOT NULL,
    asset_prefix text DEFAULT ''::text NOT NULL,
    job_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT source_catalog_item_count_check CHECK ((item_count >= 0)),
    CONSTRAINT source_catalog_theme_check CHECK ((theme <> ''::text))
);

ALTER TABLE h3.source_catalog ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME h3.source_catalog_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY app.access_tokens
    ADD CONSTRAINT access_tokens_hash_key UNIQUE (hash);

ALTER TABLE ONLY app.access_tokens
    ADD CONSTRAINT access_tokens_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.alert_deliveries
    ADD CONSTRAINT alert_deliveries_alert_id_webhook_event_key UNIQUE (alert_id, webhook, event);

ALTER TABLE ONLY app.alert_deliveries
    ADD CONSTRAINT alert_deliveries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.alerts
    ADD CONSTRAINT alerts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.backfill_runs
    ADD CONSTRAINT backfill_runs_pkey PRIMARY KEY (backfill_id, fire_at);

ALTER TABLE ONLY app.backfills
    ADD CONSTRAINT backfills_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.checkpoints
    ADD CONSTRAINT checkpoints_pkey PRIMARY KEY (stage_id, n);

ALTER TABLE ONLY app.chunks
    ADD CONSTRAINT chunks_pkey PRIMARY KEY (token, kind, first);

ALTER TABLE ONLY app.curated_datasets
    ADD CONSTRAINT curated_datasets_pkey PRIMARY KEY (dataset_id);

ALTER TABLE ONLY app.curated_update_log
    ADD CONSTRAINT curated_update_log_pkey PRIMARY KEY (log_id);

ALTER TABLE ONLY app.discarded
    ADD CONSTRAINT discarded_pkey PRIMARY KEY (token);

ALTER TABLE ONLY app.failure_groups
    ADD CONSTRAINT failure_groups_pkey PRIMARY KEY (stage_id, fingerprint);

ALTER TABLE ONLY app.handlers
    ADD CONSTRAINT handlers_pkey PRIMARY KEY (name, library_hash);

ALTER TABLE ONLY app.hosts
    ADD CONSTRAINT hosts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.item_ranges
    ADD CONSTRAINT item_ranges_pkey PRIMARY KEY (stage_id, kind, first);

ALTER TABLE ONLY app.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.leaders
    ADD CONSTRAINT leaders_pkey PRIMARY KEY (role);

ALTER TABLE ONLY app.leases
    ADD CONSTRAINT leases_pkey PRIMARY KEY (token);

ALTER TABLE ONLY app.limits
    ADD CONSTRAINT limits_pkey PRIMARY KEY (name);

ALTER TABLE ONLY app.object_writes
    ADD CONSTRAINT object_writes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.offers
    ADD CONSTRAINT offers_pkey PRIMARY KEY (host_id, handler);

ALTER TABLE ONLY app.plugin_metrics
    ADD CONSTRAINT plugin_metrics_pkey PRIMARY KEY (plugin);

ALTER TABLE ONLY app.predictions
    ADD CONSTRAINT predictions_pkey PRIMARY KEY (job_id, made_at);

ALTER TABLE ONLY app.progress
    ADD CONSTRAINT progress_pkey PRIMARY KEY (token);

ALTER TABLE ONLY app.quarantines
    ADD CONSTRAINT quarantines_pkey PRIMARY KEY (library_hash);

ALTER TABLE ONLY app.registrations
    ADD CONSTRAINT registrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.removals
    ADD CONSTRAINT removals_pkey PRIMARY KEY (stage_id);

ALTER TABLE ONLY app.resources
    ADD CONSTRAINT resources_pkey PRIMARY KEY (handler, resource);

ALTER TABLE ONLY app.runner_kills
    ADD CONSTRAINT runner_kills_pkey PRIMARY KEY (library_hash, stage_id, n);

ALTER TABLE ONLY app.schedule_fires
    ADD CONSTRAINT schedule_fires_pkey PRIMARY KEY (schedule_id, fire_at);

ALTER TABLE ONLY app.schedules
    ADD CONSTRAINT schedules_name_key UNIQUE (name);

ALTER TABLE ONLY app.schedules
    ADD CONSTRAINT schedules_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (number);

ALTER TABLE ONLY app.sessions
    ADD CONSTRAINT sessions_hash_key UNIQUE (hash);

ALTER TABLE ONLY app.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.stage_counters
    ADD CONSTRAINT stage_counters_pkey PRIMARY KEY (stage_id);

ALTER TABLE ONLY app.stage_totals
    ADD CONSTRAINT stage_totals_pkey PRIMARY KEY (stage_id, kind, name);

ALTER TABLE ONLY app.stages
    ADD CONSTRAINT stages_job_id_name_key UNIQUE (job_id, name);

ALTER TABLE ONLY app.stages
    ADD CONSTRAINT stages_job_id_position_key UNIQUE (job_id, "position");

ALTER TABLE ONLY app.stages
    ADD CONSTRAINT stages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.styles
    ADD CONSTRAINT styles_pkey PRIMARY KEY (style_id);

ALTER TABLE ONLY app.task_logs
    ADD CONSTRAINT task_logs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.trace_marks
    ADD CONSTRAINT trace_marks_pkey PRIMARY KEY (name);

ALTER TABLE ONLY app.trigger_events
    ADD CONSTRAINT trigger_events_pkey PRIMARY KEY (trigger_id, key);

ALTER TABLE ONLY app.trigger_objects
    ADD CONSTRAINT trigger_objects_pkey PRIMARY KEY (trigger_id, key);

ALTER TABLE ONLY app.triggers
    ADD CONSTRAINT triggers_name_key UNIQUE (name);

ALTER TABLE ONLY app.triggers
    ADD CONSTRAINT triggers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.workflows
    ADD CONSTRAINT workflows_pkey PRIMARY KEY (name, version);

ALTER TABLE ONLY h3.source_catalog
    ADD CONSTRAINT source_catalog_pkey PRIMARY KEY (id);

ALTER TABLE ONLY h3.source_catalog
    ADD CONSTRAINT source_catalog_source_id_key UNIQUE (source_id);

CREATE UNIQUE INDEX access_tokens_name ON app.access_tokens USING btree (name) WHERE (revoked_at IS NULL);

CREATE INDEX alert_deliveries_waiting ON app.alert_deliveries USING btree (next_at) WHERE (state = 'waiting'::text);

CREATE INDEX alerts_cleared ON app.alerts USING btree (cleared_at) WHERE (cleared_at IS NOT NULL);

CREATE UNIQUE INDEX alerts_open ON app.alerts USING btree (key) WHERE (cleared_at IS NULL);

CREATE INDEX attempts_failed ON app.attempts USING btree (stage_id, n) WHERE (final AND (outcome <> 'completed'::text));

CREATE INDEX attempts_task ON app.attempts USING btree (stage_id, n);

CREATE INDEX audit_actor ON app.audit USING btree (actor, id);

CREATE INDEX audit_subject ON app.audit USING btree (subject, id);

CREATE INDEX backfill_runs_open ON app.backfill_runs USING btree (backfill_id) WHERE is_open;

CREATE INDEX backfills_open ON app.backfills USING btree (id) WHERE (finished_at IS NULL);

CREATE UNIQUE INDEX curated_datasets_target ON app.curated_datasets USING btree (target_schema, target_table_name) WHERE (removed_at IS NULL);

CREATE INDEX curated_update_log_dataset ON app.curated_update_log USING btree (dataset_id, log_id);

CREATE UNIQUE INDEX curated_update_log_running ON app.curated_update_log USING btree (dataset_id) WHERE (completed_at IS NULL);

CREATE INDEX failure_groups_last ON app.failure_groups USING btree (last_at);

CREATE INDEX hosts_alive ON app.hosts USING btree (lease_until) WHERE (ended_at IS NULL);

CREATE INDEX item_ranges_token ON app.item_ranges USING btree (token);

CREATE INDEX jobs_cancelling ON app.jobs USING btree (id) WHERE ((cancel_requested_at IS NOT NULL) AND (finished_at IS NULL));

CREATE INDEX jobs_deadline ON app.jobs USING btree (deadline_at) WHERE ((finished_at IS NULL) AND (deadline_at IS NOT NULL));

CREATE UNIQUE INDEX jobs_dedup ON app.jobs USING btree (workflow, dedup_key) WHERE (dedup_key IS NOT NULL);

CREATE INDEX jobs_ended ON app.jobs USING btree (workflow, finished_at) WHERE (finished_at IS NOT NULL);

CREATE INDEX jobs_origin ON app.jobs USING btree (origin_job_id) WHERE (origin_job_id IS NOT NULL);

CREATE INDEX jobs_state ON app.jobs USING btree (state, id);

CREATE INDEX jobs_unfinished ON app.jobs USING btree (id) WHERE (finished_at IS NULL);

CREATE INDEX jobs_waiting ON app.jobs USING btree (not_before) WHERE (state = 'queued'::text);

CREATE INDEX jobs_workflow ON app.jobs USING btree (workflow, id);

CREATE INDEX leases_holding ON app.leases USING btree (token) WHERE (holds IS NOT NULL);

CREATE INDEX object_writes_collection ON app.object_writes USING btree (collection, id);

CREATE INDEX object_writes_job ON app.object_writes USING btree (job_id, id);

CREATE INDEX object_writes_key ON app.object_writes USING btree (container, first_key, last_key);

CREATE INDEX offers_handler ON app.offers USING btree (handler);

CREATE INDEX ready_order ON app.ready USING btree (stage_id, due_at, n);

CREATE INDEX registrations_collection ON app.registrations USING btree (collection, first_id);

CREATE INDEX registrations_job ON app.registrations USING btree (job_id, id);

CREATE INDEX schedule_fires_open ON app.schedule_fires USING btree (schedule_id) WHERE is_open;

CREATE INDEX schedules_next ON app.schedules USING btree (next_at) WHERE (paused_at IS NULL);

CREATE INDEX sessions_end ON app.sessions USING btree (expires_at);

CREATE INDEX sessions_token ON app.sessions USING btree (token_id);

CREATE INDEX stages_finished ON app.stages USING btree (finished_at) WHERE (finished_at IS NOT NULL);

CREATE INDEX stages_items_from ON app.stages USING btree (items_from) WHERE (items_from IS NOT NULL);

CREATE INDEX stages_reusing ON app.stages USING btree (reuses) WHERE (reuses IS NOT NULL);

CREATE INDEX stages_running ON app.stages USING btree (handler) WHERE (state = 'running'::text);

CREATE INDEX task_logs_stage ON app.task_logs USING btree (stage_id, id);

CREATE INDEX task_logs_task ON app.task_logs USING btree (stage_id, n, id);

CREATE INDEX trigger_events_latest ON app.trigger_events USING btree (trigger_id, id);

CREATE INDEX source_catalog_collection ON h3.source_catalog USING btree (collection_id);

CREATE INDEX source_catalog_theme ON h3.source_catalog USING btree (theme, source_id);

ALTER TABLE ONLY app.alert_deliveries
    ADD CONSTRAINT alert_deliveries_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES app.alerts(id) ON DELETE CASCADE;

ALTER TABLE ONLY app.backfill_runs
    ADD CONSTRAINT backfill_runs_backfill_id_fkey FOREIGN KEY (backfill_id) REFERENCES app.backfills(id) ON DELETE CASCADE;

ALTER TABLE ONLY app.backfills
    ADD CONSTRAINT backfills_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES app.schedules(id) ON DELETE CASCADE;

ALTER TABLE ONLY app.curated_update_log
    ADD CONSTRAINT curated_update_log_dataset_id_fkey FOREIGN KEY (dataset_id) REFERENCES app.curated_datasets(dataset_id);

ALTER TABLE ONLY app.failure_groups
    ADD CONSTRAINT failure_groups_stage_id_fkey FOREIGN KEY (stage_id) REFERENCES app.stages(id) ON DELETE CASCADE;

ALTER TABLE ONLY app.jobs
    ADD CONSTRAINT jobs_origin_job_id_fkey FOREIGN KEY (origin_job_id) REFERENCES app.jobs(id) ON DELETE SET NULL;

ALTER TABLE ONLY app.jobs
    ADD CONSTRAINT jobs_workflow_workflow_version_fkey FOREIGN KEY (workflow, workflow_version) REFERENCES app.workflows(name, version);

ALTER TABLE ONLY app.offers
    ADD CONSTRAINT offers_host_id_fkey FOREIGN KEY (host_id) REFERENCES app.hosts(id) ON DELETE CASCADE;

ALTER TABLE ONLY app.predictions
    ADD CONSTRAINT predictions_job_id_fkey FOREIGN KEY (job_id) REFERENCES app.jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY app.schedule_fires
    ADD CONSTRAINT schedule_fires_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES app.schedules(id) ON DELETE CASCADE;

ALTER TABLE ONLY app.sessions
    ADD CONSTRAINT sessions_token_id_fkey FOREIGN KEY (token_id) REFERENCES app.access_tokens(id) ON DELETE CASCADE;

ALTER TABLE ONLY app.stage_counters
    ADD CONSTRAINT stage_counters_stage_id_fkey FOREIGN KEY (stage_id) REFERENCES app.stages(id) ON DELETE CASCADE;

ALTER TABLE ONLY app.stage_totals
    ADD CONSTRAINT stage_totals_stage_id_fkey FOREIGN KEY (stage_id) REFERENCES app.stages(id) ON DELETE CASCADE;

ALTER TABLE ONLY app.stages
    ADD CONSTRAINT stages_job_id_fkey FOREIGN KEY (job_id) REFERENCES app.jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY app.stages
    ADD CONSTRAINT stages_reuses_fkey FOREIGN KEY (reuses) REFERENCES app.stages(id);

ALTER TABLE ONLY app.trigger_events
    ADD CONSTRAINT trigger_events_trigger_id_fkey FOREIGN KEY (trigger_id) REFERENCES app.triggers(id) ON DELETE CASCADE;

ALTER TABLE ONLY app.trigger_objects
    ADD CONSTRAINT trigger_objects_trigger_id_fkey FOREIGN KEY (trigger_id) REFERENCES app.triggers(id) ON DELETE CASCADE;
