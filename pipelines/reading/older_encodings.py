"""Which encoding of the time before Unicode a text is written in, told by its odd bytes.

An accented letter within a word is plausible, a currency sign or a capital there is not. Windows
and DOS code pages (1252 and 850) disagree on nearly every letter, so few words are enough. Where
neither gives a plausible text, charset-normalizer chooses among those of other alphabets, with one
byte a letter or two. It needs prose, and an export may have none but its columns and states: so
the words that exports are made of come first, and the encoding that makes more of them is the one.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from pathlib import Path

import charset_normalizer
import numpy as np

from pipelines.mappings.likeness import words_beyond_ascii
from pipelines.reading.opened import CHUNK_BYTES

WESTERN = ("windows-1252", "cp850")
OTHERS = (
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1257",
    "iso8859_2",
    "iso8859_5",
    "koi8_r",
    "cp852",
    "cp866",
    "mac_roman",
    "cp932",
    "euc_jp",
    "gb18030",
    "big5",
    "cp949",
)
ENOUGH = 0.3
CROWDED = 0.5
SURE = 1.0  # what is enough for a crowded text: "solicitação" has 2, Chinese has 0.3
SAMPLE_BYTES = 1 << 18

Context = tuple[int, int, int]
_BETWEEN_CELLS = re.compile(r"[,;|\t\r\n\"]")

_LETTERS = set("áàâãäåæçéèêëíìîïñóòôõöøúùûüßœšž")
_RARE = set("ýÿðþ")
_ALONE = set("àáéèóòêyÀÁÉÓ")
_WITHIN = set("’'·­")
_AROUND = set("–—“”‘’„«»…•€£°ºª¿¡®©™§²³½¼¾·´\u00a0")
_OPENING = set("¿¡“‘„«€£•–—°")


def contexts(plain: Path) -> Counter[Context]:
    """Each byte outside ASCII with the byte before and after it, counted over a whole file."""
    found: Counter[Context] = Counter()
    last = b"\n"
    with plain.open("rb") as raw:
        while chunk := raw.read(CHUNK_BYTES):
            text = np.frombuffer(last + chunk + b"\n", np.uint8).astype(np.int64)
            odd = np.flatnonzero(text[1:-1] >= 0x80) + 1
            packed = text[odd - 1] << 16 | text[odd] << 8 | text[odd + 1]
            for value, count in zip(*np.unique(packed, return_counts=True), strict=True):
                before, byte, after = int(value) >> 16, int(value) >> 8 & 255, int(value) & 255
                found[before, byte, after] += int(count)
            last = chunk[-1:]
    return found


def is_mostly_utf8(found: Counter[Context]) -> bool:
    """Whether nearly all odd bytes are UTF-8, so that the others came in by accident."""
    whole = stray = 0
    for (before, byte, after), count in found.items():
        if 0xC2 <= byte <= 0xF4 and 0x80 <= after <= 0xBF:
            whole += count
        elif before < 0x80 or not 0x80 <= byte <= 0xBF:
            stray += count
    return whole > 4 * stray


def older_encoding(plain: Path, found: Counter[Context]) -> str:
    """The most plausible encoding of a text that is not UTF-8, of those with one byte or two."""
    lines = _odd_lines(plain)
    plausible = {name: _plausibility(found, name) for name in WESTERN}
    best = max(WESTERN, key=lambda name: plausible[name])
    known = {name: _known_words(lines, name) for name in (best, *WESTERN, *OTHERS)}
    most = max(known, key=lambda name: known[name])
    if known[most] > known[best]:
        return most
    if plausible[best] >= (SURE if _is_crowded(found) else ENOUGH):
        return best
    other = charset_normalizer.from_bytes(lines, cp_isolation=[*WESTERN, *OTHERS]).best()
    return best if other is None else codecs.lookup(other.encoding).name


def _known_words(lines: bytes, encoding: str) -> int:
    """How many different cells say a column or a word of exports, as `encoding` reads them."""
    cells = {
        cell.strip().casefold() for cell in _BETWEEN_CELLS.split(lines.decode(encoding, "ignore"))
    }
    return len(cells & words_beyond_ascii())


def _is_crowded(found: Counter[Context]) -> bool:
    """Whether most odd bytes stand beside another: as in texts with two bytes a letter, whose
    halves may look like western ones by chance, and in "solicitação"."""
    beside = sum(n for (before, _, after), n in found.items() if before >= 0x80 or after >= 0x80)
    return beside > CROWDED * sum(found.values())


def _plausibility(found: Counter[Context], encoding: str) -> float:
    """The mean plausibility of the odd characters, as `encoding` reads them."""
    characters = [_character(byte, encoding) for byte in range(256)]
    total = sum(found.values())
    points = sum(
        count * _points(characters[before], characters[byte], characters[after])
        for (before, byte, after), count in found.items()
    )
    return points / max(total, 1)


def _character(byte: int, encoding: str) -> str:
    try:
        return bytes([byte]).decode(encoding)
    except UnicodeDecodeError:
        return "\x80"


def _points(before: str, character: str, after: str) -> int:
    """How well a character fits between its neighbours: from -3 (never) to 2 (as in words)."""
    if character.isalpha() and character not in "ªº":
        return _points_of_letter(before, character, after)
    if before.isalpha() and after.isalpha():
        return 2 if character in _WITHIN else -3
    if character not in _AROUND:
        return -3
    if after.isalpha():
        return 1 if character in _OPENING or character == "\u00a0" else -1
    return 1


def _points_of_letter(before: str, character: str, after: str) -> int:
    if character.lower() not in _LETTERS:
        return -1 if character.lower() in _RARE else -3
    if ord(before) >= 0x80 and before.isalpha() and ord(after) >= 0x80 and after.isalpha():
        return -2
    if not before.isalpha() and not after.isalpha():
        return 1 if character in _ALONE else -2
    if character.islower():
        return -1 if before.isupper() and after.isupper() else 2
    if before.islower():
        return -3
    return 2 if before.isupper() or after.isupper() else 1


def _odd_lines(plain: Path) -> bytes:
    """The first lines with bytes outside ASCII."""
    lines: list[bytes] = []
    size = 0
    with plain.open("rb") as raw:
        while size < SAMPLE_BYTES and (line := raw.readline(1 << 14)):
            if not line.isascii():
                lines.append(line)
                size += len(line)
    return b"".join(lines)
