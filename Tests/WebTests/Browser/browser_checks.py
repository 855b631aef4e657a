"""Looks at the pages of a host with a real browser: browser_checks.py URL CHECK,CHECK... [OPERATOR_TOKEN [VIEWER_TOKEN]].

The host has what Showcase.swift puts there. Each check is a function below; the Swift suite runs them by name.
"""
import json
import os
import re
import sys
import urllib.request

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import data_checks
from looking import PATIENCE, looker

expect.set_options(timeout=PATIENCE)
OVERVIEW, QUEUE, HOSTS, PLUGINS = (f"/api/interface/{name}" for name in ("metrics", "queue", "hosts", "plugins"))


class Host:
    def __init__(self, base, token):
        self.base, self.token = base, token

    def ask(self, method, path, body=None):
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(
            self.base + path, method=method, headers=headers, data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def job(self, number):
        return self.ask("GET", f"/api/jobs/{number}")

    def submit(self):
        return self.ask("POST", "/api/jobs/submit/gather?label=mine", {"from": "a browser"})["job_id"]

    def find(self, state, workflow):
        return self.ask("GET", f"/api/jobs?state={state}&workflow={workflow}&limit=1")["jobs"][0]["id"]


def every_page(host):
    large, failed = host.find("running", "mosaic"), host.find("failed", "gather")
    return [
        OVERVIEW, f"{OVERVIEW}?text=unheard", f"/api/interface/jobs/{large}?stage=render&task=3", f"/api/interface/jobs/{failed}", QUEUE,
        HOSTS, PLUGINS, "/api/interface/jobs/4711", "/login", *data_checks.pages()]


def live(look, host):
    """What changes elsewhere is seen without a reload."""
    with look.page() as page:
        page.goto(OVERVIEW)
        expect(page.locator("#live")).to_have_attribute("data-state", "live")
        page.evaluate("window.isTheSame = true")
        job = host.submit()
        card = page.locator(f"#job-{job}")
        expect(card).to_be_visible()
        expect(card.locator(".badge")).to_contain_text("running")
        card.evaluate("card => { card.isTheSame = true }")
        host.ask("POST", f"/api/jobs/{job}/pause?why=lunch")
        expect(card.locator(".badge")).to_contain_text("paused")
        expect(card).to_contain_text("lunch")
        assert card.evaluate("card => card.isTheSame"), "the card was replaced, not changed: focus and selection are lost so"
        assert page.evaluate("window.isTheSame"), "the page was loaded anew"
        page.goto(f"/api/interface/jobs/{job}")
        expect(page.locator("#live")).to_have_attribute("data-state", "live")
        page.evaluate("window.isTheSame = true")
        host.ask("POST", f"/api/jobs/{job}/cancel")
        expect(page.locator("#head .badge")).to_contain_text("cancelled")
        expect(page.get_by_role("button", name="Pause")).to_have_count(0)
        expect(page.get_by_role("button", name="Rerun")).to_be_visible()
        assert page.evaluate("window.isTheSame"), "the page was loaded anew"


def hold(look, host):
    """A person can stop what moves."""
    with look.page() as page:
        page.goto(OVERVIEW)
        expect(page.locator("#live")).to_have_attribute("data-state", "live")
        button = page.get_by_role("button", name="Hold still")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(page.locator("#live-text")).to_contain_text("Held still at")
        with look.page() as other:
            other.goto(OVERVIEW)
            expect(other.locator("#live")).to_have_attribute("data-state", "live")
            job = host.submit()
            expect(other.locator(f"#job-{job}")).to_be_visible()
        assert page.locator(f"#job-{job}").count() == 0
        button.click()
        expect(page.locator(f"#job-{job}")).to_be_visible()


def acts(look, host):
    """Everything that an operator can do, by its button; what destroys asks first, and can be left."""
    def press(page, name, fill=None, choose=None, confirm=None):
        page.locator("#acts").get_by_role("button", name=name, exact=True).click()
        dialog = page.locator("dialog[open]")
        expect(dialog).to_be_visible()
        for label, text in (fill or {}).items():
            dialog.get_by_label(label).fill(text)
        for label, value in (choose or {}).items():
            dialog.get_by_label(label).select_option(value)
        dialog.get_by_role("button", name=confirm or name, exact=True).click()
        expect(page.locator(".banner.good")).to_be_visible()

    job = host.submit()
    with look.page() as page:
        page.goto(f"/api/interface/jobs/{job}")
        press(page, "Pause", fill={"Why, for those who wonder": "<b>lunch</b>"})
        assert host.job(job)["state"] == "paused" and host.job(job)["paused"]["why"] == "<b>lunch</b>"
        expect(page.locator("#head")).to_contain_text("<b>lunch</b>")
        press(page, "Resume")
        assert host.job(job)["state"] == "running"
        press(page, "Priority", fill={"Priority": "42"}, confirm="Change")
        assert host.job(job)["priority"] == 42
        press(page, "Labels", fill={"Add, with commas between": "one, two", "Take away": "mine"}, confirm="Change")
        assert host.job(job)["labels"] == ["one", "two"], host.job(job)["labels"]
        page.locator("#acts").get_by_role("button", name="Cancel now").click()
        expect(page.locator("dialog[open]")).to_contain_text("cannot be taken back")
        page.locator("dialog[open]").get_by_role("button", name="Leave it").click()
        expect(page.locator("dialog[open]")).to_have_count(0)
        assert host.job(job)["state"] == "running"
        press(page, "Cancel")
        assert host.job(job)["state"] == "cancelled" or host.job(job)["cancelling"]
        press(page, "Rerun", choose={"Workflow": "newest"})
        again = re.search(r"/jobs/(\d+)", page.url).group(1)
        assert host.job(again)["origin"]["job_id"] == job
        press(page, "Cancel now")
        assert host.job(again)["state"] == "cancelled" or host.job(again)["cancelling"]
        failed = host.find("failed", "gather")
        page.goto(f"/api/interface/jobs/{failed}")
        press(page, "Retry failed", choose={"Of": "copy"})
        assert host.job(failed)["state"] == "running"
        page.goto(PLUGINS)
        page.get_by_role("button", name="Release").first.click()
        page.locator("dialog[open]").get_by_role("button", name="Release").click()
        expect(page.locator(".banner.good")).to_contain_text("released")
        assert host.ask("GET", "/api/quarantines")["quarantines"] == []


def roles(look, host):
    """A viewer sees no button of an operator; logging out ends it."""
    job = host.find("running", "mosaic")
    with look.page(expects=data_checks.DRAWS) as page:
        page.goto(f"/api/interface/jobs/{job}")
        expect(page.locator("#live")).to_have_attribute("data-state", "live")
        expect(page.locator("#head")).to_contain_text("mosaic")
        assert page.locator("#acts, dialog").count() == 0
        page.goto(data_checks.LANDS)
        data_checks.ready(page)
        expect(page.locator("#map")).to_have_attribute("data-shown", "98")
        assert page.locator("#acts, dialog").count() == 0
        page.goto(f"{data_checks.SCHEDULES}/nightly")
        assert page.locator("dialog, main form").count() == 0
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_label("Token")).to_be_visible()
        page.goto(f"/api/interface/jobs/{job}")
        expect(page).to_have_url(re.compile(r"/login\?next="))


