/** What a verifier found → the predicate of a verification summary, with the values of SLSA 1.2. */

/** An attestation that was looked at: what it is called here, and the SHA-256 of its bundle as one line of JSON. */
export interface InputAttestation {
  readonly name: string
  readonly sha256: string
}

/** What the artifact was held against. The digest is that of its bytes. */
export interface SummaryPolicy {
  readonly uri: string
  readonly digest: { readonly sha256: string }
}

export interface SummaryFacts {
  readonly verifierId: string
  readonly resourceUri: string
  readonly policy: SummaryPolicy
  readonly result: 'PASSED' | 'FAILED'
  readonly levels: readonly string[]
  /** RFC 3339, UTC. */
  readonly timeVerified: string
  /** All of them; undefined where not all are known, and then none is named: a list says that it is whole. */
  readonly inputs: readonly InputAttestation[] | undefined
}

/** What is written; of dependencies nothing is said, since none was looked at. */
export function buildVerificationSummary(facts: SummaryFacts, toolVersion: string): object {
  const { verifierId, resourceUri, policy, result, levels, timeVerified, inputs } = facts
  return {
    verifier: { id: verifierId, version: { countersign: toolVersion } },
    timeVerified,
    resourceUri,
    policy: { uri: policy.uri, digest: { sha256: policy.digest.sha256 } },
    ...(inputs === undefined || inputs.length === 0 ? {} : { inputAttestations: inputs.map(inputDescriptor) }),
    verificationResult: result,
    verifiedLevels: [...levels],
    slsaVersion: '1.2',
  }
}

/** Its address is its digest (RFC 6920): where the file lay is nobody's business, and an address that nobody checked is no fact. */
function inputDescriptor({ name, sha256 }: InputAttestation): object {
  const value = Buffer.from(sha256, 'hex').toString('base64url')
  return { name, uri: `ni:///sha-256;${value}`, digest: { sha256 } }
}
