/** Bundle and trusted root: DER, certificates, chains, certificate logs, log entries, timestamps. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const wholeBundles = 'sigstore/verify/verify-bundle.test.ts'
const forgeries = 'forgeries'

export const sigstoreVerify: readonly Edit[] = [
  ...inFile(
    'sigstore/verify/asn1.ts',
    ['sigstore/verify/asn1.test.ts', 'sigstore/verify/chain.test.ts'],
    [
      {
        rule: 'Bytes after the end of a structure',
        find: 'if (element.bytes.length !== buffer.length)',
        replace: 'if (false)',
      },
    ],
  ),

  ...inFile(
    'sigstore/verify/certificate.ts',
    ['sigstore/verify/chain.test.ts', wholeBundles],
    [
      {
        rule: 'A certificate that names two signature algorithms',
        find: 'if (!inner.bytes.equals(algorithm.bytes))',
        replace: 'if (false)',
      },
      {
        rule: 'An extension that stands twice',
        find: 'if (found.has(oid))',
        replace: 'if (false)',
        tests: ['sigstore/verify/chain.test.ts', 'sigstore/verify/certificate.test.ts'],
      },
      {
        rule: 'A certificate that its issuer did not sign',
        find: 'return isSignature(algorithm, certificate.tbs.bytes, keyOf(issuer), certificate.signature)',
        replace: 'return true',
      },
      {
        rule: 'A critical extension that nobody here understands',
        find: 'critical && !understood.includes(oid)',
        replace: 'false',
      },
      {
        rule: 'An authority that is none by its basic constraints',
        find: 'first?.tag !== tags.boolean || !booleanOf(first) ||',
        replace: '',
      },
      {
        rule: 'An authority that may not sign certificates',
        find: "|| !hasUsage(certificate, 'keyCertSign')",
        replace: '',
      },
      {
        rule: 'An authority that may issue for something else only',
        find: 'return purposes.length === 0 ||',
        replace: 'return true ||',
      },
      {
        rule: 'A timestamp certificate that is for other things too',
        find: 'purposes.length === 1 && purposes[0] === oids.timeStamping',
        replace: 'purposes.includes(oids.timeStamping)',
        tests: ['sigstore/verify/timestamp.test.ts'],
      },
      {
        rule: 'A signing certificate that may not make signatures',
        find: "hasUsage(certificate, 'digitalSignature') &&",
        replace: '',
      },
      {
        rule: 'An authority that signs an artifact',
        find: '&&\n        authorityOf(certificate) === undefined,',
        replace: ',',
      },
      {
        rule: 'A certificate with two names, of which the first would count',
        find: '|| names.length !== 1',
        replace: '',
        tests: ['sigstore/verify/certificate.test.ts', wholeBundles],
      },
    ],
  ),

  ...inFile(
    'sigstore/verify/chain.ts',
    ['sigstore/verify/chain.test.ts', wholeBundles],
    [
      {
        rule: 'A time after a trusted root believes an authority or a key',
        find: '&& (end === undefined || time <= end)',
        replace: '',
      },
      {
        rule: 'A root that only says that it signed itself',
        find: 'return isSignedBy(certificate, certificate) ? [certificate] : undefined',
        replace: 'return [certificate]',
      },
      {
        rule: 'An intermediate that its root did not sign',
        find: '.filter((issuer) => isSignedBy(certificate, issuer))',
        replace: '',
      },
      {
        rule: 'A certificate that names another issuer than the one whose key signed it',
        find: 'if (!issuer.subject.equals(certificate.issuer)) return false',
        replace: '',
      },
      {
        rule: 'A certificate that was not valid when it signed',
        find: ' || !isValidAt(leaf, time)',
        replace: '',
      },
      {
        rule: 'An authority that the trusted root did not believe at that time',
        find: 'if (!isWithin(validFor, time)) continue',
        replace: '',
      },
      {
        rule: 'An intermediate that was not valid when the certificate signed',
        find: 'isValidAt(it, time) && mayIssueFor(it, purpose)',
        replace: 'mayIssueFor(it, purpose)',
      },
      {
        rule: 'More authorities below one than it allows',
        find: '|| !keepsPathLengths(path)',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'sigstore/verify/certificate-log.ts',
    ['sigstore/verify/certificate-log.test.ts', wholeBundles],
    [
      {
        rule: 'A certificate timestamp that its log did not sign',
        find: 'return verify(hash, signed, log.key, sct.signature)',
        replace: 'return true',
      },
      {
        rule: 'A certificate log that was not believed at that time',
        find: '|| !isWithin(log.validFor, time)',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'sigstore/verify/log-entry.ts',
    ['sigstore/verify/log-entry.test.ts', wholeBundles],
    [
      {
        rule: 'A log entry about another signature',
        find: '|| !logged.signature.equals(signature)',
        replace: '',
      },
      {
        rule: 'A log entry about other bytes',
        find: 'if (coveredDigest(content, logged)?.equals(logged.digest) !== true)',
        replace: 'if (false)',
      },
      {
        rule: 'A log entry that was made for another certificate or key',
        find: 'return same === true ? undefined :',
        replace: 'return true ? undefined :',
      },
    ],
  ),

  ...inFile(
    'sigstore/verify/log-inclusion.ts',
    ['sigstore/verify/log-inclusion.test.ts', wholeBundles],
    [
      {
        rule: "A log's promise that does not hold",
        find: 'if (entry.promise !== undefined && !promiseHolds(entry, entry.promise, own))',
        replace: 'if (false)',
      },
      {
        rule: 'A promise from a time at which its log was not believed',
        find: 'isWithin(log.validFor, time) && signatureHolds(',
        replace: 'signatureHolds(',
      },
      {
        rule: 'A proof under a log that was not believed when the signature was made',
        find: '|| times.every((time) => isWithin(log.validFor, time))',
        replace: '|| true',
      },
      {
        rule: 'A checkpoint that the log did not sign',
        find: 'if (!isSignedByOneOf(signed, logs))',
        replace: 'if (false)',
      },
      {
        rule: 'A checkpoint under the hint of another key',
        find: 'hintOf(log).equals(keyHint) && ',
        replace: '',
      },
      {
        rule: 'A checkpoint of Rekor v1 under another name than it signed',
        find: 'return v1 === name',
        replace: 'return true',
      },
      {
        rule: 'A checkpoint of Rekor v2 under another name than its origin',
        find: 'return origin === name && ',
        replace: 'return ',
      },
      {
        rule: 'A checkpoint of Rekor v2 under the name of another log',
        find: ': log.host === name)',
        replace: ': true)',
      },
      {
        rule: 'A checkpoint of a log without a URL under a name that its id is not the hash of',
        find: '? isNoteId(log, name) :',
        replace: '? true :',
      },
      {
        rule: 'An entry of another log',
        find: 'logs.filter((log) => hasLogId(log, entry.logId))',
        replace: 'logs',
      },
      {
        rule: 'A proof that leads to another root than the checkpoint has',
        find: 'return root?.equals(signed.root) === true ?',
        replace: 'return true ?',
      },
      {
        rule: 'A proof for another place in the tree',
        find: 'if (hashes.length !== inner + border)',
        replace: 'if (false)',
      },
    ],
  ),

  ...inFile(
    'sigstore/verify/material.ts',
    ['sigstore/verify/material.test.ts'],
    [
      {
        rule: 'A bundle that names two signers',
        find: '.length !== 1) {\n    throw malformed',
        replace: '.length < 1) {\n    throw malformed',
      },
      {
        rule: 'A log entry without the promise or proof that its version asks for',
        find: "if (version === '0.1' ? promise === null : proof === null)",
        replace: 'if (false)',
      },
      {
        rule: 'A proof without a checkpoint',
        find: "if (checkpoint === null && version === '0.1')",
        replace: 'if (checkpoint === null)',
      },
    ],
  ),

  ...inFile(
    'sigstore/verify/gitsign.ts',
    ['sigstore/verify/gitsign.test.ts'],
    [
      {
        rule: 'The signature of another commit',
        find: 'if (!digestOf(digestHash, signed).equals(attributeDigest))',
        replace: 'if (false)',
      },
      {
        rule: 'Attributes that the key did not sign',
        find: 'isSignedWith(info, key)',
        replace: 'isSignedWith(info, key) || true',
      },
      {
        rule: 'A content of its own, which another program shows',
        find: 'if (content !== undefined)',
        replace: 'if (false)',
      },
      {
        rule: 'A certificate that is not that of the signer',
        find: 'childrenOf(certificates).filter((it) => isOf(it, info))',
        replace: 'childrenOf(certificates).slice(0, 1)',
      },
      {
        rule: 'More entries than anybody asks for',
        find: 'if (values.length > limits.signatureProofs)',
        replace: 'if (false)',
      },
    ],
  ),

  ...inFile(
    'sigstore/verify/cms.ts',
    ['sigstore/verify/timestamp.test.ts', 'sigstore/verify/gitsign.test.ts'],
    [
      {
        rule: 'A timestamp with a SHA-1 digest',
        find: "['2.16.840.1.101.3.4.2.1', 'sha256'],",
        replace: "['2.16.840.1.101.3.4.2.1', 'sha256'], ['1.3.14.3.2.26', 'sha1'],",
      },
      {
        rule: 'An attribute of which a second value, or a second one, says otherwise',
        find: 'if (found.length !== 1) throw new DerError(`the attribute ${oid} stands twice`)',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'sigstore/verify/timestamp.ts',
    ['sigstore/verify/timestamp.test.ts', wholeBundles],
    [
      {
        rule: 'A timestamp of another signature',
        find: 'if (!digest(imprint.hash, data).equals(imprint.digest)) return undefined',
        replace: '',
      },
      {
        rule: 'A time that the timestamp authority did not sign',
        find: 'if (!digest(timestamp.digestHash, info).equals(timestamp.attributeDigest)) return undefined',
        replace: '',
      },
      {
        rule: 'A timestamp certificate that does not lead to its root, or had expired',
        find: "if (issuerOf(certificate, [authority], time, 'timeStamping') === undefined) return false",
        replace: '',
      },
      {
        rule: 'A timestamp that its authority did not sign',
        find: 'return isSignedWith(timestamp, keyOf(certificate))',
        replace: 'return true',
      },
    ],
  ),

  ...inFile(
    'sigstore/verify/trusted-root.ts',
    [wholeBundles, 'sigstore/verify/trusted-root.test.ts'],
    [
      {
        rule: 'A key that its owner has retired',
        find: 'end: end === undefined ? undefined : timeFrom(end)',
        replace: 'end: undefined',
      },
      {
        rule: 'A list of logs of which none can be used',
        find: 'trust[list].length > 0 || trust.leftOut.some((it) => it.list === list)',
        replace: 'trust[list].length > 0',
      },
      {
        rule: 'A key that is believed since nobody knows when',
        find: "if (start === undefined) throw new NoStart('it has no start of validity')",
        replace: 'if (start === undefined) return { start: new Date(0), end: undefined }',
      },
    ],
  ),

  ...inFile(
    'sigstore/verify/log-key.ts',
    ['sigstore/verify/trusted-root.test.ts', 'sigstore/verify/log-inclusion.test.ts'],
    [
      {
        rule: 'A key whose details name a kind that is not known',
        find: "keyDetails === undefined ? 'any' : detailKinds.get(keyDetails)",
        replace: "keyDetails === undefined ? 'any' : (detailKinds.get(keyDetails) ?? 'any')",
      },
      {
        rule: 'A key of another kind than its details say',
        find: "if (said !== 'any' && said !== kind)",
        replace: 'if (false)',
      },
      {
        rule: 'A short id of a checkpoint key, taken for the id of a log',
        find: 'checkpointKeyId?.length === 32 &&',
        replace: 'checkpointKeyId !== undefined &&',
      },
    ],
  ),

  ...inFile(
    'sigstore/verify/verify-bundle.ts',
    [wholeBundles, forgeries],
    [
      {
        rule: 'A bundle with two signatures',
        find: '|| envelope.signatures.length !== 1',
        replace: '',
      },
      {
        rule: 'A payload that was edited after it was signed',
        find: 'if (!hashesFor(signer.key).some((hash) => succeeds(() => holds(signer.key, hash))))',
        replace: 'if (false)',
      },
      { rule: 'A signature of which nobody says when', find: 'if (times.length === 0)', replace: 'if (false)' },
      {
        rule: 'A signature of which nobody says when, from somebody else',
        find: 'told.length === 0 && trust.unlogged === true',
        replace: 'told.length === 0',
      },
      {
        rule: 'A timestamp that does not hold under the trusted root',
        find: 'if (stampers.includes(undefined))',
        replace: 'if (false)',
      },
      {
        rule: 'One timestamp that stands twice',
        find: 'if (new Set(stamps.map(stampIdentity)).size !== stamps.length)',
        replace: 'if (false)',
      },
      {
        rule: 'A certificate that was valid at one trusted time and not at another',
        find: '|| issuers.includes(undefined)',
        replace: '',
      },
      {
        rule: 'A certificate timestamp that does not hold',
        find: 'if (vouched === undefined || (',
        replace: 'if ((',
      },
      {
        rule: 'A certificate that no certificate log has seen',
        find: "|| (vouched === 0 && asksFor(trust, 'certificateLogs'))",
        replace: '',
      },
      {
        rule: 'A certificate for something else than code signing',
        find: 'if (!certificate.forCodeSigning)',
        replace: 'if (false)',
      },
      {
        rule: 'A signature that was never logged',
        find: "if (material.entries.length === 0 && asksFor(trust, 'transparencyLogs'))",
        replace: 'if (false)',
      },
      {
        rule: 'One log entry that stands twice',
        find: 'if (new Set(material.entries.map(entryIdentity)).size !== material.entries.length)',
        replace: 'if (false)',
      },
      { rule: 'A log entry that is not in its log', find: 'if (missing !== undefined)', replace: 'if (false)' },
      {
        rule: 'A time in a log entry that no log has signed',
        find: 'if (promise === undefined || integratedTime <= 0 ||',
        replace: 'if (integratedTime <= 0 ||',
      },
      {
        rule: 'A signature under a certificate where a key was asked for',
        find: 'if (pem !== undefined) {',
        replace: 'if (false) {',
      },
    ],
  ),
]
