"""Chromium without a window, and what its page did."""

import json
import os
import tempfile

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from service import wait_until

# Kept before any script of the page runs: what the policy refused, and which timers are pending.
WITNESS = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => {
  violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
window.pendingTimers = new Set();
const [begin, end] = [window.setTimeout, window.clearTimeout];
window.setTimeout = (work, ...rest) => {
  const timer = begin(() => { pendingTimers.delete(timer); work(); }, ...rest);
  pendingTimers.add(timer);
  return timer;
};
window.clearTimeout = (timer) => { pendingTimers.delete(timer); end(timer); };
"""


class Browser:
    def __init__(self):
        self.profile = tempfile.TemporaryDirectory(prefix="semcached-chromium-")
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        flags = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900"]
        flags += ["--disable-background-networking", "--disable-component-update", "--no-first-run", "--lang=en-US"]
        flags.append(f"--user-data-dir={self.profile.name}")
        if os.geteuid() == 0:
            flags.append("--no-sandbox")
        for flag in flags:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.driver.set_script_timeout(30)
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WITNESS})

    def close(self):
        self.driver.quit()
        self.profile.cleanup()

    def open(self, url):
        """Opens a page and forgets what an earlier one did."""
        self.driver.get("about:blank")
        for log in ("browser", "performance"):
            self.driver.get_log(log)
        self.driver.get(url)

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        found = self.all(selector)
        if len(found) != 1:
            raise AssertionError(f"{len(found)} elements are {selector}")
        return found[0]

    def text(self, selector):
        """The text of the only such element, also where it is scrolled out of sight."""
        return self.one(selector).get_property("textContent").strip()

    def is_shown(self, selector):
        return any(element.is_displayed() for element in self.all(selector))

    def wait(self, condition, what):
        """Waits for a condition; the page may put new elements into the place of those that it looks at."""

        def holds():
            try:
                return condition()
            except (StaleElementReferenceException, AssertionError):
                return False

        wait_until(holds, what)

    def wait_for_text(self, selector, part):
        self.wait(lambda: part in self.text(selector), f"'{part}' in {selector}")

    def click(self, selector):
        self.script("arguments[0].scrollIntoView({block: 'center'})", self.one(selector))
        self.one(selector).click()

    def type(self, selector, text):
        """Replaces what is in a field, and leaves it."""
        field = self.one(selector)
        self.script("arguments[0].value = ''", field)
        field.send_keys(text)
        self.script("arguments[0].dispatchEvent(new Event('change', { bubbles: true }))", field)

    def press(self, selector, *keys):
        self.one(selector).send_keys(*keys)

    def rows(self, place):
        """The texts of the cells of the table in a place."""
        return self.script(
            "return [...document.querySelectorAll(arguments[0] + ' tbody tr')]"
            ".map((row) => [...row.cells].map((cell) => cell.textContent.trim()))",
            place,
        )

    def emulate(self, *, width=None, scheme=None, motion=None):
        """Shows the page as on a screen of this width and with these preferences; None for the usual ones."""
        if width:
            metrics = {"width": width, "height": 812, "deviceScaleFactor": 2, "mobile": True}
            self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        else:
            self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        features = [("prefers-color-scheme", scheme), ("prefers-reduced-motion", motion)]
        media = {"features": [{"name": name, "value": value or ""} for name, value in features]}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)

    def requests(self):
        """The URLs and headers of the requests since the page was opened, or since this was asked last."""
        events = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        return [event["params"]["request"] for event in events if event["method"] == "Network.requestWillBeSent"]

    def complaints(self):
        """What the policy refused, and what the console says besides statuses of answers."""
        console = [entry for entry in self.driver.get_log("browser") if entry["source"] != "network"]
        return self.script("return window.violations ?? []") + [entry["message"] for entry in console]
