from datetime import UTC, datetime

import pytest
import time_machine

from tests.newsletter.sink import Sink, running


@pytest.fixture
def time_machine_at():
    """A moment from now, by how much later it is."""
    return lambda later: time_machine.travel(datetime.now(UTC) + later)


@pytest.fixture
def sink(settings):
    """A mail server that the journal sends by, as fast as it can."""
    sink = Sink()
    with running(sink) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
        settings.DEFAULT_FROM_EMAIL = "The Analyst <letters@journal.example>"
        settings.NEWSLETTER_RATE = 0
        yield sink
