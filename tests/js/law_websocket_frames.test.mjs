// RFC 6455 frame by frame, on the raw echo E: messages, fragments, control frames, the code that each wrong byte costs.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { serverForFile, sideBySide } from "./wire/server.mjs";
import { Closed, closeFrame, frame, opcode, WebSocket } from "./wire/websocket.mjs";

const server = await serverForFile();
const open = () => WebSocket.open(server.e, "/");
const mebibyte = 1024 * 1024;

async function assertEchoes(ws, payload, ms) {
  ws.send(payload);
  const got = await ws.receive(ms);
  assert.equal(typeof got, typeof payload);
  assert.ok(Buffer.from(got).equals(Buffer.from(payload)));
}

describe("an echo", sideBySide, () => {
  for (const size of [0, 1, 125, 126, 127, 65535, 65536, 65537, mebibyte])
    it(`of ${size} bytes, as text and as binary`, async () => {
      const ws = await open();
      await assertEchoes(ws, "x".repeat(size));
      await assertEchoes(ws, randomBytes(size));
      await ws.close(1000);
    });

  it("of 64 MiB and one byte is refused with 1009, from the length alone", async () => {
    const ws = await open();
    ws.write(frame(Buffer.alloc(10), { length: 64 * mebibyte + 1 }));
    assert.equal(await ws.closed(), 1009);
  });

  it("of many messages at once, in order", async () => {
    const ws = await open();
    const words = Array.from({ length: 500 }, (_, i) => `word ${i}`);
    ws.send(...words);
    for (const word of words) assert.equal(await ws.receive(), word);
    await ws.close();
  });

  it("of frames that come byte by byte", async () => {
    const ws = await open();
    await ws.connection.writePieces(Buffer.concat([frame("añb"), frame(Buffer.alloc(130, 7)), frame("end")]));
    assert.equal(await ws.receive(), "añb");
    assert.deepEqual(await ws.receive(), Buffer.alloc(130, 7));
    assert.equal(await ws.receive(), "end");
    await ws.close();
  });
});

describe("the largest echo", { timeout: 30_000 }, () => {
  it("of 64 MiB, the largest message", { timeout: 30_000 }, async () => {
    const ws = await open();
    await assertEchoes(ws, randomBytes(64 * mebibyte), 25_000);
    await ws.close();
  });
});

const part = (payload, options) => frame(payload, { fin: false, ...options });
const next = (payload, options) => frame(payload, { op: opcode.continuation, ...options });

describe("fragments", sideBySide, () => {
  it("are joined", async () => {
    const ws = await open();
    ws.write(Buffer.concat([part("ab"), next("cd", { fin: false }), next("ef")]));
    assert.equal(await ws.receive(), "abcdef");
    ws.write(Buffer.concat([part(Buffer.from([1])), next([2])]));
    assert.deepEqual(await ws.receive(), Buffer.from([1, 2]));
    await ws.close();
  });

  it("may be empty, and may cut a letter in two", async () => {
    const ws = await open();
    const [a, b, c] = Buffer.from("€");
    const text = { op: opcode.text };
    ws.write(Buffer.concat([part([a], text), next([b], { fin: false }), next([], { fin: false }), next([c])]));
    assert.equal(await ws.receive(), "€");
    ws.write(Buffer.concat([part(""), next("", { fin: false }), next("")]));
    assert.equal(await ws.receive(), "");
    await ws.close();
  });

  it("let control frames pass between them", async () => {
    const ws = await open();
    ws.write(Buffer.concat([part("ab"), frame("ping", { op: opcode.ping }), next("cd")]));
    const pong = await ws.frame();
    assert.deepEqual([pong.op, pong.payload.toString()], [opcode.pong, "ping"]);
    assert.equal(await ws.receive(), "abcd");
    await ws.close();
  });

  it("are cut off by a close frame", async () => {
    const ws = await open();
    ws.write(Buffer.concat([part("ab"), closeFrame(1000)]));
    assert.equal(await ws.closed(), 1000);
  });
});

