/**
 * The context of a change as it stands in change provenance: who asked, who reviewed, what ran, where it went. Each item says who said
 * it and the digest of what was read; accounts are keyed hashes, titles and texts are not there at all.
 */
import type { Account, BranchRules, ChangeContext, Reading } from '../model/context.ts'
import { accountText } from '../model/context.ts'
import { personHash } from '../model/person.ts'
import type { IdentityKey } from '../model/person.ts'
import type { WrittenAccount, WrittenBranch, WrittenContext } from '../model/signed-context.ts'
import { sessionUri } from './session.ts'

/** Context → members of a change. What nobody looked at stays away. */
export function contextMembers(context: ChangeContext | undefined, key: IdentityKey): WrittenContext {
  if (context === undefined) return {}
  const { request: asked, reviews, checks, tickets, deployments } = context
  return {
    ...(asked === undefined
      ? {}
      : {
          request: {
            ...readingIn(asked),
            ...(asked.author === undefined ? {} : { author: accountIn(asked.author, key) }),
            ...(asked.mergedBy === undefined ? {} : { mergedBy: accountIn(asked.mergedBy, key) }),
            ...said({ mergedAt: asked.mergedAt, target: asked.target }),
            labels: [...asked.labels],
            links: asked.links.map(({ tool, id }) => sessionUri(tool, id)),
            ...(asked.authors === undefined ? {} : { authors: asked.authors.map((it) => accountIn(it, key)) }),
          },
        }),
    ...(reviews === undefined
      ? {}
      : {
          reviews: reviews.map(({ by, role, verdict, at, commit, order, ...it }) => ({
            ...readingIn(it),
            by: accountHash(by, key),
            ...said({ agent: by.agent, role }),
            verdict,
            ...said({ at, commit }),
            order,
          })),
        }),
    ...(checks === undefined
      ? {}
      : {
          checks: checks.map(({ name, outcome, reporter, at, commit, ...it }) => ({
            ...{ ...readingIn(it), name, outcome },
            ...said({ reporter, at }),
            commit,
          })),
        }),
    ...(tickets === undefined
      ? {}
      : {
          tickets: tickets.map(({ system, key: name, rule, uri, relation, parent, ...it }) => ({
            ...{ ...readingIn(it), system, key: name, rule },
            ...said({ uri, relation }),
            ...(parent === undefined
              ? {}
              : {
                  parent: {
                    ...{ ...readingIn(parent), key: parent.key },
                    ...said({ uri: parent.uri, kind: parent.kind }),
                  },
                }),
          })),
        }),
    ...(deployments === undefined
      ? {}
      : {
          deployments: deployments.map(({ environment, state, at, commit, ...it }) => ({
            ...{ ...readingIn(it), environment, state },
            ...said({ at }),
            commit,
          })),
        }),
  }
}

export function branchMember(rules: BranchRules): WrittenBranch {
  const { branch, isProtected, requiredChecks, ...more } = rules
  const { requiredApprovals, requiresCodeOwners, dismissesStale, bindsAdministrators, allowsForcePush } = more
  return {
    ...{ ...readingIn(rules), name: branch, protected: isProtected, requiredChecks: [...requiredChecks] },
    ...said({ requiredApprovals, requiresCodeOwners, dismissesStale, bindsAdministrators, allowsForcePush }),
  }
}

/** These members of a change that was read, and no others. */
export function contextOf({ request, reviews, checks, tickets, deployments }: WrittenContext): WrittenContext {
  return Object.fromEntries(
    Object.entries({ request, reviews, checks, tickets, deployments }).filter(
      ([, value]) => value !== undefined && value !== null,
    ),
  )
}

type WrittenReading = Pick<WrittenBranch, 'said' | 'read'>

function readingIn({ said: source, sha256: digest }: Reading): WrittenReading {
  return { said: source, read: { sha256: digest } }
}

function accountIn(of: Account, key: IdentityKey): WrittenAccount {
  return { account: accountHash(of, key), ...said({ agent: of.agent }) }
}

function accountHash(of: Account, key: IdentityKey): string {
  return personHash(accountText(of), key)
}

type Said<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Without what is not said. */
function said<T extends object>(members: T): Said<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Said<T>
}
