// How connections end, in the words of both sides, and how a client comes back.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ask, client, closeClients, connected, limit, next, serverForSuite, several } from "./support.mjs";
import { startServer, ways } from "./support.mjs";

describe("endings", () => {
  const server = serverForSuite();

  /// A connected client and another one that is told of its end.
  async function watched(options) {
    const [watcher] = await several(1, server.url);
    await ask(watcher, "join", "watchers");
    return { watcher, socket: await connected(server.url, options) };
  }

  for (const [way, options] of Object.entries(ways)) {
    it(`${way}: the client leaves`, limit, async () => {
      const { watcher, socket } = await watched(options);
      const { id } = socket;
      const gone = next(watcher, "gone");
      const disconnect = next(socket, "disconnect");
      socket.disconnect();
      assert.equal((await disconnect)[0], "io client disconnect");
      assert.deepEqual(await gone, [id, "client namespace disconnect"]);
    });

    it(`${way}: the client closes its connection`, limit, async () => {
      const { watcher, socket } = await watched(options);
      const { id } = socket;
      const gone = next(watcher, "gone");
      socket.io.engine.close();
      assert.deepEqual(await gone, [id, "transport close"]);
    });

    it(`${way}: the server disconnects the client`, limit, async () => {
      const { watcher, socket } = await watched(options);
      const { id } = socket;
      const gone = next(watcher, "gone");
      const disconnect = next(socket, "disconnect");
      socket.emit("dismiss me");
      assert.equal((await disconnect)[0], "io server disconnect");
      assert.deepEqual(await gone, [id, "server namespace disconnect"]);
    });

    it(`${way}: the server closes the client's connection`, limit, async () => {
      const socket = await connected(server.url, options);
      const disconnect = next(socket, "disconnect");
      const closed = next(socket.io.engine, "close");
      socket.emit("hang up");
      assert.equal((await disconnect)[0], "io server disconnect");
      await closed;
    });

    it(`${way}: after the server restarted, the client is back with what it had to say`, limit, async () => {
      const first = await startServer();
      const soon = { reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 100 };
      const socket = client(first.url, { ...options, ...soon });
      await next(socket, "connect");
      const { id } = socket;

      const disconnect = next(socket, "disconnect");
      await first.kill();
      assert.match((await disconnect)[0], /^transport (close|error)$/);
      for (let i = 0; i < 10; i++) socket.emit("number", i);

      const reconnect = next(socket.io, "reconnect");
      const second = await startServer({ port: first.port });
      await reconnect;
      const answer = await new Promise((resolve) => socket.emit("numbers", (...args) => resolve(args)));
      assert.deepEqual(answer, [10, true]);
      assert.notEqual(socket.id, id);
      closeClients();
      await second.stop();
    });
  }

  it("who is about to go is still in its rooms", limit, async () => {
    const { watcher, socket } = await watched();
    await ask(socket, "join", "sauna");
    const going = next(watcher, "going");
    const { id } = socket;
    socket.disconnect();
    assert.deepEqual(await going, [id, ["sauna"]]);
  });

  it("a server that is asked to end closes its connections and ends cleanly", limit, async () => {
    const other = await startServer();
    const sockets = await several(3, other.url);
    const polling = await connected(other.url, ways["polling only"]);
    const ends = [...sockets, polling].map((socket) => next(socket, "disconnect"));
    await other.stop();
    for (const end of ends) assert.match((await end)[0], /^transport (close|error)$/);
  });

  it("a client that leaves in the middle of everything disturbs nobody", limit, async () => {
    const stayer = await connected(server.url);
    for (let round = 0; round < 20; round++) {
      const socket = client(server.url);
      if (round % 2) await next(socket, "connect");
      socket.emit("count to", 500);
      socket.emit("echo", Buffer.alloc(50_000));
      if (round % 3) socket.disconnect();
      else socket.io.engine.close();
    }
    assert.equal(await ask(stayer, "sum", 1, 1), 2);
  });
});
