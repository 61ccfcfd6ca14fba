"""The desk's report of reads: what was read, when, by which road; its sheets, and what it warns of."""

import csv
from datetime import date, timedelta
from io import StringIO
from unittest import mock

import time_machine
from django.contrib.auth.models import Permission
from django.test import TestCase, override_settings
from selectolax.lexbor import LexborHTMLParser

from reads import robots
from reads.models import Restatement, Tallier
from tests.factories import make_article, make_author, make_category, make_editor, make_issue

from .hours import TODAY, was_read

URL = "/admin/reads/total/"


class DeskTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.editor = make_editor()
        cls.ann, cls.bo = make_author(name="Ann Lee"), make_author(name="Bo Ek")
        cls.issue = make_issue(date=date(2026, 11, 1))
        cls.grain = make_article(title="Grain", slug="grain", authors=[cls.ann, cls.bo], issue=cls.issue)
        cls.water = make_article(title="Water", authors=[cls.bo], category=make_category(name="Notes"))
        Tallier.objects.create(ran_at=TODAY)
        was_read(cls.grain, "2026-11-24 23", 8, pdf=2, uniques=5, robots=40, a_example=3, b_example=1)
        was_read(cls.grain, "2026-11-25 00", 4)
        was_read(cls.water, "2026-11-25 15", 6)
        was_read(cls.grain, "2026-10-28", 6)  # before the four weeks that are shown
        was_read(cls.water, "2025-11-24", 9)

    def setUp(self):
        self.client.force_login(self.editor)
        travel = time_machine.travel(TODAY, tick=False)
        travel.start()
        self.addCleanup(travel.stop)

    def page(self, query: str = "") -> LexborHTMLParser:
        answer = self.client.get(f"/admin/reads/total/{query}")
        self.assertEqual(answer.status_code, 200)
        return LexborHTMLParser(answer.content.decode())

    def table(self, label: str, query: str = "") -> list[str]:
        rows = self.page(query).css(f'section[aria-label="{label}"] tbody tr')
        return [" | ".join(" ".join(cell.text().split()) for cell in row.css("th, td")) for row in rows]

    def sheet(self, name: str, query: str = "") -> list[list[str]]:
        answer = self.client.get(f"/admin/reads/total/{name}.csv{query}")
        self.assertEqual((answer.status_code, answer["Content-Type"]), (200, "text/csv; charset=utf-8"))
        return list(csv.reader(StringIO(answer.content.decode())))


