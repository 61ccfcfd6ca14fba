from datetime import UTC, datetime

import pytest
import time_machine


@pytest.fixture
def time_machine_at():
    """A moment from now, by how much later it is."""
    return lambda later: time_machine.travel(datetime.now(UTC) + later)
