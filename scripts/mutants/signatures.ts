/** Signatures of commits: that one is of this commit, whose key it is, and what it signs. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const ssh = 'collect/signatures/ssh-signature.test.ts'
const allowed = 'collect/signatures/allowed-signers.test.ts'
const whose = 'collect/signatures/whose-key.test.ts'
const openPgp = 'collect/signatures/openpgp.test.ts'
const certified = 'attest/certified-signatures.test.ts'
const whole = 'collect/sessions/signed.test.ts'

export const signatures: readonly Edit[] = [
  ...inFile(
    'collect/signatures/signed-commit.ts',
    [ssh],
    [
      {
        rule: 'Two signatures of a commit, of which one counts',
        find: 'if (signatures > 1 || text',
        replace: 'if (text',
      },
      { rule: 'A second committer behind the first', find: '|| more.length > 0 ? undefined', replace: '? undefined' },
      {
        rule: 'The signature of the other kind of ids, taken for that of this commit',
        find: "objectFormat === 'sha1' ? 'gpgsig' : 'gpgsig-sha256'",
        replace: "'gpgsig'",
      },
      { rule: 'Two addresses, of which one counts', find: '^[a-z]+ [^<>\\n]*<', replace: '^[a-z]+ .*<' },
    ],
  ),

  ...inFile(
    'collect/signatures/ssh-signature.ts',
    [ssh],
    [
      {
        rule: 'A signature of a file or an e-mail, taken for that of a commit',
        find: "if (space.toString('latin1') !== namespace)",
        replace: 'if (false)',
      },
      { rule: 'A signature of another commit', find: 'if (!isOfKey)', replace: 'if (false)' },
      { rule: 'A security key that nobody touched', find: '& userPresent) === 0', replace: '& userPresent) > 9' },
      {
        rule: 'A touch that is set by hand',
        find: 'Buffer.concat([sha256(key.application), tail, sha256(message)])',
        replace: "Buffer.concat([sha256(key.application), Buffer.from('\\0\\0\\0\\0\\x07'), sha256(message)])",
      },
      { rule: 'A scheme that is not that of the key', find: 'if (name !== type)', replace: 'if (false)' },
      { rule: 'Words that nobody signed, kept for later versions', find: 'reserved.length > 0 || ', replace: '' },
    ],
  ),

  ...inFile(
    'collect/signatures/ssh-key.ts',
    [ssh],
    [{ rule: 'An RSA key that can be broken', find: 'if (bits < leastRsaBits)', replace: 'if (bits < 512)' }],
  ),

  ...inFile(
    'collect/signatures/allowed-signers.ts',
    [allowed],
    [
      { rule: 'An authority, taken for a person', find: 'if (options.isAuthority)', replace: 'if (false)' },
      {
        rule: 'A name that the list shuts out',
        find: ' && !matching.some((it) => it.isNegated)',
        replace: '',
      },
      {
        rule: 'A pattern that needs to match the start alone',
        find: 'return in_ === pattern.length',
        replace: 'return true',
      },
      {
        rule: 'An option that nobody knows, passed over',
        find: "(known !== 'cert-authority' && !takesValue) || ",
        replace: '',
      },
      { rule: 'An option that is given twice', find: ' || given.has(known)', replace: '' },
      { rule: 'A day that the calendar has not', find: ' || moment.toISOString() !== written', replace: '' },
      {
        rule: 'A time without zone, taken where it lets in most',
        find: "(zone === 'Z' ? 0 : hoursWithoutZone * 3_600)",
        replace: "(zone === 'Z' ? 0 : -hoursWithoutZone * 3_600)",
      },
      { rule: 'The name of another kind of key', find: '|| type !== rest[keyAt]', replace: '' },
    ],
  ),

  ...inFile(
    'collect/signatures/whose-key.ts',
    [whose],
    [
      {
        rule: 'The key of somebody else',
        find: "return isNamed ? 'person' : {",
        replace: "return isNamed || addresses.length > 0 ? 'person' : {",
      },
      { rule: 'A key that is allowed for files alone', find: "isInList('git', it.namespaces)", replace: 'true' },
      { rule: 'A key before its time', find: 'it.validAfter <= committer.time && ', replace: '' },
      { rule: 'A key after its time', find: ' && committer.time <= it.validBefore', replace: '' },
      {
        rule: 'A platform that signs under a name of somebody',
        find: 'committer.address !== key.committer',
        replace: 'false',
      },
      { rule: 'A platform before its key was known', find: 'committer.time < since ?', replace: 'false ?' },
      {
        rule: 'A forge, taken for a platform',
        find: "|| key.signer === 'forge') return key?.signer",
        replace: ') return undefined',
      },
    ],
  ),

  ...inFile(
    'collect/signatures/openpgp.ts',
    [openPgp],
    [
      {
        rule: 'A key that has expired or was revoked',
        find: "if (words.some(([, word = '']) => !harmless.has(word))) return 'wrong'",
        replace: '',
      },
      { rule: 'A signature that is not good', find: "of('GOODSIG').length !== 1 || ", replace: '' },
      {
        rule: 'Two signatures, one of them good',
        find: "if (more.length > 0 || of('GOODSIG').length !== 1 || of('NEWSIG').length > 1)",
        replace: "if (of('GOODSIG').length === 0)",
      },
      {
        rule: 'The end of a fingerprint, taken for all of it',
        find: '(?:[0-9A-F]{40}|[0-9A-F]{64})',
        replace: '[0-9A-F]+',
      },
      { rule: 'A digest that can be met', find: 'weakHashes.has(hash)', replace: 'false' },
      { rule: 'What gpgv says although it failed', find: 'if (exitCode !== 0)', replace: 'if (false)' },
      { rule: 'Something behind the signature', find: ' && packet.end === bytes.length', replace: '' },
      {
        rule: 'Something else in the place of a signature',
        find: 'packet?.tag === 2 && packet.end',
        replace: 'packet?.end',
      },
    ],
  ),

  ...inFile(
    'model/allowed-identity.ts',
    [certified],
    [
      { rule: 'A name under another issuer', find: 'it.issuer === issuer && ', replace: '' },
      { rule: 'Another name under the same issuer', find: ' && names.includes(it.name)', replace: '' },
      {
        rule: 'A workflow that passes for a person',
        find: "own.kind === 'uri' ? 'agent-platform' : 'person'",
        replace: "'person'",
      },
      { rule: 'An issuer that ends nobody knows where', find: '/?#][^\\s=*?#]*)=', replace: '/][^\\s=*]*)=' },
      { rule: 'A pattern that fits everybody', find: '=([^\\s*]+)$/', replace: '=([^\\s]+)$/' },
    ],
  ),

  ...inFile(
    'attest/certified-signatures.ts',
    [certified],
    [
      {
        rule: 'An identity that nobody named',
        find: "if (signer === undefined) return { outcome: 'unnamed' }",
        replace: "if (signer === undefined) return { outcome: 'signed', signer: 'person' }",
      },
      {
        rule: 'A signature that holds under no root',
        find: "if (failure === undefined) return { outcome: 'signed', signer, by: signerIn(identity) }",
        replace: "return { outcome: 'signed', signer }",
      },
    ],
  ),

  ...inFile(
    'attest/record-attestations.ts',
    ['attest/record-attestations.test.ts'],
    [
      {
        rule: 'A statement that says something else of the record',
        find: 'if (predicateType !== sessionRecordType) return { bundle, records, said: undefined }\n',
        replace: '',
      },
      {
        rule: 'A statement by an identity that nobody named',
        find: 'return signer === undefined ?',
        replace: "if (signer === undefined) return { signer: 'person' }\n  return signer === undefined ?",
      },
      {
        rule: 'Every record of the range, signed by a statement about one',
        find: 'for (const key of about.map(recordKey))',
        replace: 'for (const key of records.map(recordKey))',
      },
      {
        rule: 'A payload that is no in-toto statement by its type',
        find: 'if (envelope.payloadType !== inTotoPayloadType)',
        replace: 'if (false)',
      },
      {
        rule: 'A file of more statements than can be verified',
        find: 'if (bundles.length <= limits.recordBundles) return bundles',
        replace: 'return bundles',
      },
    ],
  ),

  ...inFile(
    'collect/signatures/brought-in.ts',
    [whole],
    [
      {
        rule: 'A copy of what somebody else had brought in',
        find: "said.has(blob) ? 'several' : {",
        replace: '{',
      },
      { rule: 'The last commit of a shallow clone', find: '!boundary.has(it.commit)', replace: 'true' },
    ],
  ),

  ...inFile(
    'collect/signatures/index.ts',
    [whole],
    [
      {
        rule: 'The key of a forge of one’s own, taken for a person’s',
        find: 'known: [...known, ...forgeKeys(ofForge)]',
        replace: 'known',
      },
      {
        rule: 'The key of a forge that somebody allowed',
        find: 'whoseKnownKey([key.fingerprint], signed, keys.known) ?? whoseOwn(key.fingerprint, signed, keys.allowed)',
        replace:
          'whoseOwn(key.fingerprint, signed, keys.allowed) ?? whoseKnownKey([key.fingerprint], signed, keys.known)',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/session-draft.ts',
    [whole],
    [
      {
        rule: 'A note beside a commit, taken for signed by it',
        find: 'const signer = isBeside(place) ? undefined : signerOf.commit(saidIn)',
        replace: 'const signer = signerOf.commit(saidIn)',
      },
    ],
  ),
]
