"""A whole report in, whatever its format: what became of each part, and the cases it holds.

``formats`` is the one table of formats: media type to reader. ``documents`` is what each reader
gives, ``outline`` how it is shown.
"""
