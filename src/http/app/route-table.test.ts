import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RouteTable } from './route-table.ts'

function table(): RouteTable {
  const routes = new RouteTable()
  routes.add('/v1/sessions', ['GET', 'POST'])
  routes.add('/v1/sessions/:id', ['DELETE'])
  routes.add('/v1/sessions/current', ['DELETE'])
  routes.add('/docs/static/*', ['GET', 'HEAD'])
  routes.add('/v1/openapi.json', ['GET'])
  return routes
}

test('an address has the methods of its routes, each once', () => {
  assert.deepEqual(table().methodsOf('/v1/sessions'), ['GET', 'POST'])
  assert.deepEqual(table().methodsOf('/v1/sessions/current'), ['DELETE'])
  assert.deepEqual(table().methodsOf('/v1/sessions/7?x=1'), ['DELETE'])
  assert.deepEqual(table().methodsOf('http://localhost:5000/v1/sessions/7'), ['DELETE'])
  assert.deepEqual(table().methodsOf('/docs/static/a/b.css'), ['GET', 'HEAD'])
})

test('an address that no route has takes nothing', () => {
  for (const target of [
    '/',
    '',
    '*',
    '/v1/session',
    '/v1/sessions/',
    '/v1/sessions/7/8',
    '/v1/openapi-json',
    '/v1/%ff',
  ]) {
    assert.deepEqual(table().methodsOf(target), [], target)
  }
})

test('a parameter may hold a slash or a newline that is percent-encoded', () => {
  assert.deepEqual(table().methodsOf('/v1/sessions/a%2Fb'), ['DELETE'])
  assert.deepEqual(table().methodsOf('/v1/sessions/a%0Ab'), ['DELETE'])
})
