import { defineConfig } from 'vitest/config'

/** `npm run test:browser`: what is made for a browser, in one. Where there is none, it fails. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    reporters: ['default', './test/world/closing-line.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { TZ: 'UTC', NO_COLOR: '1' },
  },
})
