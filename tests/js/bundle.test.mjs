// The client bundle below /socket.io/: the official files, as the official server gives them.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { limit, serverForSuite } from "./support.mjs";

const dist = join(dirname(createRequire(import.meta.url).resolve("socket.io-client/package.json")), "dist");
const types = { ".js": "application/javascript; charset=utf-8", ".map": "application/json; charset=utf-8" };

describe("the client bundle", () => {
  const server = serverForSuite();
  const get = (file, headers) => fetch(`${server.url}/socket.io/${file}`, { headers });

  for (const file of ["socket.io.js", "socket.io.min.js", "socket.io.esm.min.js", "socket.io.msgpack.min.js",
                      "socket.io.js.map", "socket.io.min.js.map"]) {
    it(`${file} is served`, limit, async () => {
      const answer = await get(file);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get("content-type"), types[file.slice(file.lastIndexOf("."))]);
      assert.equal(answer.headers.get("cache-control"), "public, max-age=0");
      assert.equal(await answer.text(), await readFile(join(dist, file), "utf8"));
    });
  }

  it("who has it already is told so", limit, async () => {
    const first = await get("socket.io.js");
    await first.arrayBuffer();
    const etag = first.headers.get("etag");
    assert.ok(etag);
    const second = await get("socket.io.js", { "if-none-match": etag });
    assert.equal(second.status, 304);
    assert.equal(await second.text(), "");
  });

  it("no other file of that directory, nor beside it, is served", limit, async () => {
    for (const path of ["package.json", "socket.io.js.LICENSE", "..%2fpackage.json", "%2e%2e/package.json"]) {
      assert.notEqual((await get(path)).status, 200, path);
    }
  });
});
