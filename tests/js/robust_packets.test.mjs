// Socket.IO packets made to cost more than they weigh: depth, digits, attachments, names, counts. Each must be cheap.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { notInJs, serverForFile, sideBySide } from "./wire/server.mjs";
import { assertAlive, join, joined, Polling, separator, Session } from "./wire/session.mjs";
import { Closed } from "./wire/websocket.mjs";

const server = await serverForFile();
const nested = (depth, open = "[", close = "]", core = "") => open.repeat(depth) + core + close.repeat(depth);

/// What the server makes of the packets: "closed", or the answer to the event that is sent after them.
async function outcome(packets, { port = server.b, ms = 4000 } = {}) {
  const session = await joined.websocket(port);
  session.send(...packets);
  session.send('42["message","last"]');
  try {
    const answers = [];
    while (answers.at(-1) !== '42["message-back","last"]') answers.push(await session.receive(ms));
    await session.close();
    return answers;
  } catch (error) {
    if (error instanceof Closed) return "closed";
    throw error;
  }
}

async function assertQuick(limit, act) {
  const began = Date.now();
  const result = await act();
  assert.ok(Date.now() - began < limit, `${Date.now() - began} ms`);
  return result;
}

describe("depth", sideBySide, () => {
  it("of 90 is echoed", async () => {
    for (const deep of [nested(90), nested(90, '{"a":', "}", "1")]) {
      const [answer] = await outcome([`42["message",${deep}]`]);
      assert.equal(answer, `42["message-back",${deep}]`);
    }
  });

  const depths = { 200: 200, 10_000: 10_000, 400_000: 400_000 };
  for (const depth of Object.values(depths)) {
    const texts = {
      arrays: `42["message",${nested(depth)}]`,
      objects: `42["message",${nested(Math.min(depth, 150_000), '{"a":', "}", "1")}]`,
      "arrays never closed": `42["message",${"[".repeat(depth)}`,
      "objects never closed": `42["message",${'{"":'.repeat(Math.min(depth, 200_000))}`,
      "a CONNECT": `40/custom,${nested(Math.min(depth, 150_000), '{"a":', "}", "1")}`,
      "an ack": `437[${nested(depth)}]`,
      "a binary event": `451-["message",${nested(depth)}]`,
    };
    for (const [what, text] of Object.entries(texts))
      it(`of ${depth} in ${what} ends the connection`, notInJs, async () => {
        assert.equal(await assertQuick(3000, () => outcome([text])), "closed");
      });
  }
});

describe("digits and names", sideBySide, () => {
  const digits = "1".repeat(400_000);
  const long = {
    "an ack id": `42${digits}["message"]`,
    "an ack id of zeros": `42${"0".repeat(400_000)}["message"]`,
    "an attachment count": `45${digits}-["message"]`,
    "an attachment count of zeros": `45${"0".repeat(400_000)}1-["message"]`,
    "a number": `42["message",${digits}]`,
    "a number's fraction": `42["message",0.${digits}]`,
    "a number's exponent": `42["message",1e${digits}]`,
    "a namespace": `42/${"a".repeat(400_000)}`,
    "a namespace joined": `40/${"a".repeat(400_000)},`,
    "an event's name": `42["${"a".repeat(400_000)}"]`,
    "a string of escapes": `42["message","${"\\u0041".repeat(150_000)}"]`,
    blanks: `42["message",${" ".repeat(900_000)}1]`,
    "blanks after": `42["message"]${" ".repeat(900_000)}`,
    hyphens: `45${"-".repeat(400_000)}`,
    commas: `42${",".repeat(400_000)}`,
    slashes: `42${"/".repeat(400_000)}`,
  };
  for (const [what, text] of Object.entries(long))
    it(`of 400,000 bytes in ${what} are quick (CVE-2020-36049)`, () => assertQuick(3000, () => outcome([text])));

  it("of a namespace beyond 1,024 bytes end the connection, which JS takes", notInJs, async () => {
    assert.equal(await outcome([`40/${"a".repeat(1030)},`]), "closed");
  });

  it("of a namespace of 1,000 bytes are just a wrong name", async () => {
    const name = `/${"a".repeat(999)}`;
    assert.equal((await outcome([`40${name},`]))[0], `44${name},{"message":"Invalid namespace"}`);
  });
});

describe("big values", sideBySide, () => {
  const count = 80_000;
  const keys = Array.from({ length: count }, (_, i) => `"k${i}":0`).join(",");
  const values = {
    "an object of 80,000 keys": `{${keys}}`,
    "an array of 400,000 numbers": `[${Array(400_000).fill(1).join(",")}]`,
    "100,000 empty objects": `[${Array(100_000).fill("{}").join(",")}]`,
  };
  for (const [what, text] of Object.entries(values))
    it(`${what} is echoed, quickly`, async () => {
      const [answer] = await assertQuick(4000, () => outcome([`42["message",${text}]`]));
      assert.ok(answer === `42["message-back",${text}]`);
    });

  it("an object of 100,000 times the same key is echoed as one, quickly", async () => {
    const text = `{${Array(100_000).fill('"k":0').join(",")}}`;
    const [answer] = await assertQuick(4000, () => outcome([`42["message",${text}]`]));
    assert.equal(answer, '42["message-back",{"k":0}]');
  });

  it("keys that collide in simple hashes are quick", async () => {
    const letters = ["Aa", "BB"];
    const key = (i) => Array.from({ length: 16 }, (_, bit) => letters[(i >> bit) & 1]).join("");
    const text = `{${Array.from({ length: 20_000 }, (_, i) => `"${key(i)}":0`).join(",")}}`;
    const [answer] = await assertQuick(4000, () => outcome([`42["message",${text}]`]));
    assert.ok(answer === `42["message-back",${text}]`);
  });

  it("2,000 events in one write are all answered, in order", async () => {
    const events = Array.from({ length: 2000 }, (_, i) => `42["message",${i}]`);
    const answers = await outcome(events);
    assert.deepEqual(
      answers.slice(0, -1),
      events.map((text) => text.replace('"message"', '"message-back"')),
    );
  });
});

