// Starts the server under test and looks at it from outside: its process, its descriptors, its memory.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import net from "node:net";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { within } from "./connection.mjs";
import { request } from "./http.mjs";

const built = fileURLToPath(new URL("../../../build/bin/protocol_server", import.meta.url));
const command = process.env.SIO_PROTOCOL_SERVER ?? built;
const onReference = process.env.SIO_REFERENCE === "1";

// MiB that a sanitizer keeps of what was freed.
const memorySlack = Number(process.env.SIO_MEMORY_SLACK ?? 0);

/// Options of a test that leaves the server without descriptors: sanitizers need some of their own.
export const notSanitized = memorySlack ? { skip: "under a sanitizer" } : {};

/// Options of a test whose answer is sio's own: JS has a hole there, or no answer at all.
export const notInJs = onReference ? { skip: "sio's own answer" } : {};

function canListen(port) {
  return new Promise((resolve) => {
    const probe = net.createServer().once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

// Below the ports that the kernel gives to outgoing connections.
async function freePorts() {
  for (;;) {
    const base = 10000 + Math.floor(Math.random() * 22000);
    const free = await Promise.all([0, 1, 2, 3, 4, 5].map((i) => canListen(base + i)));
    if (free.every(Boolean)) return base;
  }
}

/// What a shell runs to start the server under test.
export const commandFor = (base) => `exec ${command} ${base}`;

export class ProtocolServer {
  lines = [];
  #heard = () => {};

  /// `before`: shell words in front of the command (limits, say).
  static async start({ arguments: extra = [], before = "", base } = {}) {
    const server = new ProtocolServer();
    const first = base ?? (await freePorts());
    [server.a, server.b, server.c, server.e, server.f, server.g] = [0, 1, 2, 3, 4, 5].map((i) => first + i);
    const script = [before, commandFor(first), ...extra].join(" ");
    server.child = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "inherit"] });
    server.child.unref();  // it ends with this process, however the tests end
    server.child.stdout.unref();
    process.once("exit", () => server.child.kill("SIGKILL"));
    server.#listen();
    const ready = await within(20_000, server.line(/^ready (\d+)$/), "the server's ready line");
    server.pid = Number(ready[1]);
    return server;
  }

  #listen() {
    let text = "";
    this.child.once("exit", () => this.#heard());
    this.child.stdout.setEncoding("utf8").on("data", (piece) => {
      const parts = (text + piece).split("\n");
      text = parts.pop();
      this.lines.push(...parts);
      this.#heard();
    });
  }

  /// The first line that matches; it is taken out.
  async line(pattern, ms = 20_000) {
    const deadline = Date.now() + ms;
    for (;;) {
      const at = this.lines.findIndex((line) => pattern.test(line));
      if (at >= 0) return pattern.exec(this.lines.splice(at, 1)[0]);
      assert.equal(this.child.exitCode ?? this.child.signalCode, null, `no ${pattern}: the server has ended`);
      await within(deadline - Date.now(), new Promise((heard) => (this.#heard = heard)), `line ${pattern}`);
    }
  }

  /// How many descriptors it has open.
  get descriptors() {
    return readdirSync(`/proc/${this.pid}/fd`).length;
  }

  /// Resident memory in MiB.
  get memory() {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, "utf8"))[1]) / 1024;
  }

  /// `before`: what `memory` said then; `limit` in MiB.
  assertMemoryWithin(limit, before) {
    const grown = Math.round(this.memory - before);
    assert.ok(grown <= limit + memorySlack, `memory grew by ${grown} MiB`);
  }

  /// CPU time that it has used, in seconds.
  get cpu() {
    const fields = readFileSync(`/proc/${this.pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  /// It is the process that said "ready".
  assertAlive() {
    assert.equal(this.child.exitCode ?? this.child.signalCode, null, "the server has died");
    assert.doesNotThrow(() => process.kill(this.pid, 0));
  }

  /// Ends it with a signal; it must exit with 0 within two seconds.
  async stop(signal = "SIGTERM") {
    this.assertAlive();
    const exit = within(2000, once(this.child, "exit"), `exit after ${signal}`);
    process.kill(this.pid, signal);
    const [code, killedBy] = await exit.catch((error) => (this.child.kill("SIGKILL"), Promise.reject(error)));
    assert.deepEqual({ code, killedBy }, { code: 0, killedBy: null });
  }
}

/// One server for a file of tests; after the last it must be the same process, still serve, and end well.
export async function serverForFile(options) {
  const server = await ProtocolServer.start(options);
  after(async () => {
    const { status } = await request(server.a, "/socket.io/?EIO=4&transport=polling");
    assert.equal(status, 200);
    await server.stop();
  });
  return server;
}

/// For `describe`: its tests run side by side, each bounded in time.
export const sideBySide = { concurrency: 24, timeout: memorySlack ? 40_000 : 10_000 };  // sanitizers are slow
