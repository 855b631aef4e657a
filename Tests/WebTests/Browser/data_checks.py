"""What browser_checks.py looks at besides: datasets on their maps, schedules, the list of all jobs. Each check is a function."""
import re

from playwright.sync_api import expect

DATASETS, SCHEDULES, JOBS = (f"/api/interface/{name}" for name in ("datasets", "schedules", "jobs"))
LANDS, WAYS = f"{DATASETS}/lands", f"{DATASETS}/ways"
# a browser without a graphics card draws slowly, and says so
DRAWS = ("GPU stall", "software WebGL")


def pages():
    return [DATASETS, LANDS, WAYS, f"{DATASETS}/lists", f"{DATASETS}/plans", SCHEDULES, f"{SCHEDULES}/nightly", f"{SCHEDULES}/weekly",
            f"{SCHEDULES}/nightly?from=2026-03-27T00:00&to=2026-03-31T00:00", JOBS, f"{JOBS}?state=failed", f"{JOBS}?workflow=unheard"]


def ready(page):
    """Waits until what a page loads by itself is there."""
    if page.locator("#live").count():
        expect(page.locator("#live")).to_have_attribute("data-state", "live")
    if page.locator("#map").count():
        expect(page.locator("#map")).to_have_attribute("data-state", "ready")


def maps(look, host):
    """A map shows every feature of the table, says what one is on a click, and follows another version."""
    with look.page(expects=DRAWS) as page:
        page.goto(LANDS)
        ready(page)
        expect(page.locator("#map")).to_have_attribute("data-shown", "98")
        expect(page.locator("#map-words")).to_have_text("98 features in view")
        box = page.locator("#map").bounding_box()
        popup = page.locator(".maplibregl-popup")
        for line in range(15, 60, 4):
            page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * line / 100)
            if popup.count():
                break
        expect(popup).to_be_visible()
        expect(popup.locator("dt").first).to_have_text("id")
        name = popup.locator("dd").nth(1).inner_text()
        assert re.fullmatch(r"Land \d+|Pole", name), name
        page.get_by_role("button", name="Close popup").click()
        expect(popup).to_have_count(0)
        page.get_by_role("button", name="Zoom in").click()
        expect(page.locator("#map")).not_to_have_attribute("data-shown", "98")
        expect(page.locator(".maplibregl-ctrl-attrib")).to_contain_text("© <b>Nobody</b> & others")
        expect(page.get_by_role("region", name="Table of features")).to_contain_text("Land 3")
        page.get_by_role("navigation", name="Pages of features").get_by_role("link", name="Next").click()
        expect(page.get_by_role("region", name="Table of features")).to_contain_text("Land 30")


def styles(look, host):
    """A style that somebody stored can be chosen; one that is no default stays beside it."""
    source = {"s": {"type": "vector", "url": "/api/tiles/places"}}
    layer = {"id": "p", "type": "circle", "source": "s", "source-layer": "places", "paint": {"circle-color": "#ff0000", "circle-radius": 9},
             "filter": ["<=", ["get", "id"], 5]}
    host.ask("POST", "/api/styles?id=five", {"version": 8, "name": "Only five", "sources": source, "layers": [layer]})
    with look.page(expects=DRAWS) as page:
        page.goto(f"{DATASETS}/places")
        ready(page)
        expect(page.locator("#map")).to_have_attribute("data-shown", "20")
        page.get_by_label("Style").select_option(label="Only five")
        expect(page.locator("#map")).to_have_attribute("data-shown", "5")


def versions(look, host):
    """An operator lets readers see another version, and the list tells it."""
    with look.page(expects=DRAWS) as page:
        page.goto(WAYS)
        ready(page)
        expect(page.locator("#map")).to_have_attribute("data-shown", "12")
        page.get_by_role("button", name="Show another version").click()
        dialog = page.locator("dialog[open]")
        dialog.get_by_label("Version").select_option("1")
        dialog.get_by_role("button", name="Show it").click()
        expect(page.locator(".banner.good")).to_contain_text("Readers see that version")
        ready(page)
        expect(page.locator("#map")).to_have_attribute("data-shown", "10")
        expect(page.locator("#updates")).to_contain_text("rollback")
        page.get_by_role("button", name="Turn the schedule off").click()
        page.locator("dialog[open]").get_by_role("button", name="Turn the schedule off").click()
        expect(page.locator("#head .badge")).to_contain_text("schedule off")
        page.goto(DATASETS)
        expect(page.get_by_role("row", name=re.compile("Ways"))).to_contain_text("schedule off")
        host.ask("POST", "/api/curated/datasets/ways/enable")
        expect(page.get_by_role("row", name=re.compile("Ways"))).not_to_contain_text("schedule off")


