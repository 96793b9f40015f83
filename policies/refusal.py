"""The one error that users are meant to read."""


class Refused(Exception):
    """An input that is not accepted: one sentence that says what, where and the way out.

    Raised anywhere below the doors; `cli.py` prints it on standard error and exits with 2,
    the dashboard shows it in place of the page. The warehouse is as it was before.
    """

    def __init__(self, sentence: str) -> None:
        # what a file says may be quoted in it: a name with a line break leaves it one line
        super().__init__("".join(c if c.isprintable() else " " for c in sentence))
