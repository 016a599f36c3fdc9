#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The page of `breakeven report --format html`, as a browser sees it.

Usage: test_page.py BREAKEVEN SOURCE_TREE FOLDER
"""

import json
import os
import subprocess
import sys
import unittest

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

BREAKEVEN, SOURCE, FOLDER = sys.argv[1:4]
RECORD = SOURCE + "/results/reference/epyc-2cpu-20261125.jsonl"
OTHER = SOURCE + "/results/reference/xeon-2cpu-20261123.jsonl"
NASTY = "a\"'`<script>pwned=1</script>&\\'\n$(x)`date`"


def report(form, *records, env=None):
    return subprocess.run(
        [BREAKEVEN, "report", "--format", form, *records],
        check=True, capture_output=True, text=True, env=env).stdout


def page(name, *records, env=None):
    path = f"{FOLDER}/{name}.html"
    with open(path, "w", encoding="utf-8") as file:
        file.write(report("html", *records, env=env))
    return path


def nasty_record():
    """The reference, with a kernel and a runner of the worst names."""
    path = FOLDER + "/nasty.jsonl"
    with open(RECORD, encoding="utf-8") as source, \
            open(path, "w", encoding="utf-8") as file:
        for line in source:
            line = json.loads(line)
            for kernel in line.get("kernels", []):
                if kernel["name"] == "sum":
                    kernel["name"] = kernel["formula"] = NASTY
            for runner in line.get("runners", []):
                if runner["name"] == "openmp":
                    runner["name"] = NASTY
            if "machine" in line:
                line["machine"]["model"] = NASTY
            block = line.get("block", {"series": []})
            if block.get("kernel") == "sum":
                block["kernel"] = NASTY
            for series in block["series"]:
                if series["runner"] == "openmp":
                    series["runner"] = NASTY
            if "verdict" not in line:
                file.write(json.dumps(line) + "\n")
    return path


PARTS = ("create", "dispatch", "compute", "wait", "join", "collect")


def made_up_split(kernel, **changes):
    """Where the time of a call of two runners went."""
    rows = []
    for i, runner in enumerate(("fork", NASTY)):
        row = {"runner": runner, "workers": 2, "creates": i == 0,
               "open_ns": 300000.5, "workers_seen": 1.5, "plain_ns": 1e5,
               "stamps_cost": 0.021, "trip_ns": 55.5}
        for p, part in enumerate(PARTS):
            row[part + "_ns"] = 0 if p == 0 and i else 1000.25 * (p + 1)
        row["call_ns"] = sum(row[part + "_ns"] for part in PARTS)
        rows.append(row)
    return {"kernel": kernel, "n": 4096, "tiles": 8, "workers": 2,
            "rounds": 9, "generations": 3, "rows": rows, "skipped":
            [{"runner": "python-pool", "reason": NASTY}], "failed": [],
            **changes}


def split_record(*splits):
    """The reference, with such splits at its end."""
    path = FOLDER + "/split.jsonl"
    with open(RECORD, encoding="utf-8") as file:
        lines = file.read().splitlines()
    lines[-1] = json.dumps({**json.loads(lines[-1]), "splits": splits})
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return path


def lab(*args):
    """What `breakeven lab` writes as a page, and its record."""
    record = FOLDER + "/lab.jsonl"
    if os.path.exists(record):
        os.remove(record)
    page = subprocess.run(
        [BREAKEVEN, "lab", "--no-lock", "--no-pause", "-f", "html", "-o",
         record, *args], check=True, capture_output=True, text=True,
        stdin=subprocess.DEVNULL).stdout
    path = FOLDER + "/lab.html"
    with open(path, "w", encoding="utf-8") as file:
        file.write(page)
    return path, record


class Page(unittest.TestCase):
    """All tests share a browser."""

    @classmethod
    def setUpClass(cls):
        options = Options()
        for flag in ("--headless=new", "--no-sandbox", "--disable-gpu",
                     "--no-first-run", "--disable-background-networking",
                     "--disable-dev-shm-usage",
                     f"--user-data-dir={FOLDER}/profile"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        cls.browser = webdriver.Chrome(
            options=options, service=Service("/usr/bin/chromedriver"))

    @classmethod
    def tearDownClass(cls):
        cls.browser.quit()

    def open(self, path, width=1280, height=900):
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1,
             "mobile": width < 600})
        self.browser.get("file://" + path)
        # The browser complains of pages of its own, where it is slow.
        said = [entry for entry in self.browser.get_log("browser")
                if not entry["message"].startswith("chrome://")]
        self.assertEqual(said, [])

    def run_script(self, script, *args):
        return self.browser.execute_script(script, *args)

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def test_charts_are_there_and_nothing_is_fetched(self):
        self.open(page("whole", RECORD))
        kernels = len({c["kernel"] for c in
                       json.loads(report("json", RECORD))["cells"]})
        self.assertEqual(len(self.all("svg.chart")), 2 * kernels + 1)
        self.assertEqual(len(self.all(".legend button")), 6 * kernels)
        for chart in self.all("svg.chart"):
            self.assertGreater(chart.size["height"], 100)
            self.assertNotEqual(chart.get_attribute("aria-label"), "")
        self.assertEqual(self.run_script(
            "return performance.getEntriesByType('resource')"
            ".filter(x => !x.name.startsWith('data:')).length"), 0)
        self.browser.save_screenshot(FOLDER + "/page-1280.png")

    def test_numbers_are_those_of_the_record(self):
        self.open(page("numbers", RECORD))
        whole = json.loads(report("json", RECORD))
        told = self.run_script("""
            const found = [];
            for (const section of document.querySelectorAll(
                'section[id*="-k"]')) {
                const kernel = section.querySelector('h2').textContent;
                section.querySelectorAll('table').forEach((table, t) => {
                    const heads = [...table.querySelectorAll('thead th')]
                        .map(x => x.textContent);
                    for (const row of table.querySelectorAll('tbody tr'))
                        [...row.cells].forEach((cell, c) => {
                            const value = cell.querySelector('data');
                            const n = row.cells[0].querySelector('data');
                            if (c && value && n)
                                found.push([kernel, t, +n.value, heads[c],
                                            +value.value]);
                        });
                });
            }
            return found;""")
        cells = {(c["kernel"], c["n"], c["runner"]): c for c in whole["cells"]
                 if c["placement"] == whole["cells"][0]["placement"]}
        seen = 0
        for kernel, table, n, head, value in told:
            if head.endswith("(base)"):
                continue
            cell = cells[kernel, n, head]
            key = "speedup" if table == 0 else "runner_ns"
            self.assertAlmostEqual(value / cell[key], 1, delta=2e-8)
            seen += 1
        self.assertGreater(seen, 2 * 5 * 5 * 9)
        starts = self.run_script(
            "return [...document.querySelectorAll('article > .scroll data')]"
            ".map(x => +x.value)")
        due = [b["n_star"] for b in whole["breakeven"] if b["n_star"]]
        self.assertEqual(sorted(starts), sorted(due))

    def test_points_of_charts_tell_what_tables_do(self):
        self.open(page("points", RECORD))
        for view in self.all(".view"):
            table, points = self.run_script("""
                const view = arguments[0], points = new Set();
                for (const point of view.querySelectorAll(
                    'svg.chart [onmousemove]')) {
                    point.onmousemove({clientX: 0, clientY: 0});
                    points.add(document.getElementById('tip').textContent);
                }
                const table = view.querySelector('table');
                const heads = [...table.querySelectorAll('thead th')]
                    .map(x => x.textContent);
                const cells = [];
                for (const row of table.querySelectorAll('tbody tr'))
                    [...row.cells].forEach((cell, c) => {
                        if (c && cell.querySelector('data'))
                            cells.push([heads[c], row.cells[0].textContent,
                                cell.querySelector('data').textContent,
                                cell.querySelector('small').textContent]);
                    });
                return [cells, [...points]];""", view)
            self.assertGreater(len(table), 40)
            for runner, n, speed, interval in table:
                self.assertTrue(
                    any(p.startswith(f"{runner}, {n} items: ") and
                        f", {speed} \u00d7 {interval}, " in p
                        for p in points), (runner, n, points))

    def test_splits_show_what_they_are_of(self):
        split = made_up_split("sum")
        self.open(page("split", split_record(split)))
        self.assertIsNone(self.run_script("return window.pwned ?? null"))
        shown = self.all(".split")
        self.assertEqual(len(shown), 1)
        self.assertIn("4 Ki items, 8 tiles", shown[0].text)
        self.assertIn("python-pool", shown[0].text)
        tips = self.run_script("""
            const points = new Set();
            for (const point of arguments[0].querySelectorAll(
                'svg.chart [onmousemove]')) {
                point.onmousemove({clientX: 0, clientY: 0});
                points.add(document.getElementById('tip').textContent);
            }
            return [...points];""", shown[0])
        self.assertEqual(len([t for t in tips if t.startswith("fork, ")]), 6)
        self.assertIn("fork, compute: 3.00 \u00b5s, 14.3 % of a call", tips)
        told = self.run_script("""
            return [...arguments[0].querySelectorAll('tbody tr')].map(
                row => [...row.querySelectorAll('data')].map(
                    x => +x.value));""", shown[0])
        for row, values in zip(split["rows"], told):
            due = [row["call_ns"]] + [row[p + "_ns"] for p in PARTS]
            if not row["creates"]:
                due[1] = row["open_ns"]
            self.assertEqual(values, due)

    def test_splits_that_are_none_are_left_out(self):
        self.open(page("no-split", split_record(
            made_up_split("sum", rows=[{}]), made_up_split("dot", rows=[]),
            7, {})))
        self.assertEqual(len(self.all(".split svg.chart")), 0)
        self.assertIn("cannot be read", self.all(".note")[0].text)
        self.assertIn("Nothing was measured", self.all(".split")[0].text)

    def test_legend_switches_lines(self):
        self.open(page("legend", RECORD))
        view = self.all(".view")[1]
        button = view.find_elements(By.CSS_SELECTOR, ".legend button")[3]
        groups = view.find_elements(By.CSS_SELECTOR,
                                    'svg.chart [data-series="3"]')
        others = self.all(".view")[0].find_elements(
            By.CSS_SELECTOR, 'svg.chart [data-series="3"]')
        self.assertGreaterEqual(len(groups), 4)
        for on in (True, False, True):
            self.assertEqual(button.get_attribute("aria-pressed"),
                             "true" if on else "false")
            for group in groups:
                self.assertEqual(group.value_of_css_property("display") !=
                                 "none", on)
            for group in others:
                self.assertNotEqual(group.value_of_css_property("display"),
                                    "none")
            button.send_keys(Keys.SPACE)

    def test_keys_tell_values(self):
        self.open(page("keys", RECORD))
        chart = self.all("svg.chart")[0]
        tip = self.all("#tip")[0]
        self.assertFalse(tip.is_displayed())
        self.run_script("arguments[0].focus()", chart)
        active = self.browser.switch_to.active_element
        def told(key):
            active.send_keys(key)
            self.assertTrue(tip.is_displayed())
            return tip.text

        def runner(text):
            return text.split(",")[0]

        first, second = told(Keys.ARROW_RIGHT), told(Keys.ARROW_RIGHT)
        self.assertNotEqual(first, second)
        self.assertEqual(runner(first), runner(second))
        last = told(Keys.END)
        self.assertEqual(runner(last), runner(first))
        self.assertEqual(told(Keys.ARROW_RIGHT), first)
        self.assertEqual(told(Keys.ARROW_LEFT), last)
        self.assertEqual(told(Keys.HOME), first)
        below = told(Keys.ARROW_DOWN)
        self.assertNotEqual(runner(below), runner(first))
        self.assertEqual(told(Keys.ARROW_UP), first)
        active.send_keys(Keys.ESCAPE)
        self.assertFalse(tip.is_displayed())

    def test_each_chart_has_a_link(self):
        self.open(page("links", RECORD))
        charts = self.all("svg.chart")
        links = self.all("figcaption a.link")
        self.assertEqual([x.get_attribute("href").split("#")[1]
                          for x in links],
                         [x.get_attribute("id") for x in charts])
        labels = [x.get_attribute("aria-label") for x in charts]
        self.assertEqual(len(set(labels)), len(labels))

    def test_words_lead_to_what_they_mean(self):
        self.open(page("words", RECORD, OTHER))
        links = self.all("a.word")
        targets = [x.get_attribute("href").split("#")[1] for x in links]
        self.assertEqual(len(set(targets)), len(targets))
        self.assertEqual(sorted(targets), sorted(
            x.get_attribute("id") for x in self.all(".words dt")))
        self.assertIn("r0-word-break-even-size", targets)
        self.assertIn("r1-word-break-even-size", targets)
        for link in links:
            self.assertGreater(len(link.get_attribute("title")), 20)
        self.assertEqual(self.all(".words[open]"), [])
        self.run_script("arguments[0].click()", links[-1])
        self.run_script("return new Promise(done => setTimeout(done, 100))")
        opened = self.all(".words[open] dt")
        self.assertIn(targets[-1], [x.get_attribute("id") for x in opened])

    def test_paper_shows_all(self):
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "media": "print",
            "features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        self.open(page("paper", RECORD), 703, 1000)
        widths = self.run_script("""
            const page = document.documentElement;
            return [page.scrollWidth, page.clientWidth,
                getComputedStyle(document.body).backgroundColor];""")
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia",
                                     {"media": "", "features": []})
        self.assertLessEqual(widths[0], widths[1])
        self.assertEqual(widths[2], "rgb(255, 255, 255)")

    def test_fits_and_stays(self):
        path = page("fits", RECORD)
        for width in (1280, 390):
            self.open(path, width, 844)
            self.assertTrue(self.run_script(
                "const page = document.documentElement;"
                "return page.scrollWidth <= page.clientWidth"))
            self.assertEqual(self.run_script(
                "return new Promise(done => new PerformanceObserver(list => "
                "done(list.getEntries().length)).observe({type: "
                "'layout-shift', buffered: true}) || "
                "setTimeout(done, 300, 0))"), 0)
        self.browser.save_screenshot(FOLDER + "/page-390.png")

    def test_names_are_nothing_but_names(self):
        self.open(page("nasty", nasty_record()))
        self.assertIsNone(self.run_script("return window.pwned ?? null"))
        self.assertEqual(len(self.all("svg.chart")), 11)
        self.assertIn("<script>pwned=1</script>",
                      " ".join(x.text for x in self.all("h2")))

    def test_several_records_make_one_page(self):
        self.open(page("both", RECORD, OTHER))
        self.assertEqual(len(self.all("article")), 2)
        self.assertEqual(len(self.all("h1")), 2)
        self.assertIn("2 records", self.all(".note")[0].text)
        self.assertEqual(self.run_script(
            "const ids = [...document.querySelectorAll('body [id]')]"
            ".map(x => x.id);"
            "return ids.filter((x, i) => ids.indexOf(x) != i)"), [])

    def fits(self):
        return self.run_script(
            "const page = document.documentElement;"
            "return page.scrollWidth <= page.clientWidth")

    def is_visible(self, element):
        return self.run_script("return arguments[0].checkVisibility()",
                               element)

    def test_answers_of_a_course_are_folded(self):
        path = lab("memory", "waiting")[0]
        for width in (1280, 390):
            self.open(path, width, 844)
            answers = self.all("details:not(.words)")
            self.assertEqual(len(answers), 2)
            chart = self.all("svg.chart")[0]
            self.assertFalse(self.is_visible(chart))
            self.assertNotIn("Measured:", self.all("body")[0].text)
            self.assertIn("two workers: how many times as long",
                          self.all("body")[0].text)
            self.run_script("arguments[0].click()",
                            self.all("summary")[1])
            self.assertTrue(self.is_visible(chart))
            self.assertIn("Measured:", answers[1].text)
            self.assertTrue(self.fits())
            self.assertLess(chart.size["height"], 300)

    def test_a_class_is_a_row_a_seat(self):
        record = lab("memory", "waiting")[1]
        folder = FOLDER + "/class"
        os.makedirs(folder, exist_ok=True)
        subprocess.run([SOURCE + "/tests/report/class_records.py", record,
                        folder, "20"], check=True)
        with open(folder + "/seat07.jsonl", encoding="utf-8") as file:
            text = file.read()
        with open(folder + "/seat07.jsonl", "w", encoding="utf-8") as file:
            file.write(text.replace(json.dumps("seat H"), json.dumps(NASTY)))
        with open(folder + "/seat08.jsonl", "r+", encoding="utf-8") as file:
            text = file.read().replace("seat I", "Zo\u00eb" * 10)
            file.seek(0)
            file.write(text)
        path = page("class", *(f"{folder}/seat{i:02}.jsonl"
                               for i in range(20)))
        for width in (1280, 390):
            self.open(path, width, 844)
            self.assertIsNone(self.run_script("return window.pwned ?? null"))
            self.assertTrue(self.fits())
            self.assertEqual(len(self.all("svg.chart")), 2)
            rows = self.all("table")[-1].find_elements(By.CSS_SELECTOR,
                                                       "tbody tr")
            self.assertEqual(len(rows), 20)
            self.assertIn("<script>pwned=1</script>", rows[7].text)
            self.assertIn("Zo\u00ebZo\u00eb", self.all("svg.chart")[0].text)
        labels = [x.get_attribute("aria-label") for x in self.all("svg.chart")]
        self.assertEqual(len(set(labels)), 2)
        self.browser.save_screenshot(FOLDER + "/class-390.png")

    def test_without_gnuplot_it_says_so(self):
        env = dict(os.environ, PATH="/nowhere")
        self.open(page("bare", RECORD, env=env))
        self.assertEqual(self.all("svg.chart"), [])
        self.assertIn("no gnuplot", self.all(".note")[0].text)
        self.assertGreater(len(self.all("table")), 15)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
