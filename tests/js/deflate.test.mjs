// permessage-deflate between official clients and the library: npm `ws` with each of its options, socket.io-client.
import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import zlib from "node:zlib";
import { Manager } from "socket.io-client";
import WebSocket from "ws";
import { Connection, within } from "./wire/connection.mjs";
import { readResponse } from "./wire/http.mjs";
import { notInJs, serverForFile, sideBySide } from "./wire/server.mjs";
import { frame, handshakeText, opcode, WebSocket as RawWebSocket } from "./wire/websocket.mjs";

const server = await serverForFile();
const manyAtOnce = { concurrency: 8, timeout: 120_000 };
const repetitive = JSON.stringify(Array.from({ length: 1000 }, (_, i) => ({ id: i, name: `name ${i % 10}` })));
const noise = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 13) & 0xff));

async function open(port, perMessageDeflate) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate });
  await within(10_000, once(socket, "open"), "open");
  return socket;
}

/// Messages of each kind, sent at once, must come back in order and unchanged.
async function assertEchoed(socket) {
  const messages = ["", "x", repetitive, noise, repetitive, "é€😀".repeat(1000), Buffer.alloc(0), Buffer.alloc(100_000)];
  const expected = [...messages, ...messages, repetitive, noise];
  const echoed = [];
  const all = new Promise((done) =>
    socket.on("message", (data, isBinary) => {
      echoed.push(isBinary ? data : data.toString());
      if (echoed.length === expected.length) done();
    }),
  );
  for (const message of messages) socket.send(message);
  for (const message of messages) socket.send(message, { compress: false });
  for (const end of [0, 1]) socket.send(repetitive.slice(end * 1000, end ? undefined : 1000), { fin: end === 1 });
  for (let i = 0; i < 4; ++i) socket.send(noise.subarray(i * 5000, (i + 1) * 5000), { fin: i === 3 });
  await within(20_000, all, "all echoes");
  assert.deepEqual(echoed, expected);
}

describe("npm ws", manyAtOnce, () => {
  for (const serverNoContextTakeover of [false, true])
    for (const clientNoContextTakeover of [false, true])
      for (const serverMaxWindowBits of [undefined, 8, 12])
        for (const clientMaxWindowBits of [undefined, 8, 12]) {
          const options = { serverNoContextTakeover, clientNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits };
          it(`with ${JSON.stringify(options)} gets back what it sent`, async () => {
            const socket = await open(server.e, { ...options, threshold: 0 });
            assert.match(socket.extensions, /^permessage-deflate/);
            await assertEchoed(socket);
            socket.close();
            const [code] = await once(socket, "close");
            assert.equal(code, 1005);
          });
        }

  it("without compression, beside others, is served as ever", async () => {
    const socket = await open(server.e, false);
    assert.equal(socket.extensions, "");
    await assertEchoed(socket);
    socket.close();
  });

  it("receives fewer bytes than the message has", async () => {
    const socket = await open(server.e, {});
    socket.send(repetitive);
    const [data] = await once(socket, "message");
    assert.equal(data.toString(), repetitive);
    assert.ok(socket._socket.bytesRead < repetitive.length / 5, `${socket._socket.bytesRead} of ${repetitive.length}`);
    assert.ok(socket._socket.bytesWritten < repetitive.length / 5);
    socket.close();
  });
});

describe("socket.io-client", manyAtOnce, () => {
  const ways = { "WebSocket only": { transports: ["websocket"] }, "polling, then upgraded": {} };
  for (const [way, options] of Object.entries(ways))
    for (const perMessageDeflate of [true, { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true }])
      it(`over ${way} with perMessageDeflate ${JSON.stringify(perMessageDeflate)} gets back what it sent`, async () => {
        const manager = new Manager(`http://127.0.0.1:${server.b}`, { ...options, perMessageDeflate, forceNew: true });
        const socket = manager.socket("/");
        if (!options.transports) await within(10_000, once(manager.engine, "upgrade"), "the upgrade");
        const big = { text: repetitive, list: Array(1000).fill("again"), bytes: noise };
        for (let i = 0; i < 3; ++i) {
          const back = new Promise((done) => socket.once("message-back", (...args) => done(args)));
          socket.emit("message", big, i, "small");
          assert.deepEqual(await within(10_000, back, "message-back"), [big, i, "small"]);
        }
        const { ws } = manager.engine.transport;
        assert.match(ws.extensions, /^permessage-deflate/);
        assert.ok(ws._socket.bytesRead < 3 * repetitive.length, `${ws._socket.bytesRead} bytes`);
        socket.disconnect();
      });
});

