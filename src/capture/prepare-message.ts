/**
 * The hooks around a message: prepare-commit-msg, which git runs also with `--no-verify`, adds the trailers before an editor opens,
 * so that a person sees them; commit-msg takes them back where that person then wrote nothing, since git would else find a
 * message and commit what was to be given up.
 */
import { createHash } from 'node:crypto'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { askForSession } from './ask.ts'
import { hasHooks, sessionsInEnvironment, unique } from './environment-sessions.ts'
import { askGit } from './git.ts'
import { commentStartOf, keptText, placeTrailers, sessionLinesOf, withoutLines } from './message.ts'
import type { Places } from './places.ts'
import { noneTrailer, trailersOf } from './session-name.ts'
import type { SessionName, SessionTrailers } from './session-name.ts'
import { sessionsHere } from './staged-edits.ts'
import { objectOf, readByHand, readSession, readText, writeOwn } from './state.ts'

export interface MessageHook {
  readonly places: Places
  readonly env: { readonly [name: string]: string | undefined }
  /** The file of the message. */
  readonly file: string
  /** Where the message comes from: `message`, `template`, `merge`, `squash`, `commit`, or undefined. */
  readonly source: string | undefined
  /** Milliseconds since 1970. */
  readonly now: number
  readonly warn: (message: string) => void
}

const mostMessage = 8 * 1024 * 1024

export function prepareMessage(hook: MessageHook): void {
  const { places, env, file, source } = hook
  const offered = offeredFile(places)
  rmSync(offered, { force: true })
  const message = readText(file, mostMessage)
  if (message === undefined) return
  // Git says so where no editor opens.
  const isEdited = env['GIT_EDITOR'] !== ':'
  const settings = isEdited ? readSettings() : {}
  const comment = isEdited ? commentStartOf(settings.comment, message) : undefined
  const isSquash = source === 'squash' || fixupsOf(places).length > 0
  const kept = keptText(message, comment)
  // Without a text of its own, git refuses the message; it must still do so.
  if (!isEdited && kept === '') return

  const found = [...carriedLines(hook), ...ownLines(hook)]
  warnOfUnnamed(hook, [...found.map(({ session }) => session), ...sessionLinesOf(message)])
  const mayAsk = settings.ask === true && (source === undefined || source === 'template') && !isReplay(places)
  const trailers = found.length === 0 && mayAsk ? askForSession() : found
  const placed = placeTrailers(message, trailers, { comment, gather: isSquash })
  if (placed === message) return
  writeFileSync(file, placed)
  if (isEdited && (kept === '' || source === 'template')) {
    const lines = trailers.flatMap(({ session, version }) => (version === undefined ? [session] : [session, version]))
    writeOwn(offered, JSON.stringify({ lines, kept: digestOf(kept), comment }))
  }
}

/** Takes the trailers back where nobody wrote anything beside them. */
export function finishMessage({ places, file }: Pick<MessageHook, 'places' | 'file'>): void {
  const offered = objectOf(readText(offeredFile(places), mostMessage) ?? '')
  rmSync(offeredFile(places), { force: true })
  const message = readText(file, mostMessage)
  const said: unknown = offered?.['lines']
  const comment = typeof offered?.['comment'] === 'string' ? offered['comment'] : '#'
  if (message === undefined || !Array.isArray(said)) return
  const rest = withoutLines(
    message,
    said.filter((it) => typeof it === 'string'),
  )
  const kept = keptText(rest, comment)
  if (kept === '' || digestOf(kept) === offered?.['kept']) writeFileSync(file, rest)
}

/**
 * The sessions of the commit that is being made. What git replays was made by others: whoever rebases or picks it has no part in
 * it, unless a line of theirs is in it now.
 */
function ownLines({ places, env, now, warn }: MessageHook): SessionTrailers[] {
  const sessions: SessionName[] = []
  let none: SessionTrailers | undefined
  if (!isReplay(places)) {
    const named = sessionsInEnvironment(env)
    for (const variable of named.unusable) warn(`${variable} holds no id of a session, and was not used`)
    sessions.push(...named.sessions)
    warnOfUntold(places, named.sessions, warn)
    const byHand = readByHand(places)
    if (byHand !== undefined && 'none' in byHand) none = noneTrailer(byHand.none)
    else sessions.push(...(byHand?.sessions ?? []))
  }
  sessions.push(...sessionsHere(places, isMadeByGit(places), now, warn))
  if (sessions.length > 0 && none !== undefined)
    warn('a session took part in this commit, so it does not say that none did')
  if (sessions.length === 0) return none === undefined ? [] : [none]
  return unique(sessions).map((it) => trailersOf(readSession(places, it) ?? it))
}

