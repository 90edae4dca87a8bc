"""The first lists of kinds of barriers and of help; a province's own words overlay them."""

from placement.reference.tables import CodeTable

barriers = CodeTable("barrier_kinds")
actions = CodeTable("action_kinds")
