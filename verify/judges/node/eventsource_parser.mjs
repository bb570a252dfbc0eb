// The npm package eventsource-parser as a judge, used as documented: the bytes go through a
// streaming decoder, events are returned by callbacks.

import {once} from 'node:events'
import {createParser} from 'eventsource-parser'
import {parseRequest, requests} from './lines.mjs'

for await (const line of requests()) {
  const answer = JSON.stringify(read(parseRequest(line).chunks))
  if (!process.stdout.write(answer + '\n')) await once(process.stdout, 'drain')
}

function read(chunks) {
  const events = []
  let lastEventId = ''
  let retry = null
  const parser = createParser({
    onId: (id) => {
      lastEventId = id
    },
    // The client fills in an absent type or ID.
    onEvent: ({event = 'message', data}) => events.push([event, data, lastEventId]),
    onRetry: (time) => {
      retry = BigInt(time).toString()
    },
  })
  // The parser drops the byte order mark; the decoder must not drop one, too.
  const decoder = new TextDecoder('utf-8', {ignoreBOM: true})
  for (const chunk of chunks) parser.feed(decoder.decode(chunk, {stream: true}))
  parser.feed(decoder.decode())
  return {events, last_event_id: lastEventId, retry: {reported: retry}}
}
