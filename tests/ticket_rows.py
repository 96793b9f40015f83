"""Load one small export and look at the tickets that became of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.warehouse import Warehouse
from queries.model.connection import connect
from tests.command import load


@dataclass(frozen=True)
class Loaded:
    """A warehouse after a load, and what the load said of its last file."""

    folder: Path
    file: dict[str, Any]

    def rows(self, query: str) -> list[Any]:
        with connect(Warehouse(self.folder).current_path(), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def column(self, name: str) -> list[Any]:
        """The values of a column of `tickets`, in order of number; instants as text."""
        shown = f"{name}::varchar" if name.endswith("_at") else name
        return [row[0] for row in self.rows(f"select {shown} from tickets order by number")]

    @property
    def finding_codes(self) -> list[str]:
        return [each["code"] for each in self.file["findings"]]


def loaded(
    folder: Path, text: str, *flags: str, name: str = "export.csv", encoding: str = "utf-8"
) -> Loaded:
    """Load `text` as a file into the warehouse of this folder."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    report = load(folder / "warehouse", path, *flags)
    return Loaded(folder / "warehouse", report["files"][-1])
