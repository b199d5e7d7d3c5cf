// POST /v1/messages: one message a request, and a thousand.
import type { Scenario } from '../contract.ts'
import { ratio } from '../stats.ts'
import { hulloSends } from '../subjects/http.ts'

export const v1Send: Scenario = {
  name: 'v1-send',
  title: 'v1: POST /v1/messages',
  work:
    'Messages of 47 bytes with client ids, from 8 senders: one a request over 64 connections, and 1,000 a request, ' +
    'which is the largest batch, over 8. Answered after the commit.',
  contenders: () => [
    hulloSends('one', { kind: 'v1-send', batch: 1 }),
    // More than 16 MiB that wait are refused, and 64,000 messages are more.
    hulloSends('many', { kind: 'v1-send', batch: 1_000 }, { connections: 8 }),
    hulloSends('lab', { kind: 'lab-post' }),
  ],
  figures: [
    { key: 'messagesPerSecond', label: 'messages', unit: 'perSecond' },
    { key: 'perSecond', label: 'requests', unit: 'perSecond' },
    { key: 'p50Ms', label: 'p50', unit: 'ms' },
    { key: 'p99Ms', label: 'p99', unit: 'ms' },
    { key: 'serverCores', label: 'server', unit: 'cores' },
  ],
  lines: [
    {
      id: 'v1-send/many',
      says: 'Messages of requests with 1,000, beside requests with one',
      unit: 'times',
      better: 'higher',
      values: ratio('messagesPerSecond', 'many', 'one'),
    },
    {
      id: 'v1-send/lab',
      says: 'v1 with one message, beside the lab route',
      unit: 'times',
      better: 'higher',
      values: ratio('perSecond', 'one', 'lab'),
    },
  ],
  plot: { kind: 'bars', figures: ['messagesPerSecond'] },
}
