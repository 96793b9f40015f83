"""Reading a policy file: everything in order, or one sentence that says what is not."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from policies.model import Policy
from policies.refusal import Refused
from policies.strict import hint

DEFAULT_POLICY = Path(__file__).with_name("default.toml")


def read_policy(path: Path | None, ticket_columns: Collection[str]) -> Policy:
    """The policy of a file, or the built-in one without a file.

    `ticket_columns` are the names that conditions may use. Raises Refused, with one sentence
    that names the file, the key and the nearest valid name.
    """
    file = path or DEFAULT_POLICY
    try:
        document = tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise Refused(f"{file}: the policy cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{file}: the policy is not UTF-8 text; save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{file}: the policy is not valid TOML: {error}.") from error
    context = {"folder": file.parent, "ticket_columns": ticket_columns}
    try:
        return Policy.model_validate(_with_tuples(document), context=context)
    except ValidationError as error:
        raise Refused(_sentence(file, document, error.errors()[0])) from error


def read_policy_text(path: Path | None) -> str:
    """The policy file as it is written, comments and all, for `meantime policy`."""
    file = path or DEFAULT_POLICY
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise Refused(f"{file}: the policy cannot be read: {error.strerror}.") from error


def _with_tuples(value: Any) -> Any:
    """TOML arrays as tuples, because a policy does not change once read."""
    if isinstance(value, list):
        return tuple(_with_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _with_tuples(item) for key, item in value.items()}
    return value


def _sentence(file: Path, document: Mapping[str, Any], error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    key = _dotted(document, (*error["loc"], *context.get("key", ())))
    match error["type"]:
        case "policy":
            what = str(context["message"])
        case "missing":
            what = "is missing; it has no default"
        case "literal_error":
            expected = str(context["expected"]).replace(" or ", ",")
            names = [name.strip(" '") for name in expected.split(",")]
            what = f"is {error['input']!r}; {hint(str(error['input']), names)}"
        case _:
            what = f"is {error['input']!r}; it {_wish(error['msg'])}"
    end = "" if what.endswith("?") else "."
    return f"{file}: {key or 'the policy'} {what}{end}"


def _wish(message: str) -> str:
    """A validator's words in those of TOML: "should be a valid list"."""
    words = message.removeprefix("Input ").split(" or instance of ")[0]
    return words.replace("tuple", "list").replace("dictionary", "table")


def _dotted(document: Mapping[str, Any], location: tuple[str | int, ...]) -> str:
    """`sla[2].calendar`, counted from 1, of the place where a value stands in the file.

    Steps of the model that the file does not have (the versions of a calendar written as one
    table, the tuple around a single value) are left out.
    """
    here: Any = document
    words: list[str] = []
    for step in location:
        if step == "versions":
            continue
        if isinstance(step, int):
            if isinstance(here, list) and step < len(here):
                words[-1] += f"[{step + 1}]"
                here = here[step]
            continue
        words.append(step if step.replace("_", "").isalnum() else f'"{step}"')
        here = here.get(step) if isinstance(here, dict) else None
    return ".".join(words)
