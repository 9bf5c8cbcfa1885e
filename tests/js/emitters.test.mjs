// Catch-all listeners, middlewares of events, errors as answers, broadcasts that ask, coroutines; with official clients.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { ask, askAll, connected, limit, next, nextMany, serverForSuite, several, ways } from "./support.mjs";

const built = fileURLToPath(new URL("../../build/bin/emitter_server", import.meta.url));
const command = process.env.SIO_EMITTER_SERVER ?? `"${built}"`;

describe("emitters", () => {
  const server = serverForSuite({ command });

  it("an event meets catch-all listeners, then middlewares, then its listeners; what leaves is seen", limit, async () => {
    const socket = await connected(server.url);
    const told = next(socket, "told");
    socket.emit("note", "a");
    await told;
    assert.deepEqual(await ask(socket, "journal"), [
      "first note", "any note", "middleware note", "listener a", "outgoing noted", "outgoing told",
      "first journal", "any journal", "middleware journal",
    ]);
  });

  it("a middleware refuses an event, and the connection stays", limit, async () => {
    const socket = await connected(server.url);
    const refused = next(socket, "refused");
    socket.emit("forbidden");
    assert.deepEqual(await refused, ["unauthorized event"]);
    assert.deepEqual(await ask(socket, "changed", 1), [1, "more"]);
  });

  it("events do not wait for one that is held by a middleware", limit, async () => {
    const socket = await connected(server.url);
    const got = nextMany(socket, "got", 2);
    socket.emit("slow");
    socket.emit("quick");
    assert.deepEqual(await got, [["quick"], ["slow"]]);
  });

  it("an answer carries an error", limit, async () => {
    const socket = await connected(server.url);
    assert.equal(await ask(socket, "divide", 6, 3), 2);
    assert.deepEqual(await ask(socket, "divide", 6, 0), { error: "division by zero", data: { dividend: 6 } });
    assert.deepEqual(await ask(socket, "fail"), { error: "failed" });
    assert.deepEqual(await askAll(socket, "later"), ["late"]);
  });

  for (const [way, options] of Object.entries(ways)) {
    it(`${way}: a broadcast gathers everybody's first answers`, limit, async () => {
      const sockets = await several(3, server.url, options);
      for (const [i, socket] of sockets.entries()) {
        await ask(socket, "changed");
        socket.emit("join", way);
        socket.on("question", (a, b, done) => done([i, a, b.toString()], "more"));
      }
      await Promise.all(sockets.map((socket) => ask(socket, "changed")));
      const [error, answers, missing] = await askAll(sockets[0], "ask room", way, 20_000);
      assert.deepEqual([error, missing], ["", []]);
      assert.deepEqual(answers.sort(), [[0, 6, "7"], [1, 6, "7"], [2, 6, "7"]]);
      assert.deepEqual((await ask(sockets[0], "ask others", way)).sort(), [[1, 6, "7"], [2, 6, "7"]]);
    });
  }

  it("those who are silent are missing when the time is over", limit, async () => {
    const [talker, silent] = await several(2, server.url);
    for (const socket of [talker, silent]) socket.emit("join", "partial");
    await Promise.all([ask(talker, "changed"), ask(silent, "changed")]);
    talker.on("question", (a, b, done) => done("here"));
    const [error, answers, missing] = await askAll(talker, "ask room", "partial", 500);
    assert.deepEqual([error, answers, missing], ["operation has timed out", ["here"], [silent.id]]);
  });

  it("an empty room answers at once, and one who leaves is not waited for", limit, async () => {
    const [asker, leaver] = await several(2, server.url);
    assert.deepEqual(await askAll(asker, "ask room", "nobody", 100_000), ["", [], []]);
    leaver.emit("join", "leaving");
    await ask(leaver, "changed");
    leaver.on("question", () => leaver.disconnect());
    assert.deepEqual(await askAll(asker, "ask room", "leaving", 100_000), ["", [], []]);
  });

  it("a handler that asks the client before it answers", limit, async () => {
    const socket = await connected(server.url);
    socket.on("relayed", (question, count, done) => done(question === "?" ? null : `${question} ${count}`));
    assert.equal(await ask(socket, "relay", "how many", 1, 2, 3), "how many 3");
    assert.deepEqual(await ask(socket, "relay", "?"), { error: "no answer" });
  });

  it("an event that is not to be compressed arrives", limit, async () => {
    const socket = await connected(server.url, { transports: ["polling"] });
    const text = "a".repeat(5000);
    const plain = next(socket, "plain");
    socket.emit("plain", text);
    assert.deepEqual(await plain, [text]);
  });
});
