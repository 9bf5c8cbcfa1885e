// Refused requests: status, headers and JSON body, and which of several faults is told.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { request } from "./wire/http.mjs";
import { serverForFile, sideBySide } from "./wire/server.mjs";
import { Polling } from "./wire/session.mjs";

const server = await serverForFile();
const errors = {
  0: '{"code":0,"message":"Transport unknown"}',
  1: '{"code":1,"message":"Session ID unknown"}',
  2: '{"code":2,"message":"Bad handshake method"}',
  3: '{"code":3,"message":"Bad request"}',
  4: '{"code":4,"message":"Forbidden"}',
  5: '{"code":5,"message":"Unsupported protocol version"}',
};
const evil = { Origin: "http://evil.example" };

// [what is wrong, query, code, method]
const refusals = [
  ["no transport", "EIO=4", 0],
  ["no query at all", "", 0],
  ["an unknown transport", "EIO=4&transport=abc", 0],
  ["a transport in capitals", "EIO=4&transport=POLLING", 0],
  ["an empty transport", "EIO=4&transport=", 0],
  ["webtransport over HTTP", "EIO=4&transport=webtransport", 0],
  ["a transport named __proto__", "EIO=4&transport=__proto__", 0],
  ["a transport named constructor", "EIO=4&transport=constructor", 0],
  ["an unknown sid", "EIO=4&transport=polling&sid=nope", 1],
  ["a sid of the right form", "EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA", 1],
  ["a sid named __proto__", "EIO=4&transport=polling&sid=__proto__", 1],
  ["a sid named constructor", "EIO=4&transport=polling&sid=constructor", 1],
  ["a very long sid", `EIO=4&transport=polling&sid=${"A".repeat(4000)}`, 1],
  ["a sid of control bytes", "EIO=4&transport=polling&sid=%00%0d%0aX:%20y", 1],
  ["a handshake by POST", "EIO=4&transport=polling", 2, "POST"],
  ["a handshake by PUT", "EIO=4&transport=polling", 2, "PUT"],
  ["a handshake by DELETE", "EIO=4&transport=polling", 2, "DELETE"],
  ["a plain GET for websocket", "EIO=4&transport=websocket", 3],
  ["no EIO", "transport=polling", 5],
  ["EIO=3", "EIO=3&transport=polling", 5],
  ["EIO=5", "EIO=5&transport=polling", 5],
  ["EIO=abc", "EIO=abc&transport=polling", 5],
  ["EIO=04", "EIO=04&transport=polling", 5],
  // which comes first: transport, sid, method, websocket without upgrade, allow_request, EIO
  ["a wrong transport with an unknown sid", "EIO=4&transport=abc&sid=nope", 0],
  ["a wrong transport by POST", "EIO=4&transport=abc", 0, "POST"],
  ["an unknown sid by POST", "EIO=4&transport=polling&sid=nope", 1, "POST"],
  ["an unknown sid by PUT", "EIO=4&transport=polling&sid=nope", 1, "PUT"],
  ["an unknown sid without EIO", "transport=polling&sid=nope", 1],
  ["an unknown sid on websocket without upgrade", "EIO=4&transport=websocket&sid=nope", 1],
  ["a POST without EIO", "transport=polling", 2, "POST"],
  ["a POST for websocket", "EIO=4&transport=websocket", 2, "POST"],
  ["a plain GET for websocket without EIO", "transport=websocket", 3],
];

describe("an HTTP request is refused with JSON and 400", sideBySide, () => {
  for (const [what, query, code, method = "GET"] of refusals)
    it(`for ${what}: code ${code}`, async () => {
      const response = await request(server.a, `/socket.io/?${query}`, { method });
      assert.deepEqual([response.status, response.text], [400, errors[code]]);
      assert.deepEqual(response.headers, {
        "access-control-allow-origin": "*",
        "content-type": "application/json",
      });
    });

  it("by HEAD too, without a body", async () => {
    const response = await request(server.a, "/socket.io/?EIO=4&transport=polling", { method: "HEAD" });
    assert.equal(response.status, 400);
  });

  it("for another transport than the session's: code 3, and the session is kept", async () => {
    const session = await Polling.open(server.b);
    const target = session.target.replace("transport=polling", "transport=websocket");
    const { status, text } = await request(server.b, target);
    assert.deepEqual([status, text], [400, errors[3]]);
    await session.send("40");
    assert.match(await session.receive(), /^40/);
  });

  for (const eio of ["3", ""])
    it(`for EIO=${eio} on a session of EIO=4: code 3, and the session is kept`, async () => {
      const session = await Polling.open(server.b);
      const { status, text } = await request(server.b, session.target.replace("EIO=4", `EIO=${eio}`));
      assert.deepEqual([status, text], [400, errors[3]]);
      await session.send("40");
      assert.match(await session.receive(), /^40/);
    });
});

describe("allow_request refuses", sideBySide, () => {
  it("a handshake by polling with 403 and code 4", async () => {
    const response = await request(server.b, "/socket.io/?EIO=4&transport=polling", { headers: evil });
    assert.deepEqual([response.status, response.reason, response.text], [403, "Forbidden", errors[4]]);
    assert.deepEqual(response.headers, {
      vary: "Origin",
      "access-control-allow-credentials": "true",
      "content-type": "application/json",
    });
  });

  it("after the method and before EIO are looked at", async () => {
    const ask = (query, method) => request(server.b, `/socket.io/?${query}`, { headers: evil, method });
    assert.equal((await ask("transport=polling", "POST")).text, errors[2]);
    assert.equal((await ask("transport=polling", "GET")).text, errors[4]);
  });

  it("no request of a session that was allowed once", async () => {
    const session = await Polling.open(server.b);
    const post = await session.post("40", { headers: evil });
    assert.deepEqual([post.status, post.text], [200, "ok"]);
    const poll = await session.get({ headers: evil });
    assert.equal(poll.status, 200);
    assert.match(poll.text, /^40\{"sid":/);
  });
});
