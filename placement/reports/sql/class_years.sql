-- The class years that the scope shows, newest first: one step of the index for each.
WITH RECURSIVE years AS (
    SELECT max(class_year) AS class_year FROM student_versions WHERE voided_at IS NULL
    UNION ALL
    SELECT (
        SELECT max(v.class_year) FROM student_versions AS v
        WHERE v.class_year < years.class_year AND v.voided_at IS NULL
    )
    FROM years WHERE years.class_year IS NOT NULL
)
SELECT class_year FROM years WHERE class_year IS NOT NULL