def schedules(look, host):
    """A schedule is paused, resumed, and made up for, after it was shown what would run."""
    with look.page() as page:
        page.goto(SCHEDULES)
        expect(page.get_by_role("row", name=re.compile("weekly"))).to_contain_text("paused")
        page.get_by_role("link", name="nightly").click()
        expect(page.locator("#next")).to_contain_text("Europe/Zurich")
        page.get_by_role("button", name="Pause", exact=True).click()
        page.locator("dialog[open]").get_by_label("Why, for those who wonder").fill("<i>lunch</i>")
        page.locator("dialog[open]").get_by_role("button", name="Pause").click()
        expect(page.locator(".banner.good")).to_contain_text("Paused")
        expect(page.locator("main")).to_contain_text("<i>lunch</i>")
        page.get_by_role("button", name="Resume", exact=True).click()
        page.locator("dialog[open]").get_by_role("button", name="Resume").click()
        assert host.ask("GET", "/api/schedules/nightly")["paused"] is None
        page.get_by_role("button", name="Backfill").click()
        dialog = page.locator("dialog[open]")
        dialog.get_by_label("From (UTC)").fill("2026-03-27T00:00")
        dialog.get_by_label("To (UTC)").fill("2026-03-31T00:00")
        dialog.get_by_role("button", name="Show the times").click()
        # the night in which the clock is put forward over half past two is among them
        expect(page.locator(".offer")).to_contain_text("This would run 4 jobs, and leave 0 out")
        assert host.ask("GET", "/api/schedules/nightly/backfills")["backfills"] == []
        page.get_by_role("button", name="Run 4 jobs").click()
        expect(page.locator(".banner.good")).to_contain_text("The backfill has begun")
        page.get_by_role("button", name=re.compile("Stop")).click()
        expect(page.locator("#backfills")).to_contain_text("cancelled by")


def jobs(look, host):
    """All jobs page by page, by what they are; and one stage of a job is held while the others go on."""
    with look.page() as page:
        page.goto(JOBS)
        page.get_by_label("State").select_option("failed")
        page.get_by_role("button", name="Filter").click()
        expect(page.locator("tbody tr")).to_have_count(1)
        expect(page.locator("tbody tr")).to_contain_text("gather")
        page.get_by_role("link", name="Clear").click()
        for _ in range(55):
            host.submit()
        page.reload()
        expect(page.locator("tbody tr")).to_have_count(50)
        newest = page.locator("tbody tr a").first.inner_text()
        page.get_by_role("link", name="Older").click()
        expect(page.locator("tbody tr a").first).not_to_have_text(newest)
        page.get_by_role("link", name="Newest").click()
        expect(page.locator("tbody tr a").first).to_have_text(newest)
        job = host.find("running", "mosaic")
        page.goto(f"/api/interface/jobs/{job}")
        page.locator("#acts").get_by_role("button", name="Pause").click()
        page.locator("dialog[open]").get_by_label("Of it").select_option("render")
        page.locator("dialog[open]").get_by_role("button", name="Pause").click()
        expect(page.locator(".banner.good")).to_be_visible()
        states = {stage["id"]: stage["state"] for stage in host.job(job)["stages"]}
        assert states["render"] == "paused" and host.job(job)["state"] == "running", states
        page.locator("#acts").get_by_role("button", name="Resume").click()
        page.locator("dialog[open]").get_by_label("Of it").select_option("render")
        page.locator("dialog[open]").get_by_role("button", name="Resume").click()
        expect(page.locator(".banner.good")).to_contain_text("Resumed")
        assert {stage["id"]: stage["state"] for stage in host.job(job)["stages"]}["render"] == "running"


def lists(look, host):
    """The lists of jobs and of schedules change without a reload; what somebody writes beside them stays."""
    with look.page() as page:
        page.goto(f"{JOBS}?workflow=gather")
        ready(page)
        page.evaluate("window.isTheSame = true")
        page.get_by_label("Labels").fill("half a wo")
        job = host.submit()
        row = page.locator(f"#row-{job}")
        expect(row).to_be_visible()
        row.evaluate("row => { row.isTheSame = true }")
        host.ask("POST", f"/api/jobs/{job}/pause?why=lunch")
        expect(row).to_contain_text("paused")
        host.ask("POST", f"/api/jobs/{job}/cancel")
        expect(row).to_contain_text("cancelled")
        assert row.evaluate("row => row.isTheSame"), "the row was replaced, not changed"
        expect(page.get_by_label("Labels")).to_have_value("half a wo")
        assert page.evaluate("window.isTheSame"), "the page was loaded anew"
        page.goto(f"{JOBS}?state=running")
        ready(page)
        job = host.submit()
        expect(page.locator(f"#row-{job}")).to_be_visible()
        host.ask("POST", f"/api/jobs/{job}/cancel")
        expect(page.locator(f"#row-{job}")).to_have_count(0)
        page.goto(SCHEDULES)
        ready(page)
        page.evaluate("window.isTheSame = true")
        host.ask("POST", "/api/schedules/nightly/pause?why=lunch")
        expect(page.locator("#schedule-nightly")).to_contain_text("paused")
        host.ask("POST", "/api/schedules/nightly/resume")
        expect(page.locator("#schedule-nightly")).not_to_contain_text("paused")
        host.ask("PUT", "/api/schedules/hourly", {"workflow": "gather", "cron": "5 * * * *", "params": {"from": "here"}})
        expect(page.locator("#schedule-hourly")).to_contain_text("5 * * * *")
        host.ask("DELETE", "/api/schedules/hourly")
        expect(page.locator("#schedule-hourly")).to_have_count(0)
        assert page.evaluate("window.isTheSame"), "the page was loaded anew"


def mapless(look, host):
    """Without scripts the table says what the map would show."""
    with look.page(script=False) as page:
        page.goto(LANDS)
        expect(page.locator("#map-words")).to_contain_text("The map needs scripts")
        expect(page.get_by_role("region", name="Table of features")).to_contain_text("Land 3")
