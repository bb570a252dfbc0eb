// The interface of a judge in JavaScript: a line of JSON for each stream on standard input,
// a line with the result on standard output, in the same order.

import {createInterface} from 'node:readline'

/** A stream as it was sent: its name, and its chunks. */
export function parseRequest(line) {
  const {name, stream, cuts, observe} = JSON.parse(line)
  const bytes = Buffer.from(stream, 'hex')
  const chunks = []
  let start = 0
  for (const end of [...cuts, bytes.length]) {
    chunks.push(bytes.subarray(start, end))
    start = end
  }
  return {name, chunks, observe}
}

/** The lines of standard input. */
export function requests() {
  return createInterface({input: process.stdin, crlfDelay: Infinity})
}
