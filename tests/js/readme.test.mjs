// The README and the docs quote what is compiled, and name scripts and files that exist.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { it } from "node:test";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const lines = (text) => text.split("\n").map((line) => line.trim());
const docs = readdirSync(at("docs")).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`);
const texts = ["README.md", ...docs].map((path) => [path, readFileSync(at(path), "utf8")]);
const examples = ["echo", "chat", "reconnect", "terminal_chat", "typed"].map((name) => `examples/${name}/main.cpp`);
const sources = [...examples, "tests/support/app_server.cpp"];
const compiled = new Set(sources.flatMap((path) => lines(readFileSync(at(path), "utf8"))));

for (const [path, text] of texts) {
  it(`${path}: each line of C++ stands in a program that is compiled`, () => {
    const quoted = [...text.matchAll(/```cpp\n(.*?)```/gs)].flatMap(([, block]) => lines(block));
    assert.ok(path !== "README.md" || quoted.length > 20);
    assert.deepEqual(quoted.filter((line) => !compiled.has(line)), []);
  });

  it(`${path}: each file that it names is there`, () => {
    const links = [...text.matchAll(/\]\(([\w./-]+)\)/g)].map(([, link]) => join(dirname(path), link));
    const scripts = [...text.matchAll(/scripts\/\w+\.sh/g)].map(([script]) => script);
    assert.deepEqual([...links, ...scripts].filter((file) => !existsSync(at(file))), []);
  });
}
