-- Rows of history of the class that an answer known at a moment can read, and that were entered
-- after it: what a backdated import has since added to that answer.
WITH candidates AS (
    SELECT DISTINCT student_id FROM student_versions
    WHERE class_year = :class_year AND recorded_at <= :known_at
      AND (voided_at IS NULL OR voided_at > :known_at)
      AND (CAST(:university_id AS bigint) IS NULL OR university_id = :university_id)
),
late AS (
    SELECT student_id FROM student_versions
    WHERE entered_at > :known_at AND recorded_at <= :known_at
      AND (voided_at IS NULL OR voided_at > :known_at)
    UNION ALL
    SELECT student_id FROM memberships
    WHERE entered_at > :known_at AND recorded_at <= :known_at AND holds_from <= :as_of
      AND (voided_at IS NULL OR voided_at > :known_at)
    UNION ALL
    SELECT student_id FROM standings
    WHERE entered_at > :known_at AND recorded_at <= :known_at AND holds_from <= :as_of
      AND (voided_at IS NULL OR voided_at > :known_at)
    UNION ALL
    SELECT student_id FROM outcomes
    WHERE entered_at > :known_at AND recorded_at <= :known_at AND effective_on <= :as_of
      AND (voided_at IS NULL OR voided_at > :known_at)
    UNION ALL
    SELECT v.student_id FROM verifications AS v JOIN outcomes AS o ON o.id = v.outcome_id
    WHERE v.entered_at > :known_at AND v.recorded_at <= :known_at AND o.effective_on <= :as_of
      AND (v.voided_at IS NULL OR v.voided_at > :known_at)
    UNION ALL
    SELECT d.student_id FROM disputes AS d JOIN outcomes AS o ON o.id = d.outcome_id
    WHERE d.entered_at > :known_at AND d.recorded_at <= :known_at AND o.effective_on <= :as_of
      AND (d.voided_at IS NULL OR d.voided_at > :known_at)
)
SELECT (SELECT count(*) FROM late WHERE student_id IN (SELECT student_id FROM candidates))
    + (SELECT count(*) FROM baselines
       WHERE class_year = :class_year AND entered_at > :known_at AND recorded_at <= :known_at
         AND as_of <= :as_of AND (voided_at IS NULL OR voided_at > :known_at)
         AND (CAST(:graduates_of AS bigint) IS NULL OR university_id = :graduates_of))
