"""The warehouse: a folder of builds, a one-line `CURRENT`, and `kept/`.

A build is a DuckDB file that is never changed once it is published. A loader writes the next one
under a temporary name and flips `CURRENT`; readers of the old one are never disturbed.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from pipelines.binding import quoted
from pipelines.contract import TABLES
from pipelines.lineage import create_offers
from policies.model import Policy
from policies.refusal import Refused
from queries.model.build import tickets_digest
from queries.model.connection import connect
from queries.model.version import model_version

KEPT_BUILDS = 3
MEMORY_LIMIT = "2GB"
# Threads that share less than this to read, or to model, mostly wait for each other.
SMALL_FILES_BYTES, SMALL_BUILD_BYTES = 4_000_000, 16_000_000


@dataclass(frozen=True)
class Interrupted:
    """A loader that died: since when (UTC) it had worked, and on what."""

    since_at: datetime
    what: str


@dataclass(frozen=True)
class Warehouse:
    """A named folder; it may not exist yet, and then it is empty."""

    folder: Path

    @property
    def kept(self) -> Path:
        """What people decided: append-only, never rebuilt."""
        return self.folder / "kept"

    @property
    def work(self) -> Path:
        """Room for a load in progress; whatever a killed load left here is thrown away."""
        return self.folder / "work"

    def build_path(self, number: int) -> Path:
        return self.folder / f"build-{number}.duckdb"

    def current(self) -> int | None:
        """The number of the build that is served; None where nothing was loaded yet."""
        try:
            text = (self.folder / "CURRENT").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        number = int(text.removeprefix("build-").removesuffix(".duckdb"))
        if not self.build_path(number).exists():
            raise Refused(
                f"{self.folder / 'CURRENT'} names {text}, which is not there: write the name of "
                f"another build of {self.folder} into it, or load the exports again."
            )
        return number

    def current_path(self) -> Path:
        """The file of the current build; refused where nothing was loaded yet."""
        number = self.current()
        if number is None:
            raise Refused(
                f"{self.folder} is empty: load an export with `meantime load PATH "
                f"--warehouse {self.folder}`, or try `meantime demo`."
            )
        return self.build_path(number)

    @contextmanager
    def lock(
        self, wait_seconds: float, say: Callable[[str], None], what: str = "a load"
    ) -> Generator[None]:
        """One loader at a time: the second waits, then is refused with who holds it.

        `what` is noted, so that a loader that died can be told by name.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / "loading.lock")
        holder = self.folder / "loading.json"
        try:
            try:
                lock.acquire(timeout=0)
            except Timeout:
                say(f"waiting for {_told(holder)} to finish")
                lock.acquire(timeout=wait_seconds)
        except Timeout:
            raise Refused(
                f"{self.folder} is being loaded by {_told(holder)}: wait for it to finish, "
                "or stop it."
            ) from None
        try:
            if holder.exists():  # whoever held the lock before did not live to remove it
                with (self.folder / "interrupted.ndjson").open("a", encoding="utf-8") as file:
                    file.write(holder.read_text(encoding="utf-8") + "\n")
            told = {
                "pid": os.getpid(),
                "host": socket.gethostname(),
                "since": datetime.now(UTC).isoformat(timespec="seconds"),
                "what": what,
            }
            holder.write_text(json.dumps(told), encoding="utf-8")
            yield
        finally:
            holder.unlink(missing_ok=True)
            lock.release()

    @contextmanager
    def next_build(self, new_bytes: int = 0) -> Generator[NextBuild]:
        """A copy of the current build (or an empty one) to write into; gone unless published.

        `new_bytes` is how much is about to be read into it.
        """
        self._clear_work()
        self.work.mkdir(parents=True)
        current = self.current()
        path = self.work / "next.duckdb"
        is_small = new_bytes < SMALL_FILES_BYTES
        if current is not None:
            shutil.copyfile(self.build_path(current), path)
            is_small = is_small and path.stat().st_size < SMALL_BUILD_BYTES
        number = max((n for n, _ in self.builds()), default=0) + 1
        connection = connect(path)
        connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        if is_small:
            connection.execute("set threads = 1")
        connection.execute("set temp_directory = $folder", {"folder": str(self.work / "spill")})
        try:
            complete_tables(connection)
            yield NextBuild(self, number, path, connection, is_small)
        finally:
            connection.close()
            self._clear_work()

    def interrupted(self) -> list[Interrupted]:
        """The loaders that died, oldest first: nothing of what they did was kept."""
        lines: list[str] = []
        with suppress(FileNotFoundError):
            lines = (self.folder / "interrupted.ndjson").read_text(encoding="utf-8").splitlines()
        if (self.folder / "loading.json").exists() and not self._is_being_loaded():
            with suppress(FileNotFoundError):
                lines.append((self.folder / "loading.json").read_text(encoding="utf-8"))
        found: list[Interrupted] = []
        for line in lines:
            with suppress(ValueError, KeyError):  # it died while it wrote this line
                told = json.loads(line)
                since = datetime.fromisoformat(told["since"]).astimezone(UTC).replace(tzinfo=None)
                found.append(Interrupted(since, told["what"]))
        return found

    def forget_interruptions(self) -> None:
        """A load that came through is what they are told until."""
        (self.folder / "interrupted.ndjson").unlink(missing_ok=True)

    def _is_being_loaded(self) -> bool:
        try:
            with FileLock(self.folder / "loading.lock", timeout=0):
                return False
        except Timeout:
            return True

    def builds(self) -> list[tuple[int, Path]]:
        """The builds that are there, oldest first."""
        found = [
            (int(path.stem.removeprefix("build-")), path)
            for path in self.folder.glob("build-*.duckdb")
            if path.stem.removeprefix("build-").isdigit()
        ]
        return sorted(found)

    def _clear_work(self) -> None:
        if self.work.exists():
            shutil.rmtree(self.work)


