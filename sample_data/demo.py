"""The sample data in a warehouse, made once and kept: `python -m sample_data.demo FOLDER`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from pipelines.contract import TICKETS
from pipelines.ledger import LoadOptions
from pipelines.load import load
from pipelines.progress import Progress, in_silence
from pipelines.warehouse import Warehouse
from policies.read import read_policy
from sample_data.generate import write_exports

SAMPLE_POLICY = Path(__file__).with_name("policy.toml")
SAMPLE_OPTIONS = LoadOptions(timezone="Europe/Madrid", exported_at="2026-10-31T23:40:00+01:00")


def prepare_demo(folder: Path, progress: Progress = in_silence) -> None:
    """Fill an empty warehouse with the sample exports; one that is filled already is left alone."""
    warehouse = Warehouse(folder)
    if warehouse.current() is not None:
        return
    with tempfile.TemporaryDirectory() as scratch:
        exports = Path(scratch)
        write_exports(exports)
        policy = read_policy(SAMPLE_POLICY, TICKETS.names)
        load([exports], warehouse, policy, SAMPLE_OPTIONS, progress=progress)


if __name__ == "__main__":
    prepare_demo(Path(sys.argv[1]))
