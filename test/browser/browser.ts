/** A browser for tests: Debian's Chromium, steered by playwright-core, with axe; all of it outside the clone (`install.ts`). */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Kept from run to run. */
export function browserCache(env = process.env): string {
  const own = env['COUNTERSIGN_BROWSER_CACHE']
  return own ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'countersign-browser')
}

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

export function chromiumPath(env = process.env): string | undefined {
  return [env['CHROMIUM'], ...places].find((it) => it !== undefined && existsSync(it))
}

/** As much of playwright-core as is used here; it is no dependency of the project. */
export interface Browser {
  newContext(options: object): Promise<Context>
  close(): Promise<void>
}
export interface Context {
  newPage(): Promise<Page>
  close(): Promise<void>
}
export interface Page {
  on(event: 'request' | 'console' | 'pageerror', listener: (it: { url?(): string; text?(): string }) => void): void
  setContent(html: string): Promise<void>
  evaluate(expression: string): Promise<unknown>
  addScriptTag(script: { content: string }): Promise<unknown>
  emulateMedia(media: object): Promise<void>
  screenshot(options: object): Promise<Buffer>
  pdf(options: object): Promise<Buffer>
}

/** Throws, with the command that installs it, where something is missing. */
export function loadBrowser(): { readonly launch: () => Promise<Browser>; readonly axe: string } {
  const fromCache = createRequire(join(browserCache(), 'package.json'))
  const executablePath = chromiumPath()
  if (executablePath === undefined || !existsSync(join(browserCache(), 'node_modules'))) {
    throw new Error('there is no browser to test with: run node test/browser/install.ts')
  }
  const { chromium } = fromCache('playwright-core') as { chromium: { launch(options: object): Promise<Browser> } }
  // A container gives its root no sandbox; what is shown is ours.
  return {
    launch: () => chromium.launch({ executablePath, args: ['--no-sandbox'] }),
    axe: readFileSync(fromCache.resolve('axe-core/axe.min.js'), 'utf8'),
  }
}
