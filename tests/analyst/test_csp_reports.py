"""Browsers tell us what broke the content security policy: a line in the log, however often and whatever is sent."""

import json
import logging
from unittest import mock

import pytest
from django.test import Client

from analyst.reports import LONGEST, MINUTE, MOST, written

PATH = "/csp-reports"
OLD = {"csp-report": {"document-uri": "http://localhost/articles/grain/?a=1", "violated-directive": "img-src", "blocked-uri": "https://evil.example/a.gif?who=me"}}  # fmt: skip
NEW = [
    {
        "type": "csp-violation", "url": "http://localhost/",
        "body": {"documentURL": "http://localhost/articles/", "effectiveDirective": "script-src-elem", "blockedURL": "inline"},
    }
]  # fmt: skip


@pytest.fixture(autouse=True)
def minute_begins():
    written.clear()


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.WARNING, "analyst.reports")
    return lambda: [record.getMessage() for record in caplog.records if record.name == "analyst.reports"]


def report(data, kind="application/csp-report"):
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    response = Client(enforce_csrf_checks=True).post(PATH, body, content_type=kind)
    assert (response.status_code, response.content, dict(response.cookies)) == (204, b"", {})


def test_the_old_form_and_the_new_become_a_line_each(lines):
    report(OLD)
    report(NEW, "application/reports+json")
    assert [line.partition(": ")[2] for line in lines()] == [
        "{'rule': 'img-src', 'blocked': 'https://evil.example', 'page': 'articles/<uslug:slug>/'}",
        "{'rule': 'script-src-elem', 'blocked': 'inline', 'page': 'articles/'}",
    ]


def test_a_line_is_one_line_of_plain_characters(lines):
    nasty = "x\r\nWARNING forged\x1b[31m\x7f\u2028\u202e\ud800"
    report({"csp-report": {"violated-directive": nasty, "blocked-uri": nasty, "document-uri": nasty}})
    (line,) = lines()
    assert line.isascii()
    assert line.isprintable()


@pytest.mark.parametrize("body", [
    b"", b"{}", b"[]", b"null", b"1", b'"x"', b"{", b"\xff\xfe", b"\0", b"[" * 8000, b"1" * 8000, b'{"csp-report": []}', b'[1, {"body": 1}]',
    b'{"csp-report": {"document-uri": 7, "blocked-uri": {}}}', b'{"csp-report": {"document-uri": "http://[", "blocked-uri": "http://["}}',
])  # fmt: skip
def test_rubbish_is_taken_in_silence_or_in_a_word(lines, body):
    report(body)
    assert len(lines()) <= 1


def test_what_is_too_long_is_not_read(lines):
    report(json.dumps(OLD).encode().ljust(LONGEST))
    report(json.dumps(OLD).encode().ljust(LONGEST + 1))
    assert len(lines()) == 1


def test_no_flood_of_reports_fills_the_log(lines):
    for _ in range(MOST):
        report(NEW * 15)
    assert len(lines()) == MOST
    with mock.patch("time.monotonic", return_value=written[0] + MINUTE):
        report(OLD)
    assert len(lines()) == MOST + 1


def test_it_asks_no_database_and_is_only_for_reports(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        report(OLD)
    for method in ("get", "put", "delete"):
        assert getattr(client, method)(PATH).status_code == 405


def test_every_page_says_where_to_report_to(client, db):
    headers = client.get("/").headers
    assert headers["Reporting-Endpoints"] == 'csp="/csp-reports"'
    policy = headers["Content-Security-Policy"].split("; ")
    assert {"report-uri /csp-reports", "report-to csp"} <= set(policy)
