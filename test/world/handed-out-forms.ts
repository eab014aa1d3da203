/** The forms in which bundles are handed out, each as its maker writes it. */
import type { EditableBundle } from './release.ts'

export interface HandedOutForm {
  readonly name: string
  /** One or several bundles as the text of a file. */
  readonly write: (bundles: readonly EditableBundle[]) => string
  /** What of a file's name the n-th bundle (from 1) of several gets for a label. */
  readonly label: (number: number) => string
}

const several = (number: number): string => `#${number}`
const byLine = (number: number): string => `:${number}`
const provenance = 'https://slsa.dev/provenance/v1'

/** PEP 740. */
export function pyPiAttestation({ verificationMaterial, dsseEnvelope }: EditableBundle): object {
  return {
    version: 1,
    verification_material: {
      certificate: verificationMaterial.certificate!.rawBytes,
      transparency_entries: verificationMaterial.tlogEntries,
    },
    envelope: { statement: dsseEnvelope.payload, signature: dsseEnvelope.signatures[0]!.sig },
  }
}

/** As protobuf writes it where it is told to keep the names of the .proto file. */
function protoNamed(value: unknown, inside = ''): unknown {
  if (Array.isArray(value)) return value.map((it) => protoNamed(it, inside))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, it]) => [
      inside === 'dsseEnvelope' ? name : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      protoNamed(it, name),
    ]),
  )
}

const gitHubAnswer = (bundles: readonly EditableBundle[]): object => ({
  attestations: bundles.map((bundle, at) => ({
    bundle,
    repository_id: 1 + at,
    bundle_url: 'https://storage.example/attestations/1.json.sn',
    initiator: 'user',
  })),
})

/** As many lines as the first bundle has when it is printed over many. */
const pretty = (value: object): string => JSON.stringify(value, null, 2)

export const handedOutForms: readonly HandedOutForm[] = [
  {
    name: "npm's document",
    write: (bundles) =>
      JSON.stringify({ attestations: bundles.map((bundle) => ({ predicateType: provenance, bundle })) }),
    label: several,
  },
  {
    name: 'a provenance object of PyPI',
    write: (bundles) =>
      JSON.stringify({
        version: 1,
        attestation_bundles: bundles.map((bundle) => ({
          publisher: { kind: 'GitHub', repository: 'acme/widget', workflow: 'release.yml', environment: null },
          attestations: [pyPiAttestation(bundle)],
        })),
      }),
    label: several,
  },
  {
    name: 'a provenance object of PyPI with one publisher',
    write: (bundles) =>
      pretty({ version: 1, attestation_bundles: [{ publisher: {}, attestations: bundles.map(pyPiAttestation) }] }),
    label: several,
  },
  {
    name: 'an attestation of PyPI a line',
    write: (bundles) => bundles.map((it) => `${JSON.stringify(pyPiAttestation(it))}\n`).join(''),
    label: byLine,
  },
  {
    name: 'a bundle a line under the names of its .proto file',
    write: (bundles) => bundles.map((it) => `${JSON.stringify(protoNamed(it))}\n`).join(''),
    label: byLine,
  },
  { name: "the answer of GitHub's API", write: (bundles) => JSON.stringify(gitHubAnswer(bundles)), label: several },
  {
    name: "pages of GitHub's API in an array",
    write: (bundles) => JSON.stringify(bundles.map((it) => gitHubAnswer([it]))),
    label: several,
  },
  {
    name: "pages of GitHub's API with nothing between them",
    write: (bundles) => bundles.map((it) => JSON.stringify(gitHubAnswer([it]))).join(''),
    label: (number) => `:1#${number}`,
  },
  {
    name: 'what gh attestation verify prints',
    write: (bundles) =>
      pretty(
        bundles.map((bundle) => ({
          attestation: { bundle, bundle_url: '', initiator: '' },
          verificationResult: { mediaType: 'application/vnd.dev.sigstore.verificationresult+json;version=0.1' },
        })),
      ),
    label: several,
  },
  { name: 'a JSON array', write: (bundles) => JSON.stringify(bundles), label: several },
  {
    name: 'bundles with nothing between them',
    write: (bundles) => bundles.map((it) => JSON.stringify(it)).join(''),
    label: (number) => (number === 1 ? ':1' : `:1#${number}`),
  },
  {
    name: 'bundles behind a byte order mark',
    write: (bundles) => `\ufeff${bundles.map((it) => JSON.stringify(it)).join('\r\n')}`,
    label: byLine,
  },
]

/** The same printed over many lines, one after the other; the label is the line in which each begins. */
export function prettyPrinted(bundles: readonly EditableBundle[]): { text: string; labels: string[] } {
  const labels: string[] = []
  let line = 1
  const parts = bundles.map((bundle) => {
    const text = `${pretty(bundle)}\n`
    labels.push(`:${line}`)
    line += text.split('\n').length - 1
    return text
  })
  return { text: parts.join(''), labels }
}
