"""Which tables may be published together, so that the relations between them say all there is."""

from collections.abc import Sequence

from placement.reports.disclosure.releases import Coarsening, Release, dimensions_of


def without_circles(
    newest: Release, earlier: Sequence[Release], coarsened: list[Coarsening]
) -> Release:
    """Leave out tables that only together with others would tell more than the relations say.

    Margins of tables that hang together like a tree can always be joined to a world of people,
    so that what the relations leave open is open. Around a circle, or where two tables cross
    the overlapping categories, a cleverer attacker could know more.
    """
    printed = dict(newest.printed)
    others = [edge_of(release, table) for release in earlier for table in release.printed]
    for table in sorted(printed, key=lambda name: (-len(dimensions_of(name)), name)):
        edges = [*others, *(edge_of(newest, name) for name in printed)]
        if hangs_like_a_tree(edges):
            break
        if len(dimensions_of(table)) > 1:
            coarsened.append(Coarsening(table, printed.pop(table)))
    return Release(newest.fixed, newest.rows, printed)


def edge_of(release: Release, table: str) -> frozenset[str]:
    """The dimensions that a table joins."""
    return frozenset(name for name, _ in release.fixed) | frozenset(dimensions_of(table))


def hangs_like_a_tree(edges: Sequence[frozenset[str]]) -> bool:
    """Whether the tables are free of circles (GYO) and one at most crosses the categories."""
    left = {edge for edge in edges if not any(edge < other for other in edges)}
    if sum("category" in edge and len(edge) > 1 for edge in left) > 1:
        return False
    while True:
        lone = {
            frozenset(name for name in edge if sum(name in other for other in left) > 1)
            for edge in left
        }
        fewer = {edge for edge in lone if not any(edge < other for other in lone)}
        if fewer == left:
            return len(left) <= 1
        left = fewer
