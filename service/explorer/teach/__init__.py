"""Lessons, exercises, the teacher's page."""
