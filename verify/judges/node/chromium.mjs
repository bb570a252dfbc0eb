// Chromium as a judge: a local server sends each stream in its chunks, and a headless page
// reads it with an `EventSource`. The page fetches the next stream and posts its result until
// there are no more; nothing controls it from outside.
//
// The final last event ID and reconnection time show only in the reconnection: the server sees
// the header `Last-Event-ID`, and the time of the request. That takes seconds, so it is observed
// only on request, and skipped if the stream asks for a long wait.

import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtemp, rm} from 'node:fs/promises'
import {createServer} from 'node:http'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {parseRequest, requests} from './lines.mjs'

/** The whole run may take so long, in milliseconds. */
const LIMIT = 10 * 60_000

const asked = []
for await (const line of requests()) asked.push(parseRequest(line))
/** For each stream: when it ended, and what the reconnection said. */
const left = asked.map(() => ({ended: 0, lastEventId: null, waited: null}))
const answers = []

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://127.0.0.1')
  const n = Number(url.searchParams.get('n'))
  switch (url.pathname) {
    case '/':
      response.setHeader('content-type', 'text/html; charset=utf-8')
      return response.end(`<!doctype html><script type="module">${page};page()</script>`)
    case '/asked':
      response.setHeader('content-type', 'application/json')
      return response.end(JSON.stringify(asked.map(({chunks, observe}) => ({types: types(chunks), observe}))))
    case '/stream':
      return left[n].ended === 0 ? send(response, n) : reconnected(request, response, n)
    case '/answer':
      return answered(request, response)
    default:
      response.statusCode = 404
      return response.end()
  }
})

/** The chunks one after another, each in a write of its own. */
async function send(response, n) {
  response.socket.setNoDelay(true)
  response.writeHead(200, {'content-type': 'text/event-stream', 'cache-control': 'no-store'})
  response.flushHeaders()
  for (const chunk of asked[n].chunks) {
    if (chunk.length > 0) response.write(chunk)
    await new Promise(setImmediate)
  }
  left[n].ended = Date.now()
  response.end()
}

/** Records the state that the reconnecting client sends. It must not reconnect again. */
function reconnected(request, response, n) {
  left[n].waited = Date.now() - left[n].ended
  const header = request.headers['last-event-id'] ?? ''
  // Node.js decodes the bytes of a header as Latin-1.
  left[n].lastEventId = Buffer.from(header, 'latin1').toString('utf8')
  response.writeHead(204)
  response.end()
}

async function answered(request, response) {
  let text = ''
  for await (const part of request) text += part
  response.end()
  for (const {n, events} of JSON.parse(text)) {
    const {waited, lastEventId} = left[n]
    answers[n] = {
      events,
      last_event_id: waited === null ? null : lastEventId,
      retry: waited === null ? 'unknown' : {waited},
    }
  }
}

/** Each event type that the stream might have: the page has to know them beforehand. */
function types(chunks) {
  const text = Buffer.concat(chunks).toString('latin1')
  const lines = text.split(/[\r\n]/).map((line) => Buffer.from(line, 'latin1').toString('utf8'))
  const values = lines.map((line) => /event: ?(.*)$/su.exec(line)?.[1] ?? '')
  return [...new Set(['message', ...values])]
}

/** What runs in the page. */
async function page() {
  // In milliseconds; Chromium's own reconnection time is 3000.
  const limit = 7000
  const asked = await (await fetch('/asked')).json()
  let next = 0
  const seen = []
  // Reconnecting takes seconds, during which no connection is open.
  const workers = Array.from({length: 100}, async () => {
    while (next < asked.length) {
      const n = next++
      seen.push({n, events: await read(n, asked[n])})
      if (seen.length >= 100) await report(seen.splice(0))
    }
  })
  await Promise.all(workers)
  await report(seen.splice(0))
  await fetch('/answer?done', {method: 'POST', body: '[]'})

  function report(answers) {
    return fetch('/answer', {method: 'POST', body: JSON.stringify(answers)})
  }

  function read(n, {types, observe}) {
    return new Promise((resolve) => {
      const events = []
      const source = new EventSource('/stream?n=' + n)
      const done = () => {
        source.close()
        resolve(events)
      }
      for (const type of types) {
        source.addEventListener(type, (event) => {
          if (event instanceof MessageEvent) events.push([event.type, event.data, event.lastEventId])
        })
      }
      source.addEventListener('error', (event) => {
        if (event instanceof MessageEvent) return
        // The stream has ended; if it reconnects, the server ends it finally.
        if (!observe || source.readyState === EventSource.CLOSED) return done()
        setTimeout(done, limit)
      })
    })
  }
}

server.listen(0, '127.0.0.1')
await once(server, 'listening')
const {port} = server.address()
const folder = await mkdtemp(join(tmpdir(), 'judge-'))
const chromium = spawn(
  process.env.CHROMIUM ?? 'chromium',
  [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-sync',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-background-timer-throttling',
    '--no-first-run',
    `--user-data-dir=${folder}`,
    '--remote-debugging-port=0',
    `http://127.0.0.1:${port}/`,
  ],
  {stdio: 'ignore', detached: true},
)
const gone = once(chromium, 'exit')
const all = new Promise((resolve) => {
  server.on('request', (request) => request.url === '/answer?done' && resolve(true))
})
const late = new Promise((resolve) => setTimeout(resolve, LIMIT, false).unref())
const failed = chromium.pid === undefined
const isDone = !failed && (await Promise.race([all, late, gone.then(() => false)]))
if (!failed) process.kill(-chromium.pid)
await gone.catch(() => {})
server.closeAllConnections()
server.close()
await rm(folder, {recursive: true, force: true, maxRetries: 5, retryDelay: 200})
if (!isDone) throw new Error(`Chromium answered ${Object.keys(answers).length} of ${asked.length}`)
for (const answer of answers) process.stdout.write(JSON.stringify(answer) + '\n')
