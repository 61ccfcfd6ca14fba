"""The command `import_article`: a file becomes a draft, once, and never over an editor's work."""

import json
import os
import zipfile
from contextlib import nullcontext
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from docx import Document

from articles.models import Article, Author, Image, Issue, Source
from publications.models import Publication
from tests.factories import make_editor, make_issue, picture_bytes

SEED = sorted((Path(__file__).resolve().parents[3] / "shared" / "seeds").glob("*.txt"))

TEXT = """Tuesday, 14 May 2019

Ferries and tariffs on the inner sea

Published in Analytical Articles

By Ada Lindqvist and Dr. Omar Reyes

May 14th, 2019, The Harbour Review

The harbour states have agreed on a common tariff. Their shipowners have not.

BACKGROUND: For twenty years each port set its own fees, and each minister knew the price of the other.

The first paper was signed in spring.

IMPLICATIONS: Smaller ports lose the one tool they had.

CONCLUSIONS: A tariff without an arbiter will be broken by the first dry summer.

AUTHORS’ BIO: Ada Lindqvist is a fellow of the Harbour School. Omar Reyes is a pilot.

Image Attribution: harbour.example, accessed on May 2, 2019

Read 1,204 times Last modified on Thursday, 02 May 2019

Tagged under
Ports
Tariffs

Staff Publications

Oped Ada Lindqvist, Who Pays for the Lighthouse?, The Evening Mail, April 3, 2019

Paper-draft2Book Ada Lindqvist & Omar Reyes, Small Ports, Harbour School Press, Spring 2018.

The Harbour Review is a biweekly publication of the Harbour School.
"""


