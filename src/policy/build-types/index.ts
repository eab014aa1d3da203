// Made by scripts/tables.ts (npm run tables) from the files of this folder: a row is added by its file alone.
import { ciJob } from './ci-job.ts'
import { containerBased } from './container-based.ts'
import { githubWorkflow } from './github-workflow.ts'
import { gitlabProvenance } from './gitlab-provenance.ts'
import { gitlabRunner } from './gitlab-runner.ts'
import { npmGithub } from './npm-github.ts'
import { npmGitlab } from './npm-gitlab.ts'
import { slsaContainer } from './slsa-container.ts'
import { slsaDelegator } from './slsa-delegator.ts'
import { slsaGeneric } from './slsa-generic.ts'
import { slsaGithubWorkflow } from './slsa-github-workflow.ts'
import { slsaGo } from './slsa-go.ts'
import type { BuildTypeRow } from './row.ts'

export const buildTypeRows: readonly BuildTypeRow[] = [
  ciJob,
  containerBased,
  githubWorkflow,
  gitlabProvenance,
  gitlabRunner,
  npmGithub,
  npmGitlab,
  slsaContainer,
  slsaDelegator,
  slsaGeneric,
  slsaGithubWorkflow,
  slsaGo,
]
