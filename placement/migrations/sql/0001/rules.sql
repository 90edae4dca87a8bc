-- What the application's role may do.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'placement_app') THEN
        RAISE EXCEPTION 'the role placement_app does not exist'
            USING HINT = 'Make the roles once for the cluster; see docs/operations.md.';
    END IF;
END
$$;
GRANT USAGE ON SCHEMA public TO placement_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO placement_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO placement_app;
REVOKE ALL ON alembic_version FROM placement_app;
GRANT SELECT ON alembic_version TO placement_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO placement_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO placement_app;
REVOKE EXECUTE ON FUNCTION placement_scope_students() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION placement_scope_students() TO placement_app;
GRANT EXECUTE ON FUNCTION placement_recognise(bytea, text) TO placement_app;

-- The audit trail and the log of deliveries only grow.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_events, audit_seals, delivery_events FROM placement_app;
-- Rows of history name their import without a foreign key, so imports stay.
REVOKE DELETE, TRUNCATE ON imports FROM placement_app;

CREATE FUNCTION placement_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_events_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION placement_refuse_change();
CREATE TRIGGER audit_seals_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seals
    FOR EACH STATEMENT EXECUTE FUNCTION placement_refuse_change();

-- No member of the register without a case, checked at commit.
CREATE FUNCTION placement_require_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.state = 'confirmed' AND NEW.voided_at IS NULL AND NOT EXISTS (
        SELECT FROM cases WHERE student_id = NEW.student_id AND voided_at IS NULL
    ) AND EXISTS (
        SELECT FROM memberships WHERE id = NEW.id AND voided_at IS NULL AND state = 'confirmed'
    ) THEN
        RAISE EXCEPTION 'student % is in a category and has no case', NEW.student_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_has_case';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER membership_has_case AFTER INSERT OR UPDATE ON memberships
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION placement_require_case();

CREATE FUNCTION placement_keep_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (TG_OP = 'DELETE' OR NEW.voided_at IS NOT NULL OR NEW.student_id <> OLD.student_id)
       AND EXISTS (
        SELECT FROM memberships
        WHERE student_id = OLD.student_id AND voided_at IS NULL AND state = 'confirmed'
    ) AND NOT EXISTS (
        SELECT FROM cases WHERE student_id = OLD.student_id AND voided_at IS NULL
    ) THEN
        RAISE EXCEPTION 'student % is in a category and would lose the case', OLD.student_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_has_case';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER case_of_member_stays AFTER UPDATE OR DELETE ON cases
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION placement_keep_case();

-- An open case is never without somebody responsible: a counselor, or the university itself, which
-- is an assignment without a counselor and stands in the overview as to be assigned. A case that
-- opens while nobody is responsible goes to the default counselor of the college or the university,
-- where there is none to the university itself, at once; one that is taken up or opened again does
-- so at commit. Taking an import back gives what was there before it, or the university.
CREATE FUNCTION placement_default_counselor(student bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.counselor_id FROM students s
    JOIN default_counselors d ON d.university_id = s.university_id
        AND d.college IN ('', s.college) AND d.ended_at IS NULL
    JOIN users u ON u.id = d.counselor_id AND u.disabled_at IS NULL
        AND u.university_id = s.university_id
    WHERE s.id = student ORDER BY d.college <> '' DESC LIMIT 1
$$;
CREATE FUNCTION placement_give_to_university(students bigint[], import bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO assignments
        (student_id, counselor_id, holds_from, recorded_at, import_id, by_default)
    SELECT given.id, named.counselor, greatest(placement_today(), (
            SELECT max(holds_to) FROM assignments WHERE student_id = given.id)),
        placement_now(), import, named.counselor IS NOT NULL
    FROM unnest(students) given (id)
    CROSS JOIN LATERAL (SELECT CASE WHEN EXISTS (SELECT FROM default_counselors)
        THEN placement_default_counselor(given.id) END AS counselor) named
    WHERE NOT EXISTS (
        SELECT FROM assignments WHERE student_id = given.id AND holds_to IS NULL)
$$;
REVOKE EXECUTE ON FUNCTION placement_give_to_university(bigint[], bigint) FROM PUBLIC;

CREATE FUNCTION placement_open_with_responsible() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM placement_give_to_university(array_agg(student_id), import_id) FROM new_rows
    WHERE voided_at IS NULL AND closed_on IS NULL GROUP BY import_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER new_case_has_responsible AFTER INSERT ON cases REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION placement_open_with_responsible();

CREATE FUNCTION placement_reopen_with_responsible() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM placement_give_to_university(array_agg(student_id), NULL) FROM cases
    WHERE id = NEW.id AND voided_at IS NULL AND closed_on IS NULL;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER reopened_case_has_responsible AFTER UPDATE OF closed_on, voided_at
    ON cases DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.closed_on IS NULL AND NEW.voided_at IS NULL
        AND (OLD.closed_on IS NOT NULL OR OLD.voided_at IS NOT NULL))
    EXECUTE FUNCTION placement_reopen_with_responsible();

-- Nor does it lose the last one when an assignment ends.
CREATE FUNCTION placement_require_responsible(student bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM cases c JOIN students s ON s.id = c.student_id
        WHERE c.student_id = student AND c.voided_at IS NULL AND c.closed_on IS NULL
          AND s.voided_at IS NULL
    ) AND NOT EXISTS (
        SELECT FROM assignments WHERE student_id = student AND holds_to IS NULL
    ) THEN
        RAISE EXCEPTION 'the open case of student % would be without anybody', student
            USING ERRCODE = 'check_violation', CONSTRAINT = 'open_case_has_counselor';
    END IF;
END
$$;
REVOKE EXECUTE ON FUNCTION placement_require_responsible(bigint) FROM PUBLIC;

CREATE FUNCTION placement_keep_responsible() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM imports WHERE id = OLD.import_id AND state = 'undone') THEN
        PERFORM placement_give_to_university(array_agg(c.student_id), NULL)
        FROM cases c JOIN students s ON s.id = c.student_id
        WHERE c.student_id = OLD.student_id AND c.voided_at IS NULL AND c.closed_on IS NULL
            AND s.voided_at IS NULL;
    END IF;
    PERFORM placement_require_responsible(OLD.student_id);
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER open_case_has_counselor AFTER UPDATE OR DELETE ON assignments
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION placement_keep_responsible();

