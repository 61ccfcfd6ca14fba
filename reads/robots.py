"""Who is no person: the list of COUNTER and our own, less the words of people's browsers that look like one."""

import re
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path

LOOKED_THROUGH = timedelta(days=100)  # within this time the lists should be looked through again
REDUCED = 160  # characters kept of a user agent
LISTS = Path(__file__).parent / "lists"


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def robots() -> list[str]:
    """Patterns of robots. COUNTER advises to ask without regard to case; the library of its list would not."""
    counter = files("counter_robots") / "data"
    listed = [line for name in ("robot.txt", "machine.txt") for line in lines_of((counter / name).read_text("utf-8"))]
    return [*dict.fromkeys([*listed, *lines_of((LISTS / "robots.txt").read_text("utf-8"))])]


def reviewed_on() -> date:
    """When the lists were last looked through. COUNTER renews its own at most every quarter."""
    return date.fromisoformat(re.findall(r"Reviewed on (\S+)\.$", (LISTS / "robots.txt").read_text("utf-8"), re.M)[0])


def lists_are_old(today: date) -> bool:
    return today - reviewed_on() > LOOKED_THROUGH


@cache
def people() -> list[str]:
    """Patterns of words that stand in people's user agents, and are taken out of them before robots are looked for."""
    return lines_of((LISTS / "people.txt").read_text("utf-8"))


def _in_lower_case(pattern: str) -> str:
    """Compared in lower case on both sides, which is far faster than to ask a pattern to ignore the case."""
    return re.sub(r"\\.|[A-Z]+", lambda found: found[0] if found[0][0] == "\\" else found[0].lower(), pattern)


@cache
def _words_of_people() -> re.Pattern[str]:
    return re.compile("|".join(map(_in_lower_case, people())))


@cache
def _words_of_robots() -> tuple[list[str], list[re.Pattern[str]]]:
    """Plain words, which are quickly found, and the patterns that say more."""
    plain, patterns = [], []
    for pattern in map(_in_lower_case, robots()):
        word = re.sub(r"\\([-/])", r"\1", pattern)
        if re.search(r"[\\^$.|?*+(){}\[\]]", word) is None:
            plain.append(word)
        else:
            patterns.append(re.compile(pattern))
    return plain, patterns


def is_robot(user_agent: str) -> bool:
    words = _words_of_people().sub("~", user_agent.lower()).strip()
    plain, patterns = _words_of_robots()
    return any(word in words for word in plain) or any(pattern.search(words) for pattern in patterns)


def reduced(user_agent: str) -> str:
    """What is kept: without versions and models of devices, and cut at a word, so that no word becomes another."""
    text = re.sub(r"\d", "0", "".join(character for character in user_agent if character.isprintable()))
    if len(text) <= REDUCED:
        return text
    return text[: REDUCED + 1].rsplit(" ", 1)[0][:REDUCED]
