-- Who may have left the register between two days: a membership that ended, or a version that
-- began, after the first and up to the second. Few people, whom the figures' query then judges.
SELECT student_id FROM memberships
WHERE recorded_at <= :known_at AND (voided_at IS NULL OR voided_at > :known_at)
  AND state = 'confirmed' AND holds_to > :since
  AND holds_to <= least(:as_of, make_date(:class_year, 12, 31))
  AND student_id IN (SELECT student_id FROM student_versions WHERE class_year = :class_year)
UNION
SELECT student_id FROM student_versions
WHERE recorded_at <= :known_at AND (voided_at IS NULL OR voided_at > :known_at)
  AND effective_on > :since AND effective_on <= :as_of
  AND student_id IN (SELECT student_id FROM student_versions WHERE class_year = :class_year)
