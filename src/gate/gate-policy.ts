/**
 * The policy that counts for a change: that of its base, with all that it extends, or one from outside of the repository. What the change says
 * itself is no policy: whoever wrote it would decide about it.
 */
import { realpath } from 'node:fs/promises'
import { posix, resolve } from 'node:path'
import { fileAt, fileIdAt } from '../collect/git/file-at.ts'
import { CountersignError, option } from '../errors.ts'
import { configPath } from '../model/evidence-config.ts'
import type { GateNote, GateReport } from '../model/gate-report.ts'
import { limits } from '../model/limits.ts'
import type { Policy } from '../model/policy.ts'
import { isBelow } from '../platform/links.ts'
import type { World } from '../platform/world.ts'
import { openPolicy, openPolicyIn } from '../verify/open-policy.ts'
import type { OpenChange } from './change.ts'

export interface GatePolicyRequest {
  /** A file of the base commit, from the root of the repository. This or `policyFile`. */
  readonly policy?: string
  /** A file from outside of the repository, such as a checkout of the organisation's own. */
  readonly policyFile?: string
  /** One of its profiles, which adds rules. */
  readonly policyProfile?: string
}

export interface GatePolicy {
  readonly policy: Policy
  readonly from: GateReport['policyFrom']
  readonly notes: readonly GateNote[]
}

/** Errors: those of `openPolicy`; `path-missing` (the base has none), `usage` (none or two are named, or one within the checkout). */
export async function openGatePolicy(
  request: GatePolicyRequest,
  change: OpenChange,
  world: World,
): Promise<GatePolicy> {
  const { policy: path, policyFile: file, policyProfile: profile } = request
  if ((path === undefined) === (file === undefined)) {
    throw new CountersignError('usage', 'the gate needs one policy, and one alone', {
      option: 'policy',
      hint: `name a file of the base (${option('policy')}), or one from outside of the repository (${option('policyFile')})`,
    })
  }
  const configNotes = await changedNotes(change, new Map([[configPath, 'config-changed']]))
  const asked = profile === undefined ? {} : { profile }
  if (path === undefined) {
    const outside = file ?? ''
    await refuseOwn(resolve(world.cwd, outside), change)
    return { policy: await openPolicy({ file: outside, ...asked }, world.cwd), from: 'file', notes: configNotes }
  }
  const read = new Map<string, GateNote['code']>()
  const policy = await openPolicyIn(
    { file: path, ...asked },
    {
      place: (from, name) => placeIn(from, name),
      async read(place) {
        read.set(place, 'policy-changed')
        const bytes = await fileAt(change.repository, change.base, place, {
          bytes: limits.policyBytes,
          what: 'the policy',
        })
        if (bytes !== undefined) return bytes
        throw new CountersignError('path-missing', `the base ${change.base.slice(0, 12)} has no file ${place}`, {
          option: 'policy',
          hint: 'where it is merged already, fetch the base (git fetch origin); a policy counts once it is merged, so the request that brings it cannot pass: merge that first, and let a hook of yours that asks the gate pass by that one push; one from outside of the repository is named by `policyFile`',
        })
      },
    },
  )
  return { policy, from: 'base', notes: [...(await changedNotes(change, read)), ...configNotes] }
}

/** From the root of the tree. Error: `usage`. */
function placeIn(from: string | undefined, name: string): string {
  const place = posix.join(from === undefined ? '' : posix.dirname(from), name)
  if (!name.startsWith('/') && !/^\.\.?(?:\/|$)/.test(place)) return place
  throw new CountersignError('usage', `${JSON.stringify(name.slice(0, 200))} is no file of the repository`, {
    option: 'policy',
    hint: 'name it from the root of the repository; one from outside is named by `policyFile`',
  })
}

/** A file in the checkout is what the change made of it. */
async function refuseOwn(path: string, { repository }: OpenChange): Promise<void> {
  const real = await realpath(path).catch(() => path)
  if (!isBelow(real, await realpath(repository.root)) && !isBelow(path, repository.root)) return
  throw new CountersignError('usage', 'a policy in the checkout is one of the change under review', {
    option: 'policyFile',
    hint: 'name it as a file of the base (`policy`), or check the organisation’s repository out elsewhere',
  })
}

async function changedNotes(
  { repository, base, head }: OpenChange,
  paths: ReadonlyMap<string, GateNote['code']>,
): Promise<GateNote[]> {
  const notes: GateNote[] = []
  for (const [path, code] of paths) {
    const [before, after] = [await fileIdAt(repository, base, path), await fileIdAt(repository, head, path)]
    if (before !== after)
      notes.push({
        code,
        text: `this request changes ${path}: it was judged by the version on the target branch, and the change counts once it is merged`,
        hint: `to be judged by the new one, move the change of ${path} to a request of its own and have that merged first`,
      })
  }
  return notes
}
