"""The words of a text as the search index knows them: without accents, case and marks, each with its stem."""

import re
from functools import lru_cache
from unicodedata import category, normalize

MOST = 15_000  # words of one text; positions in PostgreSQL's index end soon after
LONGEST = 40  # letters of one word
HEAVIEST = 400_000  # bytes of one text; PostgreSQL's index of one holds a megabyte
FORMS = "zz9forms9zz"  # stands between the words and their forms, so that no phrase goes across

# Letters that are not an accented letter to Unicode, and are one to a reader.
_LETTERS = str.maketrans(
    {
        "æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "đ": "d", "þ": "th", "ħ": "h", "ı": "i", "ł": "l", "ŧ": "t", "ŋ": "n",
        "ə": "a", "ĸ": "q", "ƶ": "z", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ɛ": "e", "ɨ": "i", "ʉ": "u", "ƒ": "f",
    }
)  # fmt: skip
# Before a letter it belongs to the word: O’Brien, Qur’an, K'art'li; with the s of a possessor it goes.
_APOSTROPHE = re.compile(r"['’‘ʼʻ`´′](?:s\b|(?=\w))")
# Chinese and Japanese are written without spaces: each character is a word, and several are a phrase.
_KANA = r"\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
_ALONE = rf"\u3005\u3007{_KANA}\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]+")
# Numbers in circles and fractions are letters to Python, and so are marks above a line; to PostgreSQL they are not.
_MARKS = str.maketrans(dict.fromkeys("ʹʻʼʽˈ", " "))
_RARE = re.compile(r"[\u19b0-\u19c9\u1cf2\u1cf3\U00010000-\U0010ffff]")  # not every database knows these letters
# SQLite's Porter and PostgreSQL's differ in the stems of these endings; written like this, they do not.
_LEVELLED = ((re.compile(r"(?<=log)(?:y|ys|i|is|ies)$"), ""), (re.compile(r"(?<=bl)(?:y|ys|i|is|ies)$"), "e"),
             (re.compile(r"([chjkqvwxy])\1(?:ed|ing)$"), r"\1"))  # fmt: skip


def words_of(text: str, most: int = MOST) -> list[str]:
    """The first words of a text, folded: without accents, in lower case, in whatever script."""
    return list(map(_levelled, _WORD.findall(_folded(text))[:most]))


def _folded(text: str) -> str:
    if not text.isascii():
        text = normalize("NFKD", normalize("NFKC", text).lower())
        text = "".join(map(_plain, text)).translate(_LETTERS)
    return _APOSTROPHE.sub("", text.lower()).translate(_MARKS)


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    kind = category(letter)
    return " " if kind == "No" else "" if kind[0] == "M" else letter


def _spelt(letter: re.Match[str]) -> str:
    return f"u{ord(letter[0]):x}"


@lru_cache(maxsize=100_000)
def _levelled(word: str) -> str:
    word = _RARE.sub(_spelt, word[:LONGEST])
    for ending, instead in _LEVELLED if len(word) > 4 else ():
        word = ending.sub(instead, word)
    return word


def indexed(text: str) -> str:
    """What the index is given: the words, then those that their stem does not begin with, each as a form of its own.

    The digit keeps a form from being stemmed; so "negotiat" finds "negotiations", whose stem is "negoti".
    """
    words = words_of(text)
    forms = {word for word in words if stem(word) != word}
    line = " ".join([*words, FORMS, *(f"{form}9" for form in sorted(forms))])
    return line.encode()[:HEAVIEST].decode(errors="ignore")


# Porter's stemmer (Program 14, 1980, 130-137), as both databases have it: to know what a hit is when it is shown.

_STEP_2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "abli": "able", "alli": "al",
    "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate", "alism": "al",
    "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble",
}  # fmt: skip
_STEP_3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
_STEP_4 = {
    "al": "", "ance": "", "ence": "", "er": "", "ic": "", "able": "", "ible": "", "ant": "", "ement": "", "ment": "",
    "ent": "", "sion": "s", "tion": "t", "ou": "", "ism": "", "ate": "", "iti": "", "ous": "", "ive": "", "ize": "",
}  # fmt: skip


def _shape(word: str) -> str:
    """'c' for each consonant, 'v' for each vowel; y is a vowel after a consonant."""
    shape = ""
    for n, letter in enumerate(word):
        vowel = letter in "aeiou" or (letter == "y" and n > 0 and shape[-1] == "c")
        shape += "v" if vowel else "c"
    return shape


def _measure(word: str) -> int:
    return _shape(word).count("vc")


def _has_vowel(word: str) -> bool:
    return "v" in _shape(word)


def _ends_short(word: str) -> bool:
    """Consonant, vowel, consonant, the last not w, x or y."""
    return len(word) > 2 and _shape(word)[-3:] == "cvc" and word[-1] not in "wxy"


def _replaced(word: str, endings: dict[str, str], least: int) -> str:
    """The longest ending replaced, if what stands before it is long enough."""
    for length in range(min(len(word), 7), 1, -1):
        if word[-length:] in endings:
            rest = word[:-length]
            ending = endings[word[-length:]]
            return rest + ending if _measure(rest + (ending if ending in "st" else "")) > least - 1 else word
    return word


def _without_plural(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _without_past(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for ending in ("ed", "ing"):
        rest = word[: -len(ending)]
        if word.endswith(ending):
            return _mended(rest) if _has_vowel(rest) else word
    return word


def _mended(rest: str) -> str:
    if rest.endswith(("at", "bl", "iz")):
        return rest + "e"
    if len(rest) > 1 and rest[-1] == rest[-2] and _shape(rest)[-1] == "c" and rest[-1] not in "lsz":
        return rest[:-1]
    return rest + "e" if _measure(rest) == 1 and _ends_short(rest) else rest


def _without_e(word: str) -> str:
    if word.endswith("e"):
        rest = word[:-1]
        if _measure(rest) > 1 or (_measure(rest) == 1 and not _ends_short(rest)):
            word = rest
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a folded word."""
    if len(word.encode()) < 3:
        return word
    word = _without_past(_without_plural(word))
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = word[:-1] + "i"
    word = _replaced(word, _STEP_2, 1)
    word = _replaced(word, _STEP_3, 1)
    return _without_e(_replaced(word, _STEP_4, 2))
