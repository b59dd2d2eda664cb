"""What is understood of mixed biomarkers of the five genes, frozen: a change of it is never by chance.

``inputs`` makes the inputs, ``readings`` what is compared, ``rewrite`` the ledger of deliberate changes.
"""
