"""Robots out, people in."""

import re
from pathlib import Path

import pytest
from django.test import TestCase

from reads import robots
from reads.models import Agent, Read
from tests.factories import make_article

from .reading import GOOGLEBOT, read

HERE = Path(__file__).parent
ROBOTS = robots.lines_of((HERE / "robots.txt").read_text("utf-8"))
PEOPLE = robots.lines_of((HERE / "people.txt").read_text("utf-8"))
NEWEST = 200  # Android, and what else a browser may say of itself tomorrow


def test_the_tables_are_long_enough():
    assert len(set(ROBOTS)) >= 150
    assert len(set(PEOPLE)) >= 300


def test_every_robot_is_found():
    assert [agent for agent in ["", *ROBOTS] if not robots.is_robot(agent)] == []


def test_every_robot_is_found_in_capitals_and_in_small_letters():
    assert [agent for agent in ROBOTS if not (robots.is_robot(agent.upper()) and robots.is_robot(agent.lower()))] == []


def test_no_person_is_taken_for_one():
    assert [agent for agent in PEOPLE if robots.is_robot(agent)] == []


def test_a_robot_does_not_hide_behind_a_telephone():
    assert robots.is_robot("Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 (compatible; Googlebot/2.1)")
    assert robots.is_robot("GSA/318.0 python-requests/2.31")


def test_what_is_kept_of_an_agent_makes_no_robot_of_a_person():
    assert [agent for agent in PEOPLE if robots.is_robot(robots.reduced(agent))] == []


@pytest.mark.parametrize("agent", [*PEOPLE[:20], *ROBOTS[:5], "x" * 500, "Ä 1\x07²" * 60], ids=range(27))
def test_what_is_kept_of_an_agent_has_no_version_and_is_short(agent):
    kept = robots.reduced(agent)
    assert len(kept) <= 160
    assert re.findall("[1-9]", kept) == []
    assert kept.isprintable()


def test_the_newer_browser_is_still_a_person():
    for n in range(NEWEST):
        assert not robots.is_robot(
            f"Mozilla/5.0 (Linux; Android {n}; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{n}.0.0.0 Mobile Safari/537.36"
        )


def test_a_list_knows_when_it_was_last_looked_through():
    assert robots.reviewed_on().year >= 2026


class AgentTests(TestCase):
    def test_those_with_the_same_reduced_name_share_a_row(self):
        make_article(slug="grain")
        for version in range(10, 15):
            read(agent=f"Mozilla/5.0 (X11; Linux x86_64; rv:{version}.0) Gecko/20100101 Firefox/{version}.0")
        self.assertEqual(
            Agent.objects.get().name, "Mozilla/0.0 (X00; Linux x00_00; rv:00.0) Gecko/00000000 Firefox/00.0"
        )
        read(agent=GOOGLEBOT)
        self.assertEqual(Agent.objects.count(), 2)
        self.assertEqual(Read.objects.filter(is_robot=True).count(), 1)
