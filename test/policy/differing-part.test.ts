/** Where two values differ: enough to see a typo or a forgery, and nothing to copy (DESIGN rule 17). */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differingParts } from '../../src/model/verdict.ts'
import type { DifferingPart } from '../../src/model/verdict.ts'
import { differingPart } from '../../src/policy/differing-part.ts'
import { anyText } from '../world/any-text.ts'
import { runs } from '../world/runs.ts'

const signer = 'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1'

const pairs: Record<DifferingPart, [string, string][]> = {
  owner: [
    [signer, signer.replace('acme', 'mallory')],
    [signer, signer.replace('acme', 'acme-evil')],
    ['https://github.com/acme/widget', 'https://github.com/mallory/gadget'],
    ['https://github.com/acme/*', 'https://github.com/mallory/widget'],
    ['git+https://github.com/acme/widget', 'git+https://github.com/mallory/widget'],
    ['https://token.actions.githubusercontent.com', 'https://token.actions.githubusercontent.com/mallory'],
  ],
  name: [
    [signer, signer.replace('widget', 'widget-evil')],
    ['https://github.com/acme/widget', 'https://github.com/acme/gadget'],
    ['https://github.com/*/widget', 'https://github.com/acme/gadget'],
    ['https://github.com/acme/widget', 'https://github.com/acme'],
  ],
  path: [
    [signer, signer.replace('release.yml', 'helper.yml')],
    [signer, signer.replace('release.yml', 'release.yml.evil.yml')],
    ['https://github.com/acme/*/.github/workflows/build.yml@**', signer],
    ['https://github.com/acme/widget/.github/workflows/*@**', signer.replace('release.yml', 'deep/er.yml')],
    ['https://gitlab.com/acme/group/widget', 'https://gitlab.com/acme/group/gadget'],
  ],
  ref: [
    [signer, signer.replace('refs/tags/v1', 'refs/heads/main')],
    [signer, signer.replace('@refs/tags/v1', '@refs/heads/x@refs/tags/v1')],
    ['https://github.com/*/widget/.github/workflows/*@refs/heads/main', signer],
    [signer, signer.replace('@refs/tags/v1', '')],
    ['refs/tags/v1', 'refs/heads/v1'],
    ['refs/tags/*', 'refs/heads/main'],
  ],
  case: [
    [signer, signer.toUpperCase()],
    [signer, signer.replace('acme', 'Acme')],
    ['refs/tags/v1', 'refs/tags/V1'],
    ['abc', 'ABC'],
  ],
  value: [
    [signer, 'dev@acme.example'],
    [signer, signer.replace('github.com', 'github.com.evil.example')],
    [signer, signer.replace('github.com/acme', 'gitlab.com/mallory')],
    [signer, signer.replace('https', 'http')],
    ['dev@acme.example', 'dev@mallory.example'],
    ['a'.repeat(40), 'b'.repeat(40)],
    ['v1', 'refs/tags/v2'],
    ['push', 'pull_request'],
    ['https://github.com/acme/widget', ''],
    ['', signer],
  ],
}

describe('two values differ', () => {
  it.each(differingParts.flatMap((part) => pairs[part].map(([expected, found]) => [part, expected, found] as const)))(
    'in the %s: %s, %s',
    (part, expected, found) => {
      expect(differingPart(expected, found)).toBe(part)
    },
  )

  it('in one of the named parts, whatever they are, and without a failure', () => {
    const piece = fc.constantFrom(
      'https://',
      'git+ssh://',
      'github.com',
      '/',
      '@',
      '*',
      '**',
      'refs/',
      'İ',
      '\n',
      '\0',
      'a',
    )
    const value = fc.oneof(
      anyText(),
      fc.array(piece, { maxLength: 12 }).map((it) => it.join('')),
    )
    fc.assert(
      fc.property(value, value, (expected, found) => differingParts.includes(differingPart(expected, found))),
      { numRuns: runs(5_000) },
    )
  })
})
