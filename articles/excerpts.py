"""The place in a text where a hit stands, as a search shows it."""

import re
from collections.abc import Iterable, Iterator
from html import unescape

from django.utils.safestring import SafeString

from .prose import marked
from .search import Query, Term
from .words import stem, words_of

LENGTH = 260  # characters
BEFORE = 80
_HAN = r"\u3005-\u9fff\U00020000-\U0003ffff"  # and kana: written without spaces
_TOKEN = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+(?:[\u0300-\u036f'’ʼ‘`]+[^\W_]*)*")
# A word with one of these near its beginning may be another than it is written, so it is read as a whole.
_ACCENTS = r"'`\u0080-\U0010ffff"
_ONE_BY_ONE = re.compile(f"[{_HAN}]")
_LETTER = re.compile(rf"[^\W_{_HAN}]")

_INLINE_TAG = re.compile(r'</?(?:a|em|strong|sub|sup)\b(?:[^<>"]|"[^"]*")*>')
_TAG = re.compile(r'<(?:[^<>"]|"[^"]*")*>')


class Excerpts:
    """For one question: where its words stand, in any text."""

    def __init__(self, query: Query) -> None:
        self.terms = query.wanted
        self._known: dict[str, list[Term]] = {}
        self._candidate = _candidate({_beginning(term) for term in self.terms})

    def title(self, text: str) -> SafeString:
        return marked(self._parts(text, 0, len(text)))

    def first(self, texts: Iterable[str]) -> SafeString:
        """From the first of these stored texts with a hit; else how the first one begins."""
        beginning = ""
        for html in texts:
            text = _plain(html)
            beginning = beginning or text
            for start, _ in self.spans(text):
                return self._around(text, start)
        return self._around(beginning, 0)

    def _around(self, text: str, hit: int) -> SafeString:
        start = _at_a_word(text, hit - BEFORE, hit) if hit > BEFORE else 0
        end = len(text) if len(text) - start <= LENGTH else _at_a_word(text, start + LENGTH - 20, start + LENGTH)
        end = len(text[:end].rstrip())
        parts = list(self._parts(text, start, end))
        return marked([("… ", False)] * (start > 0) + parts + [(" …", False)] * (end < len(text)))

    def _parts(self, text: str, start: int, end: int) -> Iterator[tuple[str, bool]]:
        """The text in pieces, and whether each is a hit."""
        for first, last in self.spans(text, start, end):
            yield text[start:first], False
            yield text[first:last], True
            start = last
        yield text[start:end], False

    def spans(self, text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
        """Where hits begin and end, in order; none within another."""
        end = len(text) if end is None else end
        place = start
        for candidate in self._candidate.finditer(text, start, end):
            first = _start_of_word(text, candidate.start(), start)
            token = _TOKEN.match(text, first, end) if first >= place else None
            lasts = (_end_of(term, text, first, end) for term in self._beginning_with(token[0])) if token else iter(())
            if last := next(filter(None, lasts), 0):
                yield first, last
                place = last

    def _beginning_with(self, token: str) -> list[Term]:
        """The terms that this word may begin; a text has the same words again and again."""
        if token not in self._known:
            words = words_of(token)
            self._known[token] = [term for term in self.terms if term.may_begin_with(words)]
        return self._known[token]


def _plain(html: str) -> str:
    """text_of() for what is only looked through: stored texts are clean, so their tags are where they seem to be."""
    return " ".join(unescape(_TAG.sub(" ", _INLINE_TAG.sub("", html))).split())


def _beginning(term: Term) -> str:
    """Letters that all forms of its first word begin with."""
    own = stem(term.words[0])
    return own[: max(1, min(4, len(own) - 1))]


def _candidate(beginnings: set[str]) -> re.Pattern[str]:
    """Where a word begins like one of these, and what may be in a word that begins otherwise than it is written.

    It begins with a set of letters, over which Python's search for the next place is ten times as fast.
    """
    plain = {beginning for beginning in beginnings if beginning.isascii()}
    firsts = "".join(letter for beginning in plain for letter in {beginning[0], beginning[0].upper()})
    words = [rf"(?<=(?i:{beginning[0]}))(?<![^\W_].)(?i:{beginning[1:]})" for beginning in sorted(plain)]
    foreign = rf"[^\W\x00-\x7f{_HAN}]"
    accents = rf"(?<={foreign}){foreign}*|(?<=[{_ACCENTS}])"
    return re.compile(rf"[{firsts}{_ACCENTS}](?:{'|'.join([*words, accents])})", re.DOTALL)


def _start_of_word(text: str, place: int, least: int) -> int:
    """Where the word begins that has this letter among its first four; -1 if that is farther away."""
    if _ONE_BY_ONE.match(text, place):
        return place
    for start in range(place, max(place - 4, least - 1), -1):
        if start == least or not _LETTER.match(text, start - 1):
            return start
    return -1


def _end_of(term: Term, text: str, start: int, end: int) -> int:
    """Where the term ends that begins here; 0 if it does not."""
    words: list[str] = []
    for token in _TOKEN.finditer(text, start, end):
        words += words_of(token[0])
        if len(words) >= len(term.words):
            return token.end() if term.matches(words[: len(term.words)]) else 0
    return 0


def _at_a_word(text: str, low: int, high: int) -> int:
    """A place between the two where a word begins; the first of them where words have no spaces."""
    space = text.find(" ", low, high)
    return low if space < 0 else space + 1
