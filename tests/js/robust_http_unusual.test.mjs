// HTTP that is unusual, but right: pipelined, cut into single bytes, chunked, expecting, half-closed.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Connection } from "./wire/connection.mjs";
import { chunked, readResponse, request, requestText, statusesOf } from "./wire/http.mjs";
import { notInJs, serverForFile, sideBySide } from "./wire/server.mjs";
import { join, Polling, Session } from "./wire/session.mjs";
import { handshakeText, WebSocket } from "./wire/websocket.mjs";

const server = await serverForFile();
const smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

describe("unusual, but right:", sideBySide, () => {
  const handshake = "/socket.io/?EIO=4&transport=polling";

  it("100 requests in one write are answered in order", async () => {
    const connection = await Connection.open(server.b);
    const codes = Array.from({ length: 100 }, (_, i) => (i % 3 === 0 ? 404 : i % 3 === 1 ? 400 : 200));
    const targets = { 404: "/x", 400: "/socket.io/", 200: handshake };
    connection.write(Buffer.concat(codes.map((code) => requestText(targets[code]))));
    for (const code of codes) assert.equal((await readResponse(connection)).status, code);
    connection.destroy();
  });

  it("a POST and the poll that fetches its echo, in one write", async () => {
    const client = await Polling.open(server.c, { path: "/engine.io/" });
    const connection = await Connection.open(server.c);
    const post = requestText(client.target, { method: "POST", body: "4a" });
    connection.write(Buffer.concat([post, requestText(client.target)]));
    assert.equal((await readResponse(connection)).text, "ok");
    assert.equal((await readResponse(connection)).text, "4a");
    connection.destroy();
  });

  it("requests byte by byte", async () => {
    const client = await Polling.open(server.c, { path: "/engine.io/" });
    const connection = await Connection.open(server.c);
    await connection.writePieces(requestText(client.target, { method: "POST", body: "4€" }));
    assert.equal((await readResponse(connection)).text, "ok");
    const framed = { method: "POST", headers: { "Transfer-Encoding": "chunked" }, body: chunked("4", "b", "😀") };
    await connection.writePieces(requestText(client.target, framed));
    assert.equal((await readResponse(connection)).text, "ok");
    await connection.writePieces(requestText(client.target));
    assert.equal((await readResponse(connection)).text, "4€\x1e4b😀");
    connection.destroy();
  });

  it("chunks with extensions, sizes in capitals and leading zeros, and trailers", async () => {
    const client = await Polling.open(server.c, { path: "/engine.io/" });
    const connection = await Connection.open(server.c);
    const body = `01;a=b\r\n4\r\n00A;x="y"\r\nabcdefghij\r\n0\r\nX-Trailer: 1\r\n\r\n`;
    connection.write(requestText(client.target, { method: "POST", headers: { "Transfer-Encoding": "Chunked" }, body }));
    assert.equal((await readResponse(connection)).text, "ok");
    connection.write(requestText(client.target));
    assert.equal((await readResponse(connection)).text, "4abcdefghij");
    connection.destroy();
  });

  it("Expect: 100-continue is answered 100, then the request", async () => {
    const client = await Polling.open(server.c, { path: "/engine.io/" });
    const connection = await Connection.open(server.c);
    const headers = { Expect: "100-continue", "Content-Length": "2" };
    connection.write(requestText(client.target, { method: "POST", headers }));
    assert.equal((await readResponse(connection)).status, 100);
    connection.write("4a");
    assert.equal((await readResponse(connection)).text, "ok");
    connection.destroy();
  });

  it("Expect: 100-continue with a body too large is answered 413 at once, not 100 as in JS", notInJs, async () => {
    const client = await Polling.open(server.c, { path: "/engine.io/" });
    const headers = { Expect: "100-continue", "Content-Length": "1000001" };
    assert.equal((await client.post(undefined, { headers })).status, 413);
  });

  it("another expectation: 417", async () => {
    const headers = { Expect: "the unexpected" };
    assert.equal((await request(server.b, handshake, { headers })).status, 417);
  });

  it("HTTP/1.0 without Host is answered and ended", async () => {
    assert.deepEqual(await statusesOf(server.b, `GET ${handshake} HTTP/1.0\r\n\r\n`), [200]);
  });

  it("Connection: close is answered and ended", async () => {
    assert.deepEqual(await statusesOf(server.b, requestText(handshake, { headers: { Connection: "close" } })), [200]);
  });

  it("empty lines before a request", async () => {
    const connection = await Connection.open(server.b);
    connection.write(Buffer.concat([Buffer.from("\r\n\r\n"), requestText(handshake)]));
    assert.equal((await readResponse(connection)).status, 200);
    connection.destroy();
  });

  it("a client that has said all it will say (half-closed TCP) is answered", async () => {
    const connection = await Connection.open(server.b);
    connection.write(requestText(handshake)).halfClose();
    assert.equal((await readResponse(connection)).status, 200);
    connection.destroy();
  });

  it("a body on a GET is read over", async () => {
    const connection = await Connection.open(server.b);
    connection.write(requestText(handshake, { body: smuggled }));
    assert.equal((await readResponse(connection)).status, 200);
    connection.write(requestText("/x"));
    assert.equal((await readResponse(connection)).status, 404);
    connection.destroy();
  });

  for (const line of ["OPTIONS * HTTP/1.1", "CONNECT x:80 HTTP/1.1", "TRACE / HTTP/1.1", "GET http://x/ HTTP/1.1"])
    it(`${line} is answered with something else than 200, or cut off`, async () => {
      const statuses = await statusesOf(server.b, `${line}\r\nHost: x\r\nConnection: close\r\n\r\n`);
      assert.ok(
        statuses.every((status) => status !== 200),
        statuses.join(),
      );
    });

  it("percent signs that mean nothing", async () => {
    for (const query of ["EIO=4&transport=polling&x=%", "EIO=4&transport=polling&x=%zz", "%=4&EIO=4&transport=polling"])
      assert.equal((await request(server.b, `/socket.io/?${query}`)).status, 200, query);
    assert.equal((await request(server.b, "/%00%ff/../../etc/passwd")).status, 404);
  });
});

describe("a WebSocket handshake", sideBySide, () => {
  it("with a body of its own is refused, or its body is read over: never taken for frames", async () => {
    const text = requestText("/socket.io/?EIO=4&transport=websocket", {
      headers: {
        Upgrade: "websocket",
        Connection: "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Content-Length": "5",
      },
    });
    const connection = await Connection.open(server.b);
    connection.write(text);
    const { status } = await readResponse(connection);
    assert.ok([101, 400, 413].includes(status));
    connection.destroy();
  });

  it("byte by byte", async () => {
    const connection = await Connection.open(server.b);
    await connection.writePieces(handshakeText("/socket.io/?EIO=4&transport=websocket"));
    const ws = new WebSocket(connection, await readResponse(connection));
    assert.match(await ws.receive(), /^0\{/);
    await join(new Session(ws));
    await ws.close();
  });
});
