/**
 * Which AI tools a commit names as its author and its committer. Both are typed into a configuration, so this is a claim like
 * any other; but on branches that no person touched it is the only one.
 */
import type { Person } from '../../model/change.ts'
import type { CommitHeader } from '../change/visited.ts'
import type { Role } from '../../model/record.ts'
import { agentOfOwner } from './messages/agent-name.ts'
import type { Agent } from './messages/agent-name.ts'
import type { ToolTable } from './tools.ts'

type Identity = Pick<CommitHeader, 'author' | 'committer' | 'authored' | 'committed'>

/**
 * The author by account, address or mark (`Ann (aider)`), with the models that its name tells; and the committer by account or
 * address where it committed in the moment of writing: then it made the commit and gave it to somebody else, and what it did is
 * not known: role `unknown`. Who committed later carried what was there already (docs/evidence.md, "Committers"): no claim. A
 * committer's mark is none: aider puts it on changes that people wrote (aider.chat/docs/git.html). A tool that is both is named
 * once. A person that is the same object is looked up once.
 */
export function identityReader(tools: ToolTable): (header: Identity) => Agent[] {
  const authors = new WeakMap<Person, { readonly agent: Agent | undefined }>()
  const committers = new WeakMap<Person, { readonly agent: Agent | undefined }>()

  function authorOf(person: Person): Agent | undefined {
    const marked = tools.ofAuthorName(person.name)
    return agentOf(person, tools) ?? (marked === undefined ? undefined : { tool: marked, models: [] })
  }

  return ({ author, committer, authored, committed }) => {
    const wrote = remembered(authors, author, authorOf)
    const isOne = author.address === committer.address && author.name === committer.name
    const isCarried = isOne || authored !== committed
    const made = isCarried ? undefined : remembered(committers, committer, (it) => agentOf(it, tools))
    if (made === undefined || made.tool === wrote?.tool) return wrote === undefined ? [] : [wrote]
    return [...(wrote === undefined ? [] : [wrote]), { role: 'unknown', ...made }]
  }
}

function remembered(
  known: WeakMap<Person, { readonly agent: Agent | undefined }>,
  person: Person,
  find: (person: Person) => Agent | undefined,
): Agent | undefined {
  const before = known.get(person)
  if (before !== undefined) return before.agent
  const agent = find(person)
  known.set(person, { agent })
  return agent
}

function agentOf({ name, address }: Person, tools: ToolTable): Agent | undefined {
  const owner = tools.ofAddress(address, name)
  if (owner === undefined || owner.isCoAuthorOnly) return undefined
  const agent = agentOfOwner(owner, name, tools)
  const role = roleOfAuthor(owner.role)
  return role === undefined ? agent : { ...agent, role }
}

/** A reviewer that commits has written what it commits. */
function roleOfAuthor(role: Role | undefined): Role | undefined {
  return role === 'review' ? undefined : role
}

/**
 * What GitHub makes to try whether a pull request can be merged (`refs/pull/N/merge`): its author is that of the pull request,
 * its contents are nobody's, and it goes into no release.
 */
export function isTrialMerge({ parents }: Pick<CommitHeader, 'parents'>, message: Buffer): boolean {
  return (
    parents.length > 1 &&
    /^Merge (?:[0-9a-f]{40}|[0-9a-f]{64}) into (?:[0-9a-f]{40}|[0-9a-f]{64})\s*$/.test(
      message.toString('latin1', 0, 200),
    )
  )
}
