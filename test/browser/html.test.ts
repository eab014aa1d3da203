/** The HTML of verdicts as a browser shows it: no fault of accessibility, nothing loaded, nothing beyond the edge, whole on paper. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newVerdictDocument } from '../../src/report.ts'
import { hostile } from '../world/hostile-text.ts'
import { sampleVerdict } from '../world/verdict-samples.ts'
import { loadBrowser } from './browser.ts'
import type { Browser, Page } from './browser.ts'

const { launch, axe } = loadBrowser()
let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

function html(...verdicts: Parameters<ReturnType<typeof newVerdictDocument>['add']>[0][]): string {
  const document = newVerdictDocument('html')
  for (const verdict of verdicts) document.add(verdict)
  return document.end()
}

const attack = `"><img src=x onerror=alert(1)><script>alert(1)</script></style>${hostile}`

const documents = {
  one: html(sampleVerdict('fail', 'all')),
  several: html(
    ...(['pass', 'fail', 'undecided'] as const).map((it) => sampleVerdict(it, 'all', undefined, `dist/${it}.tgz`)),
    sampleVerdict('pass', 'none', 'x'.repeat(1_500)),
    sampleVerdict('fail', 'all', attack),
  ),
}

const screens = {
  'a desk': { viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  'a desk at night': { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  'a phone': { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  'a phone at night': { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
}

/** Where to leave what was seen, for a person who wants to look. */
const shots = process.env['COUNTERSIGN_SCREENSHOTS']

async function open<T>(
  options: object,
  text: string,
  use: (page: Page, said: readonly string[]) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext(options)
  try {
    const page = await context.newPage()
    const said: string[] = []
    page.on('request', (it) => said.push(it.url?.() ?? ''))
    page.on('console', (it) => said.push(it.text?.() ?? ''))
    page.on('pageerror', () => said.push('an error of a script'))
    await page.setContent(text)
    return await use(page, said)
  } finally {
    await context.close()
  }
}

describe.each(Object.entries(documents))('the document about %s', (name, text) => {
  describe.each(Object.entries(screens))('on %s', (screen, options) => {
    it('has no fault that axe knows', async () => {
      // Axe is a script, which the document's own policy forbids.
      const violations = await open({ ...options, bypassCSP: true }, text, async (page) => {
        await page.addScriptTag({ content: axe })
        return page.evaluate(
          'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html, nodes[0].failureSummary]))',
        )
      })
      expect(violations).toEqual([])
    })

    it('loads nothing, runs nothing, is styled, and stays within the edge', async () => {
      await open(options, text, async (page, said) => {
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
        // Its style is let in by the digest of it.
        expect(await page.evaluate('getComputedStyle(document.querySelector(".banner")).borderInlineStartStyle')).toBe(
          'solid',
        )
        expect(await page.evaluate('document.querySelectorAll("script, img, link, iframe").length')).toBe(0)
        expect(said).toEqual([])
        if (shots === undefined) return
        mkdirSync(shots, { recursive: true })
        writeFileSync(
          join(shots, `${name}-${screen.replaceAll(' ', '-')}.png`),
          await page.screenshot({ fullPage: true }),
        )
      })
    })
  })

  it('prints on A4 with dark letters, whatever the screen is like, and hides nothing', async () => {
    await open(screens['a phone at night'], text, async (page) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
      expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(27, 31, 36)')
      const hidden =
        '[...document.querySelectorAll("td, th, dd")].filter((it) => it.innerText.trim() === "" && it.textContent.trim() !== "").length'
      expect(await page.evaluate(hidden)).toBe(0)
      const pdf = await page.pdf({ preferCSSPageSize: true })
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
      if (shots !== undefined) writeFileSync(join(shots, `${name}.pdf`), pdf)
    })
  })
})
