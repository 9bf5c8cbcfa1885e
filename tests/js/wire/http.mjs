// HTTP/1.1 as bytes: what a request looks like on the wire, and one response read back.
import { Connection } from "./connection.mjs";

/// GET /x HTTP/1.1\r\nHost: localhost\r\n…\r\n\r\n; a body brings its Content-Length unless the headers frame it.
export function requestText(target, { method = "GET", headers = {}, body } = {}) {
  const lines = [`${method} ${target} HTTP/1.1`, "Host: localhost"];
  const named = Object.keys(headers).map((name) => name.toLowerCase());
  if (body !== undefined && !named.includes("content-length") && !named.includes("transfer-encoding"))
    lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  for (const [name, values] of Object.entries(headers))
    for (const value of [values].flat()) lines.push(`${name}: ${value}`);
  return Buffer.concat([Buffer.from(lines.join("\r\n") + "\r\n\r\n", "latin1"), Buffer.from(body ?? "")]);
}

export function chunked(...pieces) {
  const chunks = pieces.map((piece) => `${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`);
  return chunks.join("") + "0\r\n\r\n";
}

// How a body was framed and when it was sent is the HTTP server's own affair; all other headers are Engine.IO's.
const framing = ["date", "connection", "keep-alive", "transfer-encoding", "content-length"];

export class Response {
  constructor(head, body) {
    const [status, ...lines] = head.split("\r\n");
    const [, code, reason] = /^HTTP\/1\.1 (\d{3}) ?(.*)$/.exec(status) ?? [];
    if (!code) throw new Error(`no HTTP status line: ${JSON.stringify(status)}`);
    this.status = Number(code);
    this.reason = reason;
    this.fields = lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]);
    this.body = body;
  }

  get text() {
    return this.body.toString("utf8");
  }

  /// All values of a header, or undefined.
  header(name) {
    const found = this.fields.filter(([given]) => given.toLowerCase() === name.toLowerCase());
    return found.length ? found.map(([, value]) => value).join(", ") : undefined;
  }

  /// Every header but those of framing, names in lower case.
  get headers() {
    const names = this.fields.map(([name]) => name.toLowerCase()).filter((name) => !framing.includes(name));
    return Object.fromEntries(names.map((name) => [name, this.header(name)]));
  }
}

function parseChunks(bytes) {
  const pieces = [];
  for (let at = 0; ;) {
    const eol = bytes.indexOf("\r\n", at);
    if (eol < 0) return {};
    const size = parseInt(bytes.subarray(at, eol).toString("latin1"), 16);
    const next = eol + 2 + size + 2;
    if (bytes.length < next) return {};
    pieces.push(bytes.subarray(eol + 2, eol + 2 + size));
    if (size === 0) return { body: Buffer.concat(pieces), used: next };
    at = next;
  }
}

function parseBody(head, rest, ended, bodiless) {
  const plain = new Response(head, Buffer.alloc(0));
  if (bodiless || plain.status < 200 || [204, 304].includes(plain.status)) return { body: Buffer.alloc(0), used: 0 };
  if (plain.header("transfer-encoding") === "chunked") return parseChunks(rest);
  const length = plain.header("content-length");
  if (length === undefined) return ended ? { body: rest, used: rest.length } : {};
  return rest.length < Number(length) ? {} : { body: rest.subarray(0, Number(length)), used: Number(length) };
}

function parseResponse(bytes, ended, bodiless) {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return {};
  const head = bytes.subarray(0, end).toString("latin1");
  const { body, used } = parseBody(head, bytes.subarray(end + 4), ended, bodiless);
  return body ? { value: new Response(head, Buffer.from(body)), used: end + 4 + used } : {};
}

/// The next response on the connection; `bodiless` after a HEAD.
export function readResponse(connection, { ms = 3000, bodiless = false, what = "HTTP response" } = {}) {
  return connection.take((bytes, ended) => parseResponse(bytes, ended, bodiless), ms, what);
}

/// One request on a connection of its own.
export async function request(port, target, options = {}) {
  const connection = await Connection.open(port);
  try {
    connection.write(requestText(target, options));
    const bodiless = options.method === "HEAD";
    return await readResponse(connection, { ms: options.ms, bodiless, what: `${options.method ?? "GET"} ${target}` });
  } finally {
    connection.destroy();
  }
}

/// Sends bytes and reads until the server ends the connection: the status of each answer.
export async function statusesOf(port, bytes, ms = 3500) {
  const connection = await Connection.open(port);
  await connection.writeAll(bytes);
  await connection.end(ms);
  connection.destroy();
  return [...connection.received.toString("latin1").matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(([, code]) => Number(code));
}
