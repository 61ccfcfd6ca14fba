"""Contributors have their own drafts, editors every text; what readers see is the publisher's to decide."""

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase

from analyst.roles import ADMINISTRATOR, CONTRIBUTOR, EDITOR, PUBLISHER, give, roles_of
from articles.models import Article
from tests.factories import make_article, make_author, make_draft, make_editor, make_issue

from .desk import DeskClient, form_of


def person(name: str, *roles, mail: str = "") -> User:
    user = User.objects.create(username=name, email=mail)
    give(user, roles)
    return user


class RoleTests(TestCase):
    client_class = DeskClient

    def sign_in(self, *roles) -> User:
        user = person("ada", *roles, mail="ada@example.org")
        self.client.force_login(user)
        return user

    def save(self, article: Article, **fields):
        url = f"/admin/articles/article/{article.pk}/change/"
        return self.client.post(url, form_of(self.client, url) | fields)


class ContributorTests(RoleTests):
    def setUp(self) -> None:
        self.ada = self.sign_in(CONTRIBUTOR)

    def test_it_works(self) -> None:
        url = "/admin/articles/article/add/"
        answer = self.client.post(url, form_of(self.client, url) | {"title": "Mine"})
        self.assertEqual(answer.status_code, 302)
        article = Article.objects.get(title="Mine")
        self.assertEqual((article.created_by, article.status), (self.ada, "draft"))
        self.save(article, title="Mine, again")
        article.refresh_from_db()
        self.assertEqual(article.title, "Mine, again")

    def test_a_manuscript_that_they_bring_is_theirs(self) -> None:
        file = SimpleUploadedFile("a.txt", b"Grain\n\nBy Ada Orlo\n\nThe ports closed in spring.\n")
        self.client.post("/admin/articles/article/import/", {"file": file})
        self.assertEqual(Article.objects.get().created_by, self.ada)

    def test_one_that_the_desk_has_stays_as_it_is(self) -> None:
        text = b"Grain\n\nBy Ada Orlo\n\nThe ports closed in spring.\n"
        self.client.force_login(person("ben", EDITOR))
        self.client.post("/admin/articles/article/import/", {"file": SimpleUploadedFile("a.txt", text)})
        self.client.force_login(self.ada)
        answer = self.client.post("/admin/articles/article/import/", {"file": SimpleUploadedFile("a.txt", text)})
        self.assertContains(answer, "The desk has this manuscript already.")

    def test_their_list_has_nobody_elses(self) -> None:
        make_draft(title="Mine", created_by=self.ada)
        make_draft(title="A secret")
        for url in ("/admin/articles/article/", "/admin/articles/article/?q=secret"):
            self.assertNotContains(self.client.get(url), "A secret")
        self.assertContains(self.client.get("/admin/articles/article/"), "Mine")

    def test_once_it_is_out_of_their_hands_they_may_look(self) -> None:
        article = make_article(title="Mine", created_by=self.ada)
        page = self.client.get(f"/admin/articles/article/{article.pk}/change/")
        self.assertContains(page, "Mine")
        self.assertNotContains(page, 'name="_save"')


class EditorTests(RoleTests):
    def setUp(self) -> None:
        self.sign_in(EDITOR)

    def test_they_change_a_text_but_not_what_becomes_of_it(self) -> None:
        article = make_draft(title="Grain", authors=[make_author()])
        answer = self.save(article, title="Grain and power", status="published")
        self.assertContains(answer, "published is not one of the available choices")
        self.save(article, title="Grain and power", status="review", published_at_0="2016-03-15")
        article.refresh_from_db()
        self.assertEqual((article.title, article.status, article.published_at), ("Grain and power", "review", None))

    def test_a_public_article_stays_public_as_it_is(self) -> None:
        article = make_article(title="Grain")
        self.assertContains(self.save(article, status="withdrawn"), "withdrawn is not one of the available choices")
        self.save(article, title="Other", withdrawal_notice="Gone.", published_at_0="2030-01-01")
        before = article.published_at
        article.refresh_from_db()
        self.assertEqual((article.title, article.status, article.published_at), ("Grain", "published", before))
        working_copy = article.working_copy()
        assert working_copy
        self.assertEqual(working_copy.snapshot["title"], "Other")

    def test_they_do_not_put_changes_live(self) -> None:
        article = make_article(title="Grain")
        self.assertNotContains(self.client.get(f"/admin/articles/article/{article.pk}/change/"), "Publish changes")
        self.assertEqual(self.save(article, title="Other", _publish_changes="1").status_code, 403)

    def test_they_do_not_release_an_issue(self) -> None:
        issue = make_issue(released_at=None)
        url = f"/admin/articles/issue/{issue.pk}/change/"
        self.client.post(url, form_of(self.client, url) | {"released_at_0": "2016-03-15", "released_at_1": "12:00"})
        issue.refresh_from_db()
        self.assertIsNone(issue.released_at)


class PublisherTests(RoleTests):
    def test_it_works(self) -> None:
        self.sign_in(PUBLISHER)
        article = make_draft(title="Grain", body="<p>Text.</p>")
        self.save(article, status="published")
        article.refresh_from_db()
        self.assertTrue(article.is_published())


class PeopleTests(RoleTests):
    def test_roles_are_given_by_name_with_what_each_may_do(self) -> None:
        self.sign_in(ADMINISTRATOR)
        ben = person("ben", mail="ben@example.org")
        url = f"/admin/auth/user/{ben.pk}/change/"
        self.assertContains(self.client.get(url), PUBLISHER.says)
        self.client.post(url, form_of(self.client, url) | {"roles": ["Editor", "Newsletter"]})
        ben.refresh_from_db()
        self.assertEqual(([role.name for role in roles_of(ben)], ben.is_staff), (["Editor", "Newsletter"], True))

    def test_an_administrator_does_not_change_who_may_do_everything(self) -> None:
        self.sign_in(ADMINISTRATOR)
        master = make_editor()
        self.assertEqual(self.client.post(f"/admin/auth/user/{master.pk}/change/", {}).status_code, 403)

    def test_nobody_makes_themselves_master(self) -> None:
        ada = self.sign_in(ADMINISTRATOR)
        url = f"/admin/auth/user/{ada.pk}/change/"
        sent = form_of(self.client, url) | {"is_superuser": "on", "roles": ["Administrator"]}
        self.assertEqual(self.client.post(url, sent).status_code, 302)
        ada.refresh_from_db()
        self.assertFalse(ada.is_superuser)


class RolesTests(TestCase):
    def test_they_are_given_and_taken(self) -> None:
        ada = person("ada", PUBLISHER)
        self.assertTrue(ada.has_perm("articles.publish_article"))
        give(ada, [EDITOR])
        ada = User.objects.get(pk=ada.pk)
        self.assertFalse(ada.has_perm("articles.publish_article"))
        self.assertEqual(roles_of(ada), [EDITOR])

    def test_who_has_none_is_not_let_into_the_desk(self) -> None:
        ada = person("ada", EDITOR)
        give(ada, [])
        self.client.force_login(ada)
        self.assertEqual(self.client.get("/admin/").status_code, 302)

    def test_one_who_is_disabled_may_nothing(self) -> None:
        ada = person("ada", PUBLISHER)
        ada.is_active = False
        self.assertEqual(ada.get_all_permissions(), set())
