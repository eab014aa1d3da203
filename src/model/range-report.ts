/**
 * What the records in a repository say of AI in a range of commits, before anything of it is signed. Published as
 * `schemas/sessions/v1`. People, titles and texts are no part of it, so that it can be posted anywhere.
 */
import * as z from 'zod/mini'
import { aiConfiguration, configurationEntry } from './ai-configuration.ts'
import { raisingSteps } from './raising-steps.ts'
import { configInForce } from './evidence-config.ts'
import { linkages, roles } from './record.ts'
import { reportedBranch, reportedContext } from './reported-context.ts'
import {
  attributionSummary,
  corroboration,
  levels,
  readerOutcomes,
  sessionAnnotation,
  toldByTranscript,
} from './session.ts'

export const rangeReportType = 'https://w3id.org/countersign/sessions/v1'

// The schemas are functions, because nothing is parsed with them at run time: they are for types and for the published JSON
// Schema, and making them would be a part of every start-up.

/** Added lines by who wrote them, as records say; those of generated files are in `generated` alone. */
const lines = () => z.object({ ai: z.number(), human: z.number(), unknown: z.number(), generated: z.number() })

/** A session as changes and files name it; without `id` a tool is named, and no session. */
const named = () => z.object({ tool: z.string(), id: z.optional(z.string()) })

const session = () =>
  z.extend(named(), {
    level: z.enum(levels),
    toolVersion: z.optional(z.string()),
    models: z.array(z.string()),
    startedAt: z.optional(z.string()),
    endedAt: z.optional(z.string()),
    /** Session that started this one; null: it is known to have none; absent: unknown. */
    parent: z.optional(z.nullable(z.string())),
    role: z.optional(z.string()),
    /** Commits of the range, by their full ids. */
    commits: z.array(z.string()),
    /** Absent where no record tells of lines. */
    lines: z.optional(z.object({ added: z.number() })),
    linkage: z.enum(linkages),
    readers: z.array(z.string()),
    /** Answers of a model, as its transcripts tell. */
    iterations: z.optional(z.number()),
    /** What its transcripts tell; absent where none was read. */
    transcript: z.optional(toldByTranscript),
    /** Lines of its changes that stand in what they tell. */
    corroborated: z.optional(corroboration),
    /** What a portal answered that was asked about it, where it contradicts nothing. */
    portal: sessionAnnotation.shape.portal,
    /** Of a receipt that agrees. */
    receipt: sessionAnnotation.shape.receipt,
    /** With one: whether its issuer names each of the models, or records alone do. */
    model: sessionAnnotation.shape.model,
    /** Of its record, from level `recorded` up. */
    digest: z.optional(z.object({ sha256: z.string() })),
    /** Why it has its level and no higher one, in words. */
    reason: z.string(),
    /** What would raise its level; absent at the highest. */
    next: z.optional(z.enum(raisingSteps)),
  })
export type ReportedSession = z.infer<ReturnType<typeof session>>

const change = () =>
  z.object({
    commit: z.string(),
    parents: z.array(z.string()),
    /** `#12` or `!12`, proved: the change is that pull or merge request, squashed; or a merge of the head that the forge gives it. */
    request: z.optional(z.string()),
    sessions: z.array(
      z.extend(named(), {
        level: z.enum(levels),
        role: z.optional(z.enum(roles)),
        linkage: z.enum(linkages),
        /** Of the added lines; 0: it wrote none of them; absent: nobody can tell. */
        lines: z.optional(z.number()),
        /** Of the added lines, those that stand in what its transcripts wrote. */
        corroborated: z.optional(corroboration),
      }),
    ),
    /** What the forge says of it; absent where nobody asked, or nothing was said. */
    context: z.optional(reportedContext()),
    /** Absent where the lines were not counted. */
    lines: z.optional(lines()),
    /** As many as are kept, from the root of the repository. */
    files: z.array(
      z.extend(lines(), {
        path: z.string(),
        sessions: z.array(z.extend(named(), { lines: z.number() })),
      }),
    ),
  })
export type ReportedChange = z.infer<ReturnType<typeof change>>

const reader = () =>
  z.object({
    reader: z.string(),
    /** What it reads. */
    title: z.optional(z.string()),
    outcome: z.enum(readerOutcomes),
    claims: z.number(),
    detail: z.optional(z.string()),
    /** The command that fetches what is missing; only of one that is `not-fetched`. */
    fetch: z.optional(z.string()),
  })
export type ReportedReader = z.infer<ReturnType<typeof reader>>

/** All findings of one code. */
const finding = () =>
  z.object({
    code: z.string(),
    count: z.number(),
    meaning: z.string(),
    /** What to do about it. */
    mend: z.string(),
    /** Those that are kept one by one. */
    kept: z.array(z.object({ reader: z.optional(z.string()), commit: z.optional(z.string()), detail: z.string() })),
  })
export type ReportedFinding = z.infer<ReturnType<typeof finding>>

export const rangeReport = () =>
  z.object({
    type: z.literal(rangeReportType),
    /** Nothing of it is: it is what somebody wrote, read once more from the repository. */
    signed: z.literal(false),
    range: attributionSummary.shape.range,
    /** Where no earlier release is known: a tag in its history that is of another series, or of none. */
    otherTag: z.optional(z.string()),
    commits: z.object({ total: z.number(), claimed: z.number(), unknown: z.number() }),
    /** Absent where no record tells of lines. */
    lines: z.optional(lines()),
    sessions: z.array(session()),
    /** `ai`: of a range of very many changes only those that name AI are told. */
    told: z.enum(['all', 'ai']),
    /** Newest first. */
    changes: z.array(change()),
    /** Rules of the branch that it comes from; absent where nobody asked. */
    branch: z.optional(reportedBranch()),
    findings: z.array(finding()),
    /** The organisation's own configuration, as the last commit has it; absent where it has none. */
    config: z.optional(configInForce),
    /** What steers agents in the tree of the last commit; absent where there is nothing, or nobody could look. */
    aiConfiguration: z.optional(
      z.extend(aiConfiguration, {
        /** Its files, where they were asked for, in the order in which they are hashed. */
        listing: z.optional(z.array(configurationEntry())),
        /** With these: the command that makes the digest anew, with git, grep and sha256sum. */
        recompute: z.optional(z.string()),
      }),
    ),
    readers: z.array(reader()),
    /** Where one commit was asked about: what is asked after an incident, as far as records go, and what they do not tell. */
    answers: z.optional(
      z.array(z.object({ question: z.string(), answers: z.array(z.string()), gaps: z.array(z.string()) })),
    ),
    /** What would raise levels, and of how many sessions. */
    steps: z.array(z.object({ step: z.enum(raisingSteps), sessions: z.number(), mend: z.string() })),
  })
export type RangeReport = z.infer<ReturnType<typeof rangeReport>>
