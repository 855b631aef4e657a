/// What stands in schema `geo` besides the curated tables themselves, made and owned by the role that owns them.
///
/// Statements that may be repeated, one after the other, in one transaction.
enum CuratedSchema {
  static let statements = [versions, current, makeCurrent, publish, begin, drop]

  private static let versions = """
    CREATE TABLE IF NOT EXISTS geo.curated_versions (
        dataset_id       text NOT NULL,
        version          integer NOT NULL CHECK (version > 0),
        target_table     text NOT NULL,
        source_version   text,
        source_etag      text,
        sha256           text,                  -- of what was downloaded
        row_count        bigint NOT NULL,
        records_added    bigint,                -- against the version that was current then
        records_updated  bigint,
        records_deleted  bigint,
        bbox             double precision[],
        job_id           text,
        state            text NOT NULL CHECK (state IN ('kept', 'current')),
        loaded_at        timestamptz NOT NULL DEFAULT now(),
        current_since    timestamptz,
        PRIMARY KEY (dataset_id, version)
    )
    """

  private static let current = """
    CREATE UNIQUE INDEX IF NOT EXISTS curated_versions_current ON geo.curated_versions (dataset_id) WHERE state = 'current'
    """

  /// Puts a version in the place of the current one. Call it with a lock_timeout: who waits for the table's readers holds up those
  /// who come after.
  private static let makeCurrent = """
    CREATE OR REPLACE FUNCTION geo.curated_make_current(p_dataset text, p_version integer) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
    DECLARE
        wanted geo.curated_versions;
        live geo.curated_versions;
        held record;
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('weir.curated/' || p_dataset, 0));
        SELECT * INTO wanted FROM geo.curated_versions WHERE dataset_id = p_dataset AND version = p_version;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'dataset "%" has no version %', p_dataset, p_version USING ERRCODE = 'no_data_found';
        END IF;
        SELECT * INTO live FROM geo.curated_versions WHERE dataset_id = p_dataset AND state = 'current';
        IF live.version IS NOT NULL THEN
            IF to_regclass(format('geo.%I', live.target_table)) IS NULL THEN
                -- somebody has dropped it by hand: nothing is left to keep
                DELETE FROM geo.curated_versions WHERE dataset_id = p_dataset AND version = live.version;
                live := NULL;
            END IF;
        END IF;
        IF live.version = p_version THEN
            RETURN;
        END IF;
        IF to_regclass(format('geo.%I', wanted.target_table || '_v' || p_version)) IS NULL THEN
            RAISE EXCEPTION 'the table of version % of dataset "%" is gone', p_version, p_dataset USING ERRCODE = 'undefined_table';
        END IF;
        IF live.version IS NOT NULL THEN
            FOR held IN
                SELECT g.privilege_type, coalesce(quote_ident(r.rolname), 'PUBLIC') AS grantee
                FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) g LEFT JOIN pg_roles r ON r.oid = g.grantee
                WHERE c.oid = to_regclass(format('geo.%I', live.target_table)) AND g.grantee <> c.relowner
            LOOP
                EXECUTE format('GRANT %s ON geo.%I TO %s', held.privilege_type, wanted.target_table || '_v' || p_version, held.grantee);
            END LOOP;
            EXECUTE format('ALTER TABLE geo.%I RENAME TO %I', live.target_table, live.target_table || '_v' || live.version);
            UPDATE geo.curated_versions SET state = 'kept' WHERE dataset_id = p_dataset AND version = live.version;
        ELSIF to_regclass(format('geo.%I', wanted.target_table)) IS NOT NULL THEN
            RAISE EXCEPTION 'geo.% is there already, and no version of dataset "%" made it', wanted.target_table, p_dataset
                USING ERRCODE = 'duplicate_table';
        END IF;
        EXECUTE format('ALTER TABLE geo.%I RENAME TO %I', wanted.target_table || '_v' || p_version, wanted.target_table);
        UPDATE geo.curated_versions SET state = 'current', current_since = now() WHERE dataset_id = p_dataset AND version = p_version;
    END
    $body$
    """

  /// The same for a version that was just made: one that came later is not put back by an attempt that took long.
  private static let publish = """
    CREATE OR REPLACE FUNCTION geo.curated_publish(p_dataset text, p_version integer) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
    DECLARE
        later integer;
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('weir.curated/' || p_dataset, 0));
        SELECT version INTO later FROM geo.curated_versions WHERE dataset_id = p_dataset AND state = 'current' AND version > p_version;
        IF FOUND THEN
            RAISE EXCEPTION 'version % of dataset "%" came meanwhile, so version % stays behind it', later, p_dataset, p_version
                USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        PERFORM geo.curated_make_current(p_dataset, p_version);
    END
    $body$
    """

  /// The number that the next version of a dataset gets; whoever had it before and did not come to an end has left its table, which goes.
  /// A dataset that was removed has left its tables, and another may be to have the same name: their numbers are taken, too.
  private static let begin = """
    CREATE OR REPLACE FUNCTION geo.curated_begin(p_dataset text, p_target text) RETURNS integer
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
    DECLARE
        number integer;
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('weir.curated/' || p_dataset, 0));
        SELECT coalesce(max(version), 0) + 1 INTO number FROM geo.curated_versions WHERE dataset_id = p_dataset OR target_table = p_target;
        EXECUTE format('DROP TABLE IF EXISTS geo.%I', p_target || '_v' || number);
        RETURN number;
    END
    $body$
    """

  /// Drops all but so many of the versions that are not current, the oldest first; answers their numbers. One that is still to become
  /// current is none of them.
  private static let drop = """
    CREATE OR REPLACE FUNCTION geo.curated_drop_old(p_dataset text, p_keep integer) RETURNS SETOF integer
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
    DECLARE
        gone geo.curated_versions;
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('weir.curated/' || p_dataset, 0));
        FOR gone IN
            SELECT * FROM geo.curated_versions v WHERE dataset_id = p_dataset AND state = 'kept' AND (current_since IS NOT NULL
                OR EXISTS (SELECT FROM geo.curated_versions c WHERE c.dataset_id = p_dataset AND c.state = 'current' AND c.version > v.version))
            ORDER BY version DESC OFFSET p_keep
        LOOP
            EXECUTE format('DROP TABLE IF EXISTS geo.%I', gone.target_table || '_v' || gone.version);
            DELETE FROM geo.curated_versions WHERE dataset_id = p_dataset AND version = gone.version;
            RETURN NEXT gone.version;
        END LOOP;
    END
    $body$
    """
}
