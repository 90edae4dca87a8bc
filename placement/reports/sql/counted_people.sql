-- Everybody of the register of a class year on a day, as known at a moment, one row a person:
-- what they were, their categories, their standing, and the outcome that decides under the basis.
-- All figures and every list of people are made from these rows and from nothing else.
--
-- :class_year, :as_of, :known_at   the class, the day, the moment
-- :verified_only                   basis verified (true) or reported (false)
-- :placed                          destination codes that count as placed
-- :categories, :bits               the categories and a power of two for each
-- :university_id, :student_ids     narrow the people where they are not null
WITH candidates AS (
    SELECT DISTINCT student_id FROM student_versions
    WHERE class_year = :class_year
      AND recorded_at <= :known_at AND (voided_at IS NULL OR voided_at > :known_at)
      AND (CAST(:university_id AS bigint) IS NULL OR university_id = :university_id)
      AND (CAST(:student_ids AS bigint[]) IS NULL OR student_id = ANY (:student_ids))
),
-- The last version that holds on the day; where none does yet, the first that is known.
described AS (
    SELECT DISTINCT ON (student_id)
        student_id, class_year, university_id, nullif(college, '') AS college, level,
        nullif(sex, '') AS sex, nullif(ethnic_group, '') AS ethnic_group,
        nullif(origin, '') AS origin, nullif(origin_division, '') AS origin_division
    FROM student_versions
    WHERE student_id IN (SELECT student_id FROM candidates)
      AND (CAST(:student_ids AS bigint[]) IS NULL OR student_id = ANY (:student_ids))
      AND recorded_at <= :known_at AND (voided_at IS NULL OR voided_at > :known_at)
    ORDER BY student_id, (effective_on <= :as_of) DESC, abs(effective_on - :as_of),
        recorded_at DESC, id DESC
),
-- Who holds a confirmed membership. The register closes with the class year: an end after
-- 31 December takes nobody out of it.
members AS (
    SELECT student_id, bit_or(bit) AS category_bits
    FROM memberships
    JOIN unnest(CAST(:categories AS text[]), CAST(:bits AS integer[])) AS kinds (category, bit)
        USING (category)
    WHERE student_id IN (SELECT student_id FROM candidates)
      AND (CAST(:student_ids AS bigint[]) IS NULL OR student_id = ANY (:student_ids))
      AND recorded_at <= :known_at AND (voided_at IS NULL OR voided_at > :known_at)
      AND state = 'confirmed' AND holds_from <= :as_of
      AND (holds_to IS NULL OR holds_to > least(:as_of, make_date(:class_year, 12, 31)))
    GROUP BY student_id
),
-- Who has ever been anything but graduated; nearly all have not.
stood AS (
    SELECT DISTINCT ON (student_id) student_id, standing
    FROM standings
    WHERE student_id IN (
        SELECT student_id FROM standings
        WHERE standing <> 'graduated'
          AND (CAST(:student_ids AS bigint[]) IS NULL OR student_id = ANY (:student_ids))
      )
      AND (CAST(:student_ids AS bigint[]) IS NULL OR student_id = ANY (:student_ids))
      AND recorded_at <= :known_at AND (voided_at IS NULL OR voided_at > :known_at)
      AND holds_from <= :as_of
    ORDER BY student_id, holds_from DESC, recorded_at DESC, id DESC
),
decided AS (
    SELECT DISTINCT ON (outcome_id) outcome_id, decision
    FROM verifications
    WHERE (CAST(:student_ids AS bigint[]) IS NULL OR student_id = ANY (:student_ids))
      AND recorded_at <= :known_at AND (voided_at IS NULL OR voided_at > :known_at)
    ORDER BY outcome_id, recorded_at DESC, id DESC
),
-- What the basis takes: not rejected, and verified unless the code is a need (believed).
weighed AS (
    SELECT student_id, outcomes.id, code, effective_on, recorded_at, decision,
        decision IS DISTINCT FROM 'rejected' AS stands,
        decision IS DISTINCT FROM 'rejected' AND (
            NOT :verified_only OR decision IS NOT NULL OR NOT code = ANY (:placed)
        ) AS counts
    FROM outcomes LEFT JOIN decided ON outcome_id = outcomes.id
    WHERE student_id IN (SELECT student_id FROM candidates)
      AND (CAST(:student_ids AS bigint[]) IS NULL OR student_id = ANY (:student_ids))
      AND recorded_at <= :known_at AND (voided_at IS NULL OR voided_at > :known_at)
      AND effective_on <= :as_of
),
-- The last that counts decides; without one, the last that stands tells why nothing counts.
deciding AS (
    SELECT DISTINCT ON (student_id) * FROM weighed
    ORDER BY student_id, counts DESC, stands DESC, effective_on DESC, recorded_at DESC, id DESC
),
questioned AS (
    SELECT outcome_id FROM disputes
    WHERE :verified_only
      AND (CAST(:student_ids AS bigint[]) IS NULL OR student_id = ANY (:student_ids))
      AND recorded_at <= :known_at AND (voided_at IS NULL OR voided_at > :known_at)
),
found AS (
    SELECT described.*, category_bits, coalesce(standing, 'graduated') AS standing,
        deciding.id AS outcome_id, code, effective_on, decision, stands,
        coalesce(counts, false) AS known,
        coalesce(counts AND deciding.id IN (SELECT outcome_id FROM questioned), false) AS disputed,
        counts AND :verified_only AND decision IS NULL AS believed
    FROM described
    JOIN members USING (student_id)
    LEFT JOIN stood USING (student_id)
    LEFT JOIN deciding USING (student_id)
    -- coalesce: the planner would take a bare comparison of an unknown column for one in 200.
    WHERE coalesce(class_year = :class_year, false)
      AND (CAST(:university_id AS bigint) IS NULL OR university_id = :university_id)
      AND student_id NOT IN (SELECT id FROM students WHERE voided_at <= :known_at)
)
SELECT student_id, university_id, college, level, sex, ethnic_group, origin, origin_division,
    category_bits, standing, known, outcome_id, effective_on AS outcome_on, code AS stored_code,
    CASE WHEN disputed THEN 'disputed' WHEN known THEN code END AS code,
    CASE
        WHEN outcome_id IS NULL THEN 'no_outcome'
        WHEN NOT stands THEN 'rejected'
        WHEN NOT known THEN 'unverified'
        WHEN disputed THEN 'disputed'
        -- A need that nobody verified, later than a placement that is verified.
        WHEN believed AND (
            SELECT last.code = ANY (:placed) FROM outcomes AS last
            WHERE last.student_id = found.student_id
              AND last.recorded_at <= :known_at
              AND (last.voided_at IS NULL OR last.voided_at > :known_at)
              AND last.effective_on <= :as_of
              AND 'verified' = (
                SELECT v.decision FROM verifications AS v
                WHERE v.outcome_id = last.id AND v.recorded_at <= :known_at
                  AND (v.voided_at IS NULL OR v.voided_at > :known_at)
                ORDER BY v.recorded_at DESC, v.id DESC LIMIT 1
              )
            ORDER BY last.effective_on DESC, last.recorded_at DESC, last.id DESC LIMIT 1
        ) THEN 'overtaken'
        WHEN NOT code = ANY (:placed) THEN 'not_placed'
        WHEN decision = 'verified' THEN 'verified'
        ELSE 'reported'
    END AS reason
FROM found
