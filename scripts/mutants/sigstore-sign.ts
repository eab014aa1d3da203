/** Signing: which services are asked, and what of their answers is used. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const outage = 'sigstore/sign/outage.test.ts'

export const sigstoreSign: readonly Edit[] = [
  ...inFile(
    'sigstore/sign/services.ts',
    ['sigstore/sign/services.test.ts'],
    [
      { rule: 'A token sent in the clear', find: 'if (!isSecure(parsed))', replace: 'if (false)' },
      {
        rule: 'A signature that is not logged because no log of the list can be used',
        find: 'choosable.length === 0 ||',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'sigstore/sign/sign-statement.ts',
    ['attest/before-logging.test.ts'],
    [
      {
        rule: 'An entry in a log whose key the trusted root does not have',
        find: 'before === undefined ? given : await verifiableServices(given, before.trust, budget)',
        replace: 'given',
      },
      {
        rule: 'An entry for a bundle that will not verify',
        find: 'before?.check(bundleOf(envelope, certificate, [], timestamps))',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'sigstore/sign/before-logging.ts',
    ['attest/before-logging.test.ts'],
    [
      {
        rule: 'An entry in a Rekor v1 that the trusted root has under another id',
        find: 'hasLogId(it, id) && (it.checkpointKeyId',
        replace: '(it.checkpointKeyId',
      },
      {
        rule: 'An entry in a Rekor v2 that the trusted root has under another id',
        find: 'if (isCheckpointOf(text, named)) return undefined',
        replace: 'if (isCheckpointOf(text, believed)) return undefined',
      },
      {
        rule: 'An entry in a log whose key the trusted root believes in no more',
        find: 'const believed = own.filter(({ validFor }) => isWithin(validFor, now))\n  if (believed.length === 0) return notBelieved(own, now)\n  const id',
        replace: 'const believed = own\n  const id',
      },
    ],
  ),

  ...inFile(
    'sigstore/sign/fulcio.ts',
    [outage],
    [
      { rule: 'A certificate for another key', find: '  requireKey(leaf, key.publicKey)', replace: '' },
      {
        rule: 'A refusal that quotes the token',
        find: 'throw withoutToken(thrown, token)',
        replace: 'throw thrown',
        tests: ['attest/sigstore.test.ts', 'embedded/signing.test.ts'],
      },
    ],
  ),

  ...inFile(
    'sigstore/sign/timestamp-client.ts',
    [outage],
    [
      {
        rule: 'A timestamp of another signature, from the authority that we asked',
        find: 'if (!createHash(imprint.hash).update(signature).digest().equals(imprint.digest))',
        replace: 'if (false)',
      },
    ],
  ),

  ...inFile(
    'sigstore/sign/rekor.ts',
    [outage],
    [
      {
        rule: 'A log entry that the log calls the same and is not',
        find: '  requireOwn(entry, signature)',
        replace: '',
      },
      {
        rule: 'An answer of the log that sends us elsewhere',
        find: String.raw`if (!/^([0-9a-f]{16})?[0-9a-f]{64}$/.test(uuid))`,
        replace: 'if (false)',
      },
    ],
  ),

  ...inFile(
    'sigstore/sign/service-request.ts',
    [outage],
    [
      {
        rule: 'A redirect that takes the token to another host',
        find: "redirect: 'manual'",
        replace: "redirect: 'follow'",
      },
    ],
  ),
]
