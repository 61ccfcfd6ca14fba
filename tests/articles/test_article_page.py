import re
from datetime import UTC, date, datetime

import time_machine
from django.test import TestCase

from articles.models import Byline
from tests.factories import (
    make_article,
    make_author,
    make_category,
    make_draft,
    make_editor,
    make_image,
    make_issue,
    make_page,
    make_partner,
    make_publication,
)


class ArticlePageTests(TestCase):
    def page(self, **fields):
        article = make_article(**fields)
        response = self.client.get(f"/articles/{article.slug}/")
        self.assertEqual(response.status_code, 200)
        return response

    def test_it_shows_title_and_category(self):
        category = make_category(name="Letters", slug="letters")
        page = self.page(title="Grain & power", category=category)
        self.assertContains(page, "Grain &amp; power</h1>")
        self.assertContains(page, '<a href="/categories/letters/">Letters</a>', html=True)

    def test_it_has_one_article_and_one_heading_of_the_first_rank(self):
        page = self.page(background="<p>Then.</p>")
        self.assertContains(page, "<h1", 1)
        self.assertContains(page, '<main id="main"', 1)

    def test_it_says_how_long_it_takes_and_leads_to_its_sections(self):
        page = self.page(background=f"<p>{'word ' * 1150}</p>", conclusions="<p>Then.</p>")
        self.assertContains(page, "<p>5-minute read</p>", html=True)
        self.assertContains(page, '<li><a href="#background">Background</a></li>', html=True)
        self.assertContains(page, '<li><a href="#conclusions">Conclusions</a></li>', html=True)
        self.assertNotContains(page, 'href="#implications"')

    def test_without_sections_there_is_nothing_to_lead_to(self):
        page = self.page(body="<p>Short.</p>")
        self.assertContains(page, "<p>1-minute read</p>", html=True)
        self.assertNotContains(page, "Sections of this article")

    def test_it_begins_with_the_weekday_and_date_of_publication(self):
        page = self.page(published_at=datetime(2016, 3, 15, 12, tzinfo=UTC))
        self.assertContains(page, "Tuesday, 15 March 2016")
        self.assertContains(page, 'datetime="2016-03-15')

    def test_it_links_every_author_in_order(self):
        authors = [make_author(name="Zoë Last", slug="zoe"), make_author(name="Abe First", slug="abe")]
        page = self.page(authors=authors)
        text = page.content.decode()
        self.assertLess(text.index('href="/authors/zoe/"'), text.index('href="/authors/abe/"'))
        self.assertContains(page, 'rel="author"', 2)

    def test_it_shows_the_byline_as_printed(self):
        author = make_author(name="Ann Lee-Weber")
        article = make_article()
        Byline.objects.create(article=article, author=author, name="Dr. Ann Lee", affiliation="Then Institute")
        page = self.client.get(f"/articles/{article.slug}/")
        self.assertContains(page, "Dr. Ann Lee")
        self.assertContains(page, "Then Institute")
        self.assertNotContains(page, "Lee-Weber")

    def test_it_shows_its_sections_in_order_and_no_empty_one(self):
        page = self.page(background="<p>In 2022 the ports closed.</p>", conclusions="<p>Open them.</p>")
        self.assertContains(page, "Background</h2>")
        self.assertContains(page, '<section id="background"')
        self.assertContains(page, '<section id="conclusions"')
        self.assertNotContains(page, "Implications")
        text = page.content.decode()
        self.assertLess(text.index("ports closed"), text.index("Open them"))

    def test_it_shows_dateline_and_summary_where_clients_look(self):
        page = self.page(dateline="March 15th, 2016, The Analyst", summary="<p>A lead.</p>")
        self.assertContains(page, "data-dateline")
        self.assertContains(page, "March 15th, 2016, The Analyst")
        self.assertContains(page, "data-summary")

    def test_it_shows_the_image_with_alternative_text_and_credit(self):
        image = make_image(credit="example.org, accessed on March 9, 2016")
        page = self.page(lead_image=image, lead_image_alt="Two ministers at a table")
        self.assertContains(page, 'alt="Two ministers at a table"')
        self.assertContains(page, "example.org, accessed on March 9, 2016")
        self.assertContains(page, f"/media/{image.key}/")
        self.assertContains(page, "<figcaption")

    def test_it_shows_the_credit_of_an_image_that_is_awaited_and_no_broken_picture(self):
        image = make_image().__class__.objects.create(credit="example.org, accessed on March 9, 2016")
        page = self.page(lead_image=image)
        self.assertContains(page, "example.org, accessed on March 9, 2016")
        self.assertNotContains(page, "<picture")

    def test_it_shows_the_bio_of_the_day(self):
        article = make_article()
        Byline.objects.create(article=article, author=make_author(bio="<p>Now.</p>"), bio="<p>Then a fellow.</p>")
        page = self.client.get(f"/articles/{article.slug}/")
        self.assertContains(page, '<section id="about-the-author"')
        self.assertContains(page, "Then a fellow.")

    def test_it_shows_the_imported_number_with_its_date(self):
        page = self.page(imported_reads=15880, imported_reads_on=date(2026, 11, 1))
        self.assertRegex(page.content.decode(), r"data-read-count[^>]*>\s*15,?880\s*<")
        self.assertNotContains(self.page(), "data-read-count")

    def test_it_shows_a_modification_before_publication(self):
        page = self.page(modified_at=datetime(2016, 3, 9, 12, tzinfo=UTC))
        self.assertContains(page, "Wednesday, 09 March 2016")

    def test_it_links_its_tags(self):
        page = self.page(tags=["Water"])
        self.assertContains(page, '<a href="/tags/water/" rel="tag" dir="auto">Water</a>', html=True)

    def test_it_numbers_footnotes_through_the_sections(self):
        page = self.page(
            background="<p>One<small data-note>First note.</small></p>",
            implications="<p>Two<small data-note>Second <em>note</em>.</small></p>",
        )
        self.assertContains(page, 'href="#note-2"')
        self.assertContains(page, 'id="note-ref-2"')
        self.assertContains(page, "Second <em>note</em>.", 1)

    def test_its_paragraphs_can_be_cited_by_number(self):
        page = self.page(
            background="<p>One.</p><ul><li><p>An item.</p></li></ul><blockquote><p>Quoted.</p></blockquote><p>Two.</p>",
            conclusions="<table><tr><td><p>A cell.</p></td></tr></table><p>Three<small data-note>N.</small>.</p>",
        )
        text = page.content.decode()
        self.assertEqual(re.findall(r'<p id="(p\d+)">(\w+)', text), [("p1", "One"), ("p2", "Two"), ("p3", "Three")])
        self.assertEqual(re.findall(r'<a class="pin" href="#(p\d+)" tabindex="-1"', text), ["p1", "p2", "p3"])
        self.assertContains(page, "with #p3 after it")

    def test_it_shows_a_figure_of_the_text_with_its_caption_and_credit(self):
        image = make_image(credit="Photo: A. Person")
        page = self.page(
            background=f'<figure data-image="{image.key}" data-alt="A dam"><figcaption>The dam.</figcaption></figure>'
        )
        self.assertContains(page, 'alt="A dam"')
        self.assertContains(page, "The dam.")
        self.assertContains(page, "Photo: A. Person")

    def test_it_shows_its_issue_and_the_others_in_it_once_it_is_out(self):
        issue = make_issue(date=date(2016, 3, 16), volume=18, number=5)
        other = make_article(issue=issue, title="The other one")
        page = self.page(issue=issue)
        self.assertContains(page, "/issues/2016-03-16/")
        self.assertContains(page, other.title)

    def test_it_says_nothing_of_an_issue_in_preparation(self):
        issue = make_issue(date=date(2031, 3, 16), released_at=None)
        make_article(issue=issue, title="The other one")
        page = self.page(issue=issue)
        self.assertNotContains(page, "2031")
        self.assertNotContains(page, "The other one")

    def test_it_shows_staff_publications_partners_and_imprint(self):
        make_publication(
            kind="Op-ed", title="Low water", authors_line="A. Person", outlet="The Post", date_text="May 2022"
        )
        make_partner(name="A neighbour", link="https://example.org/n")
        make_page(title="Imprint", slug="imprint", body="<p>A biweekly publication.</p><p>Address.</p>")
        page = self.page()
        for text in ('<aside id="staff-publications"', "Low water", "A. Person", "The Post", "May 2022", "Op-ed"):
            self.assertContains(page, text)
        for text in ('<aside id="visit-also"', "A neighbour", "A biweekly publication."):
            self.assertContains(page, text)

    def test_it_names_itself_by_the_address_of_the_site(self):
        article = make_article(slug="grain")
        page = self.client.get(f"/articles/{article.slug}/", headers={"host": "127.0.0.1"})
        self.assertContains(page, '<link rel="canonical" href="http://localhost:8000/articles/grain/">', html=True)

    def test_it_answers_in_at_most_eight_queries(self):
        issue = make_issue()
        for _ in range(4):
            make_article(issue=issue, authors=[make_author(), make_author()])
        for n in range(15):
            make_publication(authors=[f"Writer {n}"])
            make_partner()
        figure = make_image()
        article = make_article(
            issue=issue, tags=["a", "b"], authors=[make_author(), make_author()], lead_image=make_image(),
            background=f'<figure data-image="{figure.key}"></figure>',
        )  # fmt: skip
        # The article, what is said of it, figures, its issue, publications, partners, menu, reads.
        with self.assertNumQueries(8):
            self.client.get(f"/articles/{article.slug}/")


