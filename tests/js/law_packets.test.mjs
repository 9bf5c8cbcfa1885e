// Socket.IO packets, one by one, over both transports: what is answered, what is ignored, what ends the connection.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { notInJs, serverForFile, sideBySide } from "./wire/server.mjs";
import { assertAlive, join, joined, Polling, Session } from "./wire/session.mjs";

const server = await serverForFile();
const transports = Object.keys(joined);
const bytes = (...values) => Buffer.from(values);
const ph = (num) => `{"_placeholder":true,"num":${num}}`;
const sid = '\\{"sid":"[\\w-]{20}"\\}';

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

// [packets of a client that has joined /, answers]; after them the connection must live and owe nothing.
const answered = [
  [['42["message",1,"2",{"3":[true]}]'], ['42["message-back",1,"2",{"3":[true]}]']],
  [['42["message"]'], ['42["message-back"]']],
  [['42/,["message","a"]'], ['42["message-back","a"]']],
  [['42["message","a"] '], ['42["message-back","a"]']],
  [['42[ "message" , "a" ]'], ['42["message-back","a"]']],
  [['42456["message-with-ack",1,"2",{"3":[false]}]'], ['43456[1,"2",{"3":[false]}]']],
  [['420["message-with-ack",1]'], ["430[1]"]],
  [['42200012["message-with-ack"]'], ["43200012[]"]],
  [['4200012["message-with-ack"]'], ["4312[]"]],
  [['429007199254740991["message-with-ack"]'], ["439007199254740991[]"]],
  [['427["message-with-ack",null]'], ["437[null]"]],
  [[`451-["message",${ph(0)}]`, bytes(1, 2, 3, 4)], [`451-["message-back",${ph(0)}]`, bytes(1, 2, 3, 4)]],
  [
    [`452-["message",${ph(0)},${ph(1)}]`, bytes(1, 2, 3), bytes(4, 5, 6)],
    [`452-["message-back",${ph(0)},${ph(1)}]`, bytes(1, 2, 3), bytes(4, 5, 6)],
  ],
  [
    [`452-["message",${ph(1)},${ph(0)}]`, bytes(1), bytes(2)],
    [`452-["message-back",${ph(0)},${ph(1)}]`, bytes(2), bytes(1)],
  ],
  [
    [`452-789["message-with-ack",${ph(0)},{"x":[${ph(1)}]}]`, bytes(1), bytes(2)],
    [`462-789[${ph(0)},{"x":[${ph(1)}]}]`, bytes(1), bytes(2)],
  ],
  [[`451-/,["message",${ph(0)}]`, bytes()], [`451-["message-back",${ph(0)}]`, bytes()]],
  [
    [`4510-["message",${ph(9)}]`, ...Array.from({ length: 10 }, (_, i) => bytes(i))],
    [`451-["message-back",${ph(0)}]`, bytes(9)],
  ],
  [
    [`452-["message",${ph(0)},${ph(0)}]`, bytes(1), bytes(2)],
    [`452-["message-back",${ph(0)},${ph(1)}]`, bytes(1), bytes(1)],
  ],
  [['451-["message"]', bytes(1)], ['42["message-back"]']],
  [
    ['451-["message",{"_placeholder":false,"num":5}]', bytes(1)],
    ['42["message-back",{"_placeholder":false,"num":5}]'],
  ],
  [['42["message",{"_placeholder":true,"num":0}]'], ['42["message-back",{"_placeholder":true,"num":0}]']],
  [["40/custom,"], [new RegExp(`^40/custom,${sid}$`), '42/custom,["auth",{}]']],
  [["40/custom"], [new RegExp(`^40/custom,${sid}$`), '42/custom,["auth",{}]']],
  [['40/custom,{"token":"abc"}'], [new RegExp(`^40/custom,${sid}$`), '42/custom,["auth",{"token":"abc"}]']],
  [["40/custom,{}"], [new RegExp(`^40/custom,${sid}$`), '42/custom,["auth",{}]']],
  [["40/random"], ['44/random,{"message":"Invalid namespace"}']],
  [["40/random,{}"], ['44/random,{"message":"Invalid namespace"}']],
  [["40/random", "40/random"], Array(2).fill('44/random,{"message":"Invalid namespace"}')],
  [["40/custom?token=1,"], ['44/custom?token=1,{"message":"Invalid namespace"}']],
  [["40/custom/,"], ['44/custom/,{"message":"Invalid namespace"}']],
  [["40/__proto__,"], ['44/__proto__,{"message":"Invalid namespace"}']],
  [["40/größe,"], ['44/größe,{"message":"Invalid namespace"}']],
  // JSON comes back as JSON.stringify prints it
  [['42["message",1.0,1e2,-0,1e21,1e-7,0.1,123456789012]'], ['42["message-back",1,100,0,1e+21,1e-7,0.1,123456789012]']],
  [['42["message",9007199254740991,-9007199254740991]'], ['42["message-back",9007199254740991,-9007199254740991]']],
  [['42["message",1.7976931348623157e308,5e-324]'], ['42["message-back",1.7976931348623157e+308,5e-324]']],
  [['42["message","\\u00e9\\/\\ud83d\\ude00\\u0001\\t"]'], ['42["message-back","é/😀\\u0001\\t"]']],
  [['42["message",{"b":1,"a":{"c":[]},"b2":null}]'], ['42["message-back",{"b":1,"a":{"c":[]},"b2":null}]']],
  [['42["message",{"a":1,"b":2,"a":3}]'], ['42["message-back",{"a":3,"b":2}]']],
  [['42["message",{"":0}, {"__proto__":{"x":1}}]'], ['42["message-back",{"":0},{"__proto__":{"x":1}}]']],
  // ignored
  ...["42", "43", "431", '43["a"]', '43999["a"]', "431[]", "42[1]", '42[5,"a"]', '42["error","boo"]', '42["nobody"]'].map(
    (packet) => [[packet], []],
  ),
  ...["__proto__", "toString", "constructor", "hasOwnProperty"].map((name) => [[`42["${name}",1]`], []]),
  [[`461-9[${ph(0)}]`, bytes(1)], []],
];

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

