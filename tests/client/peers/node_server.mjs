// The official server, unmodified, with what the tests of the client ask of it: node node_server.mjs [port] [options].
// Without a port the system chooses one; it prints "ready PORT". What it answers is in node_handlers.mjs.
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { parseArgs } from "node:util";
import { addHandlers, gatekeeper } from "./node_handlers.mjs";
import { announce, commands, need } from "./peer.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tls: { type: "string" }, // the certificate's file
    key: { type: "string" }, // its key's
    "client-ca": { type: "string" }, // who signed the clients' certificates; each client must have one
    unix: { type: "string" }, // the path of a Unix-domain socket, instead of a port
    recovery: { type: "boolean" }, // connectionStateRecovery
    parser: { type: "string" }, // msgpack
    transports: { type: "string" }, // "polling,websocket"
    path: { type: "string" },
    cookie: { type: "string" }, // its name
    "ping-interval": { type: "string" }, // milliseconds, like the others
    "ping-timeout": { type: "string" },
    "upgrade-timeout": { type: "string" },
    "connect-delay": { type: "string" }, // what a middleware takes, for each namespace
    "max-http-buffer-size": { type: "string" },
    "per-message-deflate": { type: "boolean" },
    "require-token": { type: "string" }, // others are refused: "unauthorized", with data
    "no-bundle": { type: "boolean" },
  },
});

const number = (text) => (text === undefined ? undefined : Number(text));
const given = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

const server = options.tls
  ? https.createServer({
      cert: readFileSync(options.tls),
      key: readFileSync(options.key),
      ...(options["client-ca"] && { ca: readFileSync(options["client-ca"]), requestCert: true }),
    })
  : http.createServer();
server.on("request", (request, response) => {
  if (!request.url.startsWith(options.path ?? "/socket.io")) response.writeHead(404).end("not here");
});

const { Server } = need("socket.io");
const io = new Server(server, given({
  connectionStateRecovery: options.recovery ? {} : undefined,
  parser: options.parser === "msgpack" ? need("socket.io-msgpack-parser") : undefined,
  transports: options.transports?.split(","),
  path: options.path,
  cookie: options.cookie,
  pingInterval: number(options["ping-interval"]),
  pingTimeout: number(options["ping-timeout"]),
  upgradeTimeout: number(options["upgrade-timeout"]),
  maxHttpBufferSize: number(options["max-http-buffer-size"]),
  perMessageDeflate: options["per-message-deflate"] ? { threshold: 0 } : undefined,
  serveClient: !options["no-bundle"],
}));

const gate = gatekeeper({ token: options["require-token"], delay: number(options["connect-delay"]) });
for (const nsp of [io.of("/"), io.of("/admin"), io.of(/^\/dynamic-\w+$/)]) {
  nsp.use(gate);
  nsp.on("connection", (socket) => addHandlers(nsp, socket));
}

// From the test, by standard input: "emit tick 1" goes to all, "close" ends the server as its host would.
commands((line) => {
  const [verb, event, ...args] = line.split(" ");
  if (verb === "emit") io.emit(event, ...args.map((text) => JSON.parse(text)));
  if (verb === "close") io.close(() => process.exit(0));
});

announce(server, options.unix ?? Number(positionals[0] ?? 0));
