"""``/watch``: applications under review and read-outs, and what passed its day unanswered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response

from service.explorer.browse.kinds import Linked, href_of, title_of
from service.explorer.frame import Explorer, blueprint, explorer, page
from service.knowledge.watch import WatchItem, in_order

#: What a state means, in the order of the page: what somebody should look at comes first.
_MEANINGS = {
    "overdue": "The day has passed and no answer was found; each says when it was last looked for.",
    "open": "The day is still to come.",
    "answered": "The answer came; the record holds it where there is one.",
}


@dataclass(frozen=True, slots=True)
class Watched:
    """An item of the watch list with its links."""

    item: WatchItem
    drugs: tuple[Linked, ...]
    source: Linked
    assertion: Linked | None


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one state on the day of the page."""

    state: str
    meaning: str
    items: tuple[Watched, ...]


@blueprint.get("/watch")
def watch() -> Response:
    """Show what is expected, by state, then by the day on which an answer is due."""
    shared = explorer()
    return page("watch.html", here="browse", title="Watch list", groups=tuple(_groups(shared)))


def _groups(shared: Explorer) -> Iterator[Group]:
    today = shared.today()
    items = in_order(shared.knowledge.watch)
    for state, meaning in _MEANINGS.items():
        found = tuple(_watched(shared, item) for item in items if item.state_on(today) == state)
        if found:
            yield Group(state, meaning, found)


def _watched(shared: Explorer, item: WatchItem) -> Watched:
    catalogue = shared.knowledge.catalogue
    drugs, sources = catalogue.records("drugs"), catalogue.records("sources")
    source = ("sources", item.source)
    answer = ("assertions", item.assertion) if item.assertion else None
    return Watched(
        item,
        tuple(
            Linked(name, href_of(("drugs", name)) if name in drugs else None) for name in item.drugs
        ),
        Linked(title_of(source, sources[item.source]), href_of(source)),
        Linked(answer[1], href_of(answer)) if answer else None,
    )
