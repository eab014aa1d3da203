/**
 * Texts of any characters, control characters and halves of pairs among them. The like of fast-check's unit `binary`, which
 * takes a second to set up.
 */
import * as fc from 'fast-check'

export function anyText({ minLength = 0, maxLength = 12 } = {}): fc.Arbitrary<string> {
  const character = fc.oneof(
    fc.integer({ min: 0, max: 0x10ffff }).map((it) => String.fromCodePoint(it)),
    fc.integer({ min: 0, max: 0xff }).map((it) => String.fromCharCode(it)),
  )
  return fc.array(character, { minLength, maxLength }).map((it) => it.join(''))
}
