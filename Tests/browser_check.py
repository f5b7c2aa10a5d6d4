#!/usr/bin/env python3
"""Looks at the dashboard with a real browser: Chromium without a head, driven by its debugging protocol.

    python Tests/browser_check.py --parley .build/debug/parley [--keep FOLDER]

Runs a simulated round whose samples are hostile, serves it with `parley dashboard`, signs in, visits every page at the
widths of a desktop and of a phone, dark and light, and clicks: to a transcript, to dead jobs and their ruling, through
the calendar. It checks that nothing of a transcript runs, that nothing
breaks the content security policy or is fetched from elsewhere, that no page is wider than its window, that numbers
change without a reload, that all works without the script, and that a round is paused by keyboard alone. Screenshots go
to FOLDER. Only the standard library is needed.
"""

import argparse
import base64
import datetime
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

TOKEN = "browser-check-token"
HOSTILE = "<script>document.title='OWNED'</script><img src=x onerror=\"document.title='OWNED'\"></pre>\u202egnp.exe"
failures = []


def check(condition, message):
    if not condition:
        failures.append(message)
        print(f"FAILED: {message}", file=sys.stderr)


class Socket:
    """As much of a WebSocket as the debugging protocol needs: text frames of one client."""

    def __init__(self, url):
        host, path = url.removeprefix("ws://").split("/", 1)
        name, port = host.rsplit(":", 1)
        self.raw = socket.create_connection((name, int(port)), timeout=60)
        key = base64.b64encode(os.urandom(16)).decode()
        self.raw.sendall(
            f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        head = b""
        while b"\r\n\r\n" not in head:
            head += self.raw.recv(1)

    def send(self, text):
        data, mask = text.encode(), os.urandom(4)
        size = len(data)
        head = bytes([0x81, 0x80 | size]) if size < 126 else b"\x81\xfe" + struct.pack(">H", size)
        if size >= 1 << 16:
            head = b"\x81\xff" + struct.pack(">Q", size)
        self.raw.sendall(head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(data)))

    def read(self, count):
        data = b""
        while len(data) < count:
            part = self.raw.recv(count - len(data))
            if not part:
                raise ConnectionError("the browser is gone")
            data += part
        return data

    def receive(self):
        text = b""
        while True:
            first, second = self.read(2)
            size = second & 0x7F
            if size == 126:
                (size,) = struct.unpack(">H", self.read(2))
            elif size == 127:
                (size,) = struct.unpack(">Q", self.read(8))
            text += self.read(size)
            if first & 0x80:
                return text.decode()


