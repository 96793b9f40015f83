"""One opened table into `staged`, as every load and every trial reads it."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from pipelines.conform import Plan, stage
from pipelines.ledger import LoadOptions
from pipelines.planning import decided, has_unread_dates, plan_file
from pipelines.progress import in_silence
from pipelines.reading.opened import OpenedFile
from pipelines.reading.uneven import UnevenLines


def stage_file(
    connection: duckdb.DuckDBPyConnection,
    opened: OpenedFile,
    options: LoadOptions,
    *,
    pseudonymise: tuple[str, ...] = (),
    pseudonym_key: str = "",
    step: Callable[[str], None] = in_silence,
) -> Plan:
    """Read a file into `staged`; again where its dates are not what its first rows promised.

    Raises Refused for a file that leaves open how it is to be read, UnevenLines for a CSV that
    has to be made even first.
    """
    try:
        plan = plan_file(
            connection, opened, options, pseudonymise=pseudonymise, pseudonym_key=pseudonym_key
        )
        step("reading")
        stage(connection, plan)
        if plan.is_presumed and has_unread_dates(connection, plan):
            plan = decided(connection, plan, options)
            stage(connection, plan)
    except duckdb.InvalidInputException as error:
        if "CSV" not in str(error):
            raise
        raise UnevenLines(opened.label) from error
    return plan