describe("control frames", sideBySide, () => {
  it("a ping is answered with its payload, a pong with nothing", async () => {
    const ws = await open();
    ws.write(Buffer.concat([frame("", { op: opcode.pong }), frame("x".repeat(125), { op: opcode.ping })]));
    const pong = await ws.frame();
    assert.deepEqual([pong.op, pong.fin, pong.payload.toString()], [opcode.pong, true, "x".repeat(125)]);
    await assertEchoes(ws, "on");
    await ws.close();
  });

  it("pings of a flood are answered, or the newest of them", async () => {
    const ws = await open();
    ws.write(Buffer.concat(Array.from({ length: 1000 }, (_, i) => frame(String(i), { op: opcode.ping }))));
    for (let pong; pong?.payload.toString() !== "999";) {
      pong = await ws.frame();
      assert.equal(pong.op, opcode.pong);
    }
    await ws.close();
  });

  for (const code of [undefined, 1000, 1001, 1002, 1003, 1007, 1011, 1012, 1013, 1014, 3000, 4999])
    it(`a close with ${code} is answered with it, and the TCP connection ends`, async () => {
      const ws = await open();
      ws.write(closeFrame(code, code && "why"));
      assert.equal(await ws.closed(), code ?? 1005);
      await ws.connection.end(1000);
    });

  it("nothing is echoed after a close", async () => {
    const ws = await open();
    ws.write(Buffer.concat([closeFrame(1000), frame("late")]));
    await assert.rejects(ws.receive(), Closed);
    await ws.connection.end(1000);
    assert.equal(ws.connection.received.length, 0);
  });
});

// [what is sent, its bytes, code]
const wrong = [
  ["a frame that is not masked", frame("x", { masked: false }), 1002],
  ["RSV1 without an extension", frame("x", { rsv: 4 }), 1002],
  ["RSV2", frame("x", { rsv: 2 }), 1002],
  ["RSV3", frame("x", { rsv: 1 }), 1002],
  ["RSV1 on a control frame", frame("", { op: opcode.ping, rsv: 4 }), 1002],
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((op) => [`opcode ${op}`, frame("x", { op }), 1002]),
  ["a ping in fragments", frame("", { op: opcode.ping, fin: false }), 1002],
  ["a close in fragments", frame("", { op: opcode.close, fin: false }), 1002],
  ["a ping of 126 bytes", frame("x".repeat(126), { op: opcode.ping }), 1002],
  ["a close of 126 bytes", closeFrame(1000, "x".repeat(124)), 1002],
  ["a continuation of nothing", next("x"), 1002],
  ["a new message within fragments", Buffer.concat([part("a"), frame("b")]), 1002],
  ["a close of one byte", frame([3], { op: opcode.close }), 1002],
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535].map((code) => [
    `a close with code ${code}`,
    closeFrame(code),
    1002,
  ]),
  ["a close with a reason that is no UTF-8", closeFrame(1000, Buffer.from([0xff])), 1007],
  ["text that is no UTF-8", frame(Buffer.from([0xff, 0xfe]), { op: opcode.text }), 1007],
  ["an overlong letter", frame(Buffer.from([0xc0, 0xaf]), { op: opcode.text }), 1007],
  ["a surrogate in UTF-8", frame(Buffer.from([0xed, 0xa0, 0x80]), { op: opcode.text }), 1007],
  ["a letter above U+10FFFF", frame(Buffer.from([0xf4, 0x90, 0x80, 0x80]), { op: opcode.text }), 1007],
  ["text that ends within a letter", frame(Buffer.from([0xe2, 0x82]), { op: opcode.text }), 1007],
  ["fragments that end within a letter", Buffer.concat([part("a"), next([0xe2, 0x82])]), 1007],
];

describe("a wrong frame closes with its code, and the TCP connection ends:", sideBySide, () => {
  for (const [what, bytes, code] of wrong)
    it(`${what}: ${code}`, async () => {
      const ws = await open();
      ws.write(bytes);
      assert.equal(await ws.closed(), code);
      await ws.connection.end(1500);
    });

  it("a length beyond 2^53, or with its top bit set: 1002 or 1009", async () => {
    for (const top of [0x00, 0x80, 0xff]) {
      const ws = await open();
      ws.write(Buffer.from([0x82, 0xff, top, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]));
      assert.ok([1002, 1009].includes(await ws.closed()));
    }
  });

  it("whole messages before it are echoed still", async () => {
    const ws = await open();
    ws.write(Buffer.concat([frame("first"), frame("x", { rsv: 2 })]));
    assert.equal(await ws.receive(), "first");
    assert.equal(await ws.closed(), 1002);
  });
});
