"""A process remembers the day's salt and the agents it has stored; a test's database forgets them."""

from collections.abc import Iterator

import pytest

from reads import readers
from reads.models import agent_of


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    agent_of.cache_clear()
    readers._salts.clear()
    yield
    agent_of.cache_clear()
    readers._salts.clear()
