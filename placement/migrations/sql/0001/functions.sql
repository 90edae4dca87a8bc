-- Functions that tables and policies read. The transaction's settings carry the scope.
SET LOCAL check_function_bodies = off;

CREATE FUNCTION placement_now() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT now() + coalesce(nullif(current_setting('placement.clock_offset', true), '')::interval, '0')
$$;

CREATE FUNCTION placement_today() RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (placement_now() AT TIME ZONE 'Asia/Shanghai')::date
$$;

-- The number of a transaction as the audit trail counts: the cluster's own, which begins anew in
-- another cluster, above a base that is raised when the data come into one.
CREATE FUNCTION placement_transaction_base() RETURNS bigint
LANGUAGE sql STABLE AS 'SELECT 0::bigint';

CREATE FUNCTION placement_transaction_id() RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT pg_current_xact_id()::text::bigint + placement_transaction_base()
$$;

-- Raises the base if the trail knows transactions that this cluster has still to come to, so that
-- new events follow what is sealed. True if it did. For the owner, before anybody writes.
CREATE FUNCTION placement_renumber_transactions() RETURNS boolean
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    known bigint;
BEGIN
    SELECT greatest(
        (SELECT max(transaction_id) + 1 FROM audit_events),
        (SELECT to_transaction FROM audit_seals ORDER BY number DESC LIMIT 1), 0) INTO known;
    IF known <= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
        + placement_transaction_base() THEN
        RETURN false;
    END IF;
    EXECUTE format(
        'CREATE OR REPLACE FUNCTION placement_transaction_base() RETURNS bigint'
        ' LANGUAGE sql STABLE AS %L',
        format('SELECT %s::bigint', known - pg_snapshot_xmin(pg_current_snapshot())::text::bigint));
    RETURN true;
END
$$;
REVOKE EXECUTE ON FUNCTION placement_renumber_transactions() FROM PUBLIC;

CREATE FUNCTION placement_scope() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('placement.scope', true), '')
$$;

CREATE FUNCTION placement_scope_user() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('placement.scope_user', true), '')::bigint
$$;

CREATE FUNCTION placement_scope_university() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('placement.scope_university', true), '')::bigint
$$;

CREATE FUNCTION placement_scope_colleges() RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT string_to_array(nullif(current_setting('placement.scope_colleges', true), ''), E'\x1f')
$$;

CREATE FUNCTION placement_scope_student() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('placement.scope_student', true), '')::bigint
$$;

-- Sees everything: the program's own work, and the province, whose pages mask persons.
CREATE FUNCTION placement_scope_is_whole() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('placement.scope', true) IN ('system', 'province'), false)
$$;

-- The students in the scope, read with the owner's rights so that no policy asks another. Given as
-- one value, which each policy takes apart: row by row it took four times as long. They ask for it
-- by a scalar subquery, else the planner would make the value to look at its length, and charge the
-- making of it to every row that is looked up by an index.
CREATE FUNCTION placement_scope_students() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ARRAY(
        SELECT id FROM students
        WHERE (SELECT placement_scope()) = 'university'
          AND university_id = (SELECT placement_scope_university())
          AND ((SELECT placement_scope_colleges()) IS NULL
               OR college = ANY ((SELECT placement_scope_colleges())::text[]))
        UNION ALL
        SELECT student_id FROM assignments
        WHERE (SELECT placement_scope()) = 'counselor'
          AND counselor_id = (SELECT placement_scope_user())
          AND holds_from <= (SELECT placement_today())
          AND (holds_to IS NULL OR holds_to > (SELECT placement_today()))
        UNION ALL
        SELECT a.student_id FROM leave_covers c JOIN assignments a ON a.counselor_id = c.absent_id
        WHERE (SELECT placement_scope()) = 'counselor'
          AND c.cover_id = (SELECT placement_scope_user()) AND c.ended_at IS NULL
          AND c.first_on <= (SELECT placement_today())
          AND c.last_on >= (SELECT placement_today())
          AND a.holds_from <= (SELECT placement_today())
          AND (a.holds_to IS NULL OR a.holds_to > (SELECT placement_today()))
        UNION ALL
        SELECT placement_scope_student()
        WHERE placement_scope() = 'student' AND placement_scope_student() IS NOT NULL
    )
$$;

-- Who holds the session of a token. The scope of the transaction becomes theirs, so that one trip
-- stands before a page and not three; whoever asks must go on under that scope or roll back.
CREATE FUNCTION placement_recognise(token bytea, clock_offset text)
RETURNS TABLE (moment timestamptz, last_seen_at timestamptz, sign_in_id bigint, user_id bigint,
    username text, display_name text, role text, university_id bigint, university_name text,
    colleges text[], student_id bigint, locale text, must_change_password boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('placement.clock_offset', clock_offset, true);
    SELECT placement_now(), s.last_seen_at, s.id, u.id, u.username, u.display_name, u.role,
        u.university_id, v.name, u.colleges, u.student_id, u.locale, u.must_change_password
    INTO moment, last_seen_at, sign_in_id, user_id, username, display_name, role,
        university_id, university_name, colleges, student_id, locale, must_change_password
    FROM sign_ins s JOIN users u ON u.id = s.user_id
    LEFT JOIN universities v ON v.id = u.university_id
    WHERE s.token_hash = token AND s.ended_at IS NULL AND s.expires_at > placement_now()
        AND u.disabled_at IS NULL;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM set_config('placement.scope', role, true),
        set_config('placement.scope_user', user_id::text, true),
        set_config('placement.scope_university', coalesce(university_id::text, ''), true),
        set_config('placement.scope_colleges', array_to_string(colleges, E'\x1f'), true),
        set_config('placement.scope_student', coalesce(student_id::text, ''), true);
    RETURN NEXT;
END
$$;
REVOKE EXECUTE ON FUNCTION placement_recognise(bytea, text) FROM PUBLIC;