def accessible(look, host, theme):
    """axe finds nothing, in both themes, at full width and at 320 px, with a dialog open, too."""
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

    def check(page, where):
        found = Axe().run(page, options=rules)
        told = [f"{entry['id']}: {entry['nodes'][0]['html'][:160]}" for entry in found.response["violations"]]
        assert not told, f"{where}, {theme}: {told}"

    missing = ("404", "status of 404", *data_checks.DRAWS)
    with look.page(theme=theme, expects=missing) as page:
        for path in every_page(host):
            page.goto(path)
            data_checks.ready(page)
            check(page, path)
        page.goto(f"/api/interface/jobs/{host.find('running', 'mosaic')}")
        page.get_by_role("button", name="Cancel now").click()
        expect(page.locator("dialog[open]")).to_be_visible()
        check(page, "a dialog")
    with look.page(theme=theme, width=320, height=800, expects=data_checks.DRAWS) as page:
        for path in (OVERVIEW, f"/api/interface/jobs/{host.find('running', 'mosaic')}", data_checks.LANDS):
            page.goto(path)
            data_checks.ready(page)
            check(page, f"{path} at 320 px")


def light(look, host):
    accessible(look, host, "light")


def dark(look, host):
    accessible(look, host, "dark")


def narrow(look, host):
    """At 320 px, which is 1280 at 400 %, and with letters twice as large nothing sticks out; wide tables and drawings scroll by themselves."""
    for width, zoom in ((320, 100), (1280, 200), (390, 100)):
        with look.page(width=width, height=800, expects=("404", *data_checks.DRAWS)) as page:
            for path in every_page(host):
                page.goto(path)
                if zoom != 100:
                    page.evaluate("zoom => { document.documentElement.style.fontSize = `${0.875 * zoom}%` }", zoom)
                wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                assert wide <= 0, f"{path} at {width} px and {zoom} %: sticks out by {wide} px"


