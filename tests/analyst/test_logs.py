import logging
from io import StringIO

import pytest
from django.conf import settings

from analyst.logs import InOneLine


@pytest.mark.django_db
def test_a_refused_host_is_one_line_of_the_log(client):
    assert "in_one_line" in settings.LOGGING["handlers"]["console"]["filters"]
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(InOneLine())
    logging.getLogger("django.security").addHandler(handler)
    try:
        assert client.get("/", HTTP_HOST="elsewhere.example").status_code == 400
    finally:
        logging.getLogger("django.security").removeHandler(handler)
    (line,) = written.getvalue().splitlines()
    assert "elsewhere.example" in line
