-- The catalog of sources: what has been ingested, by theme, with where its files are. The H3 jobs of the first system
-- look their inputs up here, under this schema and name.
--
-- Why apart from pgSTAC: the theme and the place of the assets belong to the platform, not to STAC, and this table
-- outlives a collection that is registered anew.
-- Locks: creates only. Older hosts may run on: they do not know the table.

CREATE SCHEMA IF NOT EXISTS h3;

CREATE TABLE h3.source_catalog (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id        text NOT NULL UNIQUE,       -- stable name of the source; the collection's id unless given
    collection_id    text NOT NULL,              -- in pgSTAC
    theme            text CHECK (theme <> ''),   -- null where neither the job nor the keywords name one
    title            text NOT NULL,
    description      text,
    keywords         text[] NOT NULL DEFAULT '{}',
    license          text,
    item_count       bigint NOT NULL CHECK (item_count >= 0),
    extent           jsonb NOT NULL,             -- as STAC writes it
    asset_container  text NOT NULL,              -- the container that the assets were copied to
    asset_prefix     text NOT NULL DEFAULT '',   -- their keys begin with it
    job_id           bigint,                     -- the job that wrote this last; jobs may be gone by then
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX source_catalog_theme ON h3.source_catalog (theme, source_id);
CREATE INDEX source_catalog_collection ON h3.source_catalog (collection_id);
