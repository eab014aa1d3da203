/**
 * What is fuzzed: every parser of bytes from outside, each with where its seeds come from. A target returns, or throws our own
 * error; whatever else it does is a finding. The shape is that of a jazzer.js target (`fuzz(data)`), so that it runs there too.
 */
import { readMessageClaims } from '../../src/collect/sessions/messages/commit-message.ts'
import { parseNote } from '../../src/collect/sessions/git-ai/note-format.ts'
import { remoteUri } from '../../src/collect/git/remote-uri.ts'
import { parseChecksums, parseSubject } from '../../src/collect/subjects/checksums.ts'
import { inspect } from '../../src/inspect/inspect.ts'
import { parseBundle } from '../../src/model/bundle.ts'
import { compilePattern, splitIdentity } from '../../src/model/identity.ts'
import { parseJson } from '../../src/model/json.ts'
import { parsePrepared } from '../../src/model/prepared.ts'
import type { LooseQuestion } from '../../src/model/question.ts'
import { canonicalRepository } from '../../src/model/repository-url.ts'
import { parseStatement } from '../../src/model/statement.ts'
import { oneLine } from '../../src/one-line.ts'
import { checkOwnRule } from '../../src/policy/cel/own-rules.ts'
import { checkQuestions, ownRulesIn, parsePolicy, policyOf } from '../../src/policy/read-policy.ts'
import { parseQuestion } from '../../src/policy/question.ts'
import { readPredicate } from '../../src/predicates/read.ts'
import { render } from '../../src/report/index.ts'
import { parseSigningConfig } from '../../src/sigstore/sign/signing-config.ts'
import { readFirstRoot } from '../../src/sigstore/trust/tuf-metadata.ts'
import { parseCertificate, readCertificate } from '../../src/sigstore/verify/certificate.ts'
import { readMaterial } from '../../src/sigstore/verify/material.ts'
import { parseTimestamp } from '../../src/sigstore/verify/timestamp.ts'
import { trustFromJson } from '../../src/sigstore/verify/trusted-root.ts'
import { verifyBundle } from '../../src/sigstore/verify/verify-bundle.ts'
import type { Seeds } from './seeds.ts'

export interface Target {
  readonly name: string
  readonly seeds: Exclude<keyof Seeds, 'trust'>
  readonly fuzz: (data: Buffer, seeds: Seeds) => unknown
}

const megabyte = 1024 * 1024

export const targets: readonly Target[] = [
  { name: 'json', seeds: 'bundles', fuzz: (data) => parseJson(data, 'the input', 64 * megabyte) },
  { name: 'bundle', seeds: 'bundles', fuzz: (data) => readMaterial(parseBundle(data)) },
  { name: 'verification', seeds: 'bundles', fuzz: (data, { trust }) => verifyBundle(parseBundle(data), trust) },
  {
    name: 'inspection',
    seeds: 'bundles',
    fuzz: async (data) => (await inspect(data)).map((it) => render(it, 'text')),
  },
  {
    name: 'statement',
    seeds: 'statements',
    fuzz(data) {
      const { predicateType, predicate } = parseStatement(data)
      return readPredicate(predicateType, predicate)
    },
  },
  {
    name: 'certificate',
    seeds: 'certificates',
    fuzz: (data) => [parseCertificate(data), readCertificate(data)],
  },
  { name: 'timestamp', seeds: 'timestamps', fuzz: (data) => parseTimestamp(data) },
  {
    name: 'trusted root',
    seeds: 'roots',
    fuzz: (data) => trustFromJson(parseJson(data, 'the root', 16 * megabyte), 'x'),
  },
  { name: 'TUF root', seeds: 'roots', fuzz: (data) => readFirstRoot(data) },
  {
    name: 'policy',
    seeds: 'policies',
    fuzz(data) {
      const parsed = parsePolicy({ file: 'countersign.yaml', bytes: data })
      for (const [rule] of ownRulesIn(parsed)) checkOwnRule(rule)
      const policy = policyOf([parsed])
      checkQuestions(policy)
      // One that asks for nothing would pass everything.
      if (policy.layers.every(({ sections }) => Object.keys(sections).length === 0)) throw new TypeError('it is empty')
    },
  },
  {
    name: 'signing configuration',
    seeds: 'roots',
    fuzz: (data) => parseSigningConfig(parseJson(data, 'the configuration', 16 * megabyte)),
  },
  { name: 'prepared statement', seeds: 'statements', fuzz: (data) => parsePrepared(data) },
  { name: 'note', seeds: 'notes', fuzz: (data) => parseNote(data) },
  { name: 'commit message', seeds: 'messages', fuzz: (data) => readMessageClaims(data.toString('utf8')) },
  { name: 'checksums', seeds: 'checksums', fuzz: (data) => parseChecksums(data.toString('utf8')) },
  { name: 'subject', seeds: 'checksums', fuzz: (data) => parseSubject(data.toString('utf8')) },
  {
    name: 'question',
    seeds: 'questions',
    fuzz: (data) => parseQuestion(parseJson(data, 'the question', megabyte) as LooseQuestion),
  },
  {
    name: 'names',
    seeds: 'names',
    fuzz(data) {
      const text = data.toString('utf8')
      const found = [splitIdentity(text), canonicalRepository(text), remoteUri(text), oneLine(text)]
      return [...found, compilePattern(text, 'the pattern').matches(text)]
    },
  },
]
