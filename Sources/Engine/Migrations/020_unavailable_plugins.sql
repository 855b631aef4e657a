-- What a host was told to offer and cannot.
--
-- Why: a plugin whose library needs another one that a machine does not have must not keep the host from its other work, and who submits
-- a workflow that needs it must be told what to install, on whichever host he asks.
-- Locks: `hosts` for the moment of the new column. Older hosts may run on: they start only when all of their plugins can be loaded.

ALTER TABLE hosts ADD COLUMN unavailable json NOT NULL DEFAULT '[]';    -- as UnavailablePlugin.json, by plugin
