import json
import logging
import sys
from io import StringIO

import pytest
from django.conf import settings

from analyst.logs import InOneLine, JsonLines, WithoutSecrets


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
        ("Refused: <ada.person@mail.example>, try later", "Refused: <…@…>, try later"),
        ("100 % of it", "100 % of it"),
    ],
)
def test_a_line_holds_no_secret_and_nothing_that_only_looks_like_a_line(said, kept):
    record = logging.LogRecord("x", logging.WARNING, "", 0, said, None, None)
    WithoutSecrets().filter(record)
    assert record.getMessage() == kept


def test_in_production_a_line_is_an_object_and_names_nobody():
    try:
        raise ValueError("Key (email)=(ada@mail.example) is there, says /sign-off/c0ffee/")
    except ValueError:
        problem = sys.exc_info()
    record = logging.LogRecord("analyst", logging.ERROR, "", 0, "Not sent to %s", ("ada@mail.example",), problem)
    WithoutSecrets().filter(record)
    line = JsonLines().format(record)
    said = json.loads(line)
    assert "\n" not in line
    assert (said["level"], said["from"], said["message"]) == ("error", "analyst", "Not sent to …@…")
    assert "Key (email)=(…@…) is there, says /sign-off/…/" in said["trace"]
    assert "ada@mail" not in line
    assert "c0ffee" not in line
