/** Options of the library ↔ flags: the one place that knows both names. */
import type { OptionName } from '../index.ts'

/** The flag that says an option; what has none here cannot be said on the command line. */
const flags: { readonly [name in OptionName]: string } = {
  signer: '--signer',
  issuer: '--issuer',
  certificateWithoutIssuer: '--certificate-without-issuer',
  source: '--source',
  anySource: '--any-source',
  repo: '--repo',
  owner: '--owner',
  signerWorkflow: '--signer-workflow',
  workflow: '--workflow',
  anyCaller: '--any-caller',
  key: '--key',
  ref: '--ref',
  commit: '--commit',
  sourceId: '--source-id',
  ownerId: '--owner-id',
  signerDigest: '--signer-digest',
  sourceTag: '--source-tag',
  builderId: '--builder-id',
  predicateType: '--predicate-type',
  trigger: '--trigger',
  selfHostedRunner: '--self-hosted-runner allow',
  requireInput: '--require-input',
  cleanTree: '--clean-tree',
  allowBuiltCommit: '--allow-built-commit',
  environment: '--environment',
  allowRemoved: '--allow-removed',
  strict: '--strict',
  previous: '--previous FILE',
  policy: '--policy FILE',
  policyProfile: '--policy-profile',
  policySigner: '--policy-signer',
  policyIssuer: '--policy-issuer',
  policyBundle: '--policy-bundle FILE',
  rule: '--rule ID',
  reason: '--reason TEXT',
  expires: '--expires TIME',
  place: '--commit, --path, --session',
  policyFile: '--policy-file FILE',
  vsa: '--vsa FILE',
  verifierId: '--verifier-id',
  resourceUri: '--resource-uri',
  policyDigest: '--policy-digest',
  level: '--level',
  artifact: 'ARTIFACT',
  bundle: '--bundle FILE',
  trust: '--trusted-root FILE',
  mirror: '--tuf-mirror',
  root: '--tuf-root',
  network: '--offline',
  staleTrust: '--stale-trust allow',
  refreshTimeout: '--refresh-timeout',
  name: '--name',
  paths: 'PATH...',
  checksums: '--checksums FILE',
  named: '--subject NAME=DIGEST',
  fileNames: '--subject-name path',
  since: '--since',
  until: 'RANGE',
  adopt: '--adopt',
  inputs: '--input',
  tagPattern: '--tag-pattern',
  folders: '--path',
  worktree: '--allow-dirty',
  builtCommit: '--built-commit',
  history: '--allow-shallow',
  sigstore: '--sigstore FILE',
  state: '--local-state',
  identityTokenFile: '--identity-token-file',
  audience: '--audience',
  issuers: '--trust-issuer',
  publishPrivate: '--publish-private',
  retryBudget: '--retry-budget',
  onOutage: '--on-outage defer',
  prepared: '--resume',
  attempt: '--resume-attempt any',
  each: '--each',
  out: '--out',
  whenPresent: '--overwrite, --append',
  changes: '--changes FILE',
  allowedSigners: '--allowed-signers FILE',
  forgeSigners: '--forge-signers FILE',
  keyring: '--keyring FILE',
  allowedIdentities: '--allowed-identity ISSUER=NAME',
  recordAttestations: '--record-attestations FILE',
  transcripts: '--transcript PATH',
  localTranscripts: '--local-transcripts',
  keepRecords: '--keep-records FOLDER',
  sign: '--sign none',
  signingKey: '--signing-key FILE',
  publishIdentity: '--publish-identity',
  pending: '--pending',
  record: '--record',
  words: '--words',
  rows: '--rows',
  removeOld: '--remove-old',
  push: '--push REMOTE',
  reasoningLog: '--reasoning-log FILE',
  identityKeyFile: '--identity-key-file FILE',
  receipts: '--receipt PATH',
  receiptIssuers: '--receipt-issuers FILE',
  payload: '--payload FILE',
  keyFile: '--key-file FILE',
  publicKey: '--public-key FILE',
  signerCommand: '--signer-command PROGRAM',
  serviceConfig: '--config FILE',
  listen: '--listen ADDRESS',
  repository: '--repository URL',
  fetch: '--fetch',
  forgeTokenFile: '--forge-token-file FILE',
  forgeApi: '--forge-api URL',
  tracker: '--tracker-api URL',
  portal: '--portal URL',
  portalAdapter: '--portal-adapter NAME',
  portalTokenFile: '--portal-token-file FILE',
  aiConfiguration: '--ai-configuration',
  target: '--target URI',
  provenance: '--bundle FILE',
  rebuilt: 'B',
  rebuiltSource: '--source URL --commit SHA',
  recordSigning: '--sign ssh',
  dryRun: '--dry-run',
  port: '--port',
  ciOutput: '--ci-output',
  notify: '--notify',
  notifyFormat: '--notify-format',
  notifySecret: '--notify-secret',
}

/** Those that have a name of their own here; a tenant of GitHub's has that of its host. */
const named =
  /(the embedded Sigstore|public-good Sigstore|GitHub's own Sigstore(?: of ([a-z0-9-]+\.ghe\.com))?) \(`sigstore`\)/g
const names: { readonly [sigstore: string]: string } = {
  'the embedded Sigstore': 'local',
  'public-good Sigstore': 'public',
}

/** Our own words about options (`option`) → about flags. */
export function withFlags(text: string): string {
  return text
    .replace(
      named,
      (_, sigstore: string, tenant?: string) => `${sigstore} (--sigstore ${names[sigstore] ?? tenant ?? 'github'})`,
    )
    .replace(/`([A-Za-z]+)`/g, (written, name: string) =>
      Object.hasOwn(flags, name) ? flags[name as OptionName] : written,
    )
}

/** `sourceId` → `source-id`. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** Short forms, for the flags that are typed daily; -R is that of gh. */
const shortForms: { readonly [long: string]: string } = { '--bundle': '-b', '--repo': '-R', '--out': '-o' }

/** A flag as commander is told of it, with its short form where it has one: `--out <FILE>` → `-o, --out <FILE>`. */
export function withShortForm(flag: string): string {
  const [long = ''] = flag.split(' ')
  const short = Object.hasOwn(shortForms, long) ? shortForms[long] : undefined
  return short === undefined ? flag : `${short}, ${flag}`
}

/** `--fetch` is `origin`, before those that are named. */
export function fetchedRemotes(flags: {
  readonly fetch?: true
  readonly fetchFrom?: readonly string[]
}): readonly string[] | undefined {
  const names = [...(flags.fetch === true ? ['origin'] : []), ...(flags.fetchFrom ?? [])]
  return names.length === 0 ? undefined : [...new Set(names)]
}

/** A flag that can be given several times. */
export function repeated(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value]
}
