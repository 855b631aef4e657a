-- Who changed what, when and by which way: one row a change, written in the change's own transaction.
--
-- Why an id and not the time orders the rows: two changes may have one time, and a page goes on after an id. No foreign
-- keys: what is said of a job or a token stays true when that is gone.
-- Locks: creates only. Older hosts may run on: what they do is not recorded.

CREATE TABLE audit (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL DEFAULT now(),
    actor    text NOT NULL,                 -- the token's name, the user of the command, the host
    role     text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    via      text NOT NULL CHECK (via IN ('cli', 'api', 'page', 'system')),
    action   text NOT NULL,                 -- KIND.VERB: job.submit
    subject  text NOT NULL,                 -- KIND/ID: job/42
    details  jsonb
);
CREATE INDEX audit_actor ON audit (actor, id);
CREATE INDEX audit_subject ON audit (subject, id);