-- Nobody leaves with open cases in hand, and nobody who left takes any.
CREATE FUNCTION placement_keep_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM assignments a
        JOIN cases c ON c.student_id = a.student_id
            AND c.voided_at IS NULL AND c.closed_on IS NULL
        JOIN students s ON s.id = a.student_id AND s.voided_at IS NULL
        WHERE a.counselor_id = NEW.id AND a.holds_to IS NULL
    ) THEN
        RAISE EXCEPTION 'user % is responsible for open cases', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_account_has_no_case';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER closed_account_has_no_case AFTER UPDATE OF disabled_at ON users
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.disabled_at IS NOT NULL)
    EXECUTE FUNCTION placement_keep_account();

CREATE FUNCTION placement_refuse_closed_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM new_rows n JOIN users u ON u.id = n.counselor_id
        WHERE n.holds_to IS NULL AND u.disabled_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a closed account takes no students'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_account_takes_nobody';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER closed_account_takes_nobody AFTER INSERT ON assignments
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION placement_refuse_closed_account();

-- Row-level security. Settings are read once a statement, hence the scalar subqueries.
ALTER TABLE students ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON students USING (
    CASE (SELECT placement_scope())
        WHEN 'system' THEN true
        WHEN 'province' THEN true
        WHEN 'university' THEN university_id = (SELECT placement_scope_university())
            AND ((SELECT placement_scope_colleges()) IS NULL
                 OR college = ANY ((SELECT placement_scope_colleges())::text[]))
        WHEN 'counselor' THEN id IN (SELECT unnest((SELECT placement_scope_students())))
        WHEN 'student' THEN id = (SELECT placement_scope_student())
        ELSE false
    END
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'student_versions', 'memberships', 'standings', 'assignments', 'cases', 'expectations',
        'barriers', 'goals', 'actions', 'follow_ups', 'closings', 'consents', 'action_answers',
        'plan_approvals', 'subsidy_claims', 'pairings', 'pairing_words', 'outcomes', 'verifications', 'disputes',
        'evidence', 'wishes', 'recommendations', 'posting_responses', 'referrals', 'sign_ups', 'fair_results',
        'mail_rhythms', 'tellings', 'facts'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY scope ON %I USING (CASE WHEN (SELECT placement_scope_is_whole())'
            ' THEN true ELSE student_id IN (SELECT unnest((SELECT placement_scope_students()))) END)', name);
    END LOOP;
END
$$;

-- A link of a helper is seen by whoever sees somebody whom that helper stands by.
ALTER TABLE pairing_links ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON pairing_links USING (
    CASE WHEN (SELECT placement_scope_is_whole()) THEN true
         ELSE helper_key IN (SELECT helper_key FROM pairings) END
);

-- Rows that may belong to no student: then to the one who made them, or to a university.
ALTER TABLE stored_files ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON stored_files USING (
    CASE WHEN (SELECT placement_scope_is_whole()) THEN true
         WHEN student_id IS NOT NULL THEN student_id IN (SELECT unnest((SELECT placement_scope_students())))
         WHEN (SELECT placement_scope()) = 'university' AND university_id IS NOT NULL
             THEN university_id = (SELECT placement_scope_university())
         ELSE coalesce(created_by = (SELECT placement_scope_user()), false) END
);
ALTER TABLE file_chunks ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON file_chunks USING (
    EXISTS (SELECT FROM stored_files f WHERE f.id = file_id)
);
-- What goes to staff is seen by its recipient alone, and so is what they do not want.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['deliveries', 'opt_outs'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY scope ON %I USING (CASE WHEN (SELECT placement_scope_is_whole()) THEN true'
            ' WHEN student_id IS NOT NULL THEN student_id IN (SELECT unnest((SELECT placement_scope_students())))'
            ' ELSE coalesce(user_id = (SELECT placement_scope_user()), false) END)', name);
    END LOOP;
END
$$;
-- Drafts of notices name people by number: the whole and the university whose they are.
ALTER TABLE notice_drafts ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON notice_drafts USING (
    CASE WHEN (SELECT placement_scope_is_whole()) THEN true
         WHEN (SELECT placement_scope()) = 'university'
             THEN coalesce(university_id = (SELECT placement_scope_university()), false)
         ELSE false END
);
-- What was handed in is what is released and what goes out: a change has to make it a draft
-- again, and a draft has no release. What has gone out stays as it is.
CREATE FUNCTION placement_keep_draft() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    decided CONSTANT text[] := ARRAY['state', 'released_by', 'released_at', 'notice_id',
        'setback', 'changed_at', 'version'];
BEGIN
    IF OLD.state = 'sent' OR (
        OLD.state IN ('waiting', 'scheduled') AND NEW.state IN ('waiting', 'scheduled', 'sent')
        AND to_jsonb(NEW) - decided IS DISTINCT FROM to_jsonb(OLD) - decided
    ) THEN
        RAISE EXCEPTION 'draft % was handed in: this change is refused', OLD.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER handed_in_drafts_stay BEFORE UPDATE ON notice_drafts
    FOR EACH ROW EXECUTE FUNCTION placement_keep_draft();
REVOKE DELETE, TRUNCATE ON notice_drafts FROM placement_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['imports', 'works'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        -- A partner list is the province's; its row says nothing of people, and each university
        -- sees what it found among its own.
        EXECUTE format(
            'CREATE POLICY scope ON %I USING (CASE WHEN (SELECT placement_scope_is_whole()) THEN true'
            ' WHEN (SELECT placement_scope()) = ''university'' THEN kind = ''list'' OR'
            ' coalesce(university_id = (SELECT placement_scope_university()),'
            '     actor_id = (SELECT placement_scope_user()), false)'
            ' ELSE coalesce(actor_id = (SELECT placement_scope_user()), false) END)', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['import_rows', 'import_changes'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY scope ON %I USING (CASE WHEN (SELECT placement_scope_is_whole()) THEN true'
            ' ELSE import_id IN (SELECT id FROM imports'
            '     WHERE university_id = (SELECT placement_scope_university())'
            '     OR actor_id = (SELECT placement_scope_user())) END)', name);
    END LOOP;
END
$$;
ALTER TABLE list_matches ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON list_matches USING (
    CASE WHEN (SELECT placement_scope_is_whole()) THEN true
         ELSE student_id IN (SELECT unnest((SELECT placement_scope_students()))) OR import_id IN (
             SELECT id FROM imports WHERE university_id = (SELECT placement_scope_university())
         ) END
);
-- A hand-over is seen by both sides, also by the receiver who does not see the student yet.
ALTER TABLE hand_overs ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON hand_overs USING (
    CASE WHEN (SELECT placement_scope_is_whole()) THEN true
         ELSE to_id = (SELECT placement_scope_user()) OR from_id = (SELECT placement_scope_user())
             OR student_id IN (SELECT unnest((SELECT placement_scope_students()))) END
);
-- Who is away is seen by the two colleagues and by their university.
ALTER TABLE leave_covers ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON leave_covers USING (
    CASE WHEN (SELECT placement_scope_is_whole()) THEN true
         WHEN (SELECT placement_scope()) = 'counselor'
             THEN (SELECT placement_scope_user()) IN (absent_id, cover_id)
         WHEN (SELECT placement_scope()) = 'university' THEN EXISTS (
             SELECT FROM users u
             WHERE u.id = absent_id AND u.university_id = (SELECT placement_scope_university()))
         ELSE false END
);
ALTER TABLE reassignments ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON reassignments USING (
    CASE WHEN (SELECT placement_scope_is_whole()) THEN true
         WHEN (SELECT placement_scope()) = 'university'
             THEN university_id = (SELECT placement_scope_university())
         ELSE false END
);
ALTER TABLE default_counselors ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON default_counselors USING (
    CASE WHEN (SELECT placement_scope_is_whole()) THEN true
         WHEN (SELECT placement_scope()) = 'university'
             THEN university_id = (SELECT placement_scope_university())
         ELSE false END
);
-- The lists of words are for all to read; the province keeps them.
ALTER TABLE terms ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON terms FOR SELECT USING ((SELECT placement_scope()) IS NOT NULL);
CREATE POLICY kept ON terms USING ((SELECT placement_scope_is_whole()));
-- And so are the rules that it sets itself.
ALTER TABLE rules ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON rules FOR SELECT USING ((SELECT placement_scope()) IS NOT NULL);
CREATE POLICY kept ON rules USING ((SELECT placement_scope_is_whole()));
-- Frozen reports: the whole sees all, a whole university its own, everybody what is public.
ALTER TABLE snapshots ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON snapshots USING (
    CASE WHEN (SELECT placement_scope_is_whole()) THEN true
         WHEN (SELECT placement_scope()) = 'university'
             AND (SELECT placement_scope_colleges()) IS NULL
             THEN coalesce(university_id = (SELECT placement_scope_university()), false)
         ELSE false END
);
CREATE POLICY published ON snapshots FOR SELECT USING (
    state = 'public' AND (SELECT placement_scope()) IS NOT NULL
);
ALTER TABLE publications ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON publications FOR SELECT USING ((SELECT placement_scope()) IS NOT NULL);
CREATE POLICY published ON publications FOR INSERT
    WITH CHECK ((SELECT placement_scope_is_whole()));

-- A snapshot goes forward one step at a time; what is sealed and who signed stays as it is.
CREATE FUNCTION placement_keep_snapshot() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    steps CONSTANT text[] := ARRAY['draft', 'signed', 'verified', 'public'];
    open text[] := ARRAY['state'] || CASE OLD.state
        WHEN 'draft' THEN ARRAY['signed_by', 'signer', 'signed_at']
        WHEN 'signed' THEN ARRAY['verified_by', 'verifier', 'verified_at']
        ELSE ARRAY['published_by', 'published_at'] END;
BEGIN
    IF to_jsonb(NEW) - open IS DISTINCT FROM to_jsonb(OLD) - open
       OR array_position(steps, NEW.state::text)
           IS DISTINCT FROM array_position(steps, OLD.state::text) + 1 THEN
        RAISE EXCEPTION 'snapshot % is sealed: this change is refused', OLD.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER snapshots_are_sealed BEFORE UPDATE ON snapshots
    FOR EACH ROW EXECUTE FUNCTION placement_keep_snapshot();
CREATE TRIGGER snapshots_only_grow BEFORE DELETE OR TRUNCATE ON snapshots
    FOR EACH STATEMENT EXECUTE FUNCTION placement_refuse_change();
CREATE TRIGGER publications_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON publications
    FOR EACH STATEMENT EXECUTE FUNCTION placement_refuse_change();
REVOKE DELETE, TRUNCATE ON snapshots FROM placement_app;
REVOKE UPDATE, DELETE, TRUNCATE ON publications FROM placement_app;

-- The files of a snapshot stay; only the key around their own key may be renewed.
CREATE FUNCTION placement_keep_sealed_file() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.data_key IS NULL
       OR to_jsonb(NEW) - 'data_key' IS DISTINCT FROM to_jsonb(OLD) - 'data_key' THEN
        RAISE EXCEPTION 'file % belongs to a snapshot: this change is refused', OLD.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER snapshot_files_stay BEFORE UPDATE OR DELETE ON stored_files
    FOR EACH ROW WHEN (OLD.purpose = 'snapshot') EXECUTE FUNCTION placement_keep_sealed_file();
CREATE FUNCTION placement_keep_sealed_chunk() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM stored_files WHERE id = OLD.file_id AND purpose = 'snapshot') THEN
        RAISE EXCEPTION 'file % belongs to a snapshot: this change is refused', OLD.file_id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER snapshot_chunks_stay BEFORE UPDATE OR DELETE ON file_chunks
    FOR EACH ROW EXECUTE FUNCTION placement_keep_sealed_chunk();

-- Who asked for which report by mail is theirs alone.
ALTER TABLE report_schedules ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON report_schedules USING (
    (SELECT placement_scope()) = 'system'
    OR coalesce(user_id = (SELECT placement_scope_user()), false)
);

-- What only the program itself reads: keys of sessions and tokens, failed sign-ins, addresses not
-- written to.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'sign_ins', 'sign_in_attempts', 'activation_codes', 'address_codes', 'suppressions',
        'api_tokens', 'staff_marks'
    ]
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY scope ON %I USING ((SELECT placement_scope()) = ''system'')', name);
    END LOOP;
END
$$;

-- The facts kept for reports: who was touched by a writer is read from the history until the facts
-- are renewed. A writer only adds a row of its own and waits for nobody.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'fact_touches', 'fact_sums', 'fact_moves', 'fact_later_moves'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY scope ON %I USING ((SELECT placement_scope_is_whole()))', name);
    END LOOP;
END
$$;
-- Packed already, and read whole.
ALTER TABLE fact_sums ALTER cells SET STORAGE EXTERNAL;
ALTER TABLE fact_moves ALTER moves SET STORAGE EXTERNAL;
ALTER TABLE fact_later_moves ALTER moves SET STORAGE EXTERNAL;

CREATE FUNCTION placement_touch_facts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO fact_touches (student_ids, moment)
    SELECT array_agg(DISTINCT student_id), placement_now() + (clock_timestamp() - now())
    FROM changed_rows HAVING count(*) > 0;
    RETURN NULL;
END
$$;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'student_versions', 'memberships', 'standings', 'outcomes', 'verifications', 'disputes'
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER facts_of_new AFTER INSERT ON %I REFERENCING NEW TABLE AS changed_rows'
            ' FOR EACH STATEMENT EXECUTE FUNCTION placement_touch_facts()', name);
        EXECUTE format(
            'CREATE TRIGGER facts_of_changed AFTER UPDATE ON %I'
            ' REFERENCING NEW TABLE AS changed_rows'
            ' FOR EACH STATEMENT EXECUTE FUNCTION placement_touch_facts()', name);
        EXECUTE format(
            'CREATE TRIGGER facts_of_gone AFTER DELETE ON %I REFERENCING OLD TABLE AS changed_rows'
            ' FOR EACH STATEMENT EXECUTE FUNCTION placement_touch_facts()', name);
    END LOOP;
END
$$;

-- A student taken out with an import, or brought back by another.
CREATE FUNCTION placement_touch_student() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO fact_touches (student_ids, moment)
    VALUES (ARRAY[NEW.id], placement_now() + (clock_timestamp() - now()));
    RETURN NULL;
END
$$;
CREATE TRIGGER facts_of_voided AFTER UPDATE OF voided_at ON students FOR EACH ROW
    WHEN (OLD.voided_at IS DISTINCT FROM NEW.voided_at)
    EXECUTE FUNCTION placement_touch_student();

-- The students of the scope whose kept facts are out of date, at most `most` of them.
CREATE FUNCTION placement_touched_students(most integer) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 100 AS $$
    SELECT DISTINCT touched.student_id
    FROM fact_touches, unnest(student_ids) AS touched (student_id)
    WHERE placement_scope_is_whole()
        OR touched.student_id IN (SELECT unnest((SELECT placement_scope_students())))
    LIMIT most
$$;
REVOKE EXECUTE ON FUNCTION placement_touched_students(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION placement_touched_students(integer) TO placement_app;

-- Who keeps postings laid out in memory sees here that they changed.
CREATE FUNCTION placement_note_posting_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO posting_changes DEFAULT VALUES;
    RETURN NULL;
END
$$;
CREATE TRIGGER postings_changed AFTER INSERT OR UPDATE OR DELETE ON postings
    FOR EACH STATEMENT EXECUTE FUNCTION placement_note_posting_change();
CREATE TRIGGER employers_changed AFTER INSERT OR UPDATE OR DELETE ON employers
    FOR EACH STATEMENT EXECUTE FUNCTION placement_note_posting_change();
