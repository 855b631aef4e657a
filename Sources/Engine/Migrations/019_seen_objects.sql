-- Triggers on objects know what they have seen.
--
-- Why: a file that is moved in brings the time of its last change along, which may be years ago; a watermark takes it for one that was
-- decided long since. So what stands under a trigger's prefix is kept, one row an object, and a walk is compared with it. Rows go with
-- their objects, as the walk passes the place where they stood: keys come in the order of their bytes, hence the collation.
-- What the watermark has let pass is not known; the first walk after this takes as new what is younger than the watermark and was no
-- event yet.
-- Locks: `triggers` for a moment. Older hosts may run on: `newest_at` stays for them, and says nothing any more.

CREATE TABLE trigger_objects (
    trigger_id   bigint NOT NULL REFERENCES triggers ON DELETE CASCADE,
    key          text COLLATE "C" NOT NULL,
    version      text NOT NULL,                     -- what tells it from what it was; empty: nothing does
    PRIMARY KEY (trigger_id, key)
);

INSERT INTO trigger_objects (trigger_id, key, version)
SELECT DISTINCT ON (e.trigger_id, o.key) e.trigger_id, o.key, split_part(e.key, chr(1), 2)
FROM trigger_events e JOIN triggers t ON t.id = e.trigger_id AND t.kind = 'objects'
CROSS JOIN LATERAL (SELECT substr(split_part(e.key, chr(1), 1), 8) COLLATE "C" AS key) AS o
WHERE e.key LIKE 'object/%' ORDER BY e.trigger_id, o.key, e.id DESC;

ALTER TABLE triggers
    ADD COLUMN page_after text,                     -- the last key before that page; NULL: keys came in no order
    ADD COLUMN known_at timestamptz;                -- of objects: when the first whole walk since `since_at` ended
UPDATE triggers SET since_at = watermark, page = NULL,
    settings = (settings::jsonb #- '{on,objects,lookback}')::text WHERE kind = 'objects';
