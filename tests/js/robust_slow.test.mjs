// Clients slow on purpose, on B: a head must be whole within 2 s, a request within 3 s; nobody waits for them.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Connection, pause } from "./wire/connection.mjs";
import { readResponse, request, requestText } from "./wire/http.mjs";
import { serverForFile } from "./wire/server.mjs";
import { assertAlive, join, joined, Polling, Session } from "./wire/session.mjs";
import { frame, handshakeText } from "./wire/websocket.mjs";

const server = await serverForFile();
const patient = { concurrency: 24, timeout: 15_000 };

/// Says one byte of `text` every 100 ms until it is cut off: after how long, and with which answer.
async function drip(text, { first = "", gap = 100, connection } = {}) {
  const drop = connection ?? (await Connection.open(server.b));
  const began = Date.now();
  drop.write(first);
  await Promise.race([drop.writePieces(text, 1, gap), drop.closed]);
  await drop.end(8000);
  const status = /^HTTP\/1.1 (\d+)/.exec(drop.received.toString("latin1"))?.[1];
  drop.destroy();
  return { took: Date.now() - began, status };
}

function assertCut({ took, status }, from, to, answers = ["408"]) {
  assert.ok(took >= from && took <= to, `cut off after ${took} ms`);
  assert.ok([undefined, ...answers].includes(status), `answered ${status}`);
}

const endless = "x".repeat(1000);

describe("slow clients:", patient, () => {
  describe("a head must be whole within 2 s:", patient, () => {
    it("a request line that drips", async () => assertCut(await drip(`GET /${endless}`), 1500, 3400));

    it("headers that drip", async () =>
      assertCut(await drip("X: y\r\n".repeat(200), { first: "GET / HTTP/1.1\r\nHost: x\r\n" }), 1500, 3400));

    it("a head that stops", async () =>
      assertCut(
        await drip("", { first: "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n" }),
        1500,
        3400,
      ));

    it("the second head on a connection", async () => {
      const connection = await Connection.open(server.b);
      connection.write(requestText("/x"));
      assert.equal((await readResponse(connection)).status, 404);
      assertCut(await drip(`GET /${endless}`, { connection }), 1500, 3400);
    });

    it("a WebSocket handshake that stops", async () => {
      const text = handshakeText("/socket.io/?EIO=4&transport=websocket");
      assertCut(await drip("", { first: text.subarray(0, -2) }), 1500, 3400);
    });

    it("a connection that says nothing at all", async () => {
      const { took, status } = await drip("");
      assert.ok(took <= 6000, `cut off after ${took} ms`);
      assert.ok([undefined, "408"].includes(status));
    });

    it("a connection that says empty lines only", async () => {
      const { status } = await drip("\r\n".repeat(200), { gap: 50 });
      assert.ok([undefined, "408", "400"].includes(status));
    });
  });

  describe("a request must be whole within 3 s:", patient, () => {
    const ended = ["408", "400"]; // 400: the session did not pong in time, and a POST ends with its session
    const slowPost = (target) => requestText(target, { method: "POST", headers: { "Content-Length": "1000" } });

    it("a body that drips into a session, which cannot pong meanwhile", async () => {
      const client = await join(await Polling.open(server.b));
      assertCut(await drip(endless, { first: slowPost(client.target) }), 1500, 4600, ended);
    });

    it("a body that drips while the session lives on by other requests", async () => {
      const client = await join(await Polling.open(server.b));
      const slow = drip(endless, { first: slowPost(client.target) });
      await pause(200);
      const poll = await client.get();
      assert.deepEqual([poll.status, poll.text], [200, "2"]);
      assertCut(await slow, 1500, 4600, ended);
    });

    it("a body in chunks that drips", async () => {
      const client = await Polling.open(server.b);
      const headers = { "Transfer-Encoding": "chunked" };
      const first = requestText(client.target, { method: "POST", headers });
      assertCut(await drip("1\r\n4\r\n".repeat(200), { first }), 1500, 4600, ended);
    });

    it("a body for nobody", async () => {
      const { took, status } = await drip(endless, { first: slowPost("/elsewhere") });
      assert.ok(took <= 4600, `cut off after ${took} ms`);
      assert.ok([undefined, "404", "408"].includes(status));
    });
  });

  describe("meanwhile", patient, () => {
    it("others are served at once", async () => {
      const slow = await Promise.all(Array.from({ length: 100 }, () => Connection.open(server.b)));
      slow.forEach((connection) => connection.write("GET / HTTP/1.1\r\nX: "));
      for (let i = 0; i < 10; ++i) {
        const began = Date.now();
        await request(server.b, "/socket.io/?EIO=4&transport=polling");
        assert.ok(Date.now() - began < 1000);
        await pause(100);
      }
      await Promise.all(slow.map((connection) => connection.end(5000)));
    });

    it("a WebSocket is no request: it outlives both limits", async () => {
      const session = await joined.websocket(server.b);
      for (const end = Date.now() + 3600; Date.now() < end;) {
        assert.equal(await session.ws.receive(), "2");
        session.send("3");
      }
      await assertAlive(session);
      await session.close();
    });

    it("a WebSocket frame that drips is as slow as its pongs allow", async () => {
      const session = await Session.open(server.b);
      session.ws.write(Buffer.from([0x81]));
      assert.equal(await session.ws.receive(), "2");
      const began = Date.now();
      assert.ok([1005, 1006].includes(await session.ws.closed(3000)));
      assert.ok(Date.now() - began < 2500);
    });

    it("a message that drips through a WebSocket arrives", async () => {
      const session = await joined.websocket(server.b);
      await session.ws.connection.writePieces(frame('42["message","slow"]'), 1, 15);
      assert.equal(await session.receive(), '42["message-back","slow"]');
      await session.close();
    });
  });
});