/**
 * An agent that was first used after the hooks were installed, or that was running then, has none of them: its sessions are named, and
 * their transcripts are pushed never. Whoever wants them pushed hears so while they can still do something.
 */
function warnOfUntold(places: Places, sessions: readonly SessionName[], warn: MessageHook['warn']): void {
  const untold = sessions.filter((it) => hasHooks(it.tool) && readSession(places, it) === undefined)
  if (untold.length === 0) return
  if (askGit(['config', '--type=bool', '--get', 'countersign.pushRecords'])?.trim() !== 'true') return
  for (const { tool } of untold)
    warn(
      `this commit names a session of ${tool} of which no hook told, so its transcript will not be pushed; countersign hooks status says whether ${tool} has hooks here, and it reads them when it starts`,
    )
}

/** An agent says that it is at work, and no line of the message names a session of it. */
function warnOfUnnamed({ places, env, warn }: MessageHook, lines: readonly string[]): void {
  if (isReplay(places)) return
  for (const { variable, tool } of sessionsInEnvironment(env).unnamed) {
    if (lines.some((it) => it.toLowerCase().replaceAll(/\s/g, '').startsWith(`ai-session-id:${tool}:`))) continue
    warn(
      `${variable} says that ${tool} makes this commit, and nothing says in which session; name it with countersign sessions use ${tool}:ID, then git commit --amend`,
    )
  }
}

/** The lines of the messages that this one takes the place of. */
function carriedLines({ places, env, source, now }: MessageHook): SessionTrailers[] {
  const fixups = fixupsOf(places)
  const before =
    fixups.length > 0
      ? messagesOf(['HEAD', ...fixups])
      : source === 'message' || source === 'squash'
        ? `${readText(join(places.gitDir, 'SQUASH_MSG'), mostMessage) ?? ''}\n${amended(places, env, now) ?? ''}`
        : ''
  return sessionLinesOf(before).map((session) => ({ session }))
}

/**
 * The message of the commit that is amended with another message. Git tells no hook that it amends, but hands on the author and
 * the date of what it amends; a date of this very moment is that of a new commit, and one that somebody set says nothing.
 */
function amended(places: Places, env: MessageHook['env'], now: number): string | undefined {
  const date = env['GIT_AUTHOR_DATE'] ?? ''
  const seconds = Number(/^@(\d{1,12}) /.exec(date)?.[1])
  const isOwnDate = (env['GIT_COMMITTER_DATE'] ?? '') === '' && now - seconds * 1_000 >= 2_000
  if (!isOwnDate || isReplay(places) || existsSync(join(places.gitDir, 'MERGE_HEAD'))) return undefined
  const told = askGit(['--no-pager', 'log', '-1', '--no-show-signature', '--date=raw', '--format=%an%n%ae%n@%ad%n%B'])
  const [name, address, at, ...message] = told?.split('\n') ?? []
  const isSame = name === env['GIT_AUTHOR_NAME'] && address === env['GIT_AUTHOR_EMAIL'] && at === date
  return isSame ? message.join('\n') : undefined
}

function messagesOf(revisions: readonly string[]): string {
  const args = ['--no-pager', 'log', '--no-walk=unsorted', '--no-show-signature', '--format=%B', '--stdin']
  return askGit(args, revisions.map((it) => `${it}\n`).join('')) ?? ''
}

/** The commits that an interactive rebase melts into the one before them. */
function fixupsOf({ gitDir }: Places): string[] {
  const text = readText(join(gitDir, 'rebase-merge', 'current-fixups'), mostMessage) ?? ''
  return text.split('\n').flatMap((line) => /^(?:fixup|squash)(?: -[cC])? ([0-9a-f]{40,64})$/.exec(line)?.[1] ?? [])
}

function isReplay({ gitDir }: Places): boolean {
  return ['CHERRY_PICK_HEAD', 'rebase-merge', 'rebase-apply'].some((it) => existsSync(join(gitDir, it)))
}

/** Git makes this commit out of others, also as a step of a rebase, and no person out of the lines of one that was undone. */
function isMadeByGit({ gitDir }: Places): boolean {
  return ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'rebase-apply'].some((it) => existsSync(join(gitDir, it)))
}

function readSettings(): { comment?: string; ask?: boolean } {
  const told = askGit(['config', '--null', '--get-regexp', '^(core\\.comment(char|string)|countersign\\.ask)$']) ?? ''
  const settings = new Map(
    told.split('\0').map((it) => [it.slice(0, it.indexOf('\n')), it.slice(it.indexOf('\n') + 1)]),
  )
  const comment = settings.get('core.commentstring') ?? settings.get('core.commentchar')
  return { ...(comment === undefined ? {} : { comment }), ask: settings.get('countersign.ask') === 'true' }
}

function offeredFile({ gitDir }: Places): string {
  return join(gitDir, 'countersign', 'offered.json')
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
