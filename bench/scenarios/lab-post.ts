// The lab's POST / of one message, over 64 connections: guarded and durable, beside the lab in Flask and beside handlers
// that parse the message and store nothing.
import type { Contender, Scenario } from '../contract.ts'
import { startBare } from '../peers/bare.ts'
import { flask, startFlask } from '../peers/flask.ts'
import { missing } from '../peers/peer.ts'
import { ratio } from '../stats.ts'
import { asked, hulloSends, names, recipients } from '../subjects/http.ts'

const flaskLab: Contender = {
  name: flask.name,
  missing: () => missing(flask),
  async start(bench) {
    const server = await startFlask(bench, { names: [...names, ...recipients] })
    // Its development server takes a thread a connection: more of them only make it slower.
    return asked(bench, server, { kind: 'lab-post', names, recipients }, { connections: 8 })
  },
}

function bare(kind: 'node' | 'fastify', name: string): Contender {
  return {
    name,
    start: async bench => asked(bench, await startBare(kind), { kind: 'lab-post', names, recipients }),
  }
}

export const labPost: Scenario = {
  name: 'lab-post',
  title: 'Lab: POST /',
  work:
    'One message of 47 bytes a request from 8 senders over 64 connections (Flask: 8, which suits it better). Hullo ' +
    'checks that the address has proved the sender, and answers after the commit; node:http and fastify parse the same ' +
    'JSON and store nothing.',
  contenders: () => [
    hulloSends('Hullo', { kind: 'lab-post' }),
    flaskLab,
    bare('fastify', 'fastify'),
    bare('node', 'node:http'),
  ],
  figures: [
    { key: 'perSecond', label: 'requests', unit: 'perSecond' },
    { key: 'p50Ms', label: 'p50', unit: 'ms' },
    { key: 'p99Ms', label: 'p99', unit: 'ms' },
    { key: 'serverCores', label: 'server', unit: 'cores' },
    { key: 'loadCores', label: 'generator', unit: 'cores' },
  ],
  lines: [
    {
      id: 'lab-post/flask',
      says: 'Lab `POST /`, guarded and durable, beside the Flask server',
      unit: 'times',
      better: 'higher',
      must: 100,
      tried:
        "Flask's development server waits for its disk most of the time, so this ratio is as much about it. " +
        "Ours is bounded by the event loop: Node's HTTP, fastify's routing and the answer's headers cost it " +
        'more than storing does. Tried: to wait a turn of the loop longer for more to store together; to wait ' +
        'for those who had just been answered.',
      values: ratio('perSecond', 'Hullo', 'Flask'),
    },
    {
      id: 'lab-post/fastify',
      says: 'Lab `POST /` beside the bare fastify handler that stores nothing',
      unit: 'times',
      better: 'higher',
      must: 0.6,
      tried:
        'Each request is an answer of its own: a write to its socket, which the profile shows first, and a turn of the ' +
        'writer that is woken for it. A full run some hours earlier, of the commit before, had 0.61 of fastify and 92 times ' +
        'Flask; older code measured again beside the newer had no more than it, so that the machine is suspected.',
      values: ratio('perSecond', 'Hullo', 'fastify'),
    },
    {
      id: 'lab-post/node',
      says: 'Lab `POST /` beside the bare node:http handler that stores nothing',
      unit: 'times',
      better: 'higher',
      values: ratio('perSecond', 'Hullo', 'node:http'),
    },
  ],
  profiled: 'Hullo',
  plot: { kind: 'bars', figures: ['perSecond'] },
}
