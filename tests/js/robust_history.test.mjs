// What has brought other servers down, by the number under which it was published; most are one message.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { request } from "./wire/http.mjs";
import { serverForFile, sideBySide } from "./wire/server.mjs";
import { assertAlive, joined, Polling } from "./wire/session.mjs";
import { frame, WebSocket } from "./wire/websocket.mjs";

const server = await serverForFile();
const webSocket = "/socket.io/?EIO=4&transport=websocket";
const placeholder = (num) => `{"_placeholder":true,"num":${num}}`;

async function assertClosesAfter(...packets) {
  const session = await joined.websocket(server.b);
  session.send(...packets);
  assert.equal(await session.closed(), 1005);
}

async function assertIgnored(...packets) {
  const session = await joined.websocket(server.b);
  session.send(...packets);
  await assertAlive(session);
  await session.close();
}

/// The status and text with which a WebSocket is refused, or 101.
const upgrade = async (target, options) =>
  WebSocket.open(server.b, target, options).then(
    async (ws) => (await ws.close(), { status: 101 }),
    ({ response }) => ({ status: response.status, text: response.text }),
  );

describe("socket.io", sideBySide, () => {
  it("CVE-2024-38355: an event named error", () => assertIgnored('42["error"]', '42["error",{"message":"x"}]'));

  it("CVE-2020-28481: a foreign origin gets no CORS header", async () => {
    const headers = { Origin: "http://evil.example" };
    const response = await request(server.b, "/socket.io/?EIO=4&transport=polling", { headers });
    assert.equal(response.header("access-control-allow-origin"), undefined);
  });
});

describe("socket.io-parser", sideBySide, () => {
  it("CVE-2022-2421: a placeholder named like an array's method", async () => {
    for (const num of ['"splice"', '"__proto__"', '"length"', "-1", "1e400", "null"])
      await assertClosesAfter(`451-["message",${placeholder(num)}]`, Buffer.from([1]));
  });

  it("CVE-2023-32695: an event whose name is an object", () => assertClosesAfter('42[{"toString":"foo"}]'));

  it("CVE-2026-33151: a million attachments announced", () => assertClosesAfter('451000000-["message"]'));

  it("CVE-2026-69185: no attachment announced", () => assertClosesAfter('450-["message"]', Buffer.from([1])));
});

describe("engine.io", sideBySide, () => {
  it("CVE-2020-36048: a body far too large", async () => {
    const client = await Polling.open(server.b);
    assert.equal((await client.post("4" + "x".repeat(5_000_000))).status, 413);
  });

  it("CVE-2023-31125: an upgrade whose transport is a property of every object", async () => {
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "0", ""])
      assert.deepEqual(await upgrade(`/socket.io/?EIO=4&transport=${name}`), {
        status: 400,
        text: "Transport unknown",
      });
  });

  it("GHSA-gr94-w7qr-f4j3: a sid that is a property of every object", async () => {
    for (const name of ["__proto__", "constructor", "toString", "11111111111111111111"])
      assert.deepEqual(await upgrade(`${webSocket}&sid=${name}`), { status: 400, text: "Session ID unknown" });
  });

  it("CVE-2026-59725: a POST of octets is answered", async () => {
    const client = await Polling.open(server.b);
    const response = await client.post("\x04a", { headers: { "Content-Type": "application/octet-stream" } });
    assert.equal(response.status, 400);
  });

  it("6.6.11: another protocol version on a running session", async () => {
    const client = await Polling.open(server.b);
    const { status } = await request(server.b, client.target.replace("EIO=4", "EIO=3"), {
      method: "POST",
      body: "1:3",
    });
    assert.equal(status, 400);
    await client.send("3");
  });

  it("CVE-2022-21676: RSV bits in the first frame", async () => {
    const ws = await WebSocket.open(server.b, webSocket, { after: frame("40", { rsv: 3 }) });
    assert.equal(await ws.closed(), 1002);
  });

  it("JSONP: a callback that is a script", async () => {
    const { text } = await request(server.b, "/socket.io/?EIO=4&transport=polling&j=alert(1)");
    assert.doesNotMatch(text, /alert/);
  });
});

describe("ws", sideBySide, () => {
  it("GHSA-5v72-xg48-5rpm: an extension named like a property of every object", async () => {
    for (const name of ["constructor", "__proto__", "toString"])
      assert.ok(
        [101, 400].includes((await upgrade(webSocket, { headers: { "Sec-WebSocket-Extensions": name } })).status),
      );
  });

  it("CVE-2021-32640: blanks within a sub-protocol", async () => {
    const began = Date.now();
    await upgrade(webSocket, { headers: { "Sec-WebSocket-Protocol": `b${" ".repeat(8000)}x` } });
    assert.ok(Date.now() - began < 1000);
  });

  it("CVE-2016-10542: a frame far too large, by its length alone", async () => {
    const ws = await WebSocket.open(server.b, webSocket, { after: frame("x", { length: 2 ** 40 }) });
    assert.equal(await ws.closed(), 1009);
  });
});
