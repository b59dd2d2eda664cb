"""The text before its meaning: cleaning, splitting, result words, languages. Start with ``texts``."""
