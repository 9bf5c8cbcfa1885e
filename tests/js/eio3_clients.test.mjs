// The official Socket.IO v2 client, unmodified, beside new ones: everything that it can do.
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import io from "socket.io-client-v2";
import { connected as connectedNew, limit, listen, next, nextMany, serverForSuite, ways, within } from "./support.mjs";

const made = new Set();
afterEach(() => {
  made.forEach((socket) => socket.close());
  made.clear();
});

function client(url, options = {}) {
  const socket = io(url, { forceNew: true, reconnection: false, ...options });
  made.add(socket);
  return socket;
}

async function connected(url, options = {}) {
  const socket = client(url, options);
  const failure = new Promise((_, reject) => socket.once("connect_error", reject));
  await Promise.race([next(socket, "connect"), failure]);
  if (options.transports) return socket;
  if (socket.io.engine.transport.name !== "websocket") await next(socket.io.engine, "upgrade");
  return socket;
}

const ask = (socket, name, ...args) =>
  within(new Promise((resolve) => socket.emit(name, ...args, (...answer) => resolve(answer))), `the answer to "${name}"`);

const pattern = (size) => Buffer.from(Array.from({ length: size }, (_, i) => i % 251));

describe("a v2 client", () => {
  const server = serverForSuite();

  for (const [way, options] of Object.entries(ways)) {
    it(`${way}: is greeted with the id that it knows`, limit, async () => {
      const socket = client(server.url, options);
      const [id, auth] = await next(socket, "hello");
      assert.deepEqual([id, auth], [socket.id, {}]);
      assert.match(id, /^[\w-]{20}$/);
    });

    it(`${way}: an event goes there and back`, limit, async () => {
      const socket = await connected(server.url, options);
      for (const value of ["hello", "a€😀\u2028\n\\n", { a: [1, null, true] }, "x".repeat(200_000)]) {
        const answer = next(socket, "echo");
        socket.emit("echo", value);
        assert.deepEqual(await answer, [value]);
      }
      assert.equal(socket.io.engine.transport.name, way === "polling only" ? "polling" : "websocket");
    });

    it(`${way}: it asks and is asked`, limit, async () => {
      const socket = await connected(server.url, options);
      assert.deepEqual(await ask(socket, "swap", 1, "two"), ["two", 1]);
      socket.on("question", (a, b, done) => done(a * b));
      socket.emit("ask me");
      assert.deepEqual(await next(socket, "answered"), [true, 42]);
    });

    it(`${way}: binary goes there and back`, limit, async () => {
      const socket = await connected(server.url, options);
      assert.deepEqual(await ask(socket, "upload", "a.bin", pattern(70_000)), ["a.bin ok", 70_000]);
      socket.emit("download", 70_000);
      const [name, bytes] = await next(socket, "file");
      assert.deepEqual([name, Buffer.from(bytes)], ["data.bin", pattern(70_000)]);
      socket.on("bytes please", (bytes, done) => done(Buffer.concat([Buffer.from([9]), Buffer.from(bytes)])));
      socket.emit("ask me for bytes");
      const [came] = await next(socket, "bytes came");
      assert.deepEqual(Buffer.from(came), Buffer.concat([Buffer.from([9]), pattern(5)]));
    });

    it(`${way}: it outlives several heartbeats`, limit, async () => {
      const socket = await connected(server.url, options);
      await nextMany(socket.io, "pong", 3);
      assert.deepEqual(await ask(socket, "sum", 1, 2), [3]);
    });

    it(`${way}: many events keep their order`, limit, async () => {
      const socket = await connected(server.url, options);
      for (let i = 0; i < 500; i++) socket.emit("number", i);
      assert.deepEqual(await ask(socket, "numbers"), [500, true]);
      const numbers = nextMany(socket, "number", 500);
      socket.emit("count to", 500);
      assert.deepEqual(await numbers, Array.from({ length: 500 }, (_, i) => [i]));
    });

    it(`${way}: a namespace with a query lets in whom its token names`, limit, async () => {
      const socket = await connected(`${server.url}/members?token=secret&user=${encodeURIComponent("Ada & Co,€")}`, options);
      assert.deepEqual(await ask(socket, "who am I"), ["Ada & Co,€"]);
      assert.match(socket.id, /^\/members#[\w-]{20}$/);
    });

    it(`${way}: a refusal is an error with the middleware's data`, limit, async () => {
      const socket = client(`${server.url}/members?token=wrong`, options);
      const [refusal] = await next(socket, "error");
      assert.deepEqual(refusal, { code: 401, hint: ["ask", "again"] });
      assert.equal(socket.connected, false);
    });

    it(`${way}: an unknown namespace is an error`, limit, async () => {
      const [refusal] = await next(client(`${server.url}/nowhere`, options), "error");
      assert.deepEqual(refusal, { message: "Invalid namespace" });
    });

    it(`${way}: a middleware may take its time`, limit, async () => {
      const socket = client(`${server.url}/gates`, options);
      assert.deepEqual(await next(socket, "passed"), [["gate 1", "gate 2"]]);
    });

    it(`${way}: the server can put it out`, limit, async () => {
      for (const how of ["dismiss me", "hang up"]) {
        const socket = await connected(server.url, options);
        const reason = next(socket, "disconnect");
        socket.emit(how);
        assert.deepEqual(await reason, ["io server disconnect"]);
      }
    });

    it(`${way}: its leaving is noticed`, limit, async () => {
      const watcher = await connectedNew(server.url);
      await within(new Promise((resolve) => watcher.emit("join", "watchers", resolve)), "join");
      const socket = await connected(server.url, options);
      const { id } = socket;
      const gone = next(watcher, "gone");
      socket.close();
      assert.deepEqual(await gone, [id, "client namespace disconnect"]);
    });
  }

  it("shares rooms and broadcasts with new clients", limit, async () => {
    const old = await Promise.all([connected(server.url, ways["polling only"]), connected(server.url)]);
    const sockets = [...old, await connectedNew(server.url), await connectedNew(server.url, ways["polling only"])];
    for (const socket of sockets) assert.deepEqual(await ask(socket, "join", "hall"), [["hall"]]);
    const heard = sockets.map((socket) => listen(socket, "said"));
    const told = sockets.map((socket) => next(socket, "told"));
    sockets[0].emit("say", "hall", "from polling");
    await ask(sockets[0], "rooms");
    sockets[2].emit("say to all", "hall", "€😀");
    await ask(sockets[2], "rooms");
    sockets[1].emit("tell", { bytes: pattern(300) });
    for (const [{ bytes }] of await Promise.all(told)) assert.deepEqual(Buffer.from(bytes), pattern(300));
    assert.deepEqual(heard, [["€😀"], ...Array(3).fill(["from polling", "€😀"])]);
  });

  it("has several namespaces on one connection", limit, async () => {
    const main = await connected(server.url, ways["WebSocket only"]);
    const other = main.io.socket("/other");
    const members = main.io.socket("/members", { query: "token=secret&user=Bob" });
    const [hello] = await Promise.all([next(other, "hello"), next(members, "connect")]);
    assert.deepEqual(hello, [`/other#${main.id}`, {}]);
    assert.deepEqual(await ask(members, "who am I"), ["Bob"]);
    other.close();
    assert.deepEqual(await ask(main, "sum", 1, 1), [2]);
  });

  it("comes back by itself after its connection broke", limit, async () => {
    const socket = await connected(server.url, { reconnection: true, reconnectionDelay: 50 });
    const first = socket.id;
    const again = next(socket, "reconnect");
    socket.io.engine.close();
    await again;
    assert.notEqual(socket.id, first);
    assert.deepEqual(await ask(socket, "sum", 1, 1), [2]);
  });
});
