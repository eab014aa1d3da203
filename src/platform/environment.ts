/** The environment of a process: variables that are the job's word, never facts themselves (DESIGN rule 5). */

export type Environment = { readonly [name: string]: string | undefined }