@pytest.fixture
def file(tmp_path):
    def write(text=TEXT, name="ferries.txt"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def run(*paths, code=0, **options):
    out = StringIO()
    with pytest.raises(SystemExit, check=lambda end: end.code == code) if code else nullcontext():
        call_command("import_article", *map(str, paths), json=True, stdout=out, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.django_db
class TestFirstImport:
    def test_it_makes_a_draft_with_every_part(self, file):
        (result,) = run(file())
        assert (result["outcome"], result["reason"]) == ("created", None)
        assert result["url"] == "/articles/ferries-and-tariffs-on-the-inner-sea/"
        article = Article.objects.get()
        assert article.status == Article.Status.DRAFT
        assert article.category.slug == "analytical-articles"
        assert article.background.count("<p>") == 2
        assert article.conclusions == "<p>A tariff without an arbiter will be broken by the first dry summer.</p>"
        assert article.dateline == "May 14th, 2019, The Harbour Review"
        assert article.published_at == datetime(2019, 5, 14, 12, tzinfo=UTC)
        assert article.modified_at == datetime(2019, 5, 2, 12, tzinfo=UTC)
        assert article.imported_reads == 1204
        assert set(article.tags.names()) == {"Ports", "Tariffs"}

    def test_it_prints_every_part_as_plain_text(self, file):
        (result,) = run(file())
        assert result["title"] == "Ferries and tariffs on the inner sea"
        assert [author["name"] for author in result["authors"]] == ["Ada Lindqvist", "Dr. Omar Reyes"]
        assert result["background"].split("\n\n")[1] == "The first paper was signed in spring."
        assert result["body"] is None
        assert (result["published_on"], result["modified_on"], result["reads"]) == ("2019-05-14", "2019-05-02", 1204)
        assert result["image_credit"] == "harbour.example, accessed on May 2, 2019"

    def test_it_keeps_the_byline_as_printed_and_the_person_without_the_title(self, file):
        run(file())
        names = Article.objects.get().bylines.values_list("name", "author__name")
        assert list(names) == [("Ada Lindqvist", "Ada Lindqvist"), ("Dr. Omar Reyes", "Omar Reyes")]

    def test_it_knows_an_author_who_is_already_here(self, file):
        known = Author.objects.create(name="omar reyes", bio="<p>Kept.</p>")
        run(file())
        known.refresh_from_db()
        assert Author.objects.count() == 2
        assert known.bio == "<p>Kept.</p>"

    def test_it_keeps_the_credit_of_an_image_that_did_not_come_along(self, file):
        (result,) = run(file())
        image = Article.objects.get().lead_image
        assert image.credit == "harbour.example, accessed on May 2, 2019"
        assert (image.accessed_on, image.width) == (date(2019, 5, 2), 0)
        assert any("Upload it in the desk" in flag["reason"] for flag in result["flags"])

    def test_it_keeps_the_original_and_what_was_read_in_it(self, file):
        path = file()
        run(path)
        source = Source.objects.get()
        assert source.original.read() == path.read_bytes()
        assert source.manuscript["title"] == "Ferries and tariffs on the inner sea"
        assert source.revision == Article.objects.get().revisions.get()

    def test_it_attaches_the_issue_of_its_date_and_makes_none(self, file):
        issue = make_issue(date=date(2019, 5, 14))
        run(file())
        assert Article.objects.get().issue == issue
        issue_count = Issue.objects.count()
        run(file(TEXT.replace("14 May", "15 May").replace("May 14th", "May 15th").replace("Ferries", "Boats"), "b.txt"))
        assert Issue.objects.count() == issue_count

    def test_it_adds_the_staff_publications_once(self, file):
        (result,) = run(file())
        assert result["publications"] == {"created": 2, "known": 0}
        (second,) = run(file(TEXT.replace("Ferries and tariffs", "Another page"), "other.txt"))
        assert second["publications"] == {"created": 0, "known": 2}
        book = Publication.objects.get(kind="Book")
        assert (book.title, book.outlet, book.year, book.precision) == (
            "Small Ports",
            "Harbour School Press",
            2018,
            "season",
        )
        assert [author.name for author in book.authors.order_by("authorships__position")] == [
            "Ada Lindqvist",
            "Omar Reyes",
        ]
        assert book.printed.startswith("Paper-draft2Book")

    def test_it_says_in_words_what_was_placed(self, file):
        out = StringIO()
        call_command("import_article", str(file()), stdout=out)
        said = out.getvalue()
        for line in (
            "ferries.txt  created  /articles/ferries-and-tariffs-on-the-inner-sea/",
            "  authors  Ada Lindqvist, Dr. Omar Reyes",
            "  conclusions  13 words",
            "  staff publications  2 new, 0 known",
        ):
            assert line in said.splitlines()

    def test_a_dry_run_stores_nothing(self, file):
        (result,) = run(file(), dry_run=True)
        assert (result["outcome"], result["url"], result["publications"]["created"]) == ("created", None, 2)
        assert not Article.objects.exists()
        assert not Publication.objects.exists()
        assert not Author.objects.exists()


@pytest.mark.django_db
class TestPublishing:
    def test_it_publishes_under_the_date_of_the_page(self, file, client):
        (result,) = run(file(), publish=True)
        assert result["reason"] is None
        assert client.get(result["url"]).status_code == 200
        assert Article.objects.published().get().published_at == datetime(2019, 5, 14, 12, tzinfo=UTC)

    def test_it_is_found_at_once_by_its_text_its_authors_and_its_tags(self, file, client):
        run(file(), publish=True)
        for words in ("shipowners", "Lindqvist", "tariffs", "arbiter"):
            assert "Ferries and" in client.get("/search/", {"q": words}).content.decode(), words

    def test_a_date_that_lies_ahead_is_not_waited_for(self, file):
        run(file(TEXT.replace("2019", "2098")), publish=True)
        assert Article.objects.published().exists()

    def test_a_dry_run_tells_what_would_stay_a_draft_and_why(self, file):
        path = file(TEXT.replace("Published in Analytical Articles\n\n", ""))
        (dry,), (real,) = run(path, publish=True, dry_run=True), run(path, publish=True)
        assert dry["reason"] == real["reason"] == "left as a draft: it has no category"
        assert "No category was found." in [flag["reason"] for flag in dry["flags"]]

    def test_what_lacks_a_category_stays_a_draft_and_says_so(self, file):
        (result,) = run(file(TEXT.replace("Published in Analytical Articles\n\n", "")), publish=True)
        assert result["outcome"] == "created"
        assert "category" in result["reason"]
        assert not Article.objects.published().exists()

    def test_flags_do_not_stop_it(self, file):
        (result,) = run(file(TEXT.replace("BACKGROUND", "xyzBACKROUND")), publish=True)
        assert result["flags"]
        assert result["unplaced"] == ["xyz"]
        assert Article.objects.published().exists()


@pytest.mark.django_db
class TestSecondImport:
    def test_the_same_file_changes_nothing(self, file):
        run(file(), publish=True)
        before = (Article.objects.values().get(), Source.objects.values().get(), Author.objects.count())
        (result,) = run(file(), publish=True)
        assert result["outcome"] == "unchanged"
        assert (Article.objects.values().get(), Source.objects.values().get(), Author.objects.count()) == before
        assert Article.objects.get().revisions.count() == 1

    def test_the_same_text_in_other_bytes_is_known_by_title_authors_and_date(self, file):
        run(file())
        (result,) = run(file(TEXT.replace("\n\n", "\n\n\n"), "again.txt"))
        assert result["outcome"] == "unchanged"
        assert Article.objects.count() == 1

    def test_changed_parts_update_what_nobody_has_edited(self, file):
        run(file())
        (result,) = run(file(TEXT.replace("dry summer", "wet spring"), "again.txt"))
        assert result["outcome"] == "updated"
        article = Article.objects.get()
        assert "wet spring" in article.conclusions
        assert article.revisions.count() == 2
        assert Image.objects.count() == 1

    def test_a_change_of_what_is_public_is_written_down(self, file):
        run(file(), publish=True)
        assert not Article.objects.get().corrections.exists()
        run(file(TEXT.replace("dry summer", "wet spring"), "again.txt"))
        correction = Article.objects.get().corrections.get()
        assert (correction.kind, correction.text) == ("typo", "Import of again.txt")

    def test_what_an_editor_has_saved_is_never_overwritten(self, file):
        run(file())
        article = Article.objects.get()
        article.conclusions = "<p>Rewritten.</p>"
        article.save()
        article.revise(make_editor())
        (result,) = run(file(TEXT.replace("dry summer", "wet spring"), "again.txt"), code=1)
        assert (result["outcome"], result["reason"]) == ("refused", "edited since; compare it in the desk")
        article.refresh_from_db()
        assert article.conclusions == "<p>Rewritten.</p>"
        assert Source.objects.count() == 1

    def test_an_earlier_version_again_is_a_change_like_any_other(self, file):
        first, second = file(), file(TEXT.replace("dry summer", "wet spring"), "b.txt")
        outcomes = [run(path)[0]["outcome"] for path in (first, second, first, first, second)]
        assert outcomes == ["created", "updated", "updated", "unchanged", "updated"]

    def test_another_date_at_the_same_address_moves_the_article(self, file):
        page = (
            "<link rel=canonical href='https://harbour.example/ports'><article><h1>Ports</h1>"
            "<p>Published in Field Reports</p><p>By Ada Orlo</p><p>May 14, 2019</p><p>A lead.</p><p>A body.</p></article>"
        )
        run(file(page, "a.html"), publish=True)
        run(file(page.replace("May 14", "May 21"), "b.html"), publish=True)
        assert Article.objects.get().published_at == datetime(2019, 5, 21, 12, tzinfo=UTC)
        run(file(page.replace("2019", "2098"), "c.html"), publish=True)
        assert Article.objects.published().exists()  # what readers see does not vanish until 2098

    def test_the_image_of_an_earlier_version_is_kept_and_told(self, file):
        run(file())
        (result,) = run(file(TEXT.replace("Image Attribution: harbour.example, accessed on May 2, 2019", ""), "b.txt"))
        assert result["outcome"] == "updated"
        assert [flag["reason"] for flag in result["flags"] if flag["field"] == "image"] == [
            "This version has no image; that of the one before is kept."
        ]
        assert Article.objects.get().lead_image

    def test_a_manuscript_without_a_date_is_known_by_title_and_authors(self, file):
        undated = TEXT.replace("Tuesday, 14 May 2019", "").replace("May 14th, 2019, The Harbour Review", "")
        assert run(file(undated, "a.txt"))[0]["published_on"] is None
        assert run(file(undated + "\n\n", "b.txt"))[0]["outcome"] == "unchanged"
        assert run(file(undated.replace("Ada Lindqvist", "Eva Lindqvist"), "c.txt"))[0]["outcome"] == "created"

    def test_a_draft_that_an_editor_works_on_is_not_published(self, file):
        run(file(), publish=True)
        article = Article.objects.get()
        article.status, article.background = Article.Status.DRAFT, "<p>Half a sentence</p>"
        article.save()
        article.revise(make_editor())
        (result,) = run(file(), publish=True)
        assert (result["outcome"], result["reason"]) == ("unchanged", "edited since; publish it in the desk")
        assert not Article.objects.published().exists()

    def test_a_staff_publication_that_an_editor_deleted_does_not_come_back(self, file):
        run(file())
        Publication.objects.get(kind="Book").delete()
        (result,) = run(file())
        assert result["publications"] == {"created": 0, "known": 2}
        assert Publication.objects.count() == 1

    def test_another_date_is_another_article(self, file):
        run(file())
        (result,) = run(file(TEXT.replace("14 May", "15 May").replace("May 14th", "May 15th"), "again.txt"))
        assert result["outcome"] == "created"
        assert result["url"] == "/articles/ferries-and-tariffs-on-the-inner-sea-2/"


@pytest.mark.django_db
class TestRefusals:
    def test_a_refused_file_does_not_stop_the_others(self, file, tmp_path):
        bad = file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old word", "old.doc")
        results = run(bad, tmp_path / "missing.txt", file(), code=1)
        assert [result["outcome"] for result in results] == ["refused", "refused", "created"]
        assert ".docx" in results[0]["reason"]
        assert Article.objects.count() == 1

    def test_a_name_that_is_no_text_is_told_as_far_as_it_is(self, tmp_path):
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.txt"))
        path.write_text(TEXT)
        assert run(path)[0]["file"] == "bad\ufffd.txt"

    def test_what_fails_in_one_room_is_stored_in_none(self, file, monkeypatch):
        monkeypatch.setattr("publications.models.PublicationQuerySet.add_printed", Mock(side_effect=IntegrityError))
        with pytest.raises(IntegrityError):
            run(file())
        assert not Article.objects.exists()

    def test_a_saved_page_takes_its_image_from_the_folder_beside_it(self, file, tmp_path):
        (tmp_path / "page_files").mkdir()
        (tmp_path / "page_files" / "port.jpg").write_bytes(picture_bytes())
        page = (
            "<html><body><h1>Ports</h1><p>Published in Field Reports</p><p>By Ada Lindqvist</p>"
            "<p><img src='page_files/port.jpg' alt='A port'></p><p>A lead.</p><p>A body.</p></body></html>"
        )
        run(file(page, "page.html"))
        article = Article.objects.get()
        assert article.lead_image.width == 64
        assert article.lead_image_alt == "A port"

    def test_a_saved_page_reads_no_file_from_elsewhere(self, file, tmp_path):
        (tmp_path / "inner").mkdir()
        (tmp_path / "secret.jpg").write_bytes(picture_bytes())
        page = "<html><body><h1>Ports</h1><p><img src='../secret.jpg' alt=''></p><p>A lead.</p><p>A body.</p></body></html>"
        run(file(page, "inner/page.html"))
        assert not Image.objects.filter(width__gt=0).exists()

    def test_embedded_bytes_that_are_no_image_are_flagged(self, file):
        packed, damaged = zipfile.ZipFile(BytesIO(with_picture(picture_bytes()))), BytesIO()
        with zipfile.ZipFile(damaged, "w") as again:
            for name in packed.namelist():
                data = packed.read(name)
                again.writestr(name, data[:60] if name.startswith("word/media/") else data)
        (result,) = run(file(damaged.getvalue(), "note.docx"))
        assert result["outcome"] == "created"
        assert [flag["reason"][:21] for flag in result["flags"] if flag["field"] == "image"] == [
            "This image is damaged"
        ]
        assert Article.objects.get().lead_image is None


def with_picture(picture: bytes, title: str = "Ports", credit: str = "") -> bytes:
    document, out = Document(), BytesIO()
    document.add_heading(title, 0)
    document.add_picture(BytesIO(picture))
    if credit:
        document.add_paragraph(f"Image Attribution: {credit}")
    document.add_paragraph("BACKGROUND: A short note on ports.")
    document.save(out)
    return out.getvalue()


@pytest.mark.django_db
class TestWhatOthersUse:
    def test_the_same_picture_under_another_credit_leaves_the_first_one_as_it_was(self, file):
        picture = picture_bytes()
        for n, credit in enumerate(["Ada Orlo", "Harbour Office", "", "Ada Orlo"]):
            run(file(with_picture(picture, f"Ports {n}", credit), f"{n}.docx"))
        credits = Article.objects.order_by("pk").values_list("lead_image__credit", flat=True)
        assert list(credits) == ["Ada Orlo", "Harbour Office", "Harbour Office", "Ada Orlo"]
        assert Image.objects.count() == 2

    def test_what_a_field_cannot_hold_is_told(self, file):
        (result,) = run(file(with_picture(picture_bytes(), credit="Office " * 50 + "of the harbour"), "long.docx"))
        assert [flag["field"] for flag in result["flags"] if flag["reason"].startswith("Only the first 300")]
        assert len(Article.objects.get().lead_image.credit) == 300


@pytest.mark.django_db
@pytest.mark.skipif(not SEED, reason="the printed page is not beside the project")
class TestThePrintedPage:
    def test_it_becomes_the_article_and_its_twelve_staff_publications(self, client):
        (result,) = run(*SEED, publish=True)
        assert (result["outcome"], result["category"]) == ("created", "Analytical Articles")
        assert (result["published_on"], result["modified_on"], result["reads"]) == ("2016-03-15", "2016-03-09", 15880)
        assert [author["name"] for author in result["authors"]] == ["Stephen Blank"]
        assert result["publications"] == {"created": 12, "known": 0}
        assert result["unplaced"] == ["put-str"]
        for part in ("summary", "background", "implications", "conclusions"):
            assert result[part]
        assert not any("put-str" in (result[part] or "") for part in ("summary", "background"))
        flagged = Publication.objects.get(date_text="January 34, 2022")
        assert (flagged.year, flagged.month, flagged.day, flagged.precision) == (2022, 1, None, "month")
        assert flagged.flags
        assert any(flag["text"] == "January 34, 2022" for flag in result["flags"])
        page = client.get(result["url"])
        assert page.status_code == 200
        text = page.content.decode()
        for row in (
            "Tuesday, 15 March 2016",
            "Stephen Blank",
            "img.rt.com",
            "Wednesday, 09 March 2016",
            "January 34, 2022",
        ):
            assert row in text, row
        assert run(*SEED, publish=True)[0]["outcome"] == "unchanged"
        assert Publication.objects.count() == 12
