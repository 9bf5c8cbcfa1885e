// Polls of clients that can only load scripts and send forms, of either version; and what nobody may smuggle into them.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OldPolling, textPayload } from "./wire/eio3.mjs";
import { request } from "./wire/http.mjs";
import { serverForFile, sideBySide } from "./wire/server.mjs";

const server = await serverForFile();
const open = (j) => OldPolling.open(server.f, { query: `&j=${j}` });
const form = { headers: { "Content-Type": "application/x-www-form-urlencoded" } };
const joined = textPayload("40", '42["auth",{}]');

/// As the old client's textarea and form do it.
const encode = (payload) => `d=${encodeURIComponent(payload.replace(/\\n/g, "\\\\n").replace(/\n/g, "\\n"))}`;

async function send(client, ...packets) {
  const { status, text } = await client.post(encode(textPayload(...packets)), form);
  assert.deepEqual([status, text], [200, "ok"]);
}

describe("a poll as a script", sideBySide, () => {
  it("calls the function of the handshake's index, as plain text", async () => {
    const client = await open(1);
    assert.match(client.response.text, /^___eio\[1\]\("\d+:0\{\\"sid\\":\\"[\w-]{20}\\",.*\}"\);$/);
    assert.deepEqual(client.response.headers, {
      "access-control-allow-origin": "*",
      "content-type": "text/plain; charset=UTF-8",
      "cache-control": "no-store",
    });
    assert.equal((await client.get()).text, `___eio[1](${JSON.stringify(joined)});`);
  });

  it("keeps that index, whatever later polls say", async () => {
    const client = await open(1);
    client.target = client.target.replace("j=1", "j=2");
    assert.equal((await client.get()).text, `___eio[1](${JSON.stringify(joined)});`);
    await send(client, "2");
    client.target = client.target.replace("&j=2", "");
    assert.equal((await client.get()).text, '___eio[1]("1:3");');
  });

  it("is none for a session that began without", async () => {
    const client = await OldPolling.open(server.f);
    client.target += "&j=1";
    assert.equal((await client.get()).text, joined);
  });

  for (const [named, index] of [
    ["0", "0"],
    ["", ""],
    ["12x34", "1234"],
    ["alert(1)", "1"],
    ["1](alert(2));//", "12"],
    ["%3C/script%3E", ""],
    ["%0a%22%27", ""],
    ["%D9%A3", ""],
    ["1&j=2", "2"],
  ])
    it(`with j=${named} has the index ${index}`, async () => {
      const client = await open(named);
      assert.ok(client.response.text.startsWith(`___eio[${index}]("`));
    });

  it("lets no text out of its string", async () => {
    const client = await open(0);
    await client.get();
    const text = '\u2028"\u2029\\</script>\u2027\n\\n\\\\n€😀';
    await send(client, `42${JSON.stringify(["message", text])}`);
    const answer = textPayload(`42${JSON.stringify(["message-back", text])}`);
    const script = JSON.stringify(answer).replace(/\u2028/g, "\\u2028").replace(/\u2029/g, "\\u2029");
    assert.equal((await client.get()).text, `___eio[0](${script});`);
  });

  it("has base64 for bytes", async () => {
    const client = await OldPolling.open(server.f, { query: "&j=0&b64=1" });
    await client.get();
    await send(client, '451-["message",{"_placeholder":true,"num":0}]', "b4AQI=");
    const answer = textPayload('451-["message-back",{"_placeholder":true,"num":0}]', "b4AQI=");
    assert.equal((await client.get()).text, `___eio[0](${JSON.stringify(answer)});`);
  });

  it("is there for new clients, too", async () => {
    const target = "/socket.io/?EIO=4&transport=polling&j=5";
    const response = await request(server.a, target);
    const [, open] = /^___eio\[5\]\((".*")\);$/.exec(response.text);
    const { sid } = JSON.parse(JSON.parse(open).slice(1));
    const session = `${target}&sid=${sid}`;
    await request(server.a, session, { method: "POST", body: encode("6\x1e40/unknown,"), ...form });
    const { text } = await request(server.a, session);
    assert.equal(text, `___eio[5](${JSON.stringify('44/unknown,{"message":"Invalid namespace"}')});`);
  });
});

describe("a post as a form", sideBySide, () => {
  it("has its line ends back", async () => {
    const scripted = await open(0);
    await scripted.get();
    for (const text of ["a\nb", "a\\nb", "a\\\nb", "\\\\n", "a+b c&d=e;f%41"]) {
      await send(scripted, `42${JSON.stringify(["message", text])}`);
      const answer = textPayload(`42${JSON.stringify(["message-back", text])}`);
      assert.equal((await scripted.get()).text, `___eio[0](${JSON.stringify(answer)});`);
    }
  });

  for (const body of ["", "x=1", "1:2", "D=1%3A2", "=1:2", "d=1%3A2&d=1%3A2", "&&&", "%"])
    it(`that is ${JSON.stringify(body)} says nothing`, async () => {
      const client = await open(0);
      await client.get();
      const { status, text } = await client.post(body, form);
      assert.deepEqual([status, text], [200, "ok"]);
      await send(client, "2");
      assert.equal((await client.get()).text, '___eio[0]("1:3");');
    });

  for (const body of ["d=", "d=5", "d=%", "d=1%3A9", "d=4%3A4%00"])
    it(`that is ${JSON.stringify(body)} ends the session`, async () => {
      const client = await open(0);
      const { status, text } = await client.post(body, form);
      assert.deepEqual([status, text], [200, "ok"]);
      await client.assertGone();
    });
});
