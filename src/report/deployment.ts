/** A deployment in the rows of a verdict and of an inspection. */
import type { DeploymentSummary } from '../model/deployment-summary.ts'
import { cell } from './table.ts'

/** Statements that are shown; the JSON view has all. */
const shownStatements = 10

export function deploymentFields(deployment: DeploymentSummary): (readonly [string, string])[] {
  const { environment, environmentBy, state, at, target, provenance } = deployment
  const by = { certificate: ', as the certificate says too', job: ', as the job says' }
  const more = provenance.length - shownStatements
  return [
    [
      state === 'deployed' ? 'deployed to' : 'removed from',
      `${cell(environment)}${environmentBy === undefined ? '' : by[environmentBy]}`,
    ],
    ['at', `${cell(at)}, by the clock of the job`],
    ...(target === undefined ? [] : ([['target', cell(target)]] as const)),
    ...provenance
      .slice(0, shownStatements)
      .map((it, index) => [index === 0 ? 'provenance' : '', statementWords(it)] as const),
    ...(more > 0 ? ([['', `and ${more} more`]] as const) : []),
  ]
}

function statementWords({ sha256, signer }: DeploymentSummary['provenance'][number]): string {
  const verified = signer === undefined ? 'not verified by the job' : `verified by the job as of ${cell(signer)}`
  return `sha256:${cell(sha256)}, ${verified}`
}
