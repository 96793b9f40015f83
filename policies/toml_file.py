"""A TOML file that people write: read strictly, or refused in one sentence."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from policies.refusal import Refused
from policies.strict import hint

Model = TypeVar("Model", bound=BaseModel)


def read_toml(file: Path, what: str, model: type[Model], context: dict[str, Any]) -> Model:
    """The file as this model; `what` is how sentences call it, such as "policy".

    Raises Refused, with one sentence that names the file, the key and the nearest valid name.
    """
    return parse_toml(read_text(file, what), file, what, model, context)


def read_text(file: Path, what: str) -> str:
    """The file as it is written; Refused when it cannot be read or is not UTF-8."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Refused(f"{file}: the {what} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{file}: the {what} is not UTF-8 text; save it as UTF-8.") from error


def parse_toml(
    text: str, file: Path, what: str, model: type[Model], context: dict[str, Any]
) -> Model:
    """The same for a text; `file` is what sentences name."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{file}: the {what} is not valid TOML: {error}.") from error
    try:
        return model.model_validate(_with_tuples(document), context=context)
    except ValidationError as error:
        raise Refused(_sentence(file, what, document, error.errors()[0])) from error


def _with_tuples(value: Any) -> Any:
    """TOML arrays as tuples, because what was read does not change any more."""
    if isinstance(value, list):
        return tuple(_with_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _with_tuples(item) for key, item in value.items()}
    return value


def _sentence(file: Path, what: str, document: Mapping[str, Any], error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    key = _dotted(document, (*error["loc"], *context.get("key", ())))
    match error["type"]:
        case "policy":
            wrong = str(context["message"])
        case "missing":
            wrong = "is missing; it has no default"
        case "literal_error":
            expected = str(context["expected"]).replace(" or ", ",")
            names = [name.strip(" '") for name in expected.split(",")]
            wrong = f"is {error['input']!r}; {hint(str(error['input']), names)}"
        case _:
            wrong = f"is {error['input']!r}; it {_wish(error['msg'])}"
    end = "" if wrong.endswith("?") else "."
    return f"{file}: {key or 'the ' + what} {wrong}{end}"


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
