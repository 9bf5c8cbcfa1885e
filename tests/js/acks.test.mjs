// Acknowledgements in both directions, in time and too late.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ask, askAll, connected, limit, next, serverForSuite, ways } from "./support.mjs";

describe("acks", () => {
  const server = serverForSuite();

  for (const [way, options] of Object.entries(ways)) {
    it(`${way}: the server acknowledges an event`, limit, async () => {
      const socket = await connected(server.url, options);
      assert.equal(await ask(socket, "sum", 40, 2), 42);
      assert.deepEqual(await askAll(socket, "swap", "a", { b: [1] }), [{ b: [1] }, "a"]);
      assert.deepEqual(await askAll(socket, "nothing"), []);
      assert.deepEqual(await ask(socket, "turn", { x: 3, y: 4 }), { x: -4, y: 3 });
    });

    it(`${way}: the client acknowledges an event`, limit, async () => {
      const socket = await connected(server.url, options);
      socket.on("question", (a, b, done) => done(a * b));
      const answered = next(socket, "answered");
      socket.emit("ask me");
      assert.deepEqual(await answered, [true, 42]);
    });

    it(`${way}: a client that keeps silent is waited for no longer than the timeout`, limit, async () => {
      const socket = await connected(server.url, options);
      const unanswered = next(socket, "unanswered");
      socket.emit("ask me in vain");
      assert.deepEqual(await unanswered, ["operation has timed out"]);
    });
  }

  it("a hundred acks under way at once find their callers", limit, async () => {
    const socket = await connected(server.url);
    const sums = await Promise.all(Array.from({ length: 100 }, (_, i) => ask(socket, "sum", i, i)));
    assert.deepEqual(sums, sums.map((_, i) => 2 * i));
  });
});
