import assert from 'node:assert/strict'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { configFolder } from './config-folder.ts'

test('each system has its own place, and HULLO_CONFIG is before all', () => {
  const home = { HOME: '/home/ann' }
  assert.equal(configFolder(home, 'linux'), '/home/ann/.config/hullo')
  assert.equal(configFolder({ ...home, XDG_CONFIG_HOME: '/etc/ann' }, 'linux'), '/etc/ann/hullo')
  assert.equal(configFolder(home, 'darwin'), '/home/ann/Library/Application Support/hullo')
  assert.equal(configFolder({ ...home, HULLO_CONFIG: '/else' }, 'darwin'), '/else')
  assert.equal(configFolder({ APPDATA: '/users/ann/roaming' }, 'win32'), join('/users/ann/roaming', 'hullo'))
})

test('a path that depends on where one stands, and an empty one, do not count', () => {
  const odd = { HULLO_CONFIG: 'here', XDG_CONFIG_HOME: './there', HOME: '/home/ann' }
  assert.equal(configFolder(odd, 'linux'), '/home/ann/.config/hullo')
  const { homedir } = userInfo()
  for (const HOME of ['', 'home', undefined]) {
    assert.equal(configFolder({ HOME }, 'linux'), join(homedir, '.config', 'hullo'))
  }
  assert.equal(configFolder({}, 'win32'), undefined)
})
