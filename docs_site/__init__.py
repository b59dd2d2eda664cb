"""The documentation site: what MkDocs needs to know beyond ``mkdocs.yml``.

The pages stay plain Markdown that a forge shows as it is; nothing is written twice. ``pages`` says
which file of the repository is which page, ``reference`` and ``notebook`` make pages out of the
contract and the class, ``hooks`` hands all that to MkDocs.
"""
