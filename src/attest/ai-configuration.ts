/** What is told of the AI configuration of a commit, beside the sessions of its release. */
import { aiConfigurationReader } from '../collect/ai-configuration/findings.ts'
import { readAiConfiguration } from '../collect/ai-configuration/read-ai-configuration.ts'
import type { Repository } from '../collect/git/repository.ts'
import { gatherFindings, newFindings } from '../collect/sessions/findings.ts'
import type { CollectedSessions } from '../model/facts.ts'

export interface Steering {
  addTo(sessions: CollectedSessions): CollectedSessions
}

/** Error: `object-altered`. */
export async function readSteering(repository: Repository, commit: string): Promise<Steering> {
  const read = await readAiConfiguration(repository, commit)
  return {
    addTo(sessions) {
      if ('couldNotLook' in read) {
        const outcome = { reader: aiConfigurationReader, outcome: 'could-not-look', claims: 0 } as const
        return { ...sessions, readers: [...sessions.readers, { ...outcome, detail: read.couldNotLook }] }
      }
      if (read.configuration === undefined) {
        const outcome = { reader: aiConfigurationReader, outcome: 'nothing', claims: 0 } as const
        return { ...sessions, readers: [...sessions.readers, outcome] }
      }
      const own = newFindings(aiConfigurationReader)
      for (const { code, detail } of read.findings) own.add(code, commit, detail)
      const before = { kept: sessions.findings, counts: new Map(Object.entries(sessions.findingCounts)) }
      return {
        ...sessions,
        aiConfiguration: read.configuration,
        ...(read.findings.length === 0 ? {} : gatherFindings([before, own])),
      }
    },
  }
}
