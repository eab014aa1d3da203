/**
 * AI coding tools and how records name them. A tool has one id, used in claims, policies and reports alike. The rows are in
 * `agent-rows.ts`, `service-rows.ts` and `helper-rows.ts`; an organisation can add rows for its own tools.
 */
import type { Role } from '../../model/record.ts'
import { isUnpublishable } from '../redact/unpublishable.ts'
import { agentRows } from './agent-rows.ts'
import { helperRows } from './helper-rows.ts'
import { serviceRows } from './service-rows.ts'
import type { Account, RequesterPlace, ToolRow } from './tool-row.ts'

/** What stands where a record names a session and no tool. */
export const unknownTool = 'unknown'

/** How much a name says by itself: `product` is nothing but a tool, `shared` a tool where tools are named, `first-name` nothing. */
export type NameKind = 'product' | 'shared' | 'first-name'

/** Whose an address or an account is. */
export interface Owner {
  readonly tool: string
  /** What a co-author of this name did, where that is known. */
  readonly role: Role | undefined
  /** As author or committer it says nothing. */
  readonly isCoAuthorOnly: boolean
}

/** Tools by all that names them. */
export interface ToolTable {
  /** The id of a tool by one of its names, whatever its case, spaces or version (`Claude Code 2.1`); undefined for others. */
  id(name: string): string | undefined
  kindOfName(name: string): NameKind
  /**
   * The id for a name that surely is a tool's: one that we do not know is written in the alphabet of ids. Of several names
   * (`Claude Code + x v2.0.0`) the first that is known stands, of `Claude via Crush` the last: together they are no other tool.
   */
  slug(name: string): string
  /** The tool whose account on GitHub is mentioned, `@devin-ai-integration[bot]`; undefined for those of people. */
  ofAccount(mention: string): string | undefined
  /** The tool whose site a URL leads to, with or without its scheme; undefined for others. */
  ofSite(url: string): string | undefined
  /**
   * Whom an address belongs to; undefined for people. The name is no help, for there are people called Claude and Devin: it
   * only tells apart what uses one account. Of an account on GitHub the number decides: its login can be renamed, and be
   * somebody else's under another number.
   */
  ofAddress(address: string, name?: string): Owner | undefined
  /** The tool that makes branches of this name. */
  ofBranch(name: string): string | undefined
  /** The tool that marks its author's name so (`Ann (aider)`), or whose agent alone is called that. */
  ofAuthorName(name: string): string | undefined
  /** Where the tool of this id names who asked. */
  requesterOf(id: string): RequesterPlace | undefined
  /** Whether only an organisation's own row has this name. Beside a known tool it is another one, and never in its place. */
  isOwnName(name: string): boolean
}

/** What some rows say by themselves. */
interface Names extends Omit<ToolTable, 'kindOfName' | 'slug' | 'isOwnName'> {
  kindOfName(name: string): NameKind | undefined
  /** The id of the first known name of several. */
  ofPart(name: string): string | undefined
}

const maxCharacters = 60
const longestAddress = 320

/**
 * The tools that this version knows, with an organisation's own. Own rows only add, also to the row whose id they have: whoever can
 * write them must not be able to hide a tool behind another, so what names a known one keeps naming it.
 */
export function toolTable(ownRows: readonly ToolRow[] = []): ToolTable {
  const own = namesIn(ownRows)
  const either = <T>(ask: (names: Names) => T | undefined): T | undefined =>
    ask(knownNames) ?? (ownRows.length === 0 ? undefined : ask(own))
  return {
    id: (name) => either((it) => it.id(name)),
    kindOfName: (name) => either((it) => it.kindOfName(name)) ?? 'product',
    slug(name) {
      const known = either((it) => it.id(name)) ?? either((it) => it.ofPart(name.slice(0, maxCharacters)))
      return known ?? (canBeName(name) ? slugOf(name) : unknownTool)
    },
    ofAccount: (mention) => either((it) => it.ofAccount(mention)),
    ofSite: (url) => either((it) => it.ofSite(url)),
    ofAddress: (address, name) => either((it) => it.ofAddress(address, name)),
    ofBranch: (name) => either((it) => it.ofBranch(name)),
    ofAuthorName: (name) => either((it) => it.ofAuthorName(name)),
    requesterOf: (tool) => either((it) => it.requesterOf(tool)),
    isOwnName: (name) => knownNames.id(name) === undefined && own.id(name) !== undefined,
  }
}

