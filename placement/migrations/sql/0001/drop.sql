DO $$
DECLARE
    item record;
BEGIN
    FOR item IN
        SELECT tablename AS name FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE format('DROP TABLE %I CASCADE', item.name);
    END LOOP;
    FOR item IN
        SELECT p.oid::regprocedure AS name FROM pg_proc p
        JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'public' AND p.proname LIKE 'placement\_%'
    LOOP
        EXECUTE format('DROP FUNCTION %s CASCADE', item.name);
    END LOOP;
END
$$;
