"""The PDF of an article and of a number: what stands in them, and that they are made once."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from threading import Thread
from typing import Any
from unittest import mock

import pytest
from django.core.files.base import ContentFile
from django.test import Client, TestCase
from django_tasks_db.models import DBTaskResult
from pypdf import PdfReader

from articles import pdf
from articles.documents import private_storage
from articles.models import Article, Issue
from articles.models.printed import make_pdf
from articles.rich_text import text_of
from tests.factories import make_article, make_author, make_draft, make_image, make_issue

LATIN = "Prices rose by 4 per cent; the “pool” paid. A café in Łódź, an office in Iğdır, and Nước chảy. " * 40
CYRILLIC = "Вода приходит с гор, а электричество уходит в город. Қазақстанда су тапшылығы әлі де бар. " * 40
NOTED = (
    '<p>It fell<small data-note>Annex C of the <em>yearbook</em>.</small> in <a href="/articles/grain/">May</a>.</p>'
)
TABLE = (
    "<table><thead><tr><th>Year</th><th>Flow</th></tr></thead><tbody><tr><td>2016</td><td>5.5</td></tr></tbody></table>"
)


def fully_fledged(**fields: Any) -> Article:
    ann = make_author(name="Ann Östlund", affiliation="University of Port Sabel", bio="<p>Ann reads gauges.</p>")
    article = make_article(
        title="Winter Power, Summer Water",
        authors=[ann, make_author(name="Ben Lee")],
        summary="<p>The Compact, <strong>in short</strong>.</p>",
        background=f"{NOTED}<p>{LATIN}</p>{TABLE}",
        implications=f'<p>{CYRILLIC}<a href="https://example.org/gauge?a=1&amp;b=2">Gauge</a></p>',
        lead_image=make_image(1000, 600, credit="Ö. Photographer"),
        lead_image_alt="A dam",
        lead_image_caption="The dam in April.",
        published_at=datetime(2021, 5, 19, 12, tzinfo=UTC),
        **{"slug": "winter-power", "issue": make_issue(date=date(2021, 5, 19), volume=4, number=10)} | fields,
    )
    return Article.objects.for_page().get(pk=article.pk)


def letters(text: str) -> str:
    return re.sub(r"\s+", "", text)


def links(reader: PdfReader) -> set[str]:
    annotations = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    return {note["/A"]["/URI"] for note in annotations if "/URI" in note.get("/A", {})}


def alternatives(tag: Any) -> Iterator[str]:
    """The alternative texts of the figures at or below a tag."""
    if tag.get("/S") == "/Figure":
        yield tag["/Alt"]
    inner = tag.get("/K", [])
    for one in inner if isinstance(inner, list) else [inner]:
        if isinstance(one.get_object(), dict):
            yield from alternatives(one.get_object())


@pytest.mark.pdf
class ArticleOnPaperTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.article = fully_fledged()
        cls.data = pdf.render(cls.article.paper())
        cls.again = pdf.render(cls.article.paper())

    def setUp(self) -> None:
        self.reader = PdfReader(io.BytesIO(self.data), strict=True)
        self.pages = [page.extract_text() for page in self.reader.pages]

    def test_the_title_is_the_largest_on_the_first_page_and_the_authors_stand_under_it(self):
        sizes: dict[str, float] = {}
        self.reader.pages[0].extract_text(
            visitor_text=lambda text, cm, tm, font, size: sizes.update({text.strip(): size * abs(tm[0] * cm[0])})
        )
        self.assertEqual(max(sizes, key=sizes.__getitem__), "Winter Power, Summer Water")
        self.assertRegex(self.pages[0], r"Winter Power, Summer Water ?\nBy Ann Östlund and Ben Lee\n")

    def test_its_text_is_the_article_to_the_letter(self):
        found = letters("".join(self.pages))
        for html in (self.article.summary, self.article.implications, f"<p>{LATIN}</p>"):
            for sentence in re.findall(r"[^.;]+[.;]", text_of(html)):
                self.assertIn(letters(sentence), found)
        self.assertEqual((found.count("Łódź"), found.count("тапшылығы")), (40, 40))

    def test_a_page_carries_the_journal_the_day_and_its_number(self):
        for number, text in enumerate(self.pages[1:], 2):
            self.assertIn(f"The Analyst · 19 May 2021 {number}", text)
        self.assertIn("The Analyst 19 May 2021 Vol. 4, No. 10", self.pages[0])
        self.assertIn("Read at http://localhost:8000/articles/winter-power/", self.pages[0])

    def test_a_note_stands_at_the_foot_of_the_page_that_cites_it(self):
        [page] = [text for text in self.pages if "It fell" in text]
        self.assertRegex(page, r"It fell1 in May\.[\s\S]*\n1\. Annex C of the yearbook\.\n")

    def test_the_picture_keeps_its_credit_and_its_alternative_text(self):
        self.assertEqual(len({image.name for page in self.reader.pages for image in page.images}), 1)
        self.assertIn("The dam in April. Image Attribution: Ö. Photographer", " ".join(self.pages[0].split()))
        self.assertEqual(list(alternatives(self.reader.trailer["/Root"]["/StructTreeRoot"])), ["A dam"])

    def test_links_keep_their_targets(self):
        site = "http://localhost:8000"
        self.assertLessEqual(
            {
                "https://example.org/gauge?a=1&b=2", f"{site}/articles/grain/", f"{site}/articles/winter-power/",
                f"{site}/authors/ann-%C3%B6stlund/",
            },
            links(self.reader),
        )  # fmt: skip

    def test_it_is_tagged_and_says_what_it_is(self):
        root: Any = self.reader.trailer["/Root"]
        self.assertTrue(root["/MarkInfo"]["/Marked"])
        self.assertIn("/StructTreeRoot", root)
        self.assertEqual(root["/Lang"], "en")
        self.assertTrue(root["/ViewerPreferences"]["/DisplayDocTitle"])
        self.assertIn(b'pdfuaid:part="1"', root["/Metadata"].get_data())
        known: Any = self.reader.metadata
        self.assertEqual((known.title, known.author), ("Winter Power, Summer Water", "Ann Östlund, Ben Lee"))
        self.assertEqual(known.creation_date, self.article.published_at)
        self.assertEqual([entry.title for entry in self.reader.outline if not isinstance(entry, list)], [known.title])

    def test_every_font_is_embedded_and_none_is_of_type_3(self):
        fonts = [font.get_object() for page in self.reader.pages for font in page["/Resources"]["/Font"].values()]
        self.assertEqual({font["/Subtype"] for font in fonts}, {"/Type0"})
        for font in fonts:
            self.assertIn("/FontFile2", font["/DescendantFonts"][0]["/FontDescriptor"])
            self.assertRegex(font["/BaseFont"], r"^/[A-Z]{6}\+(Serif|Sans)-", "a letter of the machine's fonts")

    def test_made_twice_it_is_the_same_bytes(self):
        self.assertEqual(self.again, self.data)
        self.assertLess(len(self.data), 5_000_000)


@pytest.mark.pdf
class IssueOnPaperTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.issue = make_issue(date=date(2021, 5, 19), volume=4, number=10)
        fields = {"issue": cls.issue, "background": NOTED}
        make_article(title="The second", issue_position=2, authors=[make_author(name="Ben Lee")], **fields)
        make_article(title="The first", issue_position=1, **fields)
        make_article(title="Withdrawn", **fields).withdraw()
        make_draft(title="Unfinished", **fields)
        cls.data = pdf.render(cls.issue.paper())

    def setUp(self) -> None:
        self.reader = PdfReader(io.BytesIO(self.data), strict=True)
        self.pages = [page.extract_text() for page in self.reader.pages]

    def test_it_has_a_cover_contents_and_its_articles_in_order(self):
        cover, contents, first, second = self.pages
        self.assertIn("The Analyst\n19 May 2021\nVol. 4, No. 10\nThe Littoral Institute", cover)
        self.assertLess(contents.index("The first"), contents.index("The second"))
        self.assertRegex(first, r"Analytical Articles\nThe first ?\n")
        self.assertRegex(second, r"Analytical Articles\nThe second ?\nBy Ben Lee\n")
        self.assertNotIn("Withdrawn", "".join(self.pages))
        self.assertNotIn("Unfinished", "".join(self.pages))

    def test_its_contents_name_the_pages_and_lead_there(self):
        self.assertEqual(re.findall(r"\s(\d)\n", self.pages[1]), ["3", "4"])
        places = [self.reader.get_destination_page_number(place) for place in self.reader.named_destinations.values()]
        self.assertEqual(sorted(set(places)), [2, 3])

    def test_the_notes_of_each_article_begin_with_one(self):
        for text in self.pages[2:]:
            self.assertIn("1. Annex C of the yearbook.", text)


def test_text_that_is_written_from_right_to_left_is_printed_so(db: None):
    assert 'dir="rtl"' in Article.objects.for_page().get(pk=make_article(title="«ئۇيغۇر» 2016").pk).paper().html
    assert 'dir="ltr"' in Article.objects.for_page().get(pk=make_article(title="2016: Вода").pk).paper().html


# At the door


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Iterator[mock.Mock]:
    """Stands in for the child: what is asked here is when it is called."""
    monkeypatch.setattr(pdf, "is_available", lambda: True)
    with mock.patch.object(pdf, "render", side_effect=lambda paper: b"%PDF-1.7 " + paper.html.encode()) as render:
        yield render


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def do_the_job() -> None:
    [job] = DBTaskResult.objects.all()
    make_pdf.call(*job.args_kwargs["args"])
    job.delete()


pytestmark = pytest.mark.django_db


@pytest.mark.pdf
def test_a_reader_who_comes_first_waits_while_it_is_made(client: Client):
    make_article(slug="grain", background=NOTED)
    answer = client.get("/articles/grain/grain.pdf")
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/pdf", "no-cache")
    assert body(answer).startswith(b"%PDF-1.7")
    assert 'filename="grain.pdf"' in answer["Content-Disposition"]


def test_it_is_made_once_and_kept(client: Client, press: mock.Mock):
    make_article(slug="grain")
    first = client.get("/articles/grain/grain.pdf")
    again = client.get("/articles/grain/grain.pdf", headers={"if-none-match": first["ETag"]})
    assert (first.status_code, again.status_code, press.call_count) == (200, 304, 1)


def test_a_changed_article_is_made_anew_and_the_former_one_goes(client: Client, press: mock.Mock):
    article = make_article(slug="grain", authors=[make_author(name="Ann Lee")])
    first = client.get("/articles/grain/grain.pdf")
    article.bylines.update(name="Ann Östlund")
    second = client.get("/articles/grain/grain.pdf", headers={"if-none-match": first["ETag"]})
    assert "Ann Östlund" in body(second).decode()
    assert len(private_storage().listdir(f"pdf/article/{article.pk}")[1]) == 1


def test_an_article_that_was_saved_without_a_change_is_not_made_again(client: Client, press: mock.Mock):
    article = make_article(slug="grain")
    client.get("/articles/grain/grain.pdf")
    article.save()
    client.get("/articles/grain/grain.pdf")
    assert press.call_count == 1


def test_other_styles_make_other_pdfs(settings: Any, press: mock.Mock, monkeypatch: pytest.MonkeyPatch):
    article = Article.objects.for_page().get(pk=make_article().pk)
    before = article.paper().digest
    settings.JOURNAL_NAME = "Another"
    assert article.paper().digest != before
    settings.JOURNAL_NAME = "The Analyst"
    monkeypatch.setattr(pdf, "_press", lambda: "another version")
    assert article.paper().digest != before


def test_while_one_is_being_made_others_are_told_when_to_come_again(client: Client, press: mock.Mock):
    make_article(slug="grain")
    with pdf._turn(patient=False):
        answer = client.get("/articles/grain/grain.pdf")
        client.get("/articles/grain/grain.pdf")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert b"Load this page again in a few seconds" in answer.content
    assert DBTaskResult.objects.count() == 1, "the worker is told once"


def test_the_worker_waits_for_its_turn(press: mock.Mock):
    article = Article.objects.for_page().get(pk=make_article().pk)
    paper = article.paper()
    worker = Thread(target=pdf.made, args=(paper, "pdf/article/1"), kwargs={"patient": True})
    with pdf._turn(patient=False):
        worker.start()
        worker.join(0.2)
        assert press.call_count == 0
    worker.join()
    assert press.call_count == 1


def test_what_is_too_much_is_not_tried_again_for_an_hour(client: Client, press: mock.Mock):
    press.side_effect = pdf.subprocess.CalledProcessError(-9, "child", stderr=b"")
    make_article(slug="grain")
    for _ in range(2):
        answer = client.get("/articles/grain/grain.pdf")
        assert (answer.status_code, answer["Retry-After"]) == (503, "3600")
        assert b"too long to be laid out" in answer.content
    assert press.call_count == 1
    assert not DBTaskResult.objects.exists()


def test_nobody_opens_half_a_file(press: mock.Mock):
    paper = Article.objects.for_page().get(pk=make_article().pk).paper()
    with mock.patch("os.replace", side_effect=OSError), pytest.raises(OSError):
        pdf.made(paper, "pdf/article/1")
    assert not private_storage().exists(f"pdf/article/1/{paper.digest}.pdf")
    pdf.made(paper, "pdf/article/1")
    assert private_storage().listdir("pdf/article/1")[1] == [f"{paper.digest}.pdf"]


def test_what_is_not_published_has_none(client: Client, press: mock.Mock):
    make_draft(slug="draft")
    never = client.get("/articles/never/never.pdf")
    draft = client.get("/articles/draft/draft.pdf")
    assert (draft.status_code, draft.content) == (404, never.content)
    make_article(slug="grain")
    assert client.get("/articles/grain/wheat.pdf").status_code == 404


def test_what_was_withdrawn_says_so(client: Client, press: mock.Mock):
    article = make_article(slug="grain")
    client.get("/articles/grain/grain.pdf")
    article.withdraw("An error of fact.")
    answer = client.get("/articles/grain/grain.pdf")
    assert answer.status_code == 410
    assert b"An error of fact." in answer.content


def test_an_old_address_leads_to_the_new_one(client: Client, press: mock.Mock):
    article = make_article(slug="grain")
    article.slug = "wheat"
    article.save()
    answer = client.get("/articles/grain/grain.pdf")
    assert (answer.status_code, answer["Location"]) == (301, "/articles/wheat/wheat.pdf")


def test_a_number_has_one_and_the_printed_one_is_given_instead(client: Client, press: mock.Mock):
    issue = make_issue(date=date(2016, 3, 16))
    make_article(title="Grain", issue=issue)
    assert b"Grain" in body(client.get("/issues/2016-03-16/2016-03-16.pdf"))
    assert b"All of it as a PDF" in client.get("/issues/2016-03-16/").content
    issue.pdf.save("number.pdf", ContentFile(b"%PDF-1.7 printed"))
    assert body(client.get("/issues/2016-03-16/2016-03-16.pdf")) == b"%PDF-1.7 printed"
    assert b"The printed number as a PDF" in client.get("/issues/2016-03-16/").content
    Issue.objects.update(released_at=None)
    assert client.get("/issues/2016-03-16/2016-03-16.pdf").status_code == 404


def test_the_page_names_it_for_people_and_machines(client: Client, press: mock.Mock):
    make_article(slug="grain")
    page = client.get("/articles/grain/").content.decode()
    assert '<a href="/articles/grain/grain.pdf" type="application/pdf">PDF</a>' in page
    assert '<meta name="citation_pdf_url" content="http://localhost:8000/articles/grain/grain.pdf">' in page
    assert '"contentUrl": "http://localhost:8000/articles/grain/grain.pdf"' in page


def test_the_desk_orders_it_for_what_is_public(press: mock.Mock):
    make_draft().revise()
    assert not DBTaskResult.objects.exists()
    article = make_article()
    article.revise()
    do_the_job()
    assert press.call_count == 1
    make_issue(released_at=None).release()
    do_the_job()
    assert press.call_count == 2


def test_an_order_for_what_was_withdrawn_meanwhile_makes_nothing(press: mock.Mock):
    article = make_article()
    article.revise()
    article.withdraw()
    do_the_job()
    assert press.call_count == 0


# Without the extra


def test_without_the_extra_nothing_speaks_of_pdfs(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "is_available", lambda: False)
    issue = make_issue(date=date(2016, 3, 16))
    article = make_article(slug="grain", issue=issue)
    make_article(slug="wheat").withdraw()
    for address in ("/articles/grain/grain.pdf", "/articles/wheat/wheat.pdf", "/issues/2016-03-16/2016-03-16.pdf"):
        assert client.get(address).status_code == 404
    for address in ("/articles/grain/", "/issues/2016-03-16/"):
        assert b"pdf" not in client.get(address).content.lower()
    article.revise()
    issue.release()
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize("missing", ["find_spec", "find_library"])
def test_weasyprint_and_pango_are_both_needed(missing: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "find_spec", lambda name: name)
    monkeypatch.setattr(pdf, "find_library", lambda name: name)
    assert pdf.is_available.__wrapped__()
    monkeypatch.setattr(pdf, missing, lambda name: None)
    assert not pdf.is_available.__wrapped__()
