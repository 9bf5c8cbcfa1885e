// The README quotes what is compiled, and names scripts and files that exist.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { it } from "node:test";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const lines = (text) => text.split("\n").map((line) => line.trim());
const readme = readFileSync(at("README.md"), "utf8");
const sources = ["examples/echo/main.cpp", "examples/chat/main.cpp", "tests/support/app_server.cpp"];
const compiled = new Set(sources.flatMap((path) => lines(readFileSync(at(path), "utf8"))));

it("each line of C++ stands in a program that is compiled", () => {
  const quoted = [...readme.matchAll(/```cpp\n(.*?)```/gs)].flatMap(([, block]) => lines(block));
  assert.ok(quoted.length > 20);
  assert.deepEqual(quoted.filter((line) => !compiled.has(line)), []);
});

it("each file that it names is there", () => {
  const links = [...readme.matchAll(/\]\(([\w./-]+)\)/g)].map(([, path]) => path);
  const scripts = [...readme.matchAll(/scripts\/\w+\.sh/g)].map(([path]) => path);
  assert.deepEqual([...links, ...scripts].filter((path) => !existsSync(at(path))), []);
});