class ReportTests(DeskTestCase):
    def test_it_tells_of_four_weeks_with_robots_aside_beside_the_four_before(self):
        words = " ".join(self.page().css_first("#content-main").text().split())
        self.assertIn("18 reads, 29 Oct 2026 to 25 Nov 2026 (UTC): 2 of a PDF, 15 unique.", words)
        self.assertIn("6 from 1 Oct 2026 to 28 Oct 2026, so +200 %. Robots, aside: 40.", words)

    def test_by_article_author_issue_and_category(self):
        name = "Reads by {}".format
        self.assertEqual(
            self.table(name("article")), ["Grain | 12 | 2 | 9 | 6 | +100 % | 40", "Water | 6 | 0 | 6 | 0 | – | 0"]
        )
        self.assertEqual(
            self.table(name("author"), "?by=author"),
            ["Bo Ek | 18 | 2 | 15 | 6 | +200 % | 40", "Ann Lee | 12 | 2 | 9 | 6 | +100 % | 40"],
        )
        self.assertEqual(
            self.table(name("issue"), "?by=issue"),
            ["1 November 2026 | 12 | 2 | 9 | 6 | +100 % | 40", "none | 6 | 0 | 6 | 0 | – | 0"],
        )
        self.assertEqual(self.table(name("category"), "?by=category")[1], "Notes | 6 | 0 | 6 | 0 | – | 0")

    def test_one_of_them_alone(self):
        for query in (f"article={self.grain.pk}", f"author={self.ann.pk}", f"issue={self.issue.pk}"):
            self.assertEqual(self.table("Reads by article", f"?{query}"), ["Grain | 12 | 2 | 9 | 6 | +100 % | 40"])
        self.assertEqual(
            self.table("Reads by author", f"?by=author&article={self.water.pk}"), ["Bo Ek | 6 | 0 | 6 | 0 | – | 0"]
        )
        self.assertContains(
            self.client.get(f"/admin/articles/article/{self.grain.pk}/change/"), f"{URL}?article={self.grain.pk}"
        )

    def test_it_is_compared_with_the_year_before(self):
        self.assertEqual(self.table("Reads by article", "?against=year")[1], "Water | 6 | 0 | 6 | 9 | -33 % | 0")

    def test_by_the_hour_day_week_month_and_year_of_utc_those_without_a_read_too(self):
        with override_settings(TIME_ZONE="Australia/Lord_Howe"):
            hours = self.table("Reads over time", "?first=2026-11-24&last=2026-11-25&step=hour")
            self.assertEqual(len(hours), 48)
            self.assertEqual(hours[22:25], [
                "24 Nov 2026, 22:00 | 0 | 0 | 0 | 0", "24 Nov 2026, 23:00 | 8 | 2 | 5 | 40", "25 Nov 2026, 00:00 | 4 | 0 | 4 | 0",
            ])  # fmt: skip
            query = "?first=2025-11-24&last=2026-11-25&step="
            days = self.table("Reads over time", f"{query}day")
            self.assertEqual((len(days), days[0]), (367, "Mon, 24 Nov 2025 | 9 | 0 | 9 | 0"))
            self.assertEqual(
                self.table("Reads over time", f"{query}week")[-1], "week of 23 Nov 2026 | 18 | 2 | 15 | 40"
            )
            self.assertEqual(
                self.table("Reads over time", f"{query}month")[-2:],
                ["October 2026 | 6 | 0 | 6 | 0", "November 2026 | 18 | 2 | 15 | 40"],
            )
            self.assertEqual(
                self.table("Reads over time", f"{query}year"), ["2025 | 9 | 0 | 9 | 0", "2026 | 24 | 2 | 21 | 40"]
            )

    def test_the_days_that_it_tells_of_stand_in_the_form(self):
        days = [field.attributes["value"] for field in self.page().css("input[type=date]")]
        self.assertEqual(days, ["2026-10-29", "2026-11-25"])

    def test_a_leap_day_has_a_year_before(self):
        with time_machine.travel(TODAY.replace(year=2028, month=3, day=1)):
            self.client.force_login(self.editor)
            self.page("?first=2028-02-29&last=2028-02-29&against=year")

    def test_a_chart_shows_the_table_and_says_so(self):
        chart = self.page("?first=2026-11-24").css_first("svg.chart")
        self.assertIn("the table has the numbers", chart.attributes["aria-label"])
        self.assertEqual(len(chart.css("rect")), 48)
        self.assertEqual(max(float(bar.attributes["height"]) for bar in chart.css("rect")), 100)

    def test_where_readers_came_from(self):
        label = "Where readers came from"
        self.assertEqual(self.table(label), ["a.example | 3", "b.example | 1", "not told | 14"])
        self.assertEqual(self.table(label, f"?article={self.water.pk}"), ["not told | 6"])
        self.assertEqual(self.table(label, "?first=2026-11-25"), ["not told | 10"])
        self.assertEqual(self.table(label, "?last=2026-11-24"), ["a.example | 3", "b.example | 1", "not told | 10"])

    def test_months_that_stand_out_are_flagged_by_the_formulas_of_counter(self):
        spike, drop = make_article(title="Spike"), make_article(title="Drop")
        was_read(spike, "2026-10-31 23", 131), was_read(spike, "2025-10-01 00", 120)
        was_read(drop, "2025-10-01 00", 240), was_read(drop, "2026-11-01 00", 999)
        self.assertEqual(self.table("Months that stand out"), ["Spike | spike | 131 | 10", "Drop | drop | 0 | 20"])
        self.assertEqual(self.table("Months that stand out", f"?article={drop.pk}"), ["Drop | drop | 0 | 20"])
        was_read(spike, "2025-10-02", 12)
        self.assertEqual(self.table("Months that stand out"), ["Drop | drop | 0 | 20"])

    def test_what_cannot_be_shown_gets_a_sentence(self):
        for query, sentence in (
            ("first=zzz", "Enter a valid date."), ("first=2026-11-20&last=2026-11-19", "The first day must lie before the last"),
            ("first=0001-01-01", "not before 1990"), ("last=9999-12-31&first=9999-12-30", "The first day must lie before"),
            ("first=2026-10-01&step=hour", "more than 400 hours"), ("article=999999", "This article is not there"),
            (f"author={'9' * 40}", "This author is not there"), ("by=zzz", "Select a valid choice"), ("step=zzz", "Select a valid choice"),
        ):  # fmt: skip
            self.assertContains(self.client.get(f"/admin/reads/total/?{query}"), sentence)
            answer = self.client.get(f"/admin/reads/total/ranking.csv?{query}")
            self.assertEqual(answer.status_code, 400, query)

    def test_a_day_that_lies_ahead_is_today(self):
        self.assertEqual(len(self.table("Reads over time", "?first=2026-11-20&last=2031-01-01")), 6)

    def test_its_cost_does_not_grow_with_the_list(self):
        for n in range(30):
            was_read(make_article(authors=[make_author()], issue=make_issue()), "2026-11-20", n + 1, a_example=1)
        self.page()
        for by in ("article", "author", "issue", "category"):
            # session, editor; sum, chart, list and its names, sources, flags; what waits, last run, restatement
            with self.assertNumQueries(11):
                self.page(f"?by={by}")

    def test_it_warns_of_old_lists_of_robots_and_of_a_tally_that_stands(self):
        self.assertNotIn("lists of robots were last", self.page().text())
        with mock.patch("reads.admin.lists_are_old", return_value=True):
            self.assertIn("lists of robots were last", self.page().text())
        with mock.patch("reads.admin.is_behind", return_value=True):
            self.assertIn("Does the worker run?", self.page().text())

    def test_lists_are_old_after_a_hundred_days(self):
        day = robots.reviewed_on()
        self.assertFalse(robots.lists_are_old(day + timedelta(days=100)))
        self.assertTrue(robots.lists_are_old(day + timedelta(days=101)))

    def test_it_says_when_figures_were_restated(self):
        Restatement.objects.create(at=TODAY, first_day=date(2026, 11, 1), changed=7)
        self.assertIn("counted anew; 7 hours changed", " ".join(self.page().text().split()))

    def test_only_those_who_may_see_it_see_it(self):
        helper = make_editor(is_superuser=False)
        paths = ("", "ranking.csv", "items.csv", "items.json")
        self.client.force_login(helper)
        self.assertEqual([self.client.get(URL + path).status_code for path in paths], [403] * 4)
        helper.user_permissions.add(Permission.objects.get(codename="view_total"))
        self.assertEqual([self.client.get(URL + path).status_code for path in paths], [200] * 4)
        self.client.logout()
        self.assertEqual([self.client.get(URL + path).status_code for path in paths], [302] * 4)
        self.assertEqual(self.client.post(URL).status_code, 302)

    def test_the_desk_leads_to_it(self):
        self.assertContains(self.client.get("/admin/"), f'href="{URL}"')


