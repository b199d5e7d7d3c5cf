import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { FrameCounter } from './frame-gate.ts'

function frameOf(contentBytes: number): Buffer {
  const head =
    contentBytes < 126
      ? [0x80 | contentBytes]
      : contentBytes < 65_536
        ? [0xfe, contentBytes >> 8, contentBytes & 255]
        : [0xff, 0, 0, 0, 0, ...[24, 16, 8, 0].map(bits => (contentBytes >> bits) & 255)]
  // What is in it looks like heads.
  return Buffer.concat([Buffer.from([0x81, ...head, 0, 0, 0, 0]), Buffer.alloc(contentBytes, 0x81)])
}

test('frames are counted by their heads, wherever the bytes are cut', () => {
  const lengths = fc.array(fc.oneof(fc.constantFrom(0, 1, 125, 126, 127, 65_535, 65_536), fc.nat(300)), {
    maxLength: 12,
  })
  const cuts = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(lengths, cuts, (contents, sizes) => {
      const bytes = Buffer.concat(contents.map(frameOf))
      const counter = new FrameCounter()
      let frames = 0
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const size = sizes[turn % sizes.length] as number
        frames += counter.count(bytes.subarray(at, at + size))
        at += size
      }
      assert.equal(frames, contents.length)
    }),
    { numRuns: 60 },
  )
})

test('a frame counts when its first byte is there', () => {
  const counter = new FrameCounter()
  assert.equal(counter.count(Buffer.from([0x81])), 1)
  assert.equal(counter.count(frameOf(5).subarray(1)), 0)
  assert.equal(counter.count(Buffer.concat([frameOf(0), frameOf(0), frameOf(3).subarray(0, 2)])), 3)
})
