"""Files that a visitor gave: in a scratch folder of the visit, under names of our own making."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard.session import warehouse
from pipelines.ledger import LoadOptions
from pipelines.mappings.kept_mappings import newest_kept
from pipelines.mappings.proposal import Proposal
from pipelines.mappings.trial import Table, Trial, likeliest, look, proposal_for, try_out
from pipelines.reading.files import SUFFIXES
from policies.refusal import Refused

MOST_FILES = 20
LONGEST_NAME = 120
TYPES = sorted({suffix.rsplit(".", 1)[-1] for suffix in SUFFIXES})


@dataclass(frozen=True)
class Upload:
    """One file, saved: its tables, or the sentence that says why it has none."""

    key: str
    name: str
    path: Path
    tables: tuple[Table, ...] = ()
    refused: str | None = None

    def told(self, sentence: str) -> str:
        """A sentence that names the file as its owner does."""
        return sentence.replace(str(self.path), self.name)


def safe_name(name: str) -> str:
    """A file name without folders and signs: what a visitor calls a file never becomes a path."""
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w.\- ()]", "_", last)[-LONGEST_NAME:].strip(" .")
    return plain or "upload"


def kept(uploaded: list[UploadedFile]) -> list[Upload]:
    """The files of this visit, each saved and looked at once."""
    known: dict[str, Upload] = st.session_state.setdefault("uploads", {})
    for each in uploaded[:MOST_FILES]:
        if each.file_id not in known:
            known[each.file_id] = _saved(each, len(known))
    return [known[each.file_id] for each in uploaded[:MOST_FILES]]


def forget() -> None:
    """Throw the files of this visit away."""
    for name in ("uploads", "trials", "proposals", "likely"):
        st.session_state.pop(name, None)
    folder = st.session_state.pop("scratch", None)
    if folder is not None:
        folder.cleanup()


def scratch() -> Path:
    """A folder that goes with the visit."""
    if "scratch" not in st.session_state:
        st.session_state["scratch"] = TemporaryDirectory(prefix="meantime-")
    return Path(st.session_state["scratch"].name)


def _saved(uploaded: UploadedFile, place: int) -> Upload:
    unpacked = scratch() / f"unpacked {place}"
    unpacked.mkdir()
    path = _free(scratch() / safe_name(uploaded.name))
    path.write_bytes(uploaded.getbuffer())
    upload = Upload(f"{uploaded.file_id}", path.name, path)
    try:
        tables = look(path, unpacked, newest_kept(warehouse()), LoadOptions())
    except Refused as refused:
        return Upload(upload.key, upload.name, path, refused=upload.told(str(refused)))
    return Upload(upload.key, upload.name, path, tuple(tables))


def likely(upload: Upload) -> int:
    """The place of the table that looks most like tickets, told once."""
    known: dict[str, int] = st.session_state.setdefault("likely", {})
    if upload.key not in known:
        best = likeliest(upload.tables)
        known[upload.key] = next(n for n, table in enumerate(upload.tables) if table is best)
    return known[upload.key]


def _free(path: Path) -> Path:
    """The path, or a second one beside it where a file of that name is there already."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{number} {path.name}")
    return free


def proposal(table: Table) -> Proposal:
    """What an unknown table may mean, proposed once."""
    known: dict[str, Proposal] = st.session_state.setdefault("proposals", {})
    if table.opened.label not in known:
        known[table.opened.label] = proposal_for(table.opened)
    return known[table.opened.label]


def trial(table: Table, options: LoadOptions) -> Trial:
    """What a load would make of a table read so, tried once."""
    known: dict[str, Trial] = st.session_state.setdefault("trials", {})
    key = f"{table.opened.label} {options.as_json}"
    if key not in known:
        known[key] = try_out(table.opened, options)
    return known[key]
