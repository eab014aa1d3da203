/** Where secrets stand in a text, without any of them. Published as `schemas/redaction-report/v1`. */
import * as z from 'zod/mini'

export const redactionReportType = 'https://w3id.org/countersign/redaction-report/v1'

/**
 * Which kind of rule found it: secretlint's `preset`; a `token` by how it begins; a `form` of keys, addresses and headers; a `name` that says
 * that its value is a secret; what looks `random`; what stands in escapes (`escaped`).
 */
const secretRules = ['preset', 'token', 'form', 'name', 'random', 'escaped'] as const

export const redactionReport = () =>
  z.object({
    type: z.literal(redactionReportType),
    /** The rules, and SHA-256 over them and their versions. */
    rules: z.string(),
    ruleSet: z.object({ sha256: z.string() }),
    files: z.array(
      z.object({
        /** As it was named; `-`: standard input. */
        name: z.string(),
        /** `rows`: JSON Lines; `json`: one document; else `text`. */
        form: z.enum(['rows', 'json', 'text']),
        /** Secrets that are taken out. */
        count: z.number(),
        /** Paths of a machine that are told another way, as in a record; in rows alone. */
        paths: z.number(),
        places: z.array(
          z.object({
            /** Both from 1; columns count characters as JavaScript does (UTF-16). */
            line: z.number(),
            column: z.number(),
            rule: z.enum(secretRules),
          }),
        ),
      }),
    ),
  })
export type RedactionReport = z.infer<ReturnType<typeof redactionReport>>
export type RedactedFile = RedactionReport['files'][number]
