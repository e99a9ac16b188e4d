"""Report: one page that answers the question of a job and says how to check it."""
