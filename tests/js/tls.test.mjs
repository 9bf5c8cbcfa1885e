// Official clients over TLS: each transport, names, client certificates, renewal, old versions; and a browser.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import tls from "node:tls";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { ask, client, closeClients, connected, limit, next, startServer, ways, within } from "./support.mjs";

const program = process.env.SIO_TLS_SERVER ?? `"${fileURLToPath(new URL("../../build/bin/tls_server", import.meta.url))}"`;
const chromiumPath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const directory = mkdtempSync(join(tmpdir(), "sio-tls-"));
const file = (name) => join(directory, name);
const read = (name) => readFileSync(file(name), "utf8");

const openssl = (...args) => execFileSync("openssl", args, { cwd: directory, stdio: ["ignore", "ignore", "pipe"] });
const ecKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

function makeAuthority(name) {
  openssl("req", "-x509", ...ecKey, "-days", "2", "-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.pem`);
}

function makeCertificate(name, subject, alternative, authority = "authority") {
  openssl("req", ...ecKey, "-subj", `/CN=${subject}`, "-keyout", `${name}.key`, "-out", `${name}.csr`);
  writeFileSync(file(`${name}.ext`), `subjectAltName=${alternative}`);
  openssl("x509", "-req", "-in", `${name}.csr`, "-CA", `${authority}.pem`, "-CAkey", `${authority}.key`, "-set_serial",
          String(Date.now()), "-days", "2", "-extfile", `${name}.ext`, "-out", `${name}.pem`);
}

const makeLocalhost = (subject) => makeCertificate("localhost", subject, "DNS:localhost,IP:127.0.0.1");

/// A plain TLS connection that has shaken hands.
async function shake(port, options = {}) {
  const socket = tls.connect({ host: "127.0.0.1", port, ca: read("authority.pem"), servername: "localhost", ...options });
  await within(once(socket, "secureConnect"), "the handshake");
  return socket;
}

const nameOn = async (port, options) => {
  const socket = await shake(port, options);
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return CN;
};

describe("TLS", () => {
  let server;
  const start = async (ask) => {
    server = await startServer({ command: `${program} "${directory}" ${ask}` });
    return `https://localhost:${server.port}`;
  };

  before(() => {
    makeAuthority("authority");
    makeAuthority("stranger");
    makeLocalhost("first");
    makeCertificate("example", "*.example.com", "DNS:*.example.com");
    makeCertificate("alice", "alice", "DNS:alice");
    makeCertificate("mallory", "mallory", "DNS:mallory", "stranger");
  });
  afterEach(async () => {
    closeClients();
    await server?.stop();
    server = undefined;
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  for (const [way, options] of Object.entries(ways)) {
    it(`${way}: an event goes there and back, and the handshake is secure`, limit, async () => {
      const url = await start("none");
      const socket = client(url, { ...options, ca: read("authority.pem") });
      const [secure, name] = await next(socket, "hello");
      assert.deepEqual([secure, name], [true, ""]);
      const big = "x".repeat(500_000);
      assert.equal(await ask(socket, "echo", big), big);
      assert.deepEqual(await ask(socket, "echo", Buffer.alloc(100_000, 7)), Buffer.alloc(100_000, 7));
    });
  }

  it("a client that does not know the authority does not connect", limit, async () => {
    const socket = client(await start("none"), { transports: ["websocket"] });
    const [error] = await next(socket, "connect_error");
    assert.match(String(error.description?.message ?? error.message), /websocket error|verify|unable/);
  });

  it("each name gets its certificate", limit, async () => {
    await start("none");
    assert.equal(await nameOn(server.port), "first");
    assert.equal(await nameOn(server.port, { servername: "chat.example.com" }), "*.example.com");
  });

  for (const [way, options] of Object.entries(ways)) {
    it(`${way}: a client's certificate is known to the handlers`, limit, async () => {
      const url = await start("required");
      const own = { cert: read("alice.pem"), key: read("alice.key"), ca: read("authority.pem") };
      const [secure, name] = await next(client(url, { ...options, ...own }), "hello");
      assert.deepEqual([secure, name], [true, "alice"]);
    });
  }

  it("without a certificate, or with a stranger's, nobody comes in where one is required", limit, async () => {
    const url = await start("required");
    const foreign = { cert: read("mallory.pem"), key: read("mallory.key") };
    for (const own of [{}, foreign]) {
      const socket = client(url, { ...own, ca: read("authority.pem") });
      assert.ok(await next(socket, "connect_error"));
    }
  });

  it("a renewed certificate is shown to new connections, and old ones go on", limit, async () => {
    const url = await start("none");
    const old = await connected(url, { transports: ["websocket"], ca: read("authority.pem") });
    makeLocalhost("second");
    assert.equal(await nameOn(server.port), "first");
    const renewed = within(once(server.child.stdout, "data"), "the renewal");
    server.child.kill("SIGHUP");
    await renewed;
    assert.equal(await nameOn(server.port), "second");
    assert.equal(await ask(old, "echo", "still here"), "still here");
    makeLocalhost("first");
  });

  it("TLS 1.2 and 1.3 are spoken, and nothing older", limit, async () => {
    await start("none");
    for (const version of ["TLSv1.2", "TLSv1.3"]) {
      const socket = await shake(server.port, { minVersion: version, maxVersion: version });
      assert.equal(socket.getProtocol(), version);
      socket.destroy();
    }
    const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };
    await assert.rejects(shake(server.port, old));
  });

  it("sessions resume, and renegotiation is refused", limit, async () => {
    await start("none");
    for (const version of ["TLSv1.2", "TLSv1.3"]) {
      const first = tls.connect({ host: "127.0.0.1", port: server.port, ca: read("authority.pem"), servername: "localhost",
                                  maxVersion: version });
      const [session] = await within(once(first, "session"), "a ticket");
      first.destroy();
      const again = await shake(server.port, { session, maxVersion: version });
      assert.equal(again.isSessionReused(), true);
      again.destroy();
    }
    const socket = await shake(server.port, { maxVersion: "TLSv1.2" });
    const refused = within(new Promise((resolve) => {
      socket.on("error", resolve);
      socket.on("close", resolve);
      socket.renegotiate({}, (error) => error && resolve(error));
    }), "a refusal");
    await refused;
    socket.destroy();
  });

  it("a Unix-domain socket serves the same, without TLS and without an address", limit, async () => {
    await start("none");
    const get = (path) => within(new Promise((resolve, reject) => {
      http.get({ socketPath: file("sio.sock"), path }, (answer) => {
        let body = "";
        answer.setEncoding("utf8").on("data", (part) => (body += part)).on("end", () => resolve(body));
      }).on("error", reject);
    }), path);
    const { sid } = JSON.parse((await get("/socket.io/?EIO=4&transport=polling")).slice(1));
    await within(new Promise((resolve) => {
      const post = http.request({ socketPath: file("sio.sock"), method: "POST",
                                  path: `/socket.io/?EIO=4&transport=polling&sid=${sid}` }, (answer) => {
        answer.resume().on("end", resolve);
      });
      post.end("40");
    }), "the POST");
    const packets = await get(`/socket.io/?EIO=4&transport=polling&sid=${sid}`);
    assert.match(packets, /42\["hello",false,"",""\]/);
  });

  it("a browser comes in", { ...limit, skip: !existsSync(chromiumPath) && "no Chromium" }, async () => {
    const url = await start("none");
    const args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];
    const browser = await chromium.launch({ executablePath: chromiumPath, headless: true, args });
    try {
      const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
      await page.goto(url);
      const seen = await page.evaluate(() => new Promise((resolve) => {
        const socket = window.io();
        let hello;
        socket.on("hello", (...args) => (hello = args));
        socket.on("connect", () => socket.io.engine.on("upgrade", async (transport) => {
          resolve([transport.name, hello.slice(0, 2), await socket.emitWithAck("echo", "over TLS")]);
        }));
      }));
      assert.deepEqual(seen, ["websocket", [true, ""], "over TLS"]);
    } finally {
      await browser.close();
    }
  });
});
