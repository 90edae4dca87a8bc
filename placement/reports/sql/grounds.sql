-- Why some students are in the register of a class on a day and as known at a moment, or not:
-- whether they are known, of the class, and in a category. By the rules of counted_people.sql.
WITH described AS (
    SELECT DISTINCT ON (student_id) student_id, class_year
    FROM student_versions
    WHERE student_id = ANY (:student_ids)
      AND recorded_at <= :known_at AND (voided_at IS NULL OR voided_at > :known_at)
    ORDER BY student_id, (effective_on <= :as_of) DESC, abs(effective_on - :as_of),
        recorded_at DESC, id DESC
)
SELECT student_id, class_year = :class_year AS is_of_class,
    EXISTS (
        SELECT FROM memberships AS m
        WHERE m.student_id = described.student_id
          AND recorded_at <= :known_at AND (voided_at IS NULL OR voided_at > :known_at)
          AND state = 'confirmed' AND holds_from <= :as_of
          AND (holds_to IS NULL OR holds_to > least(:as_of, make_date(:class_year, 12, 31)))
    ) AS is_member
FROM described
WHERE student_id NOT IN (SELECT id FROM students WHERE voided_at <= :known_at)
