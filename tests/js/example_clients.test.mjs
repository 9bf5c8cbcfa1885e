// The examples of clients do what they say, each with the server that it is for.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { limit, startServer, within } from "./support.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const directory = process.env.SIO_EXAMPLES ?? here("../../build/bin");
const example = (name) => `${directory}/${name}`;
const official = { command: `"${process.execPath}" "${here("../client/peers/node_server.mjs")}"` };

const ends = [];
after(() => Promise.all(ends.map((end) => end())));

async function server(options) {
  const started = await startServer(options);
  ends.push(() => started.kill());
  return started;
}

/// A running example, all that it said, and what it exits with.
function start(name, ...args) {
  const child = spawn(example(name), args.map(String), { stdio: ["pipe", "pipe", "inherit"] });
  ends.push(() => child.kill("SIGKILL"));
  const one = { said: "", child, closed: once(child, "close") };
  child.stdout.setEncoding("utf8").on("data", (text) => (one.said += text));
  const heard = async (pattern) => {
    while (!pattern.test(one.said)) await once(child.stdout, "data");
  };
  one.says = (pattern) => within(heard(pattern), `${name}: ${pattern}`).catch((error) => {
    throw new Error(`${error.message}, had ${one.said}`);
  });
  return one;
}

describe("examples of clients", () => {
  it("terminal_chat: two talk", limit, async () => {
    const { url } = await server({ command: `"${example("chat")}"` });
    const ann = start("terminal_chat", "Ann", "kitchen", url);
    await ann.says(/type away/);
    const bob = start("terminal_chat", "Bob", "kitchen", url);
    await ann.says(/\* Bob joined/);
    await bob.says(/\* here: (Ann Bob|Bob Ann)/);
    bob.child.stdin.end("hello there\n");
    await ann.says(/^Bob: hello there$/m);
    await ann.says(/\* Bob left/);
    assert.deepEqual(await bob.closed, [0, null]);
  });

  it("upload: a file arrives in pieces", limit, async () => {
    const { url, child } = await server({ command: `"${example("upload_server")}"` });
    const file = example("upload");  // at hand, and large enough
    const total = once(child.stdout, "data");
    const one = start("upload", file, url);
    assert.deepEqual(await within(one.closed, "the upload's end"), [0, null]);
    assert.equal(one.said, "done\n");
    assert.match((await total)[0], / \d{6,} bytes\n$/);
  });

  it("game_loop: players see each other", limit, async () => {
    const { url } = await server({ command: `"${example("game_server")}"` });
    const players = [start("game_loop", url, 30), start("game_loop", url, 30)];
    for (const player of players) await player.says(/online, 1 others: \d/);
  });

  it("reconnect: it comes back, and loses nothing", limit, async () => {
    const first = await server(official);
    const one = start("reconnect", first.url);
    await one.says(/connected, id [^]*0 has arrived/);
    await first.kill();
    await one.says(/lost: transport (close|error)[^]*attempt 1/);
    await server({ ...official, port: first.port });
    await one.says(/back after \d+ attempts?[^]*has arrived/);
    const numbers = [...one.said.matchAll(/^(\d+) has arrived$/gm)].map(([, n]) => Number(n));
    assert.deepEqual(numbers, numbers.map((_, i) => i));
  });

  it("coroutine_client: question and answer", { ...limit, skip: !process.env.SIO_COROUTINE_CLIENT }, async () => {
    const { url } = await server(official);
    const one = start("coroutine_client", url);
    assert.deepEqual(await within(one.closed, "its end"), [0, null]);
    assert.match(one.said, /^hello: 5 bytes have arrived\n/);
    assert.match(one.said, /^bye: 3 bytes have arrived$/m);
  });
});