const illFormed = [
  ["40[]"], ['40"a"'], ["40null"], ["401"], ['40{"a"'], ["41{}"], ['41"a"'],
  ["42[]"], ["42{}"], ['42"x"'], ["42null"], ["42[null]"], ["42[true]"], ["42[[]]"], ['42["a"'], ['42["a"]]'], ["42["],
  ['42abc["message"]'], ['4221.5["message"]'], ['42-1["message"]'], ['42/a,b["message"]'], ['421{"a":1}'],
  ['42["message",01]'], ['42["message",.5]'], ['42["message",NaN]'], ["42['message']"], ['42["message",]'],
  ['42["message","\t"]'], ['42["message","\\x"]'], ['42["message" 1]'],
  ["4331{}"], ["431{}"], ['431"a"'], ["44[]"], ["441"],
  ...["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"].map((name) => [
    `42["${name}"]`,
  ]),
  ['42[{"toString":"foo"}]'], ['42[{"_placeholder":true,"num":0}]'],
  ["45"], ['45-["a"]'], ['450-["a"]'], ['450-["a"]', bytes(1)], ['451["a"]'], ['451.5-["a"]'], ['45-1-["a"]'],
  ['45a-["a"]'], ['4511-["a"]'], ['4599999999999999999999-["a"]'], ['451000000-["a"]'], ['4611-1["a"]'],
  ["47"], ["48"], ["49"], ["4a"], ["4-1"], ["4[]"], ["4"], ["4 "],
  [bytes(1)], [bytes()],
  [`451-["a",${ph(0)}]`, '42["message"]'], [`451-["a",${ph(0)}]`, "41"],
  ['451-["message",{"_placeholder":true,"num":1}]', bytes(1)],
  ['451-["message",{"_placeholder":true,"num":-1}]', bytes(1)],
  ['451-["message",{"_placeholder":true,"num":"splice"}]', bytes(1)],
  ['451-["message",{"_placeholder":true}]', bytes(1)],
  [`451-${ph(0)}`, bytes(1)], [`451-[${ph(0)}]`, bytes(1)], [`451-["a",${ph(0)}]`, bytes(1), bytes(2)],
];

// Well formed, but not allowed here.
const illPlaced = [
  ["40"], ['40{"a":1}'], ['44{"message":"x"}'], ['42/foo,["a"]'], ['42/custom,["message"]'], ["42/custom"], ["41/custom,"],
  ["43/custom,1[]"],
];

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
    for (const packets of [['42["message"]'], ["41"], ["43"], ['44{"message":"x"}'], ["40[]"], ["40/custom,[]"], ["4abc"], [bytes(1)]])
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
      for (let answer; answer !== undefined; ) {
        answer = await session.receive(500).catch(() => undefined);
        answers.push(answer);
      }
      assert.ok(answers.filter((packet) => packet?.startsWith("40")).length <= 1, answers.join(" "));
      await finish(session);
    });
  }
});
