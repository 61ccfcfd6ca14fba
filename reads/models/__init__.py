"""Reads as they come, what is counted of them, and the salt of the day."""

from .counted import COUNTS, Hour, Restatement, Tallier, Total, summed
from .read import Agent, Read, ReadQuerySet, Waiting, agent_of
from .salt import Salt

__all__ = [
    "COUNTS",
    "Agent",
    "Hour",
    "Read",
    "ReadQuerySet",
    "Restatement",
    "Salt",
    "Tallier",
    "Total",
    "Waiting",
    "agent_of",
    "summed",
]
