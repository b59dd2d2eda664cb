"""Count the rooms of each folder and the arrows between them: ``python -m bench.rooms``.

A room is a module or folder directly below a folder; an arrow is "imports", between two rooms of
the same folder, counted once however many imports it stands for.
"""

from __future__ import annotations

import grimp


def main() -> None:
    """Print one line a folder with its rooms and arrows."""
    graph = grimp.build_graph("service")
    print(f"{'folder':<34} rooms arrows")
    for folder in sorted(module for module in graph.modules if graph.find_children(module)):
        rooms = graph.find_children(folder)
        arrows = {
            (one, other)
            for one in rooms
            for other in rooms
            if one != other
            and graph.direct_import_exists(importer=one, imported=other, as_packages=True)
        }
        print(f"{folder.replace('.', '/'):<34} {len(rooms):>5} {len(arrows):>6}")


if __name__ == "__main__":
    main()
