/** Not a CI provider: the identity that the embedded Sigstore gives a person at a workstation. Its names say so. */
import type { ProviderRow } from './row.ts'

export const local: ProviderRow = {
  id: 'local',
  title: 'embedded Sigstore (proves nothing to others)',
  issuers: [],
  certifies: (name) => name.startsWith('https://sigstore.countersign.localhost/'),
  mark: 'countersign_local',
  required: ['countersign_local', 'repository', 'sha', 'ref', 'run_id'],
  identity(claim) {
    const signer = `https://sigstore.countersign.localhost/${claim('countersign_local')}`
    return {
      san: signer,
      extensions: {
        buildSignerUri: signer,
        sourceRepositoryUri: claim('repository'),
        sourceRepositoryDigest: claim('sha'),
        sourceRepositoryRef: claim('ref'),
        buildTrigger: 'workstation',
        runInvocationUri: `${signer}#${claim('run_id')}`,
      },
    }
  },
  foreignTriggers: [],
  hostedRunners: [],
  sampleClaims({ repository, ref, sha, runId }) {
    return { sub: 'countersign:workstation', countersign_local: 'workstation', repository, ref, sha, run_id: runId }
  },
}
