/**
 * Where a release comes from, as one graph in the order of time (DESIGN §4): requirement → ticket → session → change → review → release →
 * build → artifact → deployment. Published as `schemas/lineage/v1`. An edge goes from what came first to what came of it.
 */
import * as z from 'zod/mini'
import { contextSources } from './context.ts'

export const lineageType = 'https://w3id.org/countersign/lineage/v1'

export const nodeKinds = [
  'requirement',
  'ticket',
  'person',
  'session',
  'request',
  'change',
  'review',
  'check',
  'release',
  'build',
  'artifact',
  'deployment',
] as const
export type NodeKind = (typeof nodeKinds)[number]

/**
 * What an edge says, read from its start to its end:
 *
 * - `holds`: a requirement, a ticket
 * - `asked-for`: a ticket, a change or the request that it is
 * - `asked`: a person, a session; `started`: a session, another one
 * - `wrote`: a session, lines of a change; `took-part`: it is named, and no line of it is told
 * - `authored`, `reviewed`, `accepted`: a person, a change, a review, a merge
 * - `became`: a request, a change; `went-to`: a change, a review
 * - `ran-on`: a change, a check
 * - `followed-by`: a session and a review of one change, in the order of their times
 * - `released-in`, `built-in`, `made`, `deployed-to`: a change, a release, a build, an artifact
 */
export const relations = [
  'holds',
  'asked-for',
  'asked',
  'started',
  'wrote',
  'took-part',
  'authored',
  'reviewed',
  'accepted',
  'became',
  'went-to',
  'ran-on',
  'followed-by',
  'released-in',
  'built-in',
  'made',
  'deployed-to',
] as const
export type Relation = (typeof relations)[number]

/** Links of the chain that a change can lack. */
export const missingLinks = [
  'session',
  'requester',
  'ticket',
  'requirement',
  'request',
  'review',
  'review-after-ai',
  'acceptance',
  'check',
  'deployment',
] as const
export type MissingLink = (typeof missingLinks)[number]

// The schemas are functions, because nothing is parsed with them at run time: they are for types and for the published JSON
// Schema, and making them would be a part of every start-up.

const facts = () => z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))

const node = () =>
  z.object({
    /** Kind and name: the same in every graph of the same statements. */
    id: z.string(),
    kind: z.enum(nodeKinds),
    label: z.string(),
    /** RFC 3339: when it happened, or began. */
    time: z.optional(z.string()),
    /** Who said it; absent where it is the job that signed, or git. */
    said: z.optional(z.enum(contextSources)),
    facts: z.optional(facts()),
  })
export type LineageNode = z.infer<ReturnType<typeof node>>

const edge = () =>
  z.object({
    from: z.string(),
    to: z.string(),
    relation: z.enum(relations),
    said: z.optional(z.enum(contextSources)),
    facts: z.optional(facts()),
  })
export type LineageEdge = z.infer<ReturnType<typeof edge>>

const gap = () =>
  z.object({
    /** Id of the node of the change. */
    change: z.string(),
    missing: z.enum(missingLinks),
    /** `none`: it was looked for, of this very change; `not-looked`: nobody did, or nobody could. */
    why: z.enum(['none', 'not-looked']),
  })
export type LineageGap = z.infer<ReturnType<typeof gap>>

export const lineage = () =>
  z.object({
    type: z.literal(lineageType),
    /** `verified`: of statements that passed a question; `claimed`: read from bundles and not verified; `unsigned`: of a range. */
    basis: z.enum(['verified', 'claimed', 'unsigned']),
    nodes: z.array(node()),
    edges: z.array(edge()),
    /** Links that changes in which AI took part lack. */
    gaps: z.array(gap()),
    /** Changes of the range that are not told one by one, and so are no nodes. */
    untold: z.number(),
  })
export type Lineage = z.infer<ReturnType<typeof lineage>>
