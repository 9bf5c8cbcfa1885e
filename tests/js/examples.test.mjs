// The small examples: each does what its first line says, for official clients.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { ask, askAll, client, closeClients, connected, limit, next, several, startServer } from "./support.mjs";

const built = process.env.SIO_EXAMPLES ?? fileURLToPath(new URL("../../build/bin", import.meta.url));
const servers = [];
async function example(name) {
  servers.push(await startServer({ command: `"${built}/${name}"` }));
  return servers.at(-1).url;
}

describe("examples", () => {
  after(async () => {
    closeClients();
    await Promise.all(servers.map((server) => server.kill()));
  });

  it("rooms: members hear each other, others do not", limit, async () => {
    const [a, b, c] = await several(3, await example("rooms"));
    for (const [i, socket] of [a, b].entries()) {
      const members = next(socket, "members");
      socket.emit("join", "tea");
      assert.deepEqual(await members, ["tea", i + 1]);
    }
    c.on("said", () => assert.fail("it is not in the room"));
    const said = next(b, "said");
    a.emit("say", "tea", "hello");
    assert.deepEqual(await said, ["tea", a.id, "hello"]);
    const told = next(c, "told");
    a.emit("tell all but", "tea", "psst");
    assert.deepEqual(await told, ["psst"]);
    const left = next(a, "left");
    b.disconnect();
    assert.equal((await left)[1], "tea");
  });

  it("auth: a token lets in, and says who somebody is", limit, async () => {
    const url = await example("auth");
    const welcome = async (token) => (await next(client(url, { auth: { token } }), "welcome"))[0];
    assert.equal(await welcome("sesame"), "Ali");
    const [error] = await next(client(url, { auth: { token: 7 } }), "connect_error");
    assert.deepEqual([error.message, error.data], ["who are you?", { hint: "show a token" }]);
    const [refused] = await next(client(`${url}/admin`, { auth: { token: "sesame" } }), "connect_error");
    assert.equal(refused.message, "admins only");
    assert.equal(await ask(await connected(`${url}/admin`, { auth: { token: "magic" } }), "secret"), 42);
  });

  it("binary: a file comes back as it went", limit, async () => {
    const socket = await connected(await example("binary"));
    const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => i % 251));
    assert.equal(await ask(socket, "upload", "a.bin", bytes), bytes.length);
    assert.deepEqual(await ask(socket, "download", "a.bin"), bytes);
    assert.deepEqual(await ask(socket, "download", "b.bin"), { error: "there is no b.bin" });
    assert.deepEqual(await ask(socket, "list"), [{ name: "a.bin", bytes }]);
  });

  it("acks: answers go both ways", limit, async () => {
    const [a, b] = await several(2, await example("acks"));
    assert.equal(await ask(a, "sum", 6, 7), 13);
    assert.deepEqual(await askAll(a, "divide", 7, 2), [3, 1]);
    assert.deepEqual(await ask(a, "divide", 7, 0), { error: "division by zero" });
    assert.deepEqual(await ask(a, "later", { x: 1 }), { x: 1 });
    a.on("question", (...args) => args.at(-1)(args.length === 3 ? args[0] * args[1] : "yes"));
    b.on("question", (question, done) => done("no"));
    const verdict = next(a, "verdict");
    a.emit("ask me");
    assert.deepEqual(await verdict, ["right"]);
    const answers = next(a, "answers");
    a.emit("ask all", "tea?");
    const [all, complete] = await answers;
    assert.deepEqual([all.sort(), complete], [["no", "yes"], "all"]);
  });
});
