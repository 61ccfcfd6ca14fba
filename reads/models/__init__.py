"""Reads as they come, what is counted of them, and the salt of the day."""

from .counted import COUNTS, Hour, Restatement, Tallier, Total, summed
from .link import ReportLink
from .read import Agent, Read, ReadQuerySet, Waiting, agent_of
from .salt import Salt
from .source import SourceDay
from .standing import Period, Standing

__all__ = [
    "COUNTS",
    "Agent",
    "Hour",
    "Period",
    "Read",
    "ReadQuerySet",
    "ReportLink",
    "Restatement",
    "Salt",
    "SourceDay",
    "Standing",
    "Tallier",
    "Total",
    "Waiting",
    "agent_of",
    "summed",
]