@dataclass(frozen=True)
class NextBuild:
    """The build being written, under a temporary name."""

    warehouse: Warehouse
    number: int
    path: Path
    connection: duckdb.DuckDBPyConnection
    is_small: bool

    def begin(self) -> None:
        """One transaction for a small build, of which each commit would cost a sync.

        A large one is written statement by statement: rows of an open transaction are read by one
        thread alone, and uncompressed. Nobody sees a build before it is published.
        """
        if self.is_small:
            self.connection.execute("begin")

    def commit(self) -> None:
        """The end of what `begin` began."""
        if self.is_small:
            self.connection.execute("commit")

    def publish(self) -> None:
        """Checkpoint, move to its name, flip `CURRENT`, and forget builds beyond the last few."""
        self.connection.execute("checkpoint")
        self.connection.close()
        _sync(self.path)
        self.path.replace(self.warehouse.build_path(self.number))
        pointer = self.warehouse.work / "CURRENT"
        pointer.write_text(f"build-{self.number}.duckdb\n", encoding="ascii")
        _sync(pointer)
        pointer.replace(self.warehouse.folder / "CURRENT")
        for _, path in self.warehouse.builds()[:-KEPT_BUILDS]:
            with suppress(PermissionError):  # Windows keeps a file that a reader holds open
                path.unlink()


def complete_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """The contract's tables and columns, empty where an older build or a new one lacks them."""
    rows = connection.execute("select table_name, column_name from duckdb_columns()").fetchall()
    there: dict[str, set[str]] = {}
    for table, column in rows:
        there.setdefault(table, set()).add(column)
    for table in TABLES:
        if table.name not in there:
            connection.execute(table.create_sql)
            continue
        for column in table.columns:
            if column.name not in there[table.name]:
                connection.execute(
                    f"alter table {table.name} add column {quoted(column.name)} {column.sql_type}"
                )
    create_offers(connection)


def write_build_info(connection: duckdb.DuckDBPyConnection, number: int, policy: Policy) -> None:
    """One row: which build this is, when it was made, and the policy that its model follows."""
    connection.execute(
        """
        create or replace table build_info as
        select
            $number::bigint as build,
            $built_at::timestamp as built_at,
            $policy_digest::varchar as policy_digest,
            $tickets_digest::varchar as tickets_digest,
            $model_version::varchar as model_version
        """,
        {
            "number": number,
            "built_at": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
            "policy_digest": policy.digest,
            "tickets_digest": tickets_digest(policy),
            "model_version": model_version(),
        },
    )


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _told(holder: Path) -> str:
    """Who holds the lock, as the holder itself wrote it down."""
    try:
        told = json.loads(holder.read_text(encoding="utf-8"))
        return f"process {told['pid']} on {told['host']} since {told['since']}"
    except (OSError, ValueError, KeyError):
        return "another process"
