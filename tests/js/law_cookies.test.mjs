// The session cookie: on the answer to a handshake by polling, and nowhere else.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { request } from "./wire/http.mjs";
import { serverForFile, sideBySide } from "./wire/server.mjs";
import { Polling } from "./wire/session.mjs";
import { WebSocket } from "./wire/websocket.mjs";

const server = await serverForFile();
const polling = "/socket.io/?EIO=4&transport=polling";
const cookieOf = (response) => response.header("set-cookie");

describe("the cookie", sideBySide, () => {
  it("names the session, with npm cookie's attributes", async () => {
    const { response, sid } = await Polling.open(server.b);
    assert.equal(cookieOf(response), `io=${sid}; Path=/; HttpOnly; SameSite=Lax`);
    assert.deepEqual(Object.keys(response.headers).sort(), [
      "access-control-allow-credentials",
      "cache-control",
      "content-type",
      "set-cookie",
      "vary",
    ]);
  });

  it("is not repeated on polls, POSTs and errors", async () => {
    const session = await Polling.open(server.b);
    const answers = [
      await session.post("40"),
      await session.get(),
      await session.get({ method: "PUT" }),
      await request(server.b, "/socket.io/?EIO=4&transport=abc"),
      await request(server.b, polling, { method: "POST" }),
      await request(server.b, polling, { headers: { Origin: "http://evil.example" } }),
    ];
    assert.deepEqual(
      answers.map((r) => r.status),
      [200, 200, 500, 400, 400, 403],
    );
    assert.deepEqual(
      answers.map(cookieOf),
      answers.map(() => undefined),
    );
  });

  it("is not sent by WebSocket, neither at a handshake nor at an upgrade", async () => {
    const session = await Polling.open(server.b);
    for (const target of ["/socket.io/?EIO=4&transport=websocket", session.upgradeTarget]) {
      const ws = await WebSocket.open(server.b, target);
      assert.equal(cookieOf(ws.response), undefined);
      await ws.close();
    }
  });

  it("is not sent where none is asked for", async () => {
    assert.equal(cookieOf(await request(server.a, polling)), undefined);
    assert.equal(cookieOf(await request(server.c, "/engine.io/?EIO=4&transport=polling")), undefined);
  });

  it("given back by the client means nothing: the sid of the query counts", async () => {
    const session = await Polling.open(server.b);
    const response = await request(server.b, polling, { headers: { Cookie: `io=${session.sid}` } });
    assert.equal(response.status, 200);
    assert.ok(!response.text.includes(session.sid));
  });
});
