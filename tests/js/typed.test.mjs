// The example of typed values: what an official client sends fits, or it hears where it does not.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { ask, askAll, closeClients, connected, limit, next, startServer } from "./support.mjs";

const built = fileURLToPath(new URL("../../build/bin/typed", import.meta.url));
const command = process.env.SIO_TYPED ?? `"${built}"`;

describe("typed values", () => {
  let server, socket;
  before(async () => {
    server = await startServer({ command });
    socket = await connected(server.url);
  });
  after(async () => {
    closeClients();
    await server?.kill();
  });

  const order = (size, more = {}) => ({ items: [{ name: "tea", size, ...more }], at: new Date(0), patience: 1_800_000 });
  const wrong = async (event, ...args) => {
    const heard = next(socket, "wrong");
    socket.emit(event, ...args);
    return (await heard)[0];
  };

  it("structs, enumerations, a Date and a duration arrive and are sent", limit, async () => {
    assert.deepEqual(await askAll(socket, "order", order("L", { weight: 0.5, unknown: 1 })),
                     [[{ name: "tea", size: "L", weight: 0.5 }], "1970-01-01T00:30:00.000Z"]);
    assert.deepEqual((await askAll(socket, "order", order("small")))[0], [{ name: "tea", size: "small", weight: null }]);
  });

  it("a variant is what fits first, a map has the client's names", limit, async () => {
    assert.equal(await ask(socket, "find", 7), "by number");
    assert.equal(await ask(socket, "find", "tea"), "by name");
    assert.equal(await ask(socket, "count", { a: [1], b: [] }), 2);
  });

  it("what does not fit is named with its place", limit, async () => {
    assert.equal(await wrong("order", order("XL")),
                 'order: argument 1.items[0].size: expected one of "small", "L"');
    assert.equal(await wrong("order", { ...order("L"), patience: 1 }),
                 "order: argument 1.patience: expected milliseconds, a multiple of 60000");
    assert.equal(await wrong("order", { ...order("L"), at: "soon" }),
                 "order: argument 1.at: expected a date as an ISO 8601 text, or milliseconds since 1970");
    assert.equal(await wrong("order"), "order: argument 1: missing, expected an object");
    assert.equal(await wrong("find", true), "find: argument 1: expected an integer or a string");
    assert.equal(await wrong("count", { a: [1, "x"] }), "count: argument 1.a[1]: expected an integer");
  });
});
