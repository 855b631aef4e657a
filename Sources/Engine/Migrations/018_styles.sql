-- Styles: how datasets are drawn on maps.
--
-- Why a dataset nobody has made a style for has no row: its style follows from what its geometries are (decisions/0027).
-- Why revisions come from one sequence: a style that was removed and made anew never has a number that somebody holds as ETag.
-- Locks: creates only. Older hosts may run on: they do not know the table.

CREATE SEQUENCE style_revisions;

CREATE TABLE styles (
    style_id    text PRIMARY KEY CHECK (style_id ~ '^[a-z][a-z0-9_]{0,63}$'),
    document    json NOT NULL,                  -- of MapLibre's specification; json keeps it as it was sent
    sld         text,                           -- NULL: it is made of the document
    revision    bigint NOT NULL DEFAULT nextval('style_revisions'),
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);
