"""Names of people replaced at load, keyed, where the policy asks for it."""

from __future__ import annotations

import os
import secrets

from pipelines.warehouse import Warehouse
from policies.model import Policy


def pseudonym_key(warehouse: Warehouse, policy: Policy) -> str:
    """The warehouse's secret key, made at its first use; empty where nothing is pseudonymised.

    It stays in `kept/`, readable by its owner alone: whoever has it can try names on the stand-ins.
    """
    if not policy.privacy.pseudonymise:
        return ""
    path = warehouse.kept / "pseudonym.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()
