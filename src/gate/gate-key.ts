/** The key under which people are hashed in what the gate looks at: nothing of it leaves the process. */
import { randomBytes } from 'node:crypto'
import { identityKeyOf } from '../attest/change-statement.ts'
import type { ReleasedOptions } from '../attest/released-range.ts'
import { CountersignError } from '../errors.ts'
import type { GateNote } from '../model/gate-report.ts'
import { identityKeyBytes } from '../model/person.ts'
import type { World } from '../platform/world.ts'

export interface GateKey {
  readonly key: NonNullable<ReleasedOptions['identityKey']>
  /** Filled when the key was asked for. */
  readonly notes: readonly GateNote[]
}

/**
 * The one that a release will have, where it is at hand. A job for a fork has no secret: then persons whom the policy names by their hashes
 * are not found, which refuses and never admits.
 */
export function gateKey(file: string | undefined, root: string, world: World): GateKey {
  const notes: GateNote[] = []
  return {
    notes,
    async key(config) {
      try {
        return await identityKeyOf(file, config?.identityKey, root, world)
      } catch (thrown) {
        // Of a key that the caller named, silence would be a mistake.
        if (file !== undefined || !(thrown instanceof CountersignError)) throw thrown
        notes.push({
          code: 'identity-key-not-there',
          text: 'the identity key that the configuration names is not there: persons whom the policy names are not known',
          hint: 'give the job the key (`identityKeyFile`), if it may have secrets',
        })
        return { kind: 'statement', bytes: randomBytes(identityKeyBytes) }
      }
    },
  }
}
