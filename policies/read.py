"""Reading a policy file: everything in order, or one sentence that says what is not."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from policies.model import Policy
from policies.refusal import Refused
from policies.toml_file import read_toml

DEFAULT_POLICY = Path(__file__).with_name("default.toml")


def read_policy(path: Path | None, ticket_columns: Collection[str]) -> Policy:
    """The policy of a file, or the built-in one without a file.

    `ticket_columns` are the names that conditions may use. Raises Refused, with one sentence
    that names the file, the key and the nearest valid name.
    """
    file = path or DEFAULT_POLICY
    context = {"folder": file.parent, "ticket_columns": ticket_columns}
    return read_toml(file, "policy", Policy, context)


def read_policy_text(path: Path | None) -> str:
    """The policy file as it is written, comments and all, for `meantime policy`."""
    file = path or DEFAULT_POLICY
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise Refused(f"{file}: the policy cannot be read: {error.strerror}.") from error
