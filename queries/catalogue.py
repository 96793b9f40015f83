"""The catalogue of metrics: one SQL file each, whose leading comment is its header in TOML.

Cards, tooltips, charts, exports, the definitions page and `docs/metrics.md` all read the header;
the body is the query that returns the metric's evidence.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import duckdb
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from policies.model import Policy
from policies.refusal import Refused

METRICS_FOLDER = Path(__file__).parent / "metrics"

Unit = Literal["duration", "share", "count", "score"]
Aggregate = Literal["mean", "rate", "count", "sum", "ratio", "level"]
Better = Literal["lower", "higher", "neither"]
Sentence = Annotated[str, Field(min_length=1)]

Model = TypeVar("Model", bound=BaseModel)

_COMMENT = re.compile(r"\s*/\*(?P<header>.*?)\*/(?P<body>.*)", re.DOTALL)
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Header(BaseModel):
    """What a metric says about itself.

    `unit` is that of its figures: duration (seconds), share (0 to 1), count, score (the scale of
    the tool). `aggregate` says how evidence becomes a figure, `better` which direction is good.
    `needs` maps a column of the evidence to the sentence that tells why there is no figure when
    no row carries it. `dimensions` limits the columns that it can be filtered and cut by (all
    when absent); `switches` names the policy keys that change its meaning. `cut_only_by` names the
    dimension without which it says nothing of its own: lists of figures leave it out. `one_row` is
    what one row of the evidence is, in the singular.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    label: Sentence
    title: Sentence
    unit: Unit
    aggregate: Aggregate
    better: Better
    explanation: Sentence
    needs: Mapping[str, Sentence] = Field(default_factory=dict)
    dimensions: list[str] | None = None
    switches: list[str] = Field(default_factory=list)
    cut_only_by: Sentence | None = None
    one_row: Sentence = "ticket"

    @property
    def is_share_of_level(self) -> bool:
        """Whether it tells for which share of what is there something holds, since `since_at`."""
        return self.aggregate == "level" and self.unit == "share"


class Metric(Header):
    """A metric: its header, its name (that of the file) and the query of its evidence."""

    name: str
    path: Path
    sql: str


def read_metrics(folders: Iterable[Path] = (METRICS_FOLDER,)) -> dict[str, Metric]:
    """All metrics of the folders by name, in order of name within each folder.

    Raises Refused for a folder that does not exist, a file that is no metric, or a name used
    twice.
    """
    metrics: dict[str, Metric] = {}
    for folder in folders:
        if not folder.is_dir():
            raise Refused(f"There is no folder of metrics at {folder}: correct metrics_folder.")
        for path in sorted(folder.glob("*.sql")):
            metric = read_metric(path)
            if metric.name in metrics:
                first = metrics[metric.name].path
                raise Refused(f"{path}: {first} is already called so: give this one a new name.")
            metrics[metric.name] = metric
    return metrics


def read_metric(path: Path) -> Metric:
    """The metric in one file; Refused, naming file and key, when header or body is not valid."""
    header, sql = read_headed(path, Header, "metric")
    return Metric(name=path.stem, path=path, sql=sql, **dict(header))


def read_headed(path: Path, model: type[Model], what: str) -> tuple[Model, str]:
    """The header and the query of one file; `what` is how sentences of refusal call it."""
    if not _NAME.fullmatch(path.stem):
        raise Refused(f"{path}: a {what}'s file is named in lower case, like first_response.sql.")
    parts = _COMMENT.fullmatch(path.read_text(encoding="utf-8"))
    if parts is None:
        raise Refused(f"{path}: a {what} starts with its header between /* and */.")
    return _read_header(path, parts["header"], model), _read_body(path, parts["body"], what)


def _read_header(path: Path, text: str, model: type[Model]) -> Model:
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{path}: the header is not TOML: {error}.") from None
    except ValidationError as error:
        raise Refused(f"{path}: {_sentence(error, model)}") from None


def _sentence(error: ValidationError, model: type[BaseModel]) -> str:
    """The first fault of a header in words."""
    fault: Any = error.errors()[0]
    key = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        nearest = difflib.get_close_matches(key, model.model_fields, n=1, cutoff=0)
        return f"the header has no key {key}: did you mean {nearest[0]}?"
    if fault["type"] == "missing":
        return f"the header lacks {key}: add it."
    return f"{key} in the header: {fault['msg']}, not {fault['input']!r}."


def _read_body(path: Path, text: str, what: str) -> str:
    sql = text.strip().removesuffix(";")
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.ParserException as error:
        raise Refused(f"{path}: the query cannot be read: {error}") from None
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise Refused(f"{path}: below its header a {what} is one select statement.")
    return sql


def definition(metric: Metric, policy: Policy) -> str:
    """What the metric means here: its explanation and the policy's switches in force."""
    explanation = " ".join(metric.explanation.split())
    in_force = [f"{key} = {_shown(_value(policy, key))}" for key in metric.switches]
    return f"{explanation} In force: {'; '.join(in_force)}." if in_force else explanation


def _value(policy: Policy, key: str) -> object:
    """The value at a dotted key of the policy."""
    value: Any = policy
    for name in key.split("."):
        value = value[name] if isinstance(value, Mapping) else getattr(value, name)
    return value


def _shown(value: object) -> str:
    if isinstance(value, BaseModel):
        return _shown(value.model_dump(exclude_none=True))
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_shown(item)}" for key, item in value.items()) or "none"
    if isinstance(value, (list, tuple)):
        return " + ".join(_shown(item) for item in value) or "none"
    return str(value)
