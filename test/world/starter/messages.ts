/** What a process that tests share and the small one that starts programs for it say to each other. */

/** What a program is started with. */
export interface Program {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Of one that is waited for: in milliseconds. */
  readonly timeout?: number
}

/** Over IPC. The streams of a program are the next three connections to the socket. */
export type Order =
  | { readonly start: number; readonly program: Program }
  | { readonly kill: number; readonly signal: NodeJS.Signals | number }
  | { readonly heard: number }

export type News =
  | { readonly isReady: true }
  | { readonly started: number; readonly pid: number | undefined }
  | { readonly ended: number; readonly code: number | null; readonly signal: NodeJS.Signals | null }
  | { readonly failed: number; readonly error: Failure }

/** What an error of `child_process` says beside its stack. */
export type Failure = { readonly message: string } & Readonly<Record<string, unknown>>

/** How a program ended that was waited for. */
export interface Ending {
  readonly pid: number
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly error?: Failure
}

/** In the folder of a starter: a socket for streams; for what is waited for, two pipes with parts, each behind its length. */
export const names = { streams: 'streams', questions: 'questions', answers: 'answers' }

export function framed(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts.flatMap((it) => [lengthOf(it), it]))
}

function lengthOf(part: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(part.length)
  return length
}

export const failureOf = (error: Error): Failure => ({
  ...(Object.fromEntries(Object.entries(error)) as Record<string, unknown>),
  message: error.message,
})
export const errorOf = ({ message, ...rest }: Failure): Error => Object.assign(new Error(message), rest)
