"""A citation is exact when it has been read back: names and titles of any script, and what LaTeX takes for itself."""

import json

import bibtexparser
import pytest
import rispy

from articles.citations import Name, Work, bibtex, csl, ris
from articles.models.author import sort_name_of

NAMES = [
    "ნინო გელაშვილი", "Әлия Ғаббасқызы", "ئالىم ئەنۋەر", "阿依古丽", "王 小波", "Çiğdem Altınörs", "İsmail Işık", "Seán O'Brien", "Seán O’Brien",
    "D'Angelo & Sons", "Anna {Braces}", "Half { Open", "Half } Closed", "A_b #1 $5 100% ~x ^y \\z", "Jean–Luc Trait", "Jan van der Berg", "Gulnara Karim kyzy",
    "Ministry of Roads and Bridges", "Roads AND Bridges, Ministry of", "M. Àlvarez i Ferrer", "Nguyễn Thị Hạnh", "“Q” <b>&amp;</b>", "עברית שם", "Ә", "e\u0301mile Zola",
]  # fmt: skip
UNESCAPED = {
    r"\textbackslash{}": "\\", r"\textbraceleft{}": "{", r"\textbraceright{}": "}", r"\$": "$", r"\&": "&", r"\#": "#", r"\%": "%", r"\_": "_",
    r"\textasciitilde{}": "~", r"\textasciicircum{}": "^",
}  # fmt: skip


def as_printed(latex):
    """What LaTeX makes of a field, in this narrow sense."""
    for command, character in UNESCAPED.items():
        latex = latex.replace(command, character)
    return latex.removeprefix("{").removesuffix("}") if latex.startswith("{") and latex.endswith("}") else latex


def work_of(name):
    return Work(key="k-1", kind="article", title=f"On {name}", url="https://journal.example/", authors=(Name.of(sort_name_of(name)),), date=(2016, 3, 15), container="The Analyst")  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_read_back_exactly(name):
    work = work_of(name)
    written = bibtex([work])
    (bib,) = bibtexparser.loads(written).entries
    (item_of_ris,) = rispy.loads(ris([work]))
    (item,) = json.loads(json.dumps(csl([work])))
    inverted = work.authors[0].inverted
    assert as_printed(bib["title"]) == item_of_ris["title"] == item["title"] == work.title
    assert as_printed(bib["author"]) == item_of_ris["authors"][0] == inverted
    assert (
        " ".join(filter(None, (item["author"][0].get(part) for part in ("given", "family", "literal"))))
        == work.authors[0].straight
    )
    assert name.encode() in (written if not set(name) & set("\\{}$&#%_~^") else name).encode()


@pytest.mark.parametrize("name", NAMES)
def test_bibtex_counts_as_many_braces_opened_as_closed(name):
    """BibTeX knows no escape: one brace too many, and every entry after it is lost."""
    depth = 0
    for character in bibtex([work_of(name)]):
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0


def test_all_of_them_in_one_file_are_as_many_entries():
    works = [work_of(name) for name in NAMES]
    assert len(rispy.loads(ris(works))) == len(NAMES)
    assert len(
        bibtexparser.loads("\n".join(bibtex([work]).replace("k-1", f"k-{n}") for n, work in enumerate(works))).entries
    ) == len(NAMES)
