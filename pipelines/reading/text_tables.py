"""Tables of text, written as Parquet while their columns are still being found.

Records come one by one with whatever members they have; what is kept in memory is one batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

BATCH_ROWS = 20_000
BATCH_CHARACTERS = 1 << 26
MAX_COLUMNS = 4_000


class TooManyColumns(Exception):
    """Records with ever new members: no table."""


class TextTable:
    """A table under construction: `add` records, then `close`.

    `names` are the columns in the order of their first appearance; the file stores them as
    `c0`, `c1` ..., all of them text.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        self.names: dict[str, int] = {}
        self.rows = 0
        self._batch: list[Mapping[str, str | None]] = []
        self._characters = 0
        self._pieces: list[Path] = []
        self._writer: pq.ParquetWriter | None = None

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(self.names)

    @property
    def stored(self) -> tuple[str, ...]:
        return tuple(f"c{place}" for place in self.names.values())

    def add(self, record: Mapping[str, str | None]) -> None:
        """Add one record: column -> text; columns that it lacks are null."""
        for name, text in record.items():
            if name not in self.names:
                self.names[name] = len(self.names)
            self._characters += len(text) if text is not None else 0
        if len(self.names) > MAX_COLUMNS:
            raise TooManyColumns
        self._batch.append(record)
        self.rows += 1
        if len(self._batch) >= BATCH_ROWS or self._characters >= BATCH_CHARACTERS:
            self._flush()

    def close(self) -> None:
        """Write what is left; afterwards `target` holds all rows."""
        self._flush()
        if self._writer is not None:
            self._writer.close()
        if len(self._pieces) == 1:
            self._pieces[0].replace(self.target)
        elif self._pieces:
            self._join()

    def _schema(self) -> pa.Schema:
        return pa.schema([(name, pa.string()) for name in self.stored])

    def _flush(self) -> None:
        if not self._batch:
            return
        if self._writer is None or len(self._writer.schema) != len(self.names):
            if self._writer is not None:
                self._writer.close()
            piece = self.target.with_name(f"{self.target.name}.{len(self._pieces)}")
            self._pieces.append(piece)
            self._writer = pq.ParquetWriter(piece, self._schema(), compression="snappy")
        columns = [
            pa.array([record.get(name) for record in self._batch], pa.string())
            for name in self.names
        ]
        self._writer.write_batch(pa.record_batch(columns, schema=self._schema()))
        self._batch, self._characters = [], 0

    def _join(self) -> None:
        """One file of several whose columns grew; batch by batch."""
        schema = self._schema()
        with pq.ParquetWriter(self.target, schema, compression="snappy") as writer:
            for piece in self._pieces:
                for batch in pq.ParquetFile(piece).iter_batches(BATCH_ROWS):
                    missing = [
                        pa.nulls(len(batch), pa.string())
                        for _ in range(len(schema) - batch.num_columns)
                    ]
                    writer.write_batch(pa.record_batch([*batch.columns, *missing], schema=schema))
                piece.unlink()
