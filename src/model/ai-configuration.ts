/**
 * The AI configuration of a commit: files that steer agents which work in its tree, as one digest, how many they are, and the MCP
 * servers that they name. Never a text, a command, an address or a value of any of them.
 */
import * as z from 'zod/mini'

/**
 * Edition of the places that are looked at, and of the text that is hashed. The same tree has another digest under another edition, so
 * it stands in the URI of the descriptor.
 */
export const aiConfigurationEdition = 'v1'

/** What a file is for, by its place alone. */
export const configurationKinds = [
  'instructions',
  'agents',
  'commands',
  'skills',
  'hooks',
  'settings',
  'mcp',
  'other',
] as const
export type ConfigurationKind = (typeof configurationKinds)[number]

const counts = z.record(z.string(), z.number())

/** An MCP server as a file names it. */
export const mcpServer = z.looseObject({
  name: z.string(),
  /** `stdio`: a program that is started; `http`: an address; `unknown`: neither is said. Later versions may know more. */
  transport: z.string(),
  /** Names of the environment variables that are set for it, sorted. */
  env: z.optional(z.array(z.string())),
  /** Names of the headers that are sent to it, sorted. */
  headers: z.optional(z.array(z.string())),
})
export type McpServer = z.infer<typeof mcpServer>

/** `annotations.countersign` of the descriptor; unknown members are tolerated (SLSA extension rules). */
export const aiConfigurationAnnotation = z.looseObject({
  /** Regular files. */
  files: z.number(),
  /** Symbolic links, which are not followed; absent: none. */
  links: z.optional(z.number()),
  /** Submodules in the place of a file or folder, whose contents are not looked at; absent: none. */
  submodules: z.optional(z.number()),
  /** All of these by what they are for: of `configurationKinds`; later versions may know more. */
  kinds: counts,
  /** By the tool whose place it is; `any`: a place that several tools read. */
  tools: counts,
  /** Sorted by name. The same one in several files stands here once. */
  mcpServers: z.array(mcpServer),
  /** Files that may name further servers, and could not be read as what they should be; absent: none. */
  unread: z.optional(z.number()),
})

/** With what the descriptor carries beside its annotation. */
export const aiConfiguration = z.extend(aiConfigurationAnnotation, {
  /** Of the descriptor's URI. */
  edition: z.string(),
  /** Of the lines that `sha256sum` prints of the files, in the order of their paths; see `docs/ai-configuration.md`. */
  digest: z.object({ sha256: z.string() }),
})
export type AiConfiguration = z.infer<typeof aiConfiguration>

/** One line of what is hashed. */
export const configurationEntry = () =>
  z.object({
    /** From the root; absent where it holds an address or a secret, and must not be shown. */
    path: z.optional(z.string()),
    entry: z.enum(['file', 'link', 'submodule']),
    /** Of the contents; of a link of where it leads, of a submodule of the id of its commit, as text. */
    sha256: z.string(),
    kind: z.enum(configurationKinds),
    tool: z.string(),
  })
export type ConfigurationEntry = z.infer<ReturnType<typeof configurationEntry>>

/** As it was collected: what is signed of it, and its files. */
export interface CollectedAiConfiguration extends AiConfiguration {
  /** In the order in which they are hashed. Not signed. */
  readonly listing: readonly ConfigurationEntry[]
}
