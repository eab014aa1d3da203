/**
 * Who asked an agent for a commit, where the agent names that person in the commit, in a place that only it uses for that
 * (`requester` of its row). Anybody can type such a commit, so it is a claim like any other; and an address, so it leaves this
 * file under a key alone (DESIGN rule 18).
 */
import type { PersonHash } from '../../model/person.ts'
import type { Visited } from '../change/visited.ts'
import { readTrailers } from './messages/trailers.ts'
import { knownTools } from './tools.ts'
import type { Look } from './readers/row.ts'
import type { ToolTable } from './tools.ts'

/** Undefined where the tool names nobody, more than one could be meant, or there is no key. */
export function requesterIn(
  visited: Visited,
  tool: string,
  { tools = knownTools, person }: Pick<Look, 'tools' | 'person'>,
): PersonHash | undefined {
  const place = person === undefined ? undefined : tools.requesterOf(tool)
  if (person === undefined || place === undefined) return undefined
  const address =
    place.in === 'author' ? authorBeside(visited, tool, place.since, tools) : coAuthor(visited, tool, tools)
  return address === undefined ? undefined : person(address)
}

/** The author is the tool: of those beside it one is a person. Who reviewed is named there, too, and then nobody can tell. */
function coAuthor({ author, message }: Visited, tool: string, tools: ToolTable): string | undefined {
  if (tools.ofAddress(author.address, author.name)?.tool !== tool) return undefined
  const people = new Set(coAuthorsIn(message).filter((it) => isPerson(it, tools)))
  const [only] = people
  return people.size === 1 ? only : undefined
}

/** The tool is named beside the author. */
function authorBeside(
  { author, authored, message }: Visited,
  tool: string,
  since: number,
  tools: ToolTable,
): string | undefined {
  const address = author.address.trim().toLowerCase()
  if (!(authored >= since) || !isPerson(address, tools)) return undefined
  return coAuthorsIn(message).some((it) => tools.ofAddress(it)?.tool === tool) ? address : undefined
}

/** Addresses in lower case. */
function coAuthorsIn(message: Buffer): string[] {
  const trailers = readTrailers(message.toString('utf8'), (key) => key === 'co-authored-by')
  return trailers.flatMap(({ value }) => /<([^<>\s@]{1,64}@[^<>\s@]{1,255})>$/.exec(value)?.[1]?.toLowerCase() ?? [])
}

/** No tool's, no robot's and not that of a forge. */
function isPerson(address: string, tools: ToolTable): boolean {
  const isRobot = /\[bot\]@|^(?:no-?reply|actions?)@/.test(address)
  return !isRobot && address.includes('@') && tools.ofAddress(address) === undefined
}
