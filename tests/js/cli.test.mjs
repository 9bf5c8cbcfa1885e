// The command-line client against the official server: what it prints, and how it ends.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { limit, startServer, within } from "./support.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const tool = process.env.SIO_TOOL?.replaceAll('"', "") ?? here("../../build/bin/sio");
const serve = (options = "") =>
  startServer({ command: `"${process.execPath}" "${here("../client/peers/node_server.mjs")}" ${options}` });

const servers = [];
const tools = []; // a test that failed leaves its tool behind, and that would keep this process
after(() => {
  for (const { child } of tools) child.kill("SIGKILL");
  return Promise.all(servers.map((server) => server.kill()));
});
async function server(options) {
  servers.push(await serve(options));
  return servers.at(-1);
}

/// The running tool: its lines come one after the other by `line`, its end by `end`.
class Tool {
  out = "";
  err = "";
  constructor(...words) {
    this.child = spawn(tool, words.map(String), { stdio: "pipe" });
    this.closed = once(this.child, "close");
    this.child.stdout.setEncoding("utf8").on("data", (text) => (this.out += text));
    this.child.stdin.on("error", () => {}); // it may have ended before it read
    this.child.stderr.setEncoding("utf8").on("data", (text) => (this.err += text));
    tools.push(this);
  }
  type(...lines) {
    this.child.stdin.write(lines.map((line) => `${line}\n`).join(""));
    return this;
  }
  /// Until what it printed, either way, has this in it.
  async says(pattern) {
    const said = async () => {
      while (!pattern.test(this.out + this.err)) await Promise.race([once(this.child.stdout, "data"),
        once(this.child.stderr, "data"), this.closed.then(() => Promise.reject(new Error("it has ended")))]);
      return this;
    };
    return within(said(), pattern).catch((error) => {
      throw new Error(`${error.message}, had ${this.out}${this.err}`);
    });
  }
  async end(input = "") {
    this.child.stdin.end(input);
    const [code, signal] = await within(this.closed, "the tool's end").catch((error) => {
      throw new Error(`${error.message}, had ${this.out}${this.err}`);
    });
    return { code: code ?? signal, out: this.out, err: this.err, lines: this.out.split("\n").slice(0, -1) };
  }
}

const run = (...words) => new Tool(...words).end();
const json = ({ lines }) => lines.map((line) => JSON.parse(line));

describe("without a server", () => {
  it("teaches, and knows wrong use", limit, async () => {
    for (const words of [["--help"], ["help", "emit"], ["listen", "--help"]]) assert.equal((await run(...words)).code, 0);
    assert.match((await run("--help")).out, /sio connect URL[^]*It ends with 0/);
    assert.match((await run("--version")).out, /^sio \d/);
    assert.deepEqual(await run(), { code: 2, out: "", err: "sio: what shall it do? sio --help tells\n", lines: [] });
    const wrong = await run("listen", "gopher://x");
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /^sio: .+\n$/);
    assert.equal((await run("listen", "http://localhost:1", "--header", "bad\nname: x")).code, 2);
  });

  it("no connection is 5", limit, async () => {
    const { code, err } = await run("emit", "http://127.0.0.1:1", "hello");
    assert.equal(code, 5);
    assert.match(err, /no connection/);
    assert.equal((await run("listen", "http://127.0.0.1:1", "--no-reconnect")).code, 5);
    assert.equal((await run("connect", "http://127.0.0.1:1", "--no-reconnect")).code, 5);
    assert.equal((await run("listen", "http://127.0.0.1:1", "--timeout", "0.2")).code, 4);
  });
});

