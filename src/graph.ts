/**
 * The lineage of a release as a graph: requirement, ticket, session, change, review, build, artifact, deployment.
 *
 * @module
 */
export { lineageOfEvidence, lineageOfInspections } from './graph/of-statements.ts'
export type { Lineage, LineageEdge, LineageGap, LineageNode } from './model/lineage.ts'
