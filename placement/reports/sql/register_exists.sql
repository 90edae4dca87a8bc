-- Whether anybody of the class is in a category: now, or as known at the moment.
SELECT EXISTS (
    SELECT FROM student_versions AS v JOIN memberships AS m USING (student_id)
    WHERE v.class_year = :class_year AND m.state = 'confirmed'
      AND (v.voided_at IS NULL OR v.voided_at > :known_at)
      AND (m.voided_at IS NULL OR m.voided_at > :known_at)
)
