import logging
from io import StringIO

import pytest
from django.conf import settings

from analyst.logs import InOneLine, WithoutSecrets


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


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Not Found: /accounts/password/reset/key/4-d1ab-c0ffee/", "Not Found: /accounts/password/reset/key/…/"),
        ("Not Found: /sign-off/c0ffee/", "Not Found: /sign-off/…/"),
        ("Not Found: /admin/reads/total/", "Not Found: /admin/reads/…/"),
        ("Not Found: /a\r\nERROR all is lost", "Not Found: /a\\r\\nERROR all is lost"),
        ("Not Found: /\x1b[31mred", "Not Found: /\\x1b[31mred"),
        ("100 % of it", "100 % of it"),
    ],
)
def test_a_line_holds_no_secret_and_nothing_that_only_looks_like_a_line(said, kept):
    record = logging.LogRecord("x", logging.WARNING, "", 0, said, None, None)
    WithoutSecrets().filter(record)
    assert record.getMessage() == kept
