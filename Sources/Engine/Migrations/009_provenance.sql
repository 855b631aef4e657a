-- What was registered, which objects were written for it, and by whom: the way back from an item to the attempt that put it, and
-- forward from there; and what `weir unpublish` may take back.
--
-- Why one row a call and not one an item: that would be a second table as long as the collection. A call of 1,000 items costs
-- one row, and an item names its row in pgSTAC's own `private`. Whoever overwrites the item takes that name away with it. Why
-- no foreign keys and the attempt told in words: jobs go by retention, this stays.
-- Locks: creates only. Older hosts may run on: what they register cannot be traced, pruned or taken back.

CREATE TABLE registrations (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    collection       text NOT NULL,
    first_id         text COLLATE "C",          -- NULL: the collection itself was put
    last_id          text COLLATE "C",
    ids              text[] COMPRESSION lz4 NOT NULL,
    job_id           bigint NOT NULL,
    stage            text NOT NULL,
    n                integer NOT NULL,
    attempt          integer NOT NULL,
    handler          text NOT NULL,
    handler_version  text NOT NULL,
    plugin           text NOT NULL,
    plugin_version   text NOT NULL,
    library_hash     text NOT NULL,
    registered_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT items_have_bounds CHECK ((first_id IS NULL) = (ids = '{}') AND (last_id IS NULL) = (ids = '{}'))
);
CREATE INDEX registrations_job ON registrations (job_id, id);
CREATE INDEX registrations_collection ON registrations (collection, first_id);

-- one row a copy for a collection; begun before the first object is written, so that a crash leaves no object unknown
CREATE TABLE object_writes (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    collection       text NOT NULL,             -- that needs the objects
    container        text NOT NULL,
    first_key        text COLLATE "C" NOT NULL,
    last_key         text COLLATE "C" NOT NULL,
    keys             text[] COMPRESSION lz4 NOT NULL,
    etags            text[] COMPRESSION lz4,    -- by key: what was written; NULL: it was there already. NULL as a whole: not ended
    sizes            bigint[],
    job_id           bigint NOT NULL,
    stage            text NOT NULL,
    n                integer NOT NULL,
    attempt          integer NOT NULL,
    handler          text NOT NULL,
    handler_version  text NOT NULL,
    plugin           text NOT NULL,
    plugin_version   text NOT NULL,
    library_hash     text NOT NULL,
    began_at         timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX object_writes_job ON object_writes (job_id, id);
CREATE INDEX object_writes_collection ON object_writes (collection, id);
CREATE INDEX object_writes_key ON object_writes (container, first_key, last_key);
