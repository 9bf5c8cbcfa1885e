// What is done to many sockets at once, as their clients see it; and how rooms come and go.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { ask, connected, limit, next, nextMany, serverForSuite } from "./support.mjs";

const built = fileURLToPath(new URL("../../build/bin/spaces_server", import.meta.url));
const command = process.env.SIO_SPACES_SERVER ?? `"${built}"`;

describe("many sockets at once", () => {
  const server = serverForSuite({ command });
  const join = (name) => connected(`${server.url}/crowd`, { auth: { name } });

  /// Clients of those names, all in the room.
  async function crowd(room, ...names) {
    const sockets = await Promise.all(names.map(join));
    await Promise.all(sockets.map((socket) => ask(socket, "join", room)));
    return sockets;
  }

  it("fetch_sockets tells who is in a room, with rooms and data", limit, async () => {
    const [ada, bob] = await crowd("fetched", "Ada", "Bob");
    await ask(ada, "join", "other");
    const found = (await ask(bob, "fetch", "fetched")).sort((a, b) => (a.data.name < b.data.name ? -1 : 1));
    assert.deepEqual(found, [
      { id: ada.id, rooms: ["fetched", "other"], data: { name: "Ada" } },
      { id: bob.id, rooms: ["fetched"], data: { name: "Bob" } },
    ]);
    assert.deepEqual(await ask(bob, "fetch", "nobody here"), []);
  });

  it("all of a room join another one, and leave it", limit, async () => {
    const [ada] = await crowd("one", "Ada", "Bob");
    assert.equal(await ask(ada, "all of room join", "one", "two"), 2);
    assert.equal((await ask(ada, "fetch", "two")).length, 2);
    assert.equal(await ask(ada, "all of room leave", "one", "two"), 0);
  });

  it("all of a room are dismissed", limit, async () => {
    const sockets = await crowd("unwanted", "Ada", "Bob");
    const ends = sockets.map((socket) => next(socket, "disconnect"));
    const [other] = await crowd("elsewhere", "Eve");
    other.emit("dismiss", "unwanted");
    for (const [reason] of await Promise.all(ends)) assert.equal(reason, "io server disconnect");
    assert.ok(other.connected);
  });

  it("a fetched socket's client answers", limit, async () => {
    const [ada] = await crowd("asked", "Ada");
    ada.on("your name?", (answer) => answer("Ada"));
    const [other] = await crowd("asking", "Eve");
    assert.equal(await ask(other, "ask each", "asked"), "Ada");
  });

  it("a room is created before its first joins, and deleted after its last left", limit, async () => {
    const [watcher] = await crowd("watchers", "Eve");
    const heard = nextMany(watcher, "room", 6);
    const ada = await join("Ada");
    const bob = await join("Bob");
    await ask(ada, "join", "seen");
    await ask(bob, "join", "seen");
    ada.disconnect();
    await ask(bob, "fetch", "seen");
    bob.disconnect();
    assert.deepEqual(await heard, [
      ["create-room", "seen", false],
      ["join-room", "seen", true],
      ["join-room", "seen", true],
      ["leave-room", "seen", true],
      ["leave-room", "seen", true],
      ["delete-room", "seen", false],
    ]);
  });
});