class SheetTests(DeskTestCase):
    def test_each_table_is_a_sheet(self):
        self.assertEqual(self.sheet("ranking")[0][-1], "Reads from 1 Oct 2026 to 28 Oct 2026")
        self.assertEqual(
            self.sheet("ranking")[1:], [["Grain", "12", "2", "9", "40", "6"], ["Water", "6", "0", "6", "0", "0"]]
        )
        times = self.sheet("over-time", "?first=2026-11-24&step=day")
        self.assertEqual(times, [
            ["Days (UTC)", "Reads", "of them PDF", "Unique", "Robots"], ["Tue, 24 Nov 2026", "8", "2", "5", "40"],
            ["Wed, 25 Nov 2026", "10", "0", "10", "0"],
        ])  # fmt: skip
        self.assertEqual(self.sheet("sources")[1:], [["a.example", "3"], ["b.example", "1"], ["not told", "14"]])

    def test_a_cell_that_a_spreadsheet_would_run_is_plain_text(self):
        titles = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("https://a.example","x")']
        for n, title in enumerate(titles):
            was_read(make_article(title=title), "2026-11-20", 1000 - n)
        cells = [row[0] for row in self.sheet("ranking")[1:]][: len(titles)]
        self.assertEqual(cells, [f"'{title}" for title in titles])
        self.assertTrue(
            {f"'{title}" for title in titles} <= {row[0] for row in self.sheet("items", "?last=2026-11") if row}
        )

    def test_a_sheet_has_every_row_and_the_page_the_first(self):
        for n in range(60):
            was_read(make_article(), "2026-11-20", n + 1)
        self.assertEqual((len(self.sheet("ranking")), len(self.table("Reads by article"))), (63, 50))

    def test_a_sheet_that_is_not_there_is_not_found(self):
        for path in ("zzz.csv", "items.xml", "1/change/", "add/", "1/delete/"):
            self.assertEqual(self.client.get(f"/admin/reads/total/{path}").status_code, 404, path)