function slugOf(name: string): string {
  const slug = name
    .slice(0, maxCharacters)
    .replace(/\s+v?\d[\w.+-]*$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return slug === '' ? unknownTool : slug
}

/** Later rows go before earlier ones. */
function namesIn(rows: readonly ToolRow[]): Names {
  const idOfName = new Map<string, string>()
  const kinds = new Map<string, NameKind>()
  for (const { id, names = [], sharedNames = [], firstNames = [] } of rows) {
    for (const name of [id, ...names, ...sharedNames, ...firstNames]) idOfName.set(name, id)
    for (const name of sharedNames) kinds.set(name, 'shared')
    for (const name of firstNames) kinds.set(name, 'first-name')
  }
  const addresses = new Map(rows.flatMap((row) => (row.addresses ?? []).map((it) => [it, row] as const)))
  const accounts = rows.flatMap((row) => (row.accounts ?? []).map((account) => ({ row, account })))
  const byNumber = new Map(accounts.map((it) => [it.account.id, it] as const))
  const byLogin = new Map(accounts.map((it) => [it.account.login, it] as const))
  // The longest first: `chat.openai.com` is not the site of every tool of OpenAI.
  const sites = rows
    .flatMap(({ id, sites: ofTool = [] }) => ofTool.map((site) => ({ id, site })))
    .sort((a, b) => b.site.length - a.site.length)
  const branches = rows.flatMap(({ id, branches: ofTool = [] }) =>
    ofTool.map((it) => ({ id, parts: it.split('<time>') })),
  )
  const marks = rows.flatMap(({ id, authorMark }) => (authorMark === undefined ? [] : [{ id, mark: ` ${authorMark}` }]))

  const requesters = new Map(
    rows.flatMap(({ id, requester }) => (requester === undefined ? [] : [[id, requester] as const])),
  )
  const authors = new Map(rows.flatMap(({ id, authorNames = [] }) => authorNames.map((name) => [name, id] as const)))

  const id = (name: string): string | undefined => idOfName.get(toolNameIn(name) ?? '')

  function ofPart(name: string): string | undefined {
    const [first = '', ...behind] = name.split(/ (?:via|through) /i)
    const parts = first.split(/[+&/|,;:()]| (?:and|with|using) /i)
    return [...behind.toReversed(), ...parts].map(id).find((it) => it !== undefined)
  }

  function accountOf(address: string): (typeof accounts)[number] | undefined {
    const [, number, login] =
      /^(?:(\d{1,15})\+)?([a-z0-9-]{1,60}(?:\[bot\])?)@users\.noreply\.github\.com$/.exec(address) ?? []
    const numbered = number === undefined ? undefined : byNumber.get(Number(number))
    if (numbered !== undefined) return numbered
    const named = login === undefined ? undefined : byLogin.get(login)
    return number !== undefined && named?.account.id !== undefined ? undefined : named
  }

  return {
    id,
    kindOfName(name) {
      const plain = toolNameIn(name) ?? ''
      return idOfName.has(plain) ? (kinds.get(plain) ?? 'product') : undefined
    },
    ofPart,
    ofAccount(mention) {
      const login = /^@([a-z0-9-]{1,60}(?:\[bot\])?)$/i.exec(mention.trim())?.[1]
      return login === undefined ? undefined : byLogin.get(login.toLowerCase())?.row.id
    },
    ofSite(url) {
      const [, host = '', path = ''] =
        /^(?:https?:\/\/)?([a-z0-9.-]{1,253})(\/[^\s?#]{0,200})?(?:[?#]|$)/i.exec(url) ?? []
      const place = `${host.replace(/^www\./i, '')}${path}/`.toLowerCase()
      return sites.find(
        ({ site }) => place.startsWith(`${site}/`) || place.split('/')[0]?.endsWith(`.${site}`) === true,
      )?.id
    },
    ofAddress(address, name = '') {
      if (address.length > longestAddress) return undefined
      const lower = address.trim().toLowerCase()
      const row = addresses.get(lower)
      if (row !== undefined) return { tool: row.id, role: row.role, isCoAuthorOnly: false }
      const found = accountOf(lower)
      if (found === undefined) return undefined
      const { row: owner, account } = found
      return {
        tool: owner.id,
        role: roleOf(account, name) ?? owner.role,
        isCoAuthorOnly: account.isCoAuthorOnly === true,
      }
    },
    ofBranch(name) {
      return branches.find(({ parts: [start = '', end] }) => {
        if (!name.startsWith(start)) return false
        const rest = name.slice(start.length)
        return end === undefined ? rest !== '' : /^1\d{9}(?!\d)/.test(rest) && rest.slice(10).startsWith(end)
      })?.id
    },
    ofAuthorName: (name) =>
      marks.find(({ mark }) => name.length > mark.length && name.endsWith(mark))?.id ??
      authors.get(name.trim().toLowerCase()),
    requesterOf: (tool) => requesters.get(tool),
  }
}

/** A few words; not a sentence, a path, an address or a token that stands where a tool should be named. */
function canBeName(text: string): boolean {
  const words = text.trim().split(/\s+/)
  return (
    words.length <= 4 &&
    words.every((it) => /^[\p{L}\p{N}][\p{L}\p{N}._+&()[\]-]*$|^[+&-]$/u.test(it)) &&
    !isUnpublishable(text)
  )
}

function roleOf({ role, unlessNamed }: Account, name: string): Role | undefined {
  return unlessNamed !== undefined && name.trim().toLowerCase() === unlessNamed ? undefined : role
}

/** In lower case, words joined by `-`, without a version behind it; undefined for what is too long to be a name. */
export function toolNameIn(text: string): string | undefined {
  if (text.length > maxCharacters) return undefined
  const words = text
    .trim()
    .toLowerCase()
    .replace(/[/@](?=v?\d)/, ' ')
    .split(/[\s_-]+/)
  if (words.length > 1 && /^\(?v?\d[\w.+]*\)?$/.test(words.at(-1) ?? '')) words.pop()
  if (words.length > 1 && words.at(-1) === 'version') words.pop()
  return words.join('-').replace(/\[bot\]$/, '')
}

const knownNames = namesIn([...agentRows, ...serviceRows, ...helperRows])

/** The tools that this version knows. */
export const knownTools = toolTable()

/** {@link ToolTable.id} of {@link knownTools}. */
export const toolId = (name: string): string | undefined => knownTools.id(name)
