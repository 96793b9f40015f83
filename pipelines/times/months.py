"""The names of months: their first letters, without accents, in the languages of exports.

Three words are two months each: "lis" is November in Polish and Czech, October in Croatian. They
are read in a column whose other words are of one of these languages alone, and in no other.
"""

from __future__ import annotations

from collections.abc import Collection

# Two digits each: beside a year without a mark between them, one would take a digit of the year.
# English, Spanish, Portuguese, French, German, Italian, Dutch, the languages of Scandinavia,
# Romanian, Turkish, Finnish, Polish, Czech, Croatian, Russian, Ukrainian and Bulgarian.
MONTHS = {
    "m01": ("jan", "ene", "gen", "ian", "oca", "sty", "led", "sij", "янв", "січ", "яну", "tam"),
    "m02": ("feb", "fev", "sub", "lut", "uno", "vel", "фев", "лют", "hel"),
    "m03": ("mar", "mrz", "mrt", "bre", "ozu", "мар", "бер", "maa"),
    "m04": ("apr", "abr", "avr", "nis", "kwi", "dub", "tra", "апр", "кві", "huh"),
    "m05": ("may", "mai", "mag", "mei", "maj", "kve", "svi", "маи", "мая", "тра", "tou"),
    "m06": ("jun", "giu", "iun", "haz", "cze", "cvn", "июн", "чер", "юни", "kes"),
    "m07": ("jul", "lug", "iul", "tem", "cvc", "июл", "лип", "юли", "hei"),
    "m08": ("aug", "ago", "aou", "avg", "agu", "sie", "kol", "авг", "сер", "elo"),
    "m09": ("sep", "set", "sze", "eyl", "wrz", "zar", "ruj", "сен", "вер", "сеп", "syy"),
    "m10": ("oct", "out", "okt", "ott", "eki", "paz", "rij", "окт", "жов", "lok"),
    "m11": ("nov", "noi", "kas", "stu", "ноя", "лис", "ное"),
    "m12": ("dec", "dic", "dez", "des", "ara", "gru", "pro", "дек", "гру", "jou"),
}
DISPUTED = {
    "Polish": {"lip": "m07", "lis": "m11"},
    "Croatian": {"lip": "m06", "srp": "m07", "lis": "m10"},
    "Czech": {"srp": "m08", "lis": "m11"},
}
# Words of one of these languages alone.
PROOFS = {
    "Polish": {"sty", "lut", "kwi", "cze", "sie", "wrz", "paz", "gru"},
    "Croatian": {"sij", "vel", "ozu", "tra", "svi", "kol", "ruj", "stu"},
    "Czech": {"led", "uno", "bre", "dub", "kve", "cvn", "cvc", "zar", "rij"},
}


def language_of(words: Collection[str]) -> str:
    """The one language that the words of a column prove, among those that dispute some; or none."""
    proven = [name for name, proofs in PROOFS.items() if proofs.intersection(words)]
    return proven[0] if len(proven) == 1 else ""


def number_of(language: str) -> dict[str, str]:
    """The number of each month by the first letters of its name, in a column of a language."""
    known = {start: number for number, starts in MONTHS.items() for start in starts}
    return known | DISPUTED.get(language, {})
