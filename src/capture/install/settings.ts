/** Settings `countersign.*` of a clone: what is there, and what an installation makes of it. */
import { askGit } from './ask-git.ts'
import type { Clone } from './ask-git.ts'
import { configHooks } from './config-hooks.ts'
import type { HookPlace } from './hook-places.ts'
import { gitHooks } from './hook-scripts.ts'
import { recordSignings } from './request.ts'
import type { HooksRequest } from './request.ts'

/** As git tells them: names in small letters. */
export interface Settings {
  readonly [name: string]: string
}

/** Errors: `git-failed`. */
export function settingsNow({ git }: Clone): Settings {
  const told = askGit(git, ['config', '--local', '--null', '--get-regexp', '^countersign\\.']) ?? ''
  return Object.fromEntries(
    told.split('\0').flatMap((it) => {
      const end = it.indexOf('\n')
      return end < 0 ? [] : [[it.slice(0, end), it.slice(end + 1)] as const]
    }),
  )
}

/** What was said once holds until somebody says otherwise: whoever installs again to join a new agent does not mean the key. */
export function keptSettings(request: HooksRequest, now: Settings): Settings {
  const entries = asked(request).flatMap(([key, value]) => {
    const name = key.toLowerCase()
    const before = now[name]
    if (value !== undefined || before === undefined) return []
    if (name === 'countersign.sign' && !recordSignings.some((it) => it === before)) return []
    return [[name, before] as const]
  })
  return Object.fromEntries(entries)
}

/** All of them that are to be there. */
export function settingsOf(request: HooksRequest, kept: Settings): readonly (readonly [string, string])[] {
  return asked(request).flatMap(([key, value]) => {
    const set = value ?? kept[key.toLowerCase()] ?? (key === 'countersign.sign' ? 'ssh' : undefined)
    return set === undefined ? [] : [[key, set] as const]
  })
}

/** By which git finds the hooks. */
export function gitSettings(place: HookPlace, inConfig: boolean, { git }: Clone): (readonly [string, string])[] {
  if (inConfig) return gitHooks.flatMap((hook) => configHooks(hook, git))
  return place.kind === 'passing' ? [['core.hooksPath', place.folder]] : []
}

function asked(request: HooksRequest): readonly (readonly [string, string | undefined])[] {
  const isTrue = (value: true | undefined) => (value === undefined ? undefined : 'true')
  return [
    ['countersign.sign', request.sign],
    ['countersign.signingKey', request.signingKey],
    ['countersign.publishIdentity', isTrue(request.publishIdentity)],
    ['countersign.recordRemote', request.recordRemote],
    ['countersign.pushRecords', isTrue(request.pushRecords)],
    ['countersign.ask', isTrue(request.ask)],
  ]
}
