import assert from 'node:assert/strict'
import { test } from 'node:test'
import { excerpt } from './excerpt.ts'

test('a long message is shown from a little before what was found on, beginning with a whole word', () => {
  const text = `${'hay '.repeat(50)}the Needle\n is ${'hay '.repeat(3)}`
  const shown = excerpt(text, 'straw "needle')
  assert.match(shown, /^… hay (hay )+the Needle is hay hay hay $/)
  assert.ok(shown.indexOf('Needle') <= 43)
  assert.equal(excerpt(text, 'pin'), text.replaceAll('\n ', ' '))
  assert.equal(excerpt('the needle', 'NEED*'), 'the needle')
  assert.equal(excerpt(`${'無'.repeat(60)}針が`, '針'), '… 針が')
})
