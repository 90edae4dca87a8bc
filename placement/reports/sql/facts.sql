-- What the history says of some students, for every day at once: a row from each day on which
-- anything about them changes, with what they were, their standing, and how they count under
-- either basis. It follows counted_people.sql, which says the same of one day.
--
-- :student_ids           the students
-- :known_at              the moment
-- :placed                destination codes that count as placed
-- :categories, :bits     the categories and a power of two for each
WITH versions AS MATERIALIZED (
    SELECT id, student_id, effective_on, recorded_at, class_year, university_id,
        nullif(college, '') AS college, level, nullif(sex, '') AS sex,
        nullif(ethnic_group, '') AS ethnic_group, nullif(origin, '') AS origin,
        nullif(origin_division, '') AS origin_division
    FROM student_versions
    WHERE student_id = ANY (:student_ids)
      AND recorded_at <= :known_at AND (voided_at IS NULL OR voided_at > :known_at)
),
held AS MATERIALIZED (
    SELECT student_id, bit, holds_from, holds_to
    FROM memberships
    JOIN unnest(CAST(:categories AS text[]), CAST(:bits AS integer[])) AS kinds (category, bit)
        USING (category)
    WHERE student_id = ANY (:student_ids) AND state = 'confirmed'
      AND recorded_at <= :known_at AND (voided_at IS NULL OR voided_at > :known_at)
),
-- Who has ever been anything but graduated; nearly all have not.
stood AS MATERIALIZED (
    SELECT id, student_id, holds_from, recorded_at, standing,
        bool_or(standing <> 'graduated') OVER (PARTITION BY student_id) AS matters
    FROM standings
    WHERE student_id = ANY (:student_ids)
      AND recorded_at <= :known_at AND (voided_at IS NULL OR voided_at > :known_at)
),
decided AS (
    SELECT DISTINCT ON (outcome_id) outcome_id, decision
    FROM verifications
    WHERE student_id = ANY (:student_ids)
      AND recorded_at <= :known_at AND (voided_at IS NULL OR voided_at > :known_at)
    ORDER BY outcome_id, recorded_at DESC, id DESC
),
weighed AS MATERIALIZED (
    SELECT student_id, outcomes.id, code, effective_on, recorded_at, decision,
        code = ANY (:placed) AS placed,
        decision IS DISTINCT FROM 'rejected' AS stands,
        decision IS DISTINCT FROM 'rejected'
            AND (decision IS NOT NULL OR NOT code = ANY (:placed)) AS counts
    FROM outcomes LEFT JOIN decided ON outcome_id = outcomes.id
    WHERE student_id = ANY (:student_ids)
      AND recorded_at <= :known_at AND (voided_at IS NULL OR voided_at > :known_at)
),
questioned AS (
    SELECT DISTINCT outcome_id FROM disputes
    WHERE student_id = ANY (:student_ids)
      AND recorded_at <= :known_at AND (voided_at IS NULL OR voided_at > :known_at)
),
days AS MATERIALIZED (
    SELECT student_id, effective_on AS day FROM versions
    UNION SELECT student_id, holds_from FROM held
    UNION SELECT student_id, holds_to FROM held WHERE holds_to IS NOT NULL
    UNION SELECT student_id, holds_from FROM stood WHERE matters
    UNION SELECT student_id, effective_on FROM weighed
),
described AS (
    SELECT DISTINCT ON (student_id, day) student_id, day, class_year, university_id, college,
        level, sex, ethnic_group, origin, origin_division
    FROM days JOIN versions USING (student_id)
    ORDER BY student_id, day, (effective_on <= day) DESC, abs(effective_on - day),
        recorded_at DESC, id DESC
),
members AS (
    SELECT student_id, day, bit_or(bit) AS category_bits
    FROM described JOIN held USING (student_id)
    WHERE holds_from <= day
      AND (holds_to IS NULL OR holds_to > least(day, make_date(class_year::integer, 12, 31)))
    GROUP BY student_id, day
),
standing AS (
    SELECT DISTINCT ON (student_id, day) student_id, day, standing
    FROM days JOIN stood USING (student_id)
    WHERE matters AND holds_from <= day
    ORDER BY student_id, day, holds_from DESC, recorded_at DESC, id DESC
),
verified AS (
    SELECT DISTINCT ON (student_id, day) student_id, day, id, code, placed, decision, stands, counts
    FROM days JOIN weighed USING (student_id)
    WHERE effective_on <= day
    ORDER BY student_id, day, counts DESC, stands DESC, effective_on DESC, recorded_at DESC, id DESC
),
reported AS (
    SELECT DISTINCT ON (student_id, day) student_id, day, code, placed, decision, stands
    FROM days JOIN weighed USING (student_id)
    WHERE effective_on <= day
    ORDER BY student_id, day, stands DESC, effective_on DESC, recorded_at DESC, id DESC
),
last_verified AS (
    SELECT DISTINCT ON (student_id, day) student_id, day, placed
    FROM days JOIN weighed USING (student_id)
    WHERE effective_on <= day AND decision = 'verified'
    ORDER BY student_id, day, effective_on DESC, recorded_at DESC, id DESC
),
told AS (
    SELECT d.*, category_bits, coalesce(s.standing, 'graduated') AS standing,
        CASE
            WHEN NOT coalesce(v.counts, false) THEN NULL
            WHEN q.outcome_id IS NOT NULL THEN 'disputed'
            ELSE v.code
        END AS verified_code,
        CASE
            WHEN v.id IS NULL THEN 'no_outcome'
            WHEN NOT v.stands THEN 'rejected'
            WHEN NOT v.counts THEN 'unverified'
            WHEN q.outcome_id IS NOT NULL THEN 'disputed'
            WHEN v.decision IS NULL AND l.placed THEN 'overtaken'
            WHEN NOT v.placed THEN 'not_placed'
            ELSE 'verified'
        END AS verified_reason,
        CASE WHEN r.stands THEN r.code END AS reported_code,
        CASE
            WHEN r.student_id IS NULL THEN 'no_outcome'
            WHEN NOT r.stands THEN 'rejected'
            WHEN NOT r.placed THEN 'not_placed'
            WHEN r.decision = 'verified' THEN 'verified'
            ELSE 'reported'
        END AS reported_reason
    FROM described AS d
    LEFT JOIN members USING (student_id, day)
    LEFT JOIN standing AS s USING (student_id, day)
    LEFT JOIN verified AS v USING (student_id, day)
    LEFT JOIN questioned AS q ON q.outcome_id = v.id
    LEFT JOIN last_verified AS l USING (student_id, day)
    LEFT JOIN reported AS r USING (student_id, day)
    WHERE student_id NOT IN (SELECT id FROM students WHERE voided_at <= :known_at)
),
spans AS (
    SELECT told.*, lead(day) OVER later AS until_day,
        lead(day) OVER later IS NOT NULL AND (
            lead(category_bits) OVER later IS NULL OR lead(class_year) OVER later <> class_year
        ) AS leaves
    FROM told WINDOW later AS (PARTITION BY student_id ORDER BY day)
)
SELECT student_id, class_year, day AS from_day, until_day, university_id, college, level, sex,
    ethnic_group, origin, origin_division, category_bits, standing,
    verified_code, verified_reason, reported_code, reported_reason, leaves
FROM spans WHERE category_bits IS NOT NULL
