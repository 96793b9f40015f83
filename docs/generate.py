"""Write the pages that are made from the code: `python -m docs.generate [--check]`.

With `--check` nothing is written; the pages that are out of date are named, with status 1.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipelines.contract import TABLES, Table
from pipelines.sources import Form, Source, sources
from queries.catalogue import read_metrics
from queries.checking import read_checks
from queries.metric_docs import metrics_page

FOLDER = Path(__file__).parent


def contract_page() -> str:
    """The contract: each table with its grain, its key and its columns."""
    head = (
        "# The ticket contract\n\n"
        "Made by `make docs` from `pipelines/contract.py`. Instants are UTC, in columns named "
        "`_at`.\n"
    )
    return head + "".join(_table(table) for table in TABLES)


def _table(table: Table) -> str:
    lines = [
        f"\n## {table.name}\n",
        f"{table.grain[0].upper()}{table.grain[1:]}. Key: {', '.join(table.key)}.\n",
        "| column | type | meaning |",
        "|---|---|---|",
    ]
    for column in table.columns:
        meaning = column.meaning + (" (required)" if column.required else "")
        if column.choices:
            meaning += f": {', '.join(column.choices)}"
        lines.append(f"| {column.name} | {column.type} | {meaning} |")
    return "\n".join(lines) + "\n"


def sources_page() -> str:
    """What is read: each tool with how to export from it, and for each form what maps to what."""
    head = (
        "# What Meantime reads\n\n"
        "Made by `make docs` from `pipelines/sources/`. Columns that are not listed are kept in "
        "`extra`. Words are compared without regard to case; the words listed are those of a "
        "file, before the arrow, and ours, after it.\n"
    )
    return head + "".join(_source(source) for source in sources())


def _source(source: Source) -> str:
    lines = [f"\n## {source.title} (`{source.name}`)\n", source.how_to_export]
    for form in source.forms:
        lines += [f"\n### {source.name}: {form.title}\n", *_form(form)]
    return "\n".join(lines) + "\n"


def checks_page() -> str:
    """What is looked for in the data, and what it does to the figures."""
    lines = [
        "# What is checked\n",
        "Made by `make docs` from `queries/checks/`. `meantime check` counts them and bounds the "
        "figures that they touch; `[checks]` of the policy says how much of each may pass.\n",
        "Bounds: *excluded*: with and without the tickets; *values*: each with its "
        "lowest, then its highest duration; *either*: each missed, then each met (of counts: none, "
        "then each); *better*: as it stands, then each met; *missing*: as many more; *unknown*: "
        "nothing bounds it.",
    ]
    for check in read_checks().values():
        touched = ", ".join(f"{metric} ({mode})" for metric, mode in check.affects.items())
        lines += [
            f"\n## {check.label}\n",
            f"`{check.name}`, as a share of {check.among}. Touches {touched}.\n",
            " ".join(check.explanation.split()),
        ]
    return "\n".join(lines) + "\n"


def _form(form: Form) -> list[str]:
    """One form as a table: the contract's column, where it is read from, which words mean what."""
    told = "; ".join(" or ".join(f"`{name}`" for name in group) for group in form.recognised_by)
    return [
        f"Goes into `{form.table}`. Told by: {told}.\n",
        f"It cannot give: {form.cannot_give}.\n",
        "| contract column | read from | words |",
        "|---|---|---|",
        *(
            f"| {column} | {_read_from(form, column)} | {_words(form, column)} |"
            for column in {**form.columns, **form.derived}
        ),
    ]


def _read_from(form: Form, column: str) -> str:
    names = [f"`{_cell(name)}`" for name in form.columns.get(column, ())]
    derived = form.derived.get(column)
    if derived is not None:
        names.append(f"else {derived.column}")
    return ", ".join(names)


def _words(form: Form, column: str) -> str:
    """What the file's words become, ours once: `pending`, `hold` -> on_hold."""
    derived = form.derived.get(column)
    told = [*form.values.get(column, {}).items(), *(derived.words.items() if derived else ())]
    theirs: dict[str, list[str]] = {}
    for word, ours in told:
        if word != ours and word not in theirs.setdefault(ours, []):
            theirs[ours].append(word)
    return "; ".join(
        f"{', '.join(_cell(word) for word in words)} → {ours}"
        for ours, words in theirs.items()
        if words
    )


def _cell(text: str) -> str:
    """Text inside a table of Markdown."""
    return text.replace("|", "\\|")


PAGES = {
    "checks.md": checks_page,
    "contract.md": contract_page,
    "metrics.md": lambda: metrics_page(read_metrics().values()),
    "sources.md": sources_page,
}


def main() -> int:
    """Write the pages, or name those that are out of date."""
    stale = []
    for name, page in PAGES.items():
        path, text = FOLDER / name, page()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8", newline="\n")
    if stale and "--check" in sys.argv:
        print(f"out of date: {', '.join(stale)}; run `make docs`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
