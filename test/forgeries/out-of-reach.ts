/** What no verifier can decide, and what this one does not decide yet. */
import type { OutOfReach } from './row.ts'

export const outOfReach: readonly OutOfReach[] = [
  {
    id: '9',
    forger: 'swaps the artifact between build and attestation',
    why: 'what the job hashes is what it attests; build and attest in one job, better in a reusable workflow that callers cannot change',
  },
  {
    id: '34',
    forger: 'steals the OIDC token of a running job',
    why: 'for some minutes they are that job; the logs show the certificate, and nothing in it is wrong',
  },
  {
    id: '35',
    forger: 'moves the tag of a container image after it was verified',
    why: 'images are not looked up: an artifact is a file or a digest, and a digest does not move',
  },
  {
    id: 'P15',
    forger: 'joins artifacts that have nothing to do with each other into one chain',
    why: 'a build hangs on the statement of changes that it names by its digest, and on no other; of bundles that nobody verified a drawing says so',
  },
  {
    id: 'P16',
    forger: 'puts a program called git before the real one in the search path of the job',
    why: 'anyone who sets the environment of the job controls the job',
  },
]
