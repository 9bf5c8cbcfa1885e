// The peers themselves, tried with the official client: what the tests of our client lean on holds.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import net from "node:net";
import readline from "node:readline";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { need } from "./peer.mjs";

const { io } = need("socket.io-client");
const limit = { timeout: 60_000 };
const children = new Set(), sockets = new Set();
after(() => (sockets.forEach((s) => s.disconnect()), children.forEach((child) => child.kill("SIGKILL"))));

/// A running peer, its port, and its further lines.
async function start(program, ...args) {
  const command = program.endsWith(".py") ? (process.env.SIO_PYTHON ?? "python3") : process.execPath;
  const file = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(command, [file, ...args.map(String)], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, PEER_ATTENDED: "1" },
  });
  children.add(child);
  const lines = readline.createInterface({ input: child.stdout });
  const ended = once(child, "exit").then(() => ["ended"], () => ["ended"]);
  const [line] = await Promise.race([once(lines, "line"), ended]);
  if (line === "ended") return {};
  assert.match(line, /^ready \d+$/);
  const order = (text) => (child.stdin.write(`${text}\n`), once(lines, "line"));
  return { child, order, lines, port: Number(line.split(" ")[1]) };
}

function client(port, { nsp = "", ...options } = {}) {
  const socket = io(`http://127.0.0.1:${port}${nsp}`, { forceNew: true, reconnection: false, ...options });
  sockets.add(socket);
  return socket;
}

async function connected(port, options) {
  const socket = client(port, options);
  await once(socket, "connect");
  return socket;
}

const ask = (socket, ...event) => socket.timeout(20_000).emitWithAck(...event);

describe("the official server as a peer", () => {
  for (const options of [{ transports: ["polling"] }, { transports: ["websocket"] }, { nsp: "/admin" }, { nsp: "/dynamic-1" }]) {
    it(`answers ${JSON.stringify(options)}`, limit, async () => {
      const { port } = await start("node_server.mjs");
      const socket = await connected(port, options);
      assert.deepEqual(await ask(socket, "echo", { a: [1, Buffer.from("x")] }), { a: [1, Buffer.from("x")] });
      assert.equal(await ask(socket, "sum", 40, 2), 42);
      socket.on("question", (a, b, done) => done(a * b));
      socket.emit("ask", "question", 6, 7);
      assert.deepEqual(await once(socket, "answered"), [null, 42]);
      await ask(socket, "tally", "a");
      await ask(socket, "tally", "a");
      assert.equal(await ask(socket, "count", "a"), 2);
      socket.emit("disconnect engine", "terminate");
      assert.match((await once(socket, "disconnect"))[0], /^transport (close|error)$/);
    });
  }

  it("refuses those without the token, and speaks msgpack", limit, async () => {
    const { port } = await start("node_server.mjs", "--require-token", "secret", "--parser", "msgpack");
    const parser = need("socket.io-msgpack-parser");
    const [error] = await once(client(port, { parser }), "connect_error");
    assert.equal(error.data.code, 401);
    const socket = await connected(port, { parser, auth: { token: "secret" } });
    assert.equal((await ask(socket, "handshake")).auth.token, "secret");
  });

  it("emits what the test writes, and ends with it", limit, async () => {
    const { port, child } = await start("node_server.mjs");
    const socket = await connected(port);
    child.stdin.write("emit tick 1\n");
    assert.deepEqual(await once(socket, "tick"), [1]);
    socket.emit("kick");
    assert.deepEqual((await once(socket, "disconnect"))[0], "io server disconnect");
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "exit"), [0, null]);
  });
});

describe("the proxy", () => {
  it("cuts, mends, and swallows", limit, async () => {
    const { port } = await start("node_server.mjs", "--ping-interval", 200, "--ping-timeout", 200);
    const proxy = await start("proxy.mjs", port);
    const first = await connected(proxy.port, { transports: ["websocket"] });
    await proxy.order("cut");
    if (first.connected) await once(first, "disconnect");
    await once(client(proxy.port), "connect_error");
    await proxy.order("mend");
    const second = await connected(proxy.port);
    assert.equal(await ask(second, "sum", 1, 2), 3);
    await proxy.order("half-open");
    assert.equal((await once(second, "disconnect"))[0], "ping timeout");
    await proxy.order("mend");
    await proxy.order("delay 10");
    assert.equal(await ask(await connected(proxy.port), "sum", 1, 2), 3);
  });

  it("makes tunnels for those it knows", limit, async () => {
    const { port } = await start("node_server.mjs");
    const proxy = await start("proxy.mjs", "--connect", "--user", "me:secret");
    const answer = async (fields) => {
      const socket = net.connect(proxy.port, "127.0.0.1").setEncoding("latin1");
      socket.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n${fields}\r\n`);
      const [text] = await once(socket, "data");
      socket.destroy();
      return text.split("\r\n")[0];
    };
    assert.match(await answer(""), / 407 /);
    const credentials = Buffer.from("me:secret").toString("base64");
    assert.match(await answer(`Proxy-Authorization: Basic ${credentials}\r\n`), / 200 /);
  });
});

describe("the scripted server", () => {
  const failures = { v2: /v2\.x/, refused: /go away/, bytes: /xhr poll error/, page: /xhr poll error/ };
  for (const [script, message] of Object.entries(failures))
    it(`fails to connect: ${script}`, limit, async () => {
      const { port } = await start("scripted_server.mjs");
      const [error] = await once(client(port, { query: { script }, transports: ["polling"] }), "connect_error");
      assert.match(error.message, message);
    });

  for (const script of ["", "chunked", "close-delimited"])
    it(`connects: ${script || "no script"}`, limit, async () => {
      const { port } = await start("scripted_server.mjs");
      const socket = await connected(port, { query: { script }, transports: ["polling"] });
      assert.equal(socket.id, "of the script");
      assert.equal((await connected(port, { transports: ["websocket"] })).id, "of the script");
    });

  for (const transports of [["polling"], ["websocket"]])
    it(`errs later, over ${transports}`, limit, async () => {
      const { port } = await start("scripted_server.mjs");
      const socket = await connected(port, { query: { script: "bad JSON" }, transports });
      if (socket.connected) assert.equal((await once(socket, "disconnect"))[0], "parse error");
    });
});

describe("python3-socketio as a peer", () => {
  it("answers", limit, async (t) => {
    const { port } = await start("python_server.py");
    if (!port) return t.skip("not installed");
    const socket = await connected(port, { nsp: "/admin" });
    assert.equal(await ask(socket, "sum", 40, 2), 42);
    assert.equal((await ask(socket, "upload", "x", Buffer.alloc(1000))), "x");
    socket.emit("kick");
    assert.equal((await once(socket, "disconnect"))[0], "io server disconnect");
  });
});