describe("emit", () => {
  for (const transport of ["polling", "websocket", "polling,websocket"])
    it(`sends, and prints the acknowledgement: ${transport}`, limit, async () => {
      const { url } = await server();
      const emit = (...words) => run("emit", url, "--transport", transport, ...words);
      assert.deepEqual(await emit("sum", 40, -2, "--ack"), { code: 0, out: "[38]\n", err: "", lines: ["[38]"] });
      assert.equal((await emit("tally", "once")).code, 0);
      assert.equal((await emit("count", "once", "--ack")).out, "[1]\n");
      assert.equal((await emit("echo", '{"a":[1,"x"]}', "plain", "--ack", "--json")).out, '[{"a":[1,"x"]},"plain"]\n');
      assert.equal((await emit("never ack", "--ack", "--timeout", "0.3")).code, 4);
    });

  it("sends files as binary", limit, async (t) => {
    const { url } = await server();
    const directory = mkdtempSync(join(tmpdir(), "sio-cli-"));
    t.after(() => rmSync(directory, { recursive: true }));
    writeFileSync(join(directory, "x"), Buffer.alloc(300_000));
    const { out } = await run("emit", url, "upload", "x", `@${join(directory, "x")}`, "--ack");
    assert.equal(out, '["x",300000]\n');
  });

  it("says who it is", limit, async () => {
    const { url } = await server();
    const [handshake] = JSON.parse((await run("emit", `${url}/admin?c=d`, "handshake", "--ack", "--header", "X-A: b",
      "--auth", '{"token":"x"}')).out);
    assert.equal(handshake.headers["x-a"], "b");
    assert.equal(handshake.query.c, "d");
    assert.deepEqual(handshake.auth, { token: "x" });
    const { out } = await run("emit", `${url}/nowhere`, "engine info", "--ack", "--namespace", "dynamic-7", "--query", "a=b");
    assert.match(out, /"transport":"(polling|websocket)"/);
  });

  it("a refusal is 3", limit, async () => {
    const { url } = await server("--require-token secret");
    const { code, err } = await run("emit", url, "echo", "--ack");
    assert.equal(code, 3);
    assert.match(err, /^refused, message unauthorized, data \{"code":401/);
    assert.equal((await run("emit", url, "echo", "--ack", "--auth", '{"token":"secret"}')).code, 0);
    assert.equal((await run("connect", url)).code, 3);
    assert.equal((await run("listen", `${url}/nowhere`)).code, 3);
  });
});

describe("listen", () => {
  it("prints events, and ends after so many", limit, async () => {
    const { url } = await server();
    const one = new Tool("listen", url, "--event", "shouted", "--count", 2, "--json");
    await one.says(/connected/);
    assert.equal((await run("emit", url, "shout", 1, '{"a":null}')).code, 0);
    assert.equal((await run("emit", url, "shout", "x")).code, 0);
    const ended = await one.end();
    assert.equal(ended.code, 0);
    assert.deepEqual(json(ended), [{ event: "shouted", args: [1, { a: null }] }, { event: "shouted", args: ["x"] }]);
  });

  it("tells what becomes of the connection, and comes back", limit, async () => {
    const first = await server();
    const one = new Tool("listen", first.url, "--event", "hello", "--count", 2);
    await one.says(/^hello/m);
    await first.kill();
    await one.says(/disconnected, reason transport (close|error)/);
    await startServer({ command: `"${process.execPath}" "${here("../client/peers/node_server.mjs")}"`, port: first.port })
      .then((again) => servers.push(again));
    const { code, lines } = await one.end();
    assert.equal(code, 0);
    assert.equal(lines.length, 2);
    assert.match(lines[1], /^hello "[\w-]{20}" \{\}$/);
  });

  it("a lost connection is 5 for those who want no other", limit, async () => {
    const one = await server();
    const listening = new Tool("listen", one.url, "--no-reconnect");
    await listening.says(/connected/);
    await one.kill();
    assert.equal((await listening.end()).code, 5);
  });
});

describe("connect", () => {
  it("sends what is typed, and shows what comes", limit, async () => {
    const { url } = await server();
    const { code, out } = await new Tool("connect", url).end(
      ['message "two words" {"a": 1} plain', ".ack sum 40 2", "oops {", ".nope", ".state"].join("\n"));
    assert.equal(code, 0);
    assert.match(out, /^connected, id [\w-]{20}, namespace \/$/m);
    assert.match(out, /^message-back "two words" \{"a":1\} "plain"$/m);
    assert.match(out, /^answer to sum: 42 {2}\(\d+ ms\)$/m);
    assert.match(out, /^error, message this is not JSON: \{$/m);
    assert.match(out, /^error, message there is no \.nope: /m);
    assert.ok(!out.includes("\x1b"), "colours are for terminals");
  });

  it("answers what the server asks", limit, async () => {
    const { url } = await server();
    const one = new Tool("connect", url, "--json").type("ask question 6 7");
    await one.says(/"question"/);
    one.type(".answer 42");
    await one.says(/"answered"/);
    const lines = json(await one.type(".quit").end());
    assert.deepEqual(lines.find(({ event }) => event === "question"), { event: "question", args: [6, 7], ack: true });
    assert.deepEqual(lines.find(({ event }) => event === "answered"), { event: "answered", args: [null, 42] });
    assert.equal(lines.find(({ state }) => state === "connected").namespace, "/");
  });

  it("leaves and comes back when told to", limit, async () => {
    const { url } = await server();
    const one = new Tool("connect", `${url}/admin`);
    await one.says(/connected, id/);
    await one.type("kick").says(/disconnected, reason io server disconnect/);
    await one.type(".connect").says(/connected, id[^]+connected, id/);
    await one.type(".disconnect").says(/disconnected, reason io client disconnect/);
    assert.equal((await one.type(".quit").end()).code, 0);
  });
});

describe("TLS", { skip: spawnSync("openssl", ["version"]).status !== 0 || process.env.SIO_NO_TLS }, () => {
  it("is verified, unless told otherwise", limit, async (t) => {
    const directory = mkdtempSync(join(tmpdir(), "sio-cli-"));
    t.after(() => rmSync(directory, { recursive: true }));
    const [key, cert] = ["key", "cert"].map((name) => join(directory, name));
    spawnSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2",
      "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]);
    const { port } = await server(`--tls "${cert}" --key "${key}"`);
    const emit = (host, ...words) => run("emit", `https://${host}:${port}`, "sum", 1, 2, "--ack", ...words);
    const distrusted = await emit("localhost");
    assert.equal(distrusted.code, 5);
    assert.match(distrusted.err, /certificate/);
    assert.equal((await emit("localhost", "--ca", cert)).out, "[3]\n");
    assert.equal((await emit("127.0.0.1", "--ca", cert)).code, 5);
    assert.equal((await emit("127.0.0.1", "--insecure")).out, "[3]\n");
  });
});
