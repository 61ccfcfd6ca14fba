"""Whose bio is whose, when an article has several authors."""

import pytest

from articles.intake.bios import by_person


@pytest.mark.parametrize(
    ("names", "bios", "mine", "by_place"),
    [
        (["Ada Li", "Bo Park"], ["Bo Park runs the Library of Rivers.", "Ada Li is a pilot."], [1, 0], []),
        (["Ada Li", "Bo Park"], ["Bo Park is a student of Ada Li.", "Ada Li is a pilot."], [1, 0], []),
        (["Ada Li", "Bo Park"], ["Park is a pilot.", "Professor Li teaches."], [1, 0], []),
        (["Dr. Ada Li"], ["The author is a pilot."], [0], [0]),
        (["Ada Li", "Bo Park"], ["She is a pilot.", "Bo Park is another."], [0, 1], [0]),
        (["Ada Li", "Bo Park"], ["Bo Park is a pilot."], [None, 0], []),
        (["Ada Li"], [], [None], []),
    ],
)
def test_each_gets_the_bio_that_names_them(names, bios, mine, by_place):
    found, placed = by_person(names, [f"<p>{bio}</p>" for bio in bios])
    assert found == ["" if n is None else f"<p>{bios[n]}</p>" for n in mine]
    assert placed == [f"<p>{bios[n]}</p>" for n in by_place]


def test_what_is_left_over_goes_to_the_first():
    assert by_person(["Ada Li"], ["<p>Ada Li is a pilot.</p>", "<p>Bo Park too.</p>"])[0] == [
        "<p>Ada Li is a pilot.</p><p>Bo Park too.</p>"
    ]
