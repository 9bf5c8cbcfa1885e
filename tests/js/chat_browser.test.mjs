// Two tabs of a real browser chat through the page's own controls: what a user sees, and what a restart does to it.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { limit, startServer } from "./support.mjs";

const build = process.env.SIO_BUILD_DIR ?? fileURLToPath(new URL("../../build", import.meta.url));
const command = process.env.SIO_CHAT ?? `"${join(build, "bin", "chat")}"`;
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const pictures = join(build, "screenshots");

const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
               "--disable-background-networking", "--disable-component-update", "--disable-sync"];

describe("the chat in a browser", { skip: !existsSync(executablePath) && `no ${executablePath}` }, () => {
  let server, profile, browser, tabs, complaints;

  before(async () => {
    await mkdir(pictures, { recursive: true });
    profile = await mkdtemp(join(tmpdir(), "sio-chromium-"));
    const viewport = { width: 1100, height: 720 };
    browser = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args: quiet, viewport });
  });
  beforeEach(async () => {
    server = await startServer({ command });
    complaints = [];
    tabs = await Promise.all([openTab(), openTab()]);
  });
  afterEach(async () => {
    await Promise.all(tabs.map((tab) => tab.close()));
    await server.kill();
  });
  after(async () => {
    await browser?.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  });

  async function openTab() {
    const tab = await browser.newPage();
    tab.setDefaultTimeout(30_000);
    tab.on("pageerror", (error) => complaints.push(error.message));
    tab.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
    await tab.goto(server.url);
    return tab;
  }

  async function enter(tab, name, room = "lobby") {
    await tab.getByLabel("Your name").fill(name);
    await tab.getByRole("textbox", { name: "Room", exact: true }).fill(room);
    await tab.getByRole("button", { name: "Join" }).click();
    await tab.getByRole("heading", { name: room }).waitFor();
  }

  async function say(tab, text) {
    await tab.getByLabel("Message", { exact: true }).fill(text);
    await tab.getByRole("button", { name: "Send" }).click();
  }

  const shows = (tab, text) => tab.getByRole("log").getByText(text, { exact: true }).waitFor();
  const members = (tab, ...names) =>
    tab.waitForFunction((wanted) => {
      const shown = [...document.querySelectorAll("#members .name")].map((item) => item.textContent);
      return JSON.stringify(shown) === wanted && document.querySelector("#count").textContent === String(shown.length);
    }, JSON.stringify(names));

  it("joins, talks, shows who is here and who types", limit, async () => {
    const [ada, grace] = tabs;
    await enter(ada, "Ada");
    await enter(grace, "Grace");
    await shows(ada, "Grace joined");
    await members(ada, "Ada", "Grace");
    await members(grace, "Ada", "Grace");

    await say(ada, "Hello from the first tab");
    await shows(grace, "Hello from the first tab");
    const odd = "And hello from the second: naïve café, <b>&amp;</b>";
    await say(grace, odd);
    await shows(ada, odd);

    await say(ada, "Both of us talk to a server in C++,");
    await say(ada, "through the official JavaScript client.");
    await shows(grace, "through the official JavaScript client.");

    await ada.getByLabel("Message", { exact: true }).pressSequentially("I am thinki");
    await grace.getByText("Ada is typing…").waitFor();
    await grace.screenshot({ path: join(pictures, "chat.png") });
    await ada.getByLabel("Message", { exact: true }).fill("");
    await grace.getByText("Ada is typing…").waitFor({ state: "detached" });
    assert.deepEqual(complaints, []);
  });

  it("a changed room is another conversation", limit, async () => {
    const [ada, grace] = tabs;
    await enter(ada, "Ada");
    await enter(grace, "Grace");
    await members(ada, "Ada", "Grace");

    await grace.getByLabel("Change room").fill("kitchen");
    await grace.getByRole("button", { name: "Go" }).click();
    await grace.getByRole("heading", { name: "kitchen" }).waitFor();
    await members(grace, "Grace");
    await members(ada, "Ada");
    await shows(ada, "Grace left");

    await say(ada, "only in the lobby");
    await shows(ada, "only in the lobby");
    await ada.getByLabel("Change room").fill("kitchen");
    await ada.getByLabel("Change room").press("Enter");
    await members(grace, "Ada", "Grace");
    await say(ada, "now in the kitchen 你好 👋");
    await shows(grace, "now in the kitchen 你好 👋");
    assert.equal(await grace.getByText("only in the lobby").count(), 0);
    assert.deepEqual(complaints, []);
  });

  it("a closed tab leaves the room", limit, async () => {
    const [ada, grace] = tabs;
    await enter(ada, "Ada");
    await enter(grace, "Grace");
    await members(ada, "Ada", "Grace");
    await grace.close();
    await shows(ada, "Grace left");
    await members(ada, "Ada");
  });

  it("after a restart of the server both tabs are back in their room", limit, async () => {
    const [ada, grace] = tabs;
    await enter(ada, "Ada", "tea");
    await enter(grace, "Grace", "tea");
    await say(ada, "before the restart");
    await shows(grace, "before the restart");

    await server.kill();
    for (const tab of tabs) await tab.getByRole("status").filter({ hasText: /Reconnecting|Trying again/ }).waitFor();
    assert.ok(await ada.getByRole("button", { name: "Send" }).isDisabled());
    await ada.screenshot({ path: join(pictures, "reconnecting.png") });

    server = await startServer({ command, port: server.port });
    for (const tab of tabs) await tab.getByRole("status").waitFor({ state: "hidden" });
    await members(ada, "Ada", "Grace");
    await say(grace, "after the restart");
    await shows(ada, "after the restart");
    await shows(ada, "before the restart");
  });

  it("it fits a telephone, in the dark", limit, async () => {
    const [ada, grace] = tabs;
    await ada.screenshot({ path: join(pictures, "welcome.png") });
    await ada.setViewportSize({ width: 390, height: 760 });
    await ada.emulateMedia({ colorScheme: "dark" });
    await enter(ada, "Ada");
    await enter(grace, "Grace");
    await say(grace, "Does this fit on a telephone, even when it is a rather long message?");
    await say(ada, "It does.");
    await shows(ada, "It does.");
    const fits = await ada.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
    assert.ok(fits, "nothing sticks out");
    await ada.screenshot({ path: join(pictures, "telephone.png") });
  });
});
