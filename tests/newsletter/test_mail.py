"""The bytes of an edition: what every mailbox asks for, and nothing that anybody typed gone astray."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.utils import getaddresses
from unittest import mock

import dkim
import mailparser
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from newsletter import composing, mime
from newsletter.composing import contents_of, write
from newsletter.mime import Mould, new_marks
from newsletter.sending import send_due
from newsletter.transport import Recipient
from tests.factories import make_article, make_author, make_draft, make_image, make_issue, make_publication
from tests.newsletter.makers import make_edition, make_event, make_subscriber

TO = Recipient("ann@example.org", "<1.seal@journal.example>", "L" * 32, "C" * 32)


def mail_of(subject="A subject", text="Text\n", html="<p>Text</p>", marks=None):
    """One filled mail, as it arrives."""
    raw = Mould(subject, text, html, marks or new_marks()).fill(TO.email, TO.message_id, TO.leave, TO.choose)
    return re.sub(rb"(?m)^\.\.", b".", raw)


def parsed(raw):
    return message_from_bytes(raw, policy=policy.default)


def widest(raw):
    """All lines but those of addresses, which stand on one."""
    return max(len(line) for line in raw.split(b"\r\n") if not line.startswith(b"List-"))


@pytest.fixture
def whole(db):
    """An edition with one of everything."""
    issue = make_issue(volume=18, number=5)
    grain = make_article(
        title="Grain & power", authors=[make_author(name="Ada Lee"), make_author(name="Bo Ek")], issue=issue, lead_image=make_image(900, 600),
        lead_image_alt="A silo", conclusions="<p>Dr. A. Lee is right. So is B.</p>",
    )  # fmt: skip
    return make_edition(
        grain, make_article(title="Water", issue=issue), make_publication(title="Low water", authors_line="Ada Lee"),
        make_event(title="A talk", place="Port Sabel"), issue=issue, preheader="Why grain is power", wants_articles=True,
        subject="№ 5: grain, water — and “power”",
    )  # fmt: skip


# Headers


@pytest.mark.django_db
def test_every_mail_has_what_mailboxes_ask_for(sink, whole):
    readers = {reader.email: reader for reader in (make_subscriber(f"r{n}@example.org") for n in range(30))}
    send_due()
    assert len(sink.mails) == 30
    for mail in sink.mails:
        reader = readers[mail["To"]]
        url = f"http://localhost:8000/newsletter/unsubscribe/{reader.leave_token}/"
        assert mail["List-Unsubscribe"] == f"<{url}>"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["List-Id"] == "<newsletter.journal.example>"
        assert mail["List-Help"] == mail["List-Archive"] == "<http://localhost:8000/newsletter/>"
        assert mail["From"] == "The Analyst <letters@journal.example>"
        assert mail["Subject"] == "№ 5: grain, water — and “power”"
        assert re.fullmatch(r"<\d+\.[0-9a-f]{16}@journal\.example>", mail["Message-ID"])
        for part in mail.iter_parts():
            assert url in part.get_content()
            assert reader.choose_token in part.get_content()
            assert not any(other.leave_token in part.get_content() for other in readers.values() if other != reader)
    assert len({mail["Message-ID"] for mail in sink.mails}) == 30
    for _, raw in sink.raw:
        (line,) = re.findall(rb"(?m)^List-Unsubscribe: .*\r\n(?! )", raw)
        assert line.endswith(b"/>\r\n"), "folded, it breaks signatures"


@pytest.mark.django_db
def test_two_parsers_find_no_fault_with_it(sink, whole):
    make_subscriber()
    send_due()
    (raw,) = (raw for _, raw in sink.raw)
    mail = parsed(raw)
    assert [defect for part in mail.walk() for defect in part.defects] == []
    other = mailparser.parse_from_bytes(raw)
    assert (other.defects, other.has_defects) == ([], False)
    assert other.subject == mail["Subject"]
    text, html = mail.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert widest(raw) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_signature_covers_the_headers_of_the_list():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])
    covered = [b"from", b"to", b"subject", b"date", b"message-id", b"list-unsubscribe", b"list-unsubscribe-post"]
    for n in range(100):
        raw = mail_of(
            f"{n} " + "Жито і вода " * (n % 7) + "x" * n, text=".dot\n..dots\n" * n, html=f"<p>{'é' * n * 40}</p>"
        )
        signature = dkim.sign(raw, b"test", b"journal.example", private, include_headers=covered)
        assert b"list-unsubscribe : list-unsubscribe-post" in re.sub(rb"\s+", b" ", signature)
        assert dkim.verify(signature + raw, dnsfunc=lambda name, **more: record)


NASTY = [
    "a\r\nBcc: all@example.org",
    "a\nb",
    "a\rb",
    "a\0b",
    "a\u2028Bcc: x",
    "a\x85b",
    "=?utf-8?q?evil?=",
    "=?utf-8?b?ZXZpbA==?=",
    " lead",
    "{{ x }}",
    "a" * 500,
]


@hypothesis_settings(max_examples=200, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    subject=st.one_of(st.sampled_from(NASTY), st.text(min_size=1, max_size=80)),
    name=st.one_of(st.sampled_from(NASTY), st.text(max_size=30)),
)
def test_no_text_becomes_a_header(subject, name):
    name = name.replace('"', "").replace("\\", "")
    with mock.patch.object(mime, "sender", return_value=(name, "letters@journal.example")):
        mail = parsed(mail_of(subject))
    assert mail.keys() == [
        "Date", "Message-ID", "To", "Subject", "From", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "List-Help",
        "List-Archive", "Precedence", "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
    ]  # fmt: skip
    assert mail["To"] == "ann@example.org"
    assert mail["Subject"] == mime.one_line(subject)
    assert getaddresses([mail["From"]])[0][1] == "letters@journal.example"


# What stands in it


@pytest.mark.django_db
def test_templates_are_data(sink):
    evil = "{{ edition.subject }} {% load x %} ${HOME} %s"
    make_subscriber()
    make_edition(make_article(title=evil, summary=f"<p>{evil}</p>"), subject=evil, body=f"<p>{evil}</p>")
    send_due()
    (mail,) = sink.mails
    assert mail["Subject"] == evil
    for part in mail.iter_parts():
        assert part.get_content().count(evil) >= 4


@pytest.mark.django_db
def test_nothing_in_it_tells_who_reads_it(whole):
    letter = write(whole, contents_of(whole, timezone.now()), new_marks())
    addresses = re.findall(r'(?:src|href|url\()="?(https?://[^"\')]+)', letter.html)
    assert addresses
    assert {address.split("/")[2] for address in addresses} == {"localhost:8000"}
    assert not re.search(r'(?:width|height)="[01]"|utm_|<script|@import|<link', letter.html)
    images = re.findall(r"<img[^>]*>", letter.html)
    assert len(images) == 1
    assert 'alt="A silo"' in images[0]


@pytest.mark.django_db
def test_both_parts_tell_the_same(whole):
    letter = write(whole, contents_of(whole, timezone.now()), new_marks())
    for told in (
        "Ada Lee, Bo Ek",
        "Water",
        "Low water",
        "A talk",
        "Port Sabel",
        "Dear reader.",
        "Dr. A. Lee is right.",
        "What happened, and why.",
    ):
        assert told in letter.text, told
        assert told in letter.html, told
    assert "Grain & power" in letter.text
    assert "Grain &amp; power" in letter.html
    assert "So is B." not in letter.html


@pytest.mark.django_db
def test_what_readers_may_not_see_is_in_no_mail():
    edition = make_edition(
        make_draft(title="xyzzy"), make_article(title="Seen"), make_publication(title="plugh", is_listed=False)
    )
    contents = contents_of(edition, timezone.now())
    letter = write(edition, contents, new_marks())
    assert "xyzzy" not in letter.html + letter.text
    assert "plugh" not in letter.html + letter.text
    assert contents.hidden == ["xyzzy", "plugh"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("summaries", "body", "details"), [(3, 10, True), (40, 10, False), (3, 120_000, False), (250, 10, False)]
)
def test_it_is_never_longer_than_a_mailbox_shows_and_the_text_is_whole(summaries, body, details):
    words = "word " * 500
    rows = [make_article(title=f"Article no. {n}", summary=f"<p>{words}</p>") for n in range(min(summaries, 60))]
    edition = make_edition(*rows, body=f"<p>{'b' * body}</p>")
    if summaries > 100:
        with mock.patch.object(composing, "LARGEST", 30 * 1024):
            letter = write(edition, contents_of(edition, timezone.now()), new_marks())
    else:
        letter = write(edition, contents_of(edition, timezone.now()), new_marks())
    assert len(letter.html.encode()) <= 102 * 1024
    assert letter.is_cut is not details
    assert ("Read on in the browser" in letter.html) is not details
    assert letter.text.count(words.strip()) == len(rows)
    assert "b" * body in letter.text


def test_a_token_stands_whole_wherever_a_line_is_broken():
    """The marks fall on every column of a line, so that quoted-printable breaks some of them."""
    marks = new_marks()
    for column in range(80):
        text = f"{'x' * column}{marks.leave} {'é' * (column // 3)}{marks.choose}\n"
        raw = mail_of(text=text, html=f"<p>{text}</p>", marks=marks)
        for part in parsed(raw).iter_parts():
            content = part.get_content()
            assert "L" * 32 in content
            assert "C" * 32 in content
            assert marks.leave not in content
        assert widest(raw) <= 78


@pytest.mark.django_db
def test_an_edition_is_composed_from_an_issue_by_one_press(whole):
    issue = make_issue(volume=19, number=2)
    second = make_article(title="Second", issue=issue, issue_position=2)
    first = make_article(title="First", issue=issue, issue_position=1)
    make_draft(title="In work", issue=issue, issue_position=3)
    make_article(issue=issue, title="Taken back").withdraw("x")
    new, event = (
        make_publication(title="New paper", year=2026),
        make_event(starts_at=timezone.now() + timedelta(days=3)),
    )
    edition = composing.compose_from(issue, timezone.now())
    assert (edition.issue, edition.state, edition.interests) == (issue, "draft", ["articles"])
    told = [str(item) for item in edition.items.whole()]
    assert told == [str(first), str(second), "In work", str(new), "A talk", str(event)]