describe("odd text", sideBySide, () => {
  const odd = ['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\u2028"', "1e999", "-1e999", '{"\\ud800":1}', "1e-999"];
  for (const json of odd)
    it(`${JSON.stringify(json)} is echoed as JSON, or ends the connection`, async () => {
      const result = await outcome([`42["message",${json}]`]);
      if (result !== "closed") assert.doesNotThrow(() => JSON.parse(result[0].slice(2)));
    });

  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"])
    it(`${name} as a key, a namespace and an event is a name like others`, async () => {
      const [answer] = await outcome([`42["message",{"${name}":{"x":1}}]`, `42["${name}"]`]);
      assert.equal(answer, `42["message-back",{"${name}":{"x":1}}]`);
      const [refused] = await outcome([`40/${name},`]);
      assert.equal(refused, `44/${name},{"message":"Invalid namespace"}`);
    });
});

describe("attachments", sideBySide, () => {
  const ten = Array.from({ length: 10 }, (_, i) => `{"_placeholder":true,"num":${i}}`).join(",");

  it("announced and never sent are freed with the connection", async () => {
    const before = server.memory;
    for (let i = 0; i < 20; ++i) {
      const session = await joined.websocket(server.b);
      session.send(`4510-["message",${ten}]`, ...Array(9).fill(Buffer.alloc(900_000)));
      await session.ws.connection.writeAll("");
      await session.close();
    }
    server.assertMemoryWithin(150, before);
  });

  for (const count of [11, 100, 1_000_000, 4_294_967_297])
    it(`of ${count} end the connection before any came (CVE-2026-33151)`, async () => {
      assert.equal(await outcome([`45${count}-["message"]`]), "closed");
    });

  it("of none end the connection (CVE-2026-69185)", async () => {
    assert.equal(await outcome(['450-["message"]', Buffer.from([1])]), "closed");
  });

  it("named 30,000 times cost the server no more than what may wait for one connection", notInJs, async () => {
    const places = Array(30_000).fill('{"_placeholder":true,"num":0}').join(",");
    const before = server.memory;
    await outcome([`451-["message",${places}]`, Buffer.alloc(100_000)]).catch(() => {});
    server.assertMemoryWithin(100, before);
  });
});

describe("counts", sideBySide, () => {
  it("of 1,000 CONNECTs to nowhere are each refused by name, or the connection is closed", async () => {
    const names = Array.from({ length: 1000 }, (_, i) => `/none${i}`);
    const result = await outcome(names.map((name) => `40${name},`));
    if (result === "closed") return;
    assert.deepEqual(
      result.slice(0, -1),
      names.map((name) => `44${name},{"message":"Invalid namespace"}`),
    );
  });

  it("of 4,000 packets in one payload are taken", async () => {
    const client = await Polling.open(server.c, { path: "/engine.io/" });
    const payload = Array.from({ length: 4000 }, (_, i) => `4${i}`).join(separator);
    await client.send(payload);
    const messages = async () => (await client.get()).text.split(separator).filter((packet) => packet !== "2");
    const got = await messages();
    while (got.length < 4000) got.push(...(await messages()));  // a slow server's pings come in between
    assert.equal(got.join(separator), payload);
  });

  it("of 200,000 packets in one payload are too many, which JS takes", notInJs, async () => {
    const client = await Polling.open(server.b);
    await client.post(Array(200_000).fill("3").join(separator));
    await client.assertGone();
  });

  it("of 999,999 separators end the session, quickly", async () => {
    const client = await Polling.open(server.b);
    await assertQuick(3000, () => client.post(separator.repeat(999_999)));
    await client.assertGone();
  });

  it("of 1,000 joins and leaves in one write are kept in step", notInJs, async () => {
    const session = await Session.open(server.b);
    session.send(...Array(1000).fill(["40/custom,", "41/custom,"]).flat());
    const answers = [];
    for (let answer; answers.length < 2000 && answer !== null;) {
      answer = await session.receive(1000).catch(() => null);
      if (answer) answers.push(answer);
    }
    assert.ok(answers.every((packet) => /^4[02]\/custom,/.test(packet)));
    session.ws.connection.destroy();
  });

  it("of unasked acks, 10,000 of them, do nothing", async () => {
    const answers = await outcome(Array.from({ length: 10_000 }, (_, i) => `43${i}[1]`));
    assert.deepEqual(answers, ['42["message-back","last"]']);
  });

  it("by polling of the same things end alike", async () => {
    for (const packet of [`42["message",${"[".repeat(900_000)}`, `45${"1".repeat(900_000)}-[]`]) {
      const client = await join(await Polling.open(server.b));
      await client.send(packet);
      assert.equal((await client.get()).text, "6\x1e1");
      await client.assertGone();
    }
    const client = await join(await Polling.open(server.b));
    await assertAlive(client);
  });
});
