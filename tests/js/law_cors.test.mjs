// Cross-origin headers as npm `cors` writes them. A allows every origin, B a single one, with credentials.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { request } from "./wire/http.mjs";
import { serverForFile, sideBySide } from "./wire/server.mjs";
import { Polling } from "./wire/session.mjs";
import { WebSocket } from "./wire/websocket.mjs";

const server = await serverForFile();
const polling = "/socket.io/?EIO=4&transport=polling";
const allowed = { Origin: "http://allowed.example" };
const evil = { Origin: "http://evil.example" };
const methods = "GET,HEAD,PUT,PATCH,POST,DELETE";

function corsOf(response) {
  const isCors = ([name]) => name === "vary" || name.startsWith("access-control-");
  return Object.fromEntries(Object.entries(response.headers).filter(isCors));
}

const forAll = { "access-control-allow-origin": "*" };
const forAllowed = {
  "access-control-allow-origin": "http://allowed.example",
  vary: "Origin",
  "access-control-allow-credentials": "true",
};
const forOthers = { vary: "Origin", "access-control-allow-credentials": "true" };

describe("a preflight", sideBySide, () => {
  const ask = (port, headers, target = polling) => request(port, target, { method: "OPTIONS", headers });

  it("where all origins are allowed", async () => {
    const response = await ask(server.a, {
      Origin: "http://any.example",
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "x-a, Content-Type",
    });
    assert.deepEqual([response.status, response.text], [204, ""]);
    assert.deepEqual(response.headers, {
      "access-control-allow-origin": "*",
      vary: "Access-Control-Request-Headers",
      "access-control-allow-methods": methods,
      "access-control-allow-headers": "x-a, Content-Type",
    });
    assert.equal(response.header("content-length"), "0");
  });

  it("that asks for no headers gets none", async () => {
    const response = await ask(server.a, { Origin: "http://any.example" });
    assert.deepEqual(response.headers, {
      "access-control-allow-origin": "*",
      vary: "Access-Control-Request-Headers",
      "access-control-allow-methods": methods,
    });
  });

  it("from the one allowed origin", async () => {
    const response = await ask(server.b, { ...allowed, "Access-Control-Request-Headers": "x-a" });
    assert.deepEqual([response.status, response.text], [204, ""]);
    assert.deepEqual(response.headers, {
      ...forAllowed,
      vary: "Origin, Access-Control-Request-Headers",
      "access-control-allow-methods": methods,
      "access-control-allow-headers": "x-a",
    });
  });

  it("from another origin names none as allowed", async () => {
    const response = await ask(server.b, { ...evil, "Access-Control-Request-Headers": "x-a" });
    assert.equal(response.status, 204);
    assert.equal(response.header("access-control-allow-origin"), undefined);
  });

  it("is any OPTIONS request: of a wrong transport, without Origin, on a session", async () => {
    assert.equal((await ask(server.a, {}, "/socket.io/?EIO=4&transport=abc")).status, 204);
    assert.equal((await ask(server.a, {}, "/socket.io/")).status, 204);
    const session = await Polling.open(server.b);
    assert.equal((await ask(server.b, allowed, session.target)).status, 204);
    await session.send("40");
    assert.match(await session.receive(), /^40/);
  });

  it("never puts a line end of the client's into its answer", async () => {
    const headers = { Origin: "http://a", "Access-Control-Request-Headers": "x-a%0d%0aSet-Cookie: a=b" };
    const response = await ask(server.a, headers);
    assert.equal(response.header("set-cookie"), undefined);
  });
});

describe("an answer", sideBySide, () => {
  // [what, port, headers of the request, expected]
  const cases = [
    ["where all are allowed", "a", { Origin: "http://any.example" }, forAll],
    ["where all are allowed, without Origin", "a", {}, forAll],
    ["to the one allowed origin", "b", allowed, forAllowed],
    ["without Origin where one is allowed", "b", {}, forOthers],
    ["to another origin", "b", evil, forOthers],
    ["to an origin that begins alike", "b", { Origin: "http://allowed.example.evil.example" }, forOthers],
    ["to the same host by another scheme", "b", { Origin: "https://allowed.example" }, forOthers],
    ["to a null origin", "b", { Origin: "null" }, forOthers],
  ];

  for (const [what, port, headers, expected] of cases) {
    it(`${what}: handshake`, async () => {
      assert.deepEqual(corsOf(await request(server[port], polling, { headers })), expected);
    });
    it(`${what}: error`, async () => {
      const response = await request(server[port], "/socket.io/?EIO=4&transport=abc", { headers });
      assert.equal(response.status, 400);
      assert.deepEqual(corsOf(response), expected);
    });
  }

  it("on a session carries them on polls, POSTs, 413 and 500 alike", async () => {
    const session = await Polling.open(server.b, { headers: allowed });
    const post = await session.post("40", { headers: allowed });
    const poll = await session.get({ headers: allowed });
    const large = await session.post("4" + "x".repeat(1_000_000), { headers: allowed });
    const odd = await session.get({ method: "PUT", headers: allowed });
    assert.deepEqual(
      [post, poll, large, odd].map((r) => r.status),
      [200, 200, 413, 500],
    );
    for (const response of [post, poll, large, odd]) assert.deepEqual(corsOf(response), forAllowed);
  });

  it("by WebSocket to the allowed origin, or without one, is 101", async () => {
    for (const headers of [allowed, {}]) {
      const ws = await WebSocket.open(server.b, "/socket.io/?EIO=4&transport=websocket", { headers });
      assert.match(await ws.receive(), /^0\{/);
      await ws.close();
    }
  });
});
