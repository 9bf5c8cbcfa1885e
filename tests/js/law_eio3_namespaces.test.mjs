// Socket.IO v2 clients: the main namespace without asking, names with a query, ids made of the session's, refusals.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { old } from "./wire/eio3.mjs";
import { notInJs, serverForFile, sideBySide } from "./wire/server.mjs";

const server = await serverForFile();
const bytes = (...values) => Buffer.from(values);
const invalid = '{"message":"Invalid namespace"}';

async function assertAlive(client) {
  await client.send('42["message","still here"]');
  assert.equal(await client.receive(), '42["message-back","still here"]');
}

// [the query in the name, what handshake.auth is made of it]
const queries = [
  ["", {}],
  ["?", {}],
  ["?token=abc", { token: "abc" }],
  ["?token=abc&x=1", { token: "abc", x: "1" }],
  ["?t=a%20b%2Cc+d%E2%82%AC", { t: "a b,c d€" }],
  ["?t", { t: "" }],
  ["?a=1&b=2&a=3", { a: "3", b: "2" }],
  ["?a=1=2", { a: "1=2" }],
  ["?t=1#x", { t: "1" }],
  ["#x", {}],
  ["#x?t=1", {}],
  ["?__proto__=x&constructor=y&toString=z", JSON.parse('{"__proto__":"x","constructor":"y","toString":"z"}')],
  [`?t=${"x".repeat(4000)}`, { t: "x".repeat(4000) }],
];

for (const [way, open] of Object.entries(old)) {
  describe(`an old client over ${way}`, sideBySide, () => {
    for (const [query, auth] of queries)
      it(`joins a namespace, and "${query.slice(0, 40)}" is its auth`, async () => {
        const client = await open(server.f);
        await client.send(`40/who${query},`);
        assert.equal(await client.receive(), "40/who,");
        const you = JSON.stringify(["you", `/who#${client.sid}`, auth, 3]);
        assert.equal(await client.receive(), `42/who,${you}`);
      });

    for (const [name, answer] of [
      ["/refused", '44/refused,{"content":"retry"}'],
      ["/bare?token=x", '44/bare,"plain"'],
      ["/unknown?a=b", `44/unknown,${invalid}`],
      ["/__proto__", `44/__proto__,${invalid}`],
      ["/custom/", `44/custom/,${invalid}`],
    ])
      it(`that asks for ${name} hears ${answer}, and goes on`, async () => {
        const client = await open(server.f);
        await client.send(`40${name},`);
        assert.equal(await client.receive(), answer);
        await assertAlive(client);
      });

    it("is known by the letters of a name, not by their escapes", notInJs, async () => {
      const client = await open(server.f);
      await client.send("40/größe?t=1,");
      assert.equal(await client.receive(), `44/größe,${invalid}`);
    });

    it("acknowledges, and is acknowledged to", async () => {
      const client = await open(server.f);
      await client.send('4212["message-with-ack",1,"2"]');
      assert.equal(await client.receive(), '4312[1,"2"]');
      await client.send('439["nobody asked"]');
      await assertAlive(client);
    });

    it("leaves a namespace, and a packet for it ends the connection", async () => {
      const client = await open(server.f);
      await client.send("40/custom,");
      assert.equal(await client.receive(), "40/custom,");
      assert.equal(await client.receive(), '42/custom,["auth",{}]');
      await client.send("41/custom,");
      await assertAlive(client);
      await client.send('42/custom,["message"]');
      await assertEnds(client);
    });

    for (const wrong of ["40", "40/,", "40/?token=1,", "44", '42/custom,["message"]', "4abc"])
      it(`that sends ${wrong} is closed`, async () => {
        const client = await open(server.f);
        await client.send(wrong);
        await assertEnds(client);
      });

    it("can be put out of one namespace, or out of all", async () => {
      const client = await open(server.f);
      await client.send("40/who,");
      assert.equal(await client.receive(), "40/who,");
      await client.receive();
      await client.send('42/who,["dismiss me"]');
      assert.equal(await client.receive(), "41/who,");
      await client.send("40/who?again=1,");
      assert.equal(await client.receive(), "40/who,");
      await client.receive();
      await client.send('42/who,["hang up"]');
      assert.deepEqual([await client.receive(), await client.receive()], ["41", "41/who,"]);
      await assertEnds(client);
    });
  });
}

// A WebSocket is closed, a poll gets the close packet.
async function assertEnds(client) {
  if (client.closed) return assert.equal(await client.closed(), 1005);
  for (;;) if ((await client.receive()) === "1") return;
}

describe("binary for an old client", sideBySide, () => {
  it("comes with its type on a WebSocket", async () => {
    const client = await old.websocket(server.f);
    client.send("40/who,");
    assert.equal(await client.receive(), "40/who,");
    await client.receive();
    client.send('42/who,["bytes please"]');
    assert.equal(await client.receive(), '451-/who,["bytes",{"_placeholder":true,"num":0}]');
    assert.deepEqual(await client.receive(), bytes(4, 1, 2));
  });

  it("is acknowledged with", async () => {
    const client = await old.websocket(server.f);
    client.send('451-7["message-with-ack",{"_placeholder":true,"num":0}]', bytes(4, 9));
    assert.equal(await client.receive(), '461-7[{"_placeholder":true,"num":0}]');
    assert.deepEqual(await client.receive(), bytes(4, 9));
  });
});
