// Starts the server under test on a free port, makes official clients, and bounds every wait.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, afterEach, before } from "node:test";
import { fileURLToPath } from "node:url";
import { io } from "socket.io-client";

/// For `it`: no test may run longer.
export const limit = { timeout: 120_000 };
const patience = 30_000;

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/// Command line of the server under test: it gets the port as its last argument (0: the system chooses) and prints
/// "ready PORT".
export const serverCommand = process.env.SIO_SERVER ?? `"${here("../../build/bin/app_server")}"`;
/// The same, with every hook of its engine set.
export const engineServerCommand = process.env.SIO_ENGINE_SERVER ?? `"${here("../../build/bin/engine_server")}"`;

/// The three ways of an official client through the transports.
export const ways = {
  "polling only": { transports: ["polling"] },
  "WebSocket only": { transports: ["websocket"] },
  "polling, then upgraded": {},
};

/// Rejects with `what` if the promise has not settled in time.
export function within(promise, what, ms = patience) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms} ms for ${what}`)), ms);
  });
  const result = Promise.race([promise, late]).finally(() => clearTimeout(timer));
  result.catch(() => {});  // a test that has failed already no longer looks at it
  return result;
}

const running = new Set();
const killServers = () => running.forEach((child) => child.kill("SIGKILL"));
process.on("exit", killServers);

/// The port of the child's line "ready 3000" (or "… http://localhost:3000"); rejects if the child ends first.
function readyPort(child) {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part) => {
      text += part;
      const found = /^(?:ready |.*http:\/\/localhost:)(\d+)$/m.exec(text);
      if (found) resolve(Number(found[1]));
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(new Error(`the server ended early: ${code ?? signal}`)));
  });
}

class RunningServer {
  constructor(child, port) {
    Object.assign(this, { child, port, url: `http://localhost:${port}` });
  }

  /// Asks it to end; anything but a clean end (a sanitizer's report, say) fails the test.
  async stop() {
    const [code, signal] = await this.#end("SIGTERM");
    if (code !== 0) throw new Error(`the server ended with ${code ?? signal}`);
  }

  /// Ends it as a crash would.
  async kill() {
    await this.#end("SIGKILL");
  }

  async #end(signal) {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return [child.exitCode, child.signalCode];
    const exit = within(once(child, "exit"), `the server's end after ${signal}`);
    child.kill(signal);
    return exit;
  }
}

/// Starts a server, which gets the port as an argument and as PORT; without one, on one that the system chooses.
export async function startServer({ command = serverCommand, port = 0 } = {}) {
  const child = spawn("sh", ["-c", `exec ${command} ${port}`], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PORT: String(port) },
  });
  child.unref();  // it ends with this process, however the tests end
  child.stdout.unref();
  running.add(child);
  child.once("exit", () => running.delete(child));
  return new RunningServer(child, await within(readyPort(child), "the server's ready line"));
}

/// One server for a `describe`: its `url` is set before the first test, and it must end cleanly after the last.
export function serverForSuite(options) {
  const suite = { url: "", port: 0 };
  let server;
  before(async () => {
    server = await startServer(options);
    Object.assign(suite, { url: server.url, port: server.port });
  });
  afterEach(closeClients);
  after(async () => {
    try {
      await server?.stop();
    } finally {
      killServers();
    }
  });
  return suite;
}

const clients = new Set();

/// Closes every client made since.
export function closeClients() {
  clients.forEach((socket) => socket.disconnect());
  clients.clear();
}

/// An official client that is about to connect; closed after the test.
export function client(url, options = {}) {
  const socket = io(url, { forceNew: true, reconnection: false, ...options });
  clients.add(socket);
  return socket;
}

/// The arguments of the next event of that name.
export function next(emitter, name) {
  return within(new Promise((resolve) => emitter.once(name, (...args) => resolve(args))), `"${name}"`);
}

/// The arguments of the next `count` events of that name.
export function nextMany(emitter, name, count) {
  const got = [];
  const all = new Promise((resolve) => {
    emitter.on(name, function listener(...args) {
      got.push(args);
      if (got.length < count) return;
      emitter.off(name, listener);
      resolve(got);
    });
  });
  return within(all, `${count} times "${name}"`).catch((error) => {
    throw new Error(`${error.message}, had ${got.length}`);
  });
}

/// A connected client; with the default transports, an upgraded one.
export async function connected(url, options = {}) {
  const socket = client(url, options);
  const failure = new Promise((_, reject) => socket.once("connect_error", reject));
  await Promise.race([next(socket, "connect"), failure]);
  if (options.transports) return socket;
  if (socket.io.engine.transport.name !== "websocket") await next(socket.io.engine, "upgrade");
  return socket;
}

/// As many connected clients.
export function several(count, url, options) {
  return Promise.all(Array.from({ length: count }, () => connected(url, options)));
}

/// What the server acknowledges: its one argument.
export function ask(socket, name, ...args) {
  return socket.timeout(patience).emitWithAck(name, ...args);
}

/// What the server acknowledges: all its arguments.
export function askAll(socket, name, ...args) {
  return new Promise((resolve, reject) => {
    socket.timeout(patience).emit(name, ...args, (error, ...answer) => (error ? reject(error) : resolve(answer)));
  });
}

/// Everything of that name that came before the server's answer to a later event: for "this did not arrive".
export function listen(socket, name) {
  const heard = [];
  socket.on(name, (...args) => heard.push(args.length === 1 ? args[0] : args));
  return heard;
}

/// Has every client receive one more broadcast: what was sent to it before has arrived by then.
export async function settle(...sockets) {
  const all = sockets.map((socket) => next(socket, "told"));
  sockets[0].emit("tell", "settle");
  await Promise.all(all);
}
