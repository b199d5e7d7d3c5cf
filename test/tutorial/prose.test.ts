// What a reader meets between the programs: the way from chapter to chapter, links, commands in sentences, credits.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { blocksOf } from './blocks.ts'
import { chapters, tutorialDir } from './reader.ts'

const all = await chapters()
const [overview, ...lessons] = all

const typed = all
  .flatMap(({ name, markdown }) => blocksOf(name, markdown))
  .flatMap(block => (block.kind === 'console' ? block.runs : []))
  .flatMap(({ command }) => command ?? [])

/** Commands that a sentence may name although no block runs them: this test itself, and a choice that is left open. */
const notTyped = new Set(['npm test -- tutorial', 'git init'])

test('the overview leads to every chapter, and each chapter to the next', () => {
  for (const [index, { name, markdown }] of lessons.entries()) {
    assert.ok(overview?.markdown.includes(`](${name})`), `the overview does not name ${name}`)
    const next = lessons[index + 1]?.name ?? 'README.md'
    assert.ok(markdown.trimEnd().split('\n').at(-1)?.includes(`](${next})`), `${name} does not end with ${next}`)
  }
})

test('each chapter says what is learnt, has a check and questions, under a title with its number', () => {
  for (const [index, { name, markdown }] of lessons.entries()) {
    assert.match(markdown, new RegExp(`^# ${index + 1}\\. [^]*\\n\\*\\*You learn\\*\\*`), name)
    assert.match(markdown, /\n## Check yourself\n[^]*```console[^]*\n## To think about\n\n- /, name)
  }
})

test('every link inside the repository leads to something', () => {
  for (const { name, markdown } of all) {
    for (const [, target = ''] of markdown.matchAll(/\]\((?!https:)([^)#]+)\)/g)) {
      assert.ok(existsSync(join(tutorialDir, target)), `${name}: ${target}`)
    }
  }
})

test('a command in a sentence is one that some block runs', () => {
  for (const { name, markdown } of all) {
    const sentences = markdown.replace(/^```[^]*?^```/gm, '')
    for (const [, command = ''] of sentences.matchAll(/`((?:npx|npm|node|python3|curl|nc|git|printf) [^`]+)`/g)) {
      if (notTyped.has(command)) continue
      assert.ok(
        typed.some(run => run.includes(command)),
        `${name}: ${command}`,
      )
    }
  }
})

test('a command for one of our programs names its port, so that the tests can choose another', () => {
  const ours = /hullo (?!--)|npm start|node labs\//
  for (const command of typed.filter(run => ours.test(run))) assert.match(command, /\b(8080|5000)\b/, command)
})

test('the labs have their credit and their licence', () => {
  const words = overview?.markdown.replaceAll(/\s+/g, ' ') ?? ''
  for (const credit of [
    'Juan González-Gómez',
    'Alvaro del Castillo',
    'Universidad Rey Juan Carlos',
    'Creative Commons Attribution-ShareAlike licence',
    'The ISF Academy',
    'MIT licence',
  ]) {
    assert.ok(words.includes(credit), credit)
  }
})
