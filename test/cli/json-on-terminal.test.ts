/** JSON on a terminal is indented, and the same document (DESIGN rule 15). */
import { expect, it } from 'vitest'
import { jsonFor } from '../../src/cli/terminal.ts'

const odd = '{"n":12345678901234567890,"f":1.0,"e":1e400,"neg":-0,"2":[],"1":{"a":"b"}}'

it('keeps the digits of numbers and the order of members', () => {
  const lines = ['{', '  "n": 12345678901234567890,', '  "f": 1.0,', '  "e": 1e400,', '  "neg": -0,', '  "2": [],']
  const shown = [...lines, '  "1": {', '    "a": "b"', '  }', '}', ''].join('\n')
  expect(jsonFor({ write: () => true, isTTY: true }, odd)).toBe(shown)
  expect(jsonFor({ write: () => true }, odd)).toBe(`${odd}\n`)
})
