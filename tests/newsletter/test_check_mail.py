"""The doctor of deliverability: a healthy domain has no fault, and each fault that is put in is found."""

import base64

import pytest
from django.core.management import CommandError, call_command

from newsletter.deliverability import Asked, faults, organisation

KEY = base64.b64encode(b"k" * 294).decode()  # as long as one of 2048 bits
HEALTHY = {
    ("journal.example", "TXT"): ["some other text", "v=spf1 include:spf.host.example ip4:192.0.2.0/28 ~all"],
    ("spf.host.example", "TXT"): ["v=spf1 a:mx.host.example -all"],
    ("mx.host.example", "A"): ["198.51.100.7"],
    ("s1._domainkey.journal.example", "TXT"): [f"v=DKIM1; k=rsa; p={KEY}"],
    ("_dmarc.journal.example", "TXT"): ["v=DMARC1; p=none; rua=mailto:dmarc@journal.example"],
    ("1.2.0.192.in-addr.arpa", "PTR"): ["out.journal.example."],
    ("out.journal.example", "A"): ["192.0.2.1"],
}
ASKED = {
    "sender": "journal.example",
    "bounces": "journal.example",
    "selector": "s1",
    "signs_as": "journal.example",
    "addresses": ("192.0.2.1",),
}


def found(records=(), **asked):
    known = HEALTHY | dict(records)
    return [
        (fault.of, fault.sentence)
        for fault in faults(Asked(**ASKED | asked), lambda name, kind: known.get((name, kind), []))
    ]


def spf(text):
    return {("journal.example", "TXT"): [text]}


def dkim(text):
    return {("s1._domainkey.journal.example", "TXT"): [text]}


def dmarc(*texts):
    return {("_dmarc.journal.example", "TXT"): list(texts)}


MANY = "v=spf1 ip4:192.0.2.1 " + " ".join(f"include:i{n}.example" for n in range(11)) + " ~all"


def test_a_healthy_domain_has_no_fault():
    assert found() == []
    assert found(addresses=("198.51.100.7",), records={("7.100.51.198.in-addr.arpa", "PTR"): ["mx.host.example"]}) == []
    assert found(sender="news.journal.example", records={}) == [], "the organisation's record holds for its parts"


@pytest.mark.parametrize(("of", "word", "case"), [
    ("SPF", "no TXT record", {"records": {("journal.example", "TXT"): []}}),
    ("SPF", "2 SPF records", {"records": {("journal.example", "TXT"): ["v=spf1 ip4:192.0.2.1 ~all"] * 2}}),
    ("SPF", "lets everybody", {"records": spf("v=spf1 ip4:192.0.2.1 +all")}),
    ("SPF", "all others", {"records": spf("v=spf1 ip4:192.0.2.1")}),
    ("SPF", "11 look-ups", {"records": spf(MANY)}),
    ("SPF", "not in the record", {"records": spf("v=spf1 ip4:203.0.113.1 -all")}),
    ("DKIM", "no TXT record", {"selector": "s2"}),
    ("DKIM", "withdrawn", {"records": dkim("v=DKIM1; p=")}),
    ("DKIM", "no base64", {"records": dkim("v=DKIM1; p=a*b")}),
    ("DKIM", "shorter than", {"records": dkim(f"v=DKIM1; p={base64.b64encode(b'k' * 94).decode()}")}),
    ("DKIM", "only a test", {"records": dkim(f"v=DKIM1; t=y; p={KEY}")}),
    ("DMARC", "no TXT record", {"records": dmarc()}),
    ("DMARC", "2 DMARC records", {"records": dmarc("v=DMARC1; p=none", "v=DMARC1; p=none")}),
    ("DMARC", "no policy", {"records": dmarc("v=DMARC1; rua=mailto:x@journal.example")}),
    ("DMARC", "does not count for DMARC", {"signs_as": "host.example", "records": {("s1._domainkey.host.example", "TXT"): [f"p={KEY}"]}}),
    ("DMARC", "is signed as", {"signs_as": "m.journal.example", "records": {("s1._domainkey.m.journal.example", "TXT"): [f"p={KEY}"]} | dmarc("v=DMARC1; p=none; adkim=s")}),
    ("DMARC", "SPF does not count", {"bounces": "host.example", "records": {("host.example", "TXT"): ["v=spf1 ip4:192.0.2.1 ~all"]}}),
    ("PTR", "has no name", {"records": {("1.2.0.192.in-addr.arpa", "PTR"): []}}),
    ("PTR", "does not lead back", {"records": {("out.journal.example", "A"): ["192.0.2.9"]}}),
])  # fmt: skip
def test_each_fault_is_found_alone(of, word, case):
    ((where, sentence),) = found(**case)
    assert where == of
    assert word in sentence


def test_a_circle_of_includes_ends():
    assert found(spf("v=spf1 ip4:192.0.2.1 include:journal.example ~all")) == []


def test_an_organisation_is_told_from_its_parts():
    assert [organisation(name) for name in ("a.b.example.org", "example.org", "a.b.co.uk")] == [
        "example.org",
        "example.org",
        "b.co.uk",
    ]


def test_the_command_reads_given_records_and_says_what_is_wrong(settings, tmp_path, capsys):
    settings.DEFAULT_FROM_EMAIL = "The Analyst <letters@journal.example>"
    path = tmp_path / "records.txt"
    path.write_text(
        "\n".join(f'{name}. {kind} "{value}"' for (name, kind), values in HEALTHY.items() for value in values)
    )
    call_command("check_mail", selector="s1", records=path, address=["192.0.2.1"])
    assert "as mailboxes want them" in capsys.readouterr().out
    with pytest.raises(CommandError, match="1 fault found"):
        call_command("check_mail", selector="s2", records=path)
    assert "DKIM: s2._domainkey.journal.example has no TXT record" in capsys.readouterr().out
