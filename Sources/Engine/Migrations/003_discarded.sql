-- The attempts that spooled items and did not win: their chunks are to be removed.
--
-- Why: to find them among the chunks, all chunks had to be looked at, every time.
-- Locks: creates only, but looks at every chunk once. Older hosts may run on: what they leave behind stays.

CREATE TABLE discarded (
    token  bigint PRIMARY KEY
);

INSERT INTO discarded
SELECT DISTINCT token FROM chunks c
WHERE NOT EXISTS (SELECT FROM leases l WHERE l.token = c.token)
  AND NOT EXISTS (SELECT FROM item_ranges r WHERE r.token = c.token);