class NotForReadersTests(TestCase):
    def test_a_draft_is_the_same_404_as_what_never_was(self):
        draft = make_draft(title="Secret")
        answers = [self.client.get(path) for path in (f"/articles/{draft.slug}/", "/articles/never-was/")]
        self.assertEqual([answer.status_code for answer in answers], [404, 404])
        self.assertEqual(answers[0].content, answers[1].content)

    def test_so_is_an_article_dated_in_the_future(self):
        ahead = make_article(published_at=datetime(2100, 1, 1, tzinfo=UTC))
        self.assertEqual(self.client.get(f"/articles/{ahead.slug}/").status_code, 404)

    def test_a_withdrawn_one_answers_410_with_title_and_notice_and_nothing_else(self):
        article = make_article(title="Taken back", background="<p>Wrong.</p>", summary="<p>Lead.</p>")
        with time_machine.travel("2026-11-26 09:00", tick=False):
            article.withdraw("It rested on a forged letter.")
        page = self.client.get(f"/articles/{article.slug}/")
        self.assertContains(page, "Taken back", status_code=410)
        self.assertContains(page, ">26 November 2026</time>", status_code=410)
        self.assertContains(page, "It rested on a forged letter.", status_code=410)
        self.assertNotContains(page, "Wrong.", status_code=410)
        self.assertNotContains(page, "Lead.", status_code=410)

    def test_staff_see_no_draft_at_the_public_address(self):
        self.client.force_login(make_editor())
        self.assertEqual(self.client.get(f"/articles/{make_draft().slug}/").status_code, 404)

    def test_the_image_of_a_draft_is_not_served(self):
        image = make_image()
        article = make_draft(lead_image=image)
        url = image.url()
        self.assertEqual(self.client.get(url).status_code, 404)
        article.publish()
        answer = self.client.get(url)
        self.assertEqual((answer.status_code, answer["Content-Type"]), (200, "image/jpeg"))
        self.assertTrue(b"".join(answer.streaming_content).startswith(b"\xff\xd8"))

    def test_only_the_closed_list_of_widths_and_formats_is_served(self):
        image = make_image(width=900, height=500)
        make_article(lead_image=image)
        for rest in ("401.jpg", "400.svg", "400.html", "0.jpg", "99999999999999999999.jpg"):
            self.assertEqual(self.client.get(f"/media/{image.key}/{rest}").status_code, 404, rest)
        self.assertEqual(self.client.get(f"/media/{image.key}/800.jpg").status_code, 200)
