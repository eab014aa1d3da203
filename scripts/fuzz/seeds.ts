/** Where fuzzing begins: genuine bundles of `fixtures/`, those of a corpus if one is named, and a line of each text format. */
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CountersignError, attempt } from '../../src/errors.ts'
import { parseBundle } from '../../src/model/bundle.ts'
import { readMaterial } from '../../src/sigstore/verify/material.ts'
import { parseJson } from '../../src/model/json.ts'
import { trustFromJson } from '../../src/sigstore/verify/trusted-root.ts'
import type { Trust } from '../../src/sigstore/verify/trusted-root.ts'

export interface Seeds {
  readonly bundles: readonly Buffer[]
  readonly statements: readonly Buffer[]
  readonly certificates: readonly Buffer[]
  readonly timestamps: readonly Buffer[]
  readonly roots: readonly Buffer[]
  readonly notes: readonly Buffer[]
  readonly messages: readonly Buffer[]
  readonly checksums: readonly Buffer[]
  readonly questions: readonly Buffer[]
  readonly names: readonly Buffer[]
  readonly policies: readonly Buffer[]
  /** What the bundles of the fixtures verify under. */
  readonly trust: Trust
}

/** More does not find more, and makes the start slow. */
const most = 60
const bytes = 200_000

export function gatherSeeds(corpus: string | undefined): Seeds {
  const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url))
  const files = [fixtures, ...(corpus === undefined ? [] : [corpus])].flatMap(jsonBelow)
  const roots = files.filter((it) => it.includes('certificateAuthorities') || it.includes('"_type":"root"'))
  const bundles = files.filter((it) => it.includes('dsseEnvelope')).slice(0, most)
  // A corpus has broken ones too, which are seeds as they are.
  const parsed = bundles.flatMap((it) => whole(attempt(() => parseBundle(it))))
  const materials = parsed.flatMap((it) => whole(attempt(() => readMaterial(it))))
  // Some of the fixtures are broken or lax.
  const [trust] = roots.flatMap((it) =>
    whole(attempt(() => trustFromJson(parseJson(it, 'the root', it.length), 'fixtures'))),
  )
  if (trust === undefined || bundles.length === 0) throw new Error('there are no fixtures to begin with')
  return {
    bundles,
    statements: parsed.flatMap(({ envelope }) => (envelope === undefined ? [] : [Buffer.from(envelope.payload)])),
    certificates: materials.flatMap(({ signer }) => (signer.kind === 'certificate' ? [signer.der] : [])),
    timestamps: [
      ...materials.flatMap(({ timestamps }) => timestamps),
      ...materials.flatMap(({ signer }) => (signer.kind === 'certificate' ? [signer.der] : [])),
    ],
    roots: roots.slice(0, most),
    notes: texts(
      'a.ts\n  s_0123456789abcd::t_00000000000001 1-2,7\n---\n{"schema_version":"authorship/3.0.0","base_commit_sha":"c0ffee","prompts":{},"sessions":{"s_0123456789abcd":{"agent_id":{"tool":"cursor","id":"x","model":"y"}}}}',
    ),
    messages: texts(
      'Parse widgets\n\nClaude-Session: https://claude.ai/code/session_01Ab\nCo-Authored-By: Claude <noreply@anthropic.com>',
      'x\n\nAI-Session-ID: codex:0b9fd4c2-6a1e-4d5b-9c33-7f1f2f0a9e11\nAI-Tool-Version: codex/1.2 (gpt-5)',
    ),
    checksums: texts(
      `${'a'.repeat(64)}  dist/app.tgz\n\\${'b'.repeat(64)} *a\\nb\nSHA256 (x) = ${'c'.repeat(64)}`,
      `a=sha256:${'a'.repeat(64)}`,
    ),
    questions: texts(
      '{"repo":"acme/widget","workflow":"release.yml","ref":"refs/tags/v1","strict":true,"trigger":["push"]}',
      '{"signer":"https://h/**","issuer":"https://i","anySource":true}',
    ),
    names: texts(
      'https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/*',
      'git@github.com:acme/widget.git',
      '*@acme.example',
    ),
    policies: policiesIn(fileURLToPath(new URL('../../docs/policy', import.meta.url))),
    trust,
  }
}

/** The examples of the pages about policies, each as a whole one. */
function policiesIn(folder: string): Buffer[] {
  const pages = readdirSync(folder).map((it) => readFileSync(join(folder, it), 'utf8'))
  const blocks = pages.flatMap((it) => [...it.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, yaml = '']) => yaml))
  const head = 'apiVersion: countersign/policy/v1\nname: seed\n'
  return blocks.map((it) => Buffer.from(it.includes('apiVersion:') ? it : head + it))
}

function whole<T>(read: T | CountersignError): T[] {
  return read instanceof CountersignError ? [] : [read]
}

function texts(...all: readonly string[]): Buffer[] {
  return all.map((it) => Buffer.from(it))
}

function jsonBelow(folder: string): Buffer[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile() && it.name.endsWith('.json'))
    .map((it) => join(it.parentPath, it.name))
    .filter((path) => statSync(path).size < bytes)
    .map((path) => readFileSync(path))
    .filter((text) => text[0] === 0x7b)
}
