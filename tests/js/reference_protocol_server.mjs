// The protocol server as the official packages make it: what the law tests are measured on. Same command line as
// tests/support/protocol_server.cpp:  node reference_protocol_server.mjs BASE_PORT [--reasons]
import { createServer } from "node:http";
import { once } from "node:events";
import { Server as EngineServer } from "engine.io";
import { Server } from "socket.io";
import { WebSocketServer } from "ws";

const base = Number(process.argv[2]);
const tellsReasons = process.argv[3] === "--reasons";
const allowedOrigin = "http://allowed.example";

const shared = { maxHttpBufferSize: 1e6, connectTimeout: 1000, upgradeTimeout: 1000, serveClient: false };
const optionsOfA = { ...shared, pingInterval: 300, pingTimeout: 200, cors: { origin: "*" } };
const optionsOfB = {
  ...shared,
  pingInterval: 1000,
  pingTimeout: 1000,
  perMessageDeflate: true,
  cookie: true,
  cors: { origin: [allowedOrigin], credentials: true },
  allowRequest: (req, decide) => decide(null, [undefined, allowedOrigin].includes(req.headers.origin)),
};

const optionsOfF = { ...optionsOfA, pingTimeout: 20_000, allowEIO3: true, connectionStateRecovery: {} };
const optionsOfG = { ...optionsOfA, allowEIO3: true };

function addNamespaces(io) {
  const refusal = (message, data) => Object.assign(new Error(message), { data });
  io.of("/refused").use((socket, next) => next(refusal("no", { content: "retry" })));
  io.of("/bare").use((socket, next) => next(refusal("plain")));
  io.of("/who").on("connection", (socket) => {
    socket.emit("you", socket.id, socket.handshake.auth, socket.conn.protocol);
    socket.on("bytes please", () => socket.emit("bytes", Buffer.from([1, 2])));
    socket.on("dismiss me", () => socket.disconnect());
    socket.on("hang up", () => socket.disconnect(true));
  });
}

function addHandlers(nsp) {
  nsp.on("connection", (socket) => {
    socket.emit("auth", socket.handshake.auth);
    socket.on("message", (...args) => socket.emit("message-back", ...args));
    socket.on("message-with-ack", (...args) => {
      const ack = args.pop();
      if (typeof ack === "function") ack(...args);
    });
    if (tellsReasons) socket.on("disconnect", (reason) => console.log(`reason ${nsp.name} ${reason}`));
  });
}

function http(port, options = {}) {
  const server = createServer(options, (req, res) => res.writeHead(404).end());
  // Without a listener of its own, an upgrade on a foreign path that is then reset ends the whole process.
  server.on("upgrade", (req, socket) => socket.on("error", () => {}));
  server.listen(port, "127.0.0.1");
  return server;
}

function socketIo(port, options, { addMore = () => {}, ...httpOptions } = {}) {
  const server = http(port, httpOptions);
  const io = new Server(server, options);
  addHandlers(io.of("/"));
  addHandlers(io.of("/custom"));
  addMore(io);
  return { server, close: () => io.close() };
}

function engineEcho(port, options) {
  const server = http(port);
  const engine = new EngineServer(options);
  engine.attach(server);
  engine.on("connection", (socket) => socket.on("data", (data) => socket.send(data)));
  return { server, close: () => engine.close() };
}

function webSocketEcho(port) {
  const server = http(port);
  const sockets = new WebSocketServer({ server, path: "/", maxPayload: 64 * 1024 * 1024, perMessageDeflate: true });
  sockets.on("connection", (socket) => {
    socket.on("error", () => {});
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  return { server, close: () => sockets.clients.forEach((socket) => socket.close(1001)) };
}

const deadlines = { headersTimeout: 2000, requestTimeout: 3000, connectionsCheckingInterval: 100 };
const listeners = [
  socketIo(base, optionsOfA),
  socketIo(base + 1, optionsOfB, deadlines),
  engineEcho(base + 2, optionsOfA),
  webSocketEcho(base + 3),
  socketIo(base + 4, optionsOfF, { addMore: addNamespaces }),
  engineEcho(base + 5, optionsOfG),
];

function end() {
  listeners.forEach((listener) => listener.close());
  setTimeout(() => process.exit(0), 200);
}
process.on("SIGTERM", end);
process.on("SIGINT", end);
await Promise.all(listeners.map((listener) => once(listener.server, "listening")));
console.log(`ready ${process.pid}`);