describe("the server", sideBySide, () => {
  const answered = async (extensions) => {
    const connection = await Connection.open(server.e);
    connection.write(handshakeText("/", { headers: { "Sec-WebSocket-Extensions": extensions } }));
    const response = await readResponse(connection);
    connection.destroy();
    return [response.status, response.header("sec-websocket-extensions")];
  };
  const agreed = {
    "permessage-deflate": "permessage-deflate",
    "permessage-deflate; client_max_window_bits": "permessage-deflate",
    'permessage-deflate; client_max_window_bits="9"; server_max_window_bits=10':
      "permessage-deflate; client_max_window_bits=9; server_max_window_bits=10",
    "x-other; a=b, permessage-deflate;client_no_context_takeover;server_no_context_takeover":
      "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
  };
  for (const [offer, answer] of Object.entries(agreed))
    it(`answers ${offer} as JS does`, async () => assert.deepEqual(await answered(offer), [101, answer]));

  for (const malformed of ["permessage-deflate;", "permessage-deflate, ,x", 'permessage-deflate; a="1 2"', ","])
    it(`refuses ${malformed} as JS does`, async () => assert.deepEqual(await answered(malformed), [400, undefined]));

  // RFC 7692, 7.1: such an offer is declined, and the next one is looked at; `ws` refuses the whole handshake.
  for (const bad of ["x", "server_max_window_bits", "client_max_window_bits=16", "server_no_context_takeover=1"])
    it(`declines an offer with ${bad}, instead of refusing the handshake as JS does`, notInJs, async () => {
      assert.deepEqual(await answered(`permessage-deflate; ${bad}`), [101, undefined]);
      assert.deepEqual(await answered(`permessage-deflate; ${bad}, permessage-deflate`), [101, "permessage-deflate"]);
    });

  const deflated = (text, finishFlush) => zlib.deflateRawSync(text, { finishFlush });
  const { Z_SYNC_FLUSH, Z_FINISH } = zlib.constants;

  it("takes final blocks, and goes on", async () => {
    const headers = { "Sec-WebSocket-Extensions": "permessage-deflate; server_no_context_takeover" };
    const ws = await RawWebSocket.open(server.e, "/", { headers });
    const plain = deflated("plain", Z_SYNC_FLUSH).subarray(0, -4);
    for (const payload of [deflated("final", Z_FINISH), Buffer.concat([deflated("final", Z_FINISH), Buffer.of(0)])]) {
      ws.write(frame(payload, { op: opcode.text, rsv: 4 }));
      assert.equal((await ws.frame()).payload.toString(), "final");
    }
    ws.write(frame(plain, { op: opcode.text, rsv: 4 }));
    assert.equal((await ws.frame()).payload.toString(), "plain");
    await ws.close();
  });

  it("closes with 1007 for bytes that are no deflate stream, and for a text that is no UTF-8", async () => {
    const headers = { "Sec-WebSocket-Extensions": "permessage-deflate" };
    for (const payload of [Buffer.alloc(50, 0xff), deflated(Buffer.of(0xc3), Z_SYNC_FLUSH).subarray(0, -4)]) {
      const ws = await RawWebSocket.open(server.e, "/", { headers });
      ws.write(frame(payload, { op: opcode.text, rsv: 4 }));
      assert.equal(await ws.closed(), 1007);
    }
  });

  it("closes with 1007 for a message that is cut in a block, which JS delivers", notInJs, async () => {
    const ws = await RawWebSocket.open(server.e, "/", { headers: { "Sec-WebSocket-Extensions": "permessage-deflate" } });
    ws.write(frame(deflated("a message", Z_SYNC_FLUSH).subarray(0, 5), { op: opcode.text, rsv: 4 }));
    assert.equal(await ws.closed(), 1007);
  });
});
