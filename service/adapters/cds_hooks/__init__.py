"""CDS Hooks 2.0 as pure functions: a hook request in, cards out; no Flask, no call to anybody.

Start at ``hooks``. ``services`` lists what is offered, ``prefetch`` sorts what a client sent along,
``orders`` reads the drafted medication, ``checks`` holds it against the answer of the engine, and
``cards`` writes the cards.
"""
