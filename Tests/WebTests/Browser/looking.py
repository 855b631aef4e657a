"""A browser that fails at the first error on its console, breach of the policy, or request to another host."""
import contextlib
import os

from playwright.sync_api import sync_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage", "--font-render-hinting=none", "--force-color-profile=srgb"]
PATIENCE = 20_000


class Looker:
    def __init__(self, browser, base, token=None):
        self.browser, self.base, self.token = browser, base, token

    @contextlib.contextmanager
    def page(self, theme="light", width=1440, height=900, script=True, expects=()):
        """A page of a browser of its own; `expects` are words of console lines that the test is about."""
        context = self.browser.new_context(
            base_url=self.base, viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce",
            locale="en-GB", timezone_id="UTC", java_script_enabled=script)
        troubles, requests = [], []
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda line: line.type in ("error", "warning") and troubles.append(line.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        if self.token:
            page.goto("/login")
            page.get_by_label("Token").fill(self.token)
            page.get_by_role("button", name="Log in").click()
        try:
            yield page
            unexpected = [line for line in troubles if not any(words in line for words in expects)]
            assert not unexpected, f"the console says {unexpected}"
            # a blob is of the page's own memory
            foreign = [url for url in requests if not url.removeprefix("blob:").startswith(self.base + "/")]
            assert not foreign, f"requests to others: {foreign}"
        finally:
            context.close()


@contextlib.contextmanager
def looker(base, token=None):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("WEIR_CHROMIUM", "/usr/bin/chromium"), args=FLAGS)
        try:
            yield Looker(browser, base, token)
        finally:
            browser.close()
