/** A portal that keeps our own contract: `schemas/portal/v1.yaml`. */
import { portalAnswer } from '../../model/portal.ts'
import { timeIn } from '../sessions/record-time.ts'
import { isStep, userNamed, wholeAddress } from './members.ts'
import type { PortalRow } from './row.ts'

export const contract: PortalRow = {
  id: 'contract',
  known: 'documented',
  form: 'https://HOST, or a path below it, where v1/sessions is served',
  address: wholeAddress,
  headers: (token) => ({ accept: 'application/json', authorization: `Bearer ${token}` }),
  question({ tool, id }) {
    if (!isStep(tool) || !isStep(id)) return { cannot: 'their names are none of a path' }
    return { path: `/v1/sessions/${encodeURIComponent(tool)}/${encodeURIComponent(id)}` }
  },
  unknownAt: [404],
  read(answer) {
    const parsed = portalAnswer().safeParse(answer)
    if (!parsed.success) return undefined
    const { tool, id, user, repositories, startedAt, endedAt, commits, summary } = parsed.data.session
    const [start, end] = [timeIn(startedAt), endedAt === null ? undefined : timeIn(endedAt)]
    const subject = user.subject === undefined ? undefined : ({ kind: 'opaque' } as const)
    const address = user.email === undefined ? undefined : userNamed(user.email)
    if (start === undefined || (endedAt !== null && end === undefined) || address?.kind === 'opaque') return undefined
    return {
      said: [
        {
          ...{ id, tool, user: address ?? subject, repositories, commits },
          ...{ startedAt: start, endedAt: end },
          summary: summary === undefined ? undefined : { sha256: summary.sha256, text: summary.text },
        },
      ],
      next: undefined,
    }
  },
}