def keyboard(look, host):
    """All by keys: skip link, filter, a job, a dialog that keeps the focus and gives it back, a task by its number."""
    with look.page() as page:
        page.goto(OVERVIEW)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()
        page.goto(OVERVIEW)
        page.keyboard.press("/")
        expect(page.get_by_label("Text")).to_be_focused()
        page.keyboard.type("mosaic")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"\?text=mosaic$"))
        expect(page.locator(".card.job")).to_have_count(1)
        page.locator(".card.job h3 a").focus()
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("mosaic")
        opener = page.get_by_role("button", name="Cancel", exact=True)
        opener.focus()
        page.keyboard.press("Enter")
        expect(page.locator("dialog[open]")).to_be_visible()
        for _ in range(6):
            page.keyboard.press("Tab")
            inside = page.evaluate("!document.activeElement || document.activeElement === document.body || !!document.activeElement.closest('dialog')")
            assert inside, "the focus left the dialog"
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(opener).to_be_focused()
        page.get_by_label("Task", exact=True).fill("64")
        page.keyboard.press("Enter")
        expect(page.locator("#task-title")).to_contain_text("/64")


def grid(look, host):
    """A click into the drawing of thousands of tasks shows the one that is there; pages turn without a load."""
    with look.page() as page:
        page.goto(f"/api/interface/jobs/{host.find('running', 'mosaic')}?stage=render")
        drawing = page.locator("svg.grid")
        drawing.scroll_into_view_if_needed()
        page.evaluate("window.isTheSame = true")
        drawing.click(position={"x": 8 * 3 + 4, "y": 8 * 2 + 4})
        expect(page.locator("#task-title")).to_contain_text("/render/203")
        page.get_by_role("link", name="Last").click()
        expect(page.locator("svg.grid")).to_have_attribute("data-first", "117000")
        assert page.evaluate("window.isTheSame"), "the page was loaded anew"
        elements = page.evaluate("document.querySelectorAll('*').length")
        assert elements < 2_500, f"{elements} elements for 120,000 tasks"


def plain(look, host):
    """Without scripts all can be read."""
    with look.page(script=False) as page:
        page.goto(OVERVIEW)
        expect(page.locator(".card.job").first).to_be_visible()
        page.get_by_label("Text").fill("mosaic")
        page.get_by_role("button", name="Filter").click()
        expect(page.locator(".card.job")).to_have_count(1)
        page.locator(".card.job h3 a").click()
        expect(page.locator("svg.grid")).to_be_visible()


def lost(look, host):
    """When nothing comes any more the page says so, keeps what it shows, and goes on when it can."""
    with look.page(expects=("ERR_", "Failed to load", "[object Event]")) as page:
        page.route("**/events*", lambda route: route.abort())
        page.goto(OVERVIEW)
        expect(page.locator("#live")).to_have_attribute("data-state", "lost")
        expect(page.locator("#live-text")).to_contain_text("Connection lost. Data of")
        expect(page.locator(".card.job").first).to_be_visible()
        page.unroute("**/events*")
        expect(page.locator("#live")).to_have_attribute("data-state", "live")


def shots(look, host):
    """Pictures of all pages, to be looked at: into the folder WEIR_SHOTS."""
    folder = os.environ["WEIR_SHOTS"]
    large, failed = host.find("running", "mosaic"), host.find("failed", "gather")
    places = {"overview": OVERVIEW, "job": f"/api/interface/jobs/{large}?stage=render&task=3", "failed": f"/api/interface/jobs/{failed}",
              "queue": QUEUE, "hosts": HOSTS, "plugins": PLUGINS, "problem": "/api/interface/jobs/4711",
              "empty": f"{OVERVIEW}?text=unheard", "datasets": data_checks.DATASETS, "lands": data_checks.LANDS,
              "ways": data_checks.WAYS, "lists": f"{data_checks.DATASETS}/lists", "schedules": data_checks.SCHEDULES,
              "schedule": f"{data_checks.SCHEDULES}/nightly?from=2026-03-27T00:00&to=2026-03-31T00:00", "jobs": data_checks.JOBS,
              "login": "/login"}
    for theme, width in (("light", 1440), ("dark", 1440), ("light", 320)):
        with look.page(theme=theme, width=width, expects=("404", *data_checks.DRAWS)) as page:
            for name, path in places.items():
                page.goto(path)
                data_checks.ready(page)
                page.screenshot(path=f"{folder}/{name}-{theme}-{width}.png", full_page=True)
            if width == 1440:
                page.goto(places["job"])
                page.get_by_role("button", name="Rerun").or_(page.get_by_role("button", name="Priority")).first.click()
                page.screenshot(path=f"{folder}/dialog-{theme}.png")


def main():
    base, checks = sys.argv[1], sys.argv[2].split(",")
    operator = sys.argv[3] if len(sys.argv) > 3 else None
    viewer = sys.argv[4] if len(sys.argv) > 4 else None
    with looker(base, viewer or operator) as look:
        for check in checks:
            (globals().get(check) or getattr(data_checks, check))(look, Host(base, operator))


main()
