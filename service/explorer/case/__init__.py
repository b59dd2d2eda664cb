"""Pages of one case: ask, answer, why, what if, time, next tests."""
