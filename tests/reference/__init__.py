"""National tables: every code and name that files write."""
