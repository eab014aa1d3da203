/**
 * Names of the embedded Sigstore. They stand in signed material (checkpoints, tokens, trusted roots) and are never fetched,
 * so they stay the same whatever port a run listens on; `.localhost` cannot be registered by anybody (RFC 6761 §6.3).
 */

/** `iss` of tokens unless a fetchable issuer is asked for. */
export const defaultIssuer = 'https://oidc.countersign.localhost'

/** `aud` that Fulcio expects, as the public-good instance does. */
export const sigstoreAudience = 'sigstore'

/** `O=` of every certificate authority here; one organisation in root and intermediate, or gh refuses the chain. */
export const organization = 'countersign local'

/**
 * Origins of the two logs. A verifier compares the name in a checkpoint with the host of the log's `baseUrl` in the trusted
 * root (sigstore-go pkg/verify/tlog.go, sigstore-js tlog/checkpoint.ts).
 */
export const rekorV1Host = 'rekor-v1.countersign.localhost'
export const rekorV2Host = 'rekor-v2.countersign.localhost'

/** Stand in the trusted root to tell its entries apart. */
export const fulcioUrl = 'https://fulcio.countersign.localhost'
export const certificateLogUrl = 'https://ctlog.countersign.localhost'
export const timestampUrl = 'https://timestamp.countersign.localhost/api/v1/timestamp'
