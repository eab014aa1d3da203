import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { isRequired, leftOut } from './test/world/required.ts'

const isThere = existsSync(fileURLToPath(new URL('../shared/corpus', import.meta.url)))

/** `npm run test:corpus`: against real bundles and real AI records, which lie beside this repository and not in it. */
export default defineConfig({
  test:
    isThere || isRequired('corpus')
      ? {
          include: ['test/corpus/**/*.test.ts'],
          reporters: ['default', './test/world/closing-line.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          env: { TZ: 'UTC', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', NO_COLOR: '1' },
        }
      : leftOut('the corpus is missing: expected ../shared/corpus beside this repository'),
})
