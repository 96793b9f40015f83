"""Everything that insights keep in a build, computed once per load, after the model."""

from __future__ import annotations

import duckdb

from policies.model import Policy


def build_insights(
    connection: duckdb.DuckDBPyConnection, policy: Policy, *, anew: bool = False
) -> None:
    """Write the tables of the insights into the caller's transaction.

    With `anew` all texts are clustered again, else only new ones are; both keep the ids of clusters
    that live on.
    """
    # the libraries of statistics take a second to import, which no other command should pay
    from insights.candidates import write_candidates
    from insights.changes import write_changes
    from insights.cluster_tables import write_clusters
    from insights.waves import write_waves

    write_clusters(connection, anew=anew)
    write_candidates(connection, policy)
    write_waves(connection, policy)
    write_changes(connection, policy)