def find_chromium():
    """The program's path; None where there is none. `need_chromium` of scripts/lib.sh looks for the same names."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    def __init__(self, program, folder):
        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             f"--user-data-dir={folder}", "--remote-debugging-port=0", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        port_file = Path(folder) / "DevToolsActivePort"
        wait(lambda: port_file.exists() and "\n" in port_file.read_text(), 60, "the browser starts")
        port = port_file.read_text().split("\n")[0]
        pages = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json"))
        self.socket = Socket(next(page for page in pages if page["type"] == "page")["webSocketDebuggerUrl"])
        self.number, self.events = 0, []
        for domain in ["Page", "Runtime", "Network", "Log"]:
            self.ask(f"{domain}.enable")

    def ask(self, method, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.receive())
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def run(self, code):
        answer = self.ask("Runtime.evaluate", expression=code, returnByValue=True, awaitPromise=True)
        return answer["result"].get("value")

    def open(self, url):
        self.ask("Page.navigate", url=url)
        self.settle(url)

    def settle(self, url=None):
        wait(lambda: self.run("document.readyState") == "complete" and self.run("location.href") != "about:blank", 30,
             f"{url} is read")

    def press(self, key, text=None):
        code = {"Tab": 9, "Enter": 13}.get(key, 0)
        extra = {"text": text} if text else {}
        self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, windowsVirtualKeyCode=code, **extra)
        self.ask("Input.dispatchKeyEvent", type="keyUp", key=key, code=key, windowsVirtualKeyCode=code)

    def type(self, text):
        self.ask("Input.insertText", text=text)

    def view(self, width, height, scheme):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                 mobile=width < 600)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def picture(self, path):
        image = self.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        path.write_bytes(base64.b64decode(image))


def wait(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.1)


def write_round(folder, url):
    rows = [{"id": f"s{n} {HOSTILE}" if n == 0 else f"s{n}", "input": f"{HOSTILE} What is {n} + 7?",
             "target": str(n + 7)} for n in range(200)]
    (folder / "sums.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    play = "{ accuracy: 0.7, refusal_rate: 0.1, error_rate: 0.02, latency: 800ms }"
    models = "".join(
        f"  - {{ name: {name}, party: {party}, provider: {provider}, base_url: '{url}{path}', model: {name}, "
        f"concurrency: 4, price: {{ input: 3, output: 15 }}, simulate: {play} }}\n"
        for name, party, provider, path in
        [("ma", "a", "openai", "/v1"), ("mb", "b", "anthropic", ""), ("mc", "b", "openai", "/v1")]
    )
    suites = "".join(
        f"  - {{ name: {name}, party: a, areas: [scalable oversight], dataset: sums.jsonl, scorer: numeric, epochs: 4 }}\n"
        for name in ["sums", "more-sums"]
    )
    (folder / "round.yaml").write_text(
        "round: spring\ntier: bilateral\ntitle: Spring & <b>sums</b>\nparties:\n  - { name: a, role: lab }\n"
        "  - { name: b, role: lab }\nmodels:\n"
        f"{models}"
        f"suites:\n{suites}runs: all\nbudgets: [{{ tokens: 9000000, money: 50 }}]\n"
    )
    first = datetime.date.today() - datetime.timedelta(days=30)
    (folder / "series.yaml").write_text(
        f"series: frontier\ntitle: Frontier\ntime_zone: Europe/London\nfirst: {first}\nevery: 6 months\nwindows:\n"
        "  nomination: { day: 0, days: 21 }\n  run: { day: 28, days: 14, opens: \"09:00\", closes: \"17:00\" }\n"
        "  release: { day: 50, days: 7 }\nreminders: [14, 2]\n"
    )


def check_page(browser, name, folder):
    check(browser.run("document.title").find("OWNED") < 0, f"{name}: a transcript ran")
    wide = browser.run("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    check(wide <= 0, f"{name}: the page is {wide} px wider than its window")
    small = browser.run(
        "[...document.querySelectorAll('nav a, button, main input:not([type=hidden])')]"
        ".filter((e) => e.getBoundingClientRect().height < 24).map((e) => e.outerHTML)"
    )
    check(not small, f"{name}: too small to be touched: {small}")
    browser.picture(folder / f"{name}.png")


def visit(browser, base, job, folder):
    pages = {"overview": "", "round": "/rounds/spring", "findings": "/rounds/spring/findings",
             "dead": "/rounds/spring/dead", "workers": "/workers", "limits": "/limits", "calendar": "/calendar",
             "job": f"/jobs/{job}", "cell": "/rounds/spring/cells/sums/ma"}
    for width, height, shape in [(1280, 900, "desktop"), (390, 844, "phone")]:
        for scheme in ["light", "dark"]:
            browser.view(width, height, scheme)
            for name, path in pages.items():
                browser.open(base + path)
                check_page(browser, f"{shape}-{scheme}-{name}", folder)


def check_live(browser, base):
    browser.open(base + "/rounds/spring")
    read = "document.getElementById('progress').innerText"
    before = browser.run(read)
    browser.run("window.sameDocument = true")
    wait(lambda: browser.run(read) != before, 30, "the progress changes by itself")
    check(browser.run("window.sameDocument"), "the page was read again as a whole")
    check(browser.run("document.getElementById('live-state').innerText") == "This page is live.", "it says it is live")


def follow(browser, link):
    """Clicks on what a selector finds first, and waits for the page behind it."""
    before = browser.run("location.href")
    check(browser.run(f"document.querySelector({json.dumps(link)}) !== null"), f"{link} is there on {before}")
    browser.run(f"document.querySelector({json.dumps(link)}).click()")
    wait(lambda: browser.run("location.href") != before, 20, f"{link} leads on")
    browser.settle()


def rule_on_the_dead(browser, base, folder):
    """From the round to its dead jobs, to one of them and back; then a ruling, for which a reason is asked."""
    browser.open(base + "/rounds/spring")
    follow(browser, "main a[href='/dashboard/rounds/spring/dead']")
    check(browser.run("document.querySelector('h2').innerText") == "malformed_response", "the class of the dead jobs")
    check_page(browser, "dead", folder)
    follow(browser, "main tbody a")
    check("spent" in browser.run("document.getElementById('why').innerText"), "the job says that it is dead")
    check(browser.run("document.querySelectorAll('ol pre').length") >= 3, "its failed attempts are shown")
    check_page(browser, "dead-job", folder)
    for ruling, because in [("exclude", "the provider's fault"), ("rerun", "mended")]:
        wait(lambda: browser.open(base + "/rounds/spring/dead") or browser.run(
            f"document.querySelector('button[value={ruling}]') !== null"), 60, "a job is dead without a ruling")
        browser.run(f"document.querySelector('button[value={ruling}]').click()")
        check("done=" not in browser.run("location.search"), "without a reason nothing is ruled")
        browser.run("document.querySelector('[name=because]').focus()")
        browser.type(because)
        browser.run(f"document.querySelector('button[value={ruling}]').click()")
        wait(lambda: browser.run("location.search") == "?done=ruled", 20, f"the dead are ruled on: {ruling}")
        browser.settle()
        check("Ruled" in browser.run("document.querySelector('main .notice').innerText"), "the page says so")
    check_page(browser, "ruled", folder)
    browser.open(base + "/rounds/spring")
    wait(lambda: "the provider's fault" in browser.run("document.getElementById('events').innerText"), 30,
         "the ledger has the ruling's reason")


def through_the_calendar(browser, base, folder):
    browser.open(base)
    follow(browser, "nav a[href='/dashboard/calendar']")
    text = browser.run("document.getElementById('windows').innerText")
    check(all(part in text for part in ["frontier", "nomination", "run", "open", "upcoming"]), f"the calendar: {text}")
    check_page(browser, "calendar", folder)
    follow(browser, "#windows a[href='/dashboard/rounds/spring']")
    check(browser.run("document.querySelector('h1').innerText") == "Spring & <b>sums</b>", "the calendar leads to its round")


def check_course(browser, base, folder):
    """The limits' course is drawn, live, once the second look is there."""
    browser.open(base + "/limits")
    wait(lambda: browser.run("document.querySelectorAll('svg.chart').length") > 0, 40, "the course of a limit is drawn")
    check_page(browser, "course", folder)