class ItemReportTests(DeskTestCase):
    def setUp(self):
        super().setUp()
        self.grain.doi = "10.5555/grain"
        self.grain.save()
        self.ann.orcid = "0000-0002-1825-0097"
        self.ann.save()

    def test_it_tells_of_every_article_and_whole_month_in_the_manner_of_counter(self):
        with override_settings(JOURNAL_ISSN="2049-3630"):
            rows = self.sheet("items", "?first=2026-10&last=2026-11")
        empty = rows.index([])
        header = dict(rows[:empty])
        self.assertEqual((header["Report_ID"], header["Release"]), ("IR", "5.1"))
        self.assertEqual(header["Reporting_Period"], "Begin_Date=2026-10-01; End_Date=2026-11-30")
        names, *lines = rows[empty + 1 :]
        table = [dict(zip(names, line, strict=True)) for line in lines]
        first = table[0]
        self.assertEqual(first["Authors"], "Ann Lee (ORCID:0000-0002-1825-0097); Bo Ek")
        self.assertEqual((first["DOI"], first["Online_ISSN"], first["YOP"]), ("10.5555/grain", "2049-3630", "2016"))
        self.assertTrue(first["URI"].endswith("/articles/grain/"))
        self.assertEqual(
            [(row["Item"], row["Metric_Type"], row["Reporting_Period_Total"], row["Oct-2026"], row["Nov-2026"]) for row in table],
            [
                ("Grain", "Total_Item_Requests", "18", "6", "12"), ("Grain", "Unique_Item_Requests", "15", "6", "9"),
                ("Water", "Total_Item_Requests", "6", "0", "6"), ("Water", "Unique_Item_Requests", "6", "0", "6"),
            ],
        )  # fmt: skip

    def test_as_json_it_tells_the_same(self):
        report = self.client.get("/admin/reads/total/items.json?first=2026-10&last=2026-11").json()
        self.assertEqual(
            report["Report_Header"]["Report_Filters"], {"Begin_Date": "2026-10-01", "End_Date": "2026-11-30"}
        )
        grain, water = report["Report_Items"]
        self.assertEqual(grain["Item_ID"]["DOI"], "10.5555/grain")
        self.assertEqual(grain["Authors"][0], {"Name": "Ann Lee", "ORCID": "0000-0002-1825-0097"})
        (performance,) = grain["Attribute_Performance"]
        self.assertEqual(performance["Performance"], {
            "Total_Item_Requests": {"2026-10": 6, "2026-11": 12}, "Unique_Item_Requests": {"2026-10": 6, "2026-11": 9},
        })  # fmt: skip
        self.assertEqual(water["Attribute_Performance"][0]["Performance"]["Total_Item_Requests"], {"2026-11": 6})

    def test_left_alone_it_tells_of_the_last_twelve_whole_months(self):
        rows = self.sheet("items")
        names, *lines = rows[rows.index([]) + 1 :]
        self.assertEqual((names[-12], names[-1]), ("Nov-2025", "Oct-2026"))
        self.assertEqual([(line[0], line[-13]) for line in lines[::2]], [("Grain", "6"), ("Water", "9")])

    def test_months_that_cannot_be_are_refused_with_a_sentence(self):
        for query in ("first=zzz", "first=2026-13", "first=2026-11&last=2026-10", "last=2031-01", "first=0001-01"):
            self.assertEqual(self.client.get(f"/admin/reads/total/items.csv?{query}").status_code, 400, query)

    def test_its_cost_does_not_grow_with_the_articles(self):
        for _ in range(10):
            was_read(make_article(authors=[make_author()], tags=["Water"]), "2026-10-20", 3)
        self.client.get(
            "/admin/reads/total/items.csv"
        )  # the first notes when the session began, and learns content types
        with self.assertNumQueries(18):  # session, editor, twelve months, what is written down, articles, bylines, tags
            self.client.get("/admin/reads/total/items.csv")
