// Socket.IO packets, one by one, over both transports: what is answered, what is ignored, what ends the connection.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { answered, bytes, illFormed, illPlaced, sid } from "./wire/packets.mjs";
import { notInJs, serverForFile, sideBySide } from "./wire/server.mjs";
import { assertAlive, join, joined, Polling, Session } from "./wire/session.mjs";

const server = await serverForFile();
const transports = Object.keys(joined);

/// A packet as the transport carries it: by polling a Buffer is b + base64.
const polled = (packet) => (typeof packet === "string" ? packet : `b${packet.toString("base64")}`);
const forTransport = { polling: polled, websocket: (packet) => packet };

async function assertAnswers(session, transport, expected) {
  for (const packet of expected) {
    const got = await session.receive();
    if (packet instanceof RegExp) assert.match(got, packet);
    else assert.deepEqual(got, forTransport[transport](packet));
  }
}

const send = (session, transport, packets) => session.send(...packets.map(forTransport[transport]));

async function finish(session) {
  if (session instanceof Session) await session.close();
}

const title = (packets) => packets.map((p) => (typeof p === "string" ? p : `<${p.toString("hex")}>`)).join(" ");

describe("a packet is answered or ignored", sideBySide, () => {
  for (const transport of transports)
    for (const [packets, answers] of answered)
      it(`by ${transport}: ${title(packets)}`, async () => {
        const session = await joined[transport](server.b);
        await send(session, transport, packets);
        await assertAnswers(session, transport, answers);
        await assertAlive(session);
        await finish(session);
      });
});

const endings = {
  async websocket(session) {
    assert.equal(await session.closed(), 1005);
    await session.ws.connection.end();
  },
  async polling(session) {
    assert.equal(await session.receive(), "6");
    assert.equal(await session.receive(), "1");
    await session.assertGone();
  },
};

describe("a packet ends the connection", sideBySide, () => {
  for (const transport of transports)
    for (const packets of [...illFormed, ...illPlaced])
      it(`by ${transport}: ${title(packets)}`, async () => {
        const session = await joined[transport](server.b);
        await send(session, transport, packets);
        await endings[transport](session);
      });
});

/// Leaves /, and has been heard: what follows comes when the server is at rest. (At once, JS takes it as before.)
async function leave(session) {
  await session.send("41", "40/random");
  assert.equal(await session.receive(), '44/random,{"message":"Invalid namespace"}');
}

const notJoined = { polling: () => Polling.open(server.b), websocket: () => Session.open(server.b) };

describe("a client that has joined nothing", sideBySide, () => {
  for (const transport of transports) {
    for (const packets of [
      ['42["message"]'],
      ["41"],
      ["43"],
      ['44{"message":"x"}'],
      ["40[]"],
      ["40/custom,[]"],
      ["4abc"],
      [bytes(1)],
    ])
      it(`is closed by ${transport} after ${title(packets)}`, async () => {
        const session = await notJoined[transport]();
        await send(session, transport, packets);
        await endings[transport](session);
      });

    it(`by ${transport} joins with what it says of itself`, async () => {
      const session = await notJoined[transport]();
      await session.send('40{"token":"123","n":[1,{"x":null}]}');
      assert.match(await session.receive(), new RegExp(`^40${sid}$`));
      assert.equal(await session.receive(), '42["auth",{"token":"123","n":[1,{"x":null}]}]');
      await assertAlive(session);
      await finish(session);
    });

    it(`by ${transport} may join /custom without /, and both speak for themselves`, async () => {
      const session = await join(await notJoined[transport](), "/custom");
      await session.send('42/custom,["message",1]', '42/custom,456["message-with-ack","a"]');
      assert.equal(await session.receive(), '42/custom,["message-back",1]');
      assert.equal(await session.receive(), '43/custom,456["a"]');
      await join(session);
      await session.send("41/custom,");
      await assertAlive(session);
      await join(session, "/custom");
      await finish(session);
    });

    for (const packet of ['42["message"]', "41", "430[]"])
      it(`by ${transport} any more is closed after ${packet}`, async () => {
        const session = await joined[transport](server.b);
        await leave(session);
        await session.send(packet);
        await endings[transport](session);
      });

    it(`by ${transport} may leave and join again`, async () => {
      const session = await joined[transport](server.b);
      await leave(session);
      await join(session);
      await assertAlive(session);
      await finish(session);
    });
  }
});

describe("where JS has a hole,", sideBySide, () => {
  const closing = [
    ['42 ["message"]'],
    ['42\t["message"]'],
    ['421 ["message"]'],
    ['45 1-["a"]'],
    ['451-["message",{"_placeholder":true,"num":0.5}]', bytes(1)],
  ];
  for (const transport of transports) {
    for (const packets of closing)
      it(`${title(packets)} by ${transport} ends the connection`, notInJs, async () => {
        const session = await joined[transport](server.b);
        await send(session, transport, packets);
        await endings[transport](session);
      });

    it(`an ack id above 2^53 by ${transport} is never answered with another id`, notInJs, async () => {
      const session = await joined[transport](server.b);
      await session.send('429007199254740993["message-with-ack"]');
      const answer = await session.receive().catch(() => "closed");
      assert.ok(["439007199254740993[]", "closed", "6"].includes(answer), answer);
      await finish(session);
    });

    it(`two CONNECTs at once by ${transport} never make two sockets`, notInJs, async () => {
      const session = await notJoined[transport]();
      await session.send("40", "40");
      const answers = [];
      for (let answer; answer !== undefined;) {
        answer = await session.receive(500).catch(() => undefined);
        answers.push(answer);
      }
      assert.ok(answers.filter((packet) => packet?.startsWith("40")).length <= 1, answers.join(" "));
      await finish(session);
    });
  }
});
