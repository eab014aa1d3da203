/** `node test/browser/install.ts`: installs what is missing for the tests in a browser, and ends with 1 where that cannot be. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { browserCache, chromiumPath } from './browser.ts'

const pins = join(import.meta.dirname, 'tools')
const folder = browserCache()

if (chromiumPath() === undefined) {
  run('apt-get', ['update', '-qq'])
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'])
}
const lock = 'package-lock.json'
const isCurrent =
  existsSync(join(folder, 'node_modules')) &&
  existsSync(join(folder, lock)) &&
  readFileSync(join(folder, lock)).equals(readFileSync(join(pins, lock)))
if (!isCurrent) {
  mkdirSync(folder, { recursive: true })
  for (const file of ['package.json', lock]) cpSync(join(pins, file), join(folder, file))
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder)
}
if (chromiumPath() === undefined) fail('no Chromium could be installed')

function run(command: string, args: readonly string[], cwd?: string): void {
  const { status, error } = spawnSync(command, args, {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 10 * 60_000,
  })
  if (status !== 0) fail(`${command} ${args[0] ?? ''} failed${error === undefined ? '' : `: ${error.message}`}`)
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
