// Feeds the module a stream, cut in several ways, and checks the result.
// The argument is the module.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

const EVENTS = 10;
const TEXT = "The light is on, and it is 21 °C in the kitchen. 💡";

const stream = await readFile(new URL("../../examples/embedded/answer.sse", import.meta.url));
const module = await WebAssembly.compile(await readFile(process.argv[2]));
assert.deepEqual(WebAssembly.Module.imports(module), [], "the module must not import anything");
const { exports: client } = await WebAssembly.instantiate(module);

// Its memory moves when it grows, so a view is made each time.
const memory = (at, len) => new Uint8Array(client.memory.buffer, at, len);

function feed(stream, size) {
    client.start();
    let events = 0;
    for (let at = 0; at < stream.length; at += size) {
        const chunk = stream.subarray(at, at + size);
        memory(client.chunk(chunk.length), chunk.length).set(chunk);
        events += client.feed();
    }
    const isWhole = Boolean(client.end());
    return { events, isWhole, text: new TextDecoder().decode(memory(client.text(), client.text_len())) };
}

for (const size of [1, 7, 64, stream.length]) {
    assert.deepEqual(feed(stream, size), { events: EVENTS, isWhole: true, text: TEXT });
}
// Cut in the middle, it is not complete.
const half = feed(stream.subarray(0, stream.length / 2), 64);
assert(!half.isWhole && TEXT.startsWith(half.text) && half.text.length > 0);

console.log(TEXT);