def click_to_transcript(browser, base):
    browser.open(base)
    for link in ["main a[href='/dashboard/rounds/spring']", "#matrix td a", "main tbody a"]:
        follow(browser, link)
    check(HOSTILE[:30] in browser.run("document.querySelector('pre').innerText"), "clicks lead to a transcript as text")


def check_without_script(browser, base):
    browser.ask("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(base)
    check("Spring & <b>sums</b>" in browser.run("document.body.innerText"), "the overview without script")
    check("stands still" in browser.run("document.getElementById('live-state').innerText"), "it says so without script")
    browser.ask("Emulation.setScriptExecutionDisabled", value=False)


def pause_by_keyboard(browser, base, folder):
    browser.open(base + "/rounds/spring")
    for _ in range(200):
        browser.press("Tab")
        if browser.run("document.activeElement.id") == "because":
            break
    check(browser.run("document.activeElement.id") == "because", "the reason is reached by Tab")
    browser.press("Enter", "\r")
    check(browser.run("location.search") == "", "without a reason nothing is sent")
    browser.type(f"wrong key {HOSTILE}")
    browser.press("Tab")
    check(browser.run("document.activeElement.value") == "pause", "the button follows")
    browser.picture(folder / "keyboard.png")
    browser.press("Enter", "\r")
    wait(lambda: browser.run("location.search") == "?done=paused", 20, "the round is paused")
    browser.settle()
    wait(lambda: "was paused by" in browser.run("document.getElementById('why').innerText"), 20, "the pause is shown")
    check_page(browser, "paused", folder)


def check_events(browser, base):
    for event in browser.events:
        text = json.dumps(event)
        check("Content Security Policy" not in text, f"the policy was broken: {text[:400]}")
        check(event.get("method") != "Runtime.exceptionThrown", f"the script failed: {text[:400]}")
        if event.get("method") == "Network.requestWillBeSent":
            url = event["params"]["request"]["url"]
            check(url.startswith(base) or url.startswith("about:"), f"something was fetched from elsewhere: {url}")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def look(parley, chromium, folder, pictures):
    url = f"http://127.0.0.1:{free_port()}"
    write_round(folder, url)
    state = ["--state", str(folder / "state")]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    simulator = subprocess.Popen([parley, "simulate", "--round", folder / "round.yaml", "--port", url.split(":")[2]],
                                 **silent)
    run = served = browser = None
    try:
        # Every second answer of the third model is no JSON: three of them in a row and a job is dead.
        faults = json.dumps({"models": {"mc": {"faults": {"malformed_json": 0.5}}}}).encode()

        def broken():
            try:
                return urllib.request.urlopen(url + "/control", faults).status == 200
            except OSError:
                return False
        wait(broken, 30, "the simulated provider answers")
        run = subprocess.Popen([parley, "run", folder / "round.yaml", *state], **silent)
        def done():
            status = subprocess.run([parley, "status", "--json", *state], capture_output=True, text=True)
            rounds = json.loads(status.stdout)["rounds"] if status.returncode == 0 else []
            return any(round["done"] >= 8 and round["queue"]["dead"] > 0 for round in rounds)
        wait(done, 120, "the round runs, and a job dies")
        for order in [["add", folder / "series.yaml"], ["assign", "spring", "--series", "frontier", "--occurrence", "0"]]:
            subprocess.run([parley, "calendar", *order, *state], check=True, stdout=subprocess.DEVNULL)
        served = subprocess.Popen([parley, "dashboard", "--port", "0", *state], stderr=subprocess.PIPE, text=True,
                                  env={**os.environ, "PARLEY_DASHBOARD_TOKEN": TOKEN, "PARLEY_ACTOR": "olga"})
        base = next(line for line in served.stderr if line.startswith("http://")).strip()
        browser = Browser(chromium, folder / "profile")
        browser.view(1280, 900, "light")
        browser.open(base)
        check(browser.run("location.pathname") == "/dashboard/sign-in", "nobody looks without a token")
        browser.type("wrong")
        browser.press("Enter", "\r")
        wait(lambda: "lets nobody in" in (browser.run("document.body.innerText") or ""), 20, "a wrong token is refused")
        browser.picture(pictures / "sign-in.png")
        browser.type(TOKEN)
        browser.press("Enter", "\r")
        wait(lambda: browser.run("location.pathname") == "/dashboard", 20, "the token signs in")
        check(browser.run("document.cookie") == "", "no script reads the token")
        tail = subprocess.run([parley, "top", "--json", *state], capture_output=True, text=True)
        check(tail.returncode == 0 and json.loads(tail.stdout)["rounds"][0]["round"] == "spring", "parley top --json")
        check_live(browser, base)
        visit(browser, base, 1 << 36, pictures)
        check_without_script(browser, base)
        click_to_transcript(browser, base)
        rule_on_the_dead(browser, base, pictures)
        through_the_calendar(browser, base, pictures)
        check_course(browser, base, pictures)
        browser.view(390, 844, "light")
        pause_by_keyboard(browser, base, pictures)
        check_events(browser, base.removesuffix("/dashboard"))
    finally:
        if browser:
            browser.process.kill()
        for process in [served, run, simulator]:
            if process:
                process.terminate()
                process.wait(60)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--parley", required=True)
    parser.add_argument("--keep", help="a folder for the screenshots")
    options = parser.parse_args()
    chromium = find_chromium()
    if not chromium:
        print("skipped: there is no Chromium here")
        return
    folder = Path(tempfile.mkdtemp(prefix="parley-browser-"))
    # As root, the private PostgreSQL runs as another user.
    folder.chmod(0o755)
    pictures = Path(options.keep or folder / "pictures")
    pictures.mkdir(parents=True, exist_ok=True)
    try:
        look(os.path.abspath(options.parley), chromium, folder, pictures)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if failures:
        sys.exit(f"{len(failures)} checks of the dashboard in a browser failed")
    print("the dashboard passes in a browser")


if __name__ == "__main__":
    main()
