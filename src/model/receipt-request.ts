/** What the holder of a session's token asks a service for receipts for. Published as `schemas/receipt-request/v1`. */
import * as z from 'zod/mini'
import { limits } from './limits.ts'

const word = (most: number) => z.string().check(z.minLength(1), z.maxLength(most))

export const receiptRequest = () =>
  z.strictObject({
    session: z.strictObject({
      /** As commits name it. */
      id: word(limits.sessionIdCharacters),
      /** Id of the tool, as sessions have it: `claude-code`. */
      tool: word(60),
      /** Of its first request (RFC 3339), where that was before its token was issued. */
      startedAt: z.optional(word(40)),
    }),
    /** Address of the repository that its commits are in. */
    repository: word(2_048),
    /** Full ids of all commits of the session so far. */
    commits: z
      .array(z.string().check(z.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)))
      .check(z.minLength(1), z.maxLength(limits.exchangeCommits)),
  })
