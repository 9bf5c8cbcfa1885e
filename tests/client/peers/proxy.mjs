// The network that tests cut: a TCP proxy to a port of this machine, or one that understands HTTP's CONNECT.
//   node proxy.mjs PORT                  each connection goes to that port
//   node proxy.mjs --connect [--user name:password] [--refuse 502]
// Prints "ready PORT". Commands come on standard input, a line each; each is answered by "done COMMAND":
//   cut         ends all connections by resets, and refuses further ones until `mend`
//   drop        the same, but further connections are welcome
//   stall       reads no more, until `flow`: both sides see a full pipe
//   half-open   swallows all bytes and all ends, as a dead router does, until `mend`
//   delay MS    each byte takes so long, in both directions
import net from "node:net";
import { parseArgs } from "node:util";
import { reset } from "../../js/wire/connection.mjs";
import { announce, commands } from "./peer.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    connect: { type: "boolean" },
    user: { type: "string" },
    refuse: { type: "string" },
    port: { type: "string", default: "0" },
  },
});

const pairs = new Set();
let refusing = false, stalled = false, swallowing = false, delay = 0;

function forward(from, to) {
  from.on("data", (bytes) => {
    if (swallowing) return;
    if (delay) setTimeout(() => to.writable && to.write(bytes), delay);
    else if (!to.write(bytes)) from.pause(), to.once("drain", () => stalled || from.resume());
  });
  from.on("end", () => swallowing || setTimeout(() => to.end(), delay));
  from.on("error", () => swallowing || reset(to));
  from.on("close", () => swallowing || to.destroy());
}

function join(near, far) {
  const pair = [near, far];
  pairs.add(pair);
  for (const side of pair) {
    side.setNoDelay(true).on("close", () => pair.every((other) => other.closed) && pairs.delete(pair));
    if (stalled) side.pause();
  }
  forward(near, far);
  forward(far, near);
}

/// "CONNECT host:port HTTP/1.1" and fields, to an empty line; anything else is answered with 405.
function readTarget(near, found) {
  let text = "";
  near.on("error", () => near.destroy());
  near.on("data", function more(bytes) {
    text += bytes.toString("latin1");
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) return;
    near.off("data", more).pause();
    const head = text.slice(0, end);
    const [, host, port] = /^CONNECT \[?([^\s\]]+)\]?:(\d+) HTTP\/1\.1\r\n/.exec(`${head}\r\n`) ?? [];
    const [, credentials] = /^proxy-authorization: *basic +(\S+)$/im.exec(head) ?? [];
    found({ host, port: Number(port), user: credentials && Buffer.from(credentials, "base64").toString() });
  });
}

function tunnel(near) {
  readTarget(near, ({ host, port, user }) => {
    const answer = (status, fields = "") => near.end(`HTTP/1.1 ${status}\r\n${fields}Content-Length: 0\r\n\r\n`);
    if (!host) return answer("405 Method Not Allowed");
    if (options.user && user !== options.user)
      return answer("407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="tests"\r\n');
    console.log(`tunnel ${host}:${port}`);
    if (options.refuse) return answer(`${options.refuse} Refused`);
    const far = net.connect(port, host, () => {
      near.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      join(near, far);
      if (!stalled) near.resume();
    });
    far.once("error", () => near.writable && answer("502 Bad Gateway"));
  });
}

/// A router that is back knows nothing of the connections whose one end has gone meanwhile.
function forget() {
  for (const pair of pairs)
    if (pair.some((side) => side.readableEnded || side.closed)) pair.forEach((side) => reset(side));
}

const orders = {
  cut: () => (refusing = true, orders.drop()),
  drop: () => pairs.forEach((pair) => pair.forEach((side) => reset(side))),
  mend: () => (refusing = swallowing = false, forget()),
  stall: () => (stalled = true, pairs.forEach((pair) => pair.forEach((side) => side.pause()))),
  flow: () => (stalled = false, pairs.forEach((pair) => pair.forEach((side) => side.resume()))),
  "half-open": () => (swallowing = true),
  delay: (ms) => (delay = Number(ms)),
};

commands((line) => {
  const [order, argument] = line.split(" ");
  orders[order]?.(argument);
  console.log(orders[order] ? `done ${order}` : `unknown ${order}`);
});

const server = net.createServer({ allowHalfOpen: true }, (near) => {
  if (refusing) return reset(near.on("error", () => {}));
  if (options.connect) return tunnel(near);
  join(near, net.connect({ port: Number(positionals[0]), host: "127.0.0.1", allowHalfOpen: true }));
});
announce(server, Number(options.port));
