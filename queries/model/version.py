"""Which model a build carries: the policy's, and that of these files."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

MODEL_FOLDER = Path(__file__).parent


@lru_cache(maxsize=1)
def model_version() -> str:
    """SHA-256 of everything that builds the model: a build made by other files is made anew."""
    sha = hashlib.sha256()
    for path in sorted(MODEL_FOLDER.rglob("*")):
        if path.suffix in (".sql", ".py"):
            sha.update(path.name.encode())
            sha.update(path.read_bytes())
    return sha.hexdigest()
