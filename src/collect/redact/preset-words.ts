/** What stands in every secret that a rule of secretlint's preset finds; a rule that is not here is always asked. */
import type { Words } from './word-places.ts'

/** By the name of the rule, behind `@secretlint/secretlint-rule-`. */
export const ruleWords: ReadonlyMap<string, readonly Words[]> = new Map<string, readonly Words[]>([
  ['aws', [{ words: ['secretaccess', 'secret_access'], anyCase: true }]],
  ['privatekey', [{ words: ['PRIVATE KEY'] }]],
  ['npm', [{ words: ['x-oauth-basic', '_authToken', 'npm_'] }]],
  ['basicauth', [{ words: ['://'] }]],
  [
    'slack',
    [
      { words: ['xoxb-', 'xoxp-', 'xapp-', 'xoxa-', 'xoxo-', 'xoxr-'] },
      { words: ['hooks.slack.com/services/'], anyCase: true },
    ],
  ],
  ['sendgrid', [{ words: ['SG.'] }]],
  ['shopify', [{ words: ['shppa_', 'shpca_', 'shpat_', 'shpss_'] }]],
  ['stripe', [{ words: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'] }]],
  ['github', [{ words: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'] }]],
  ['gitlab', [{ words: ['glpat-'] }]],
  ['grafana', [{ words: ['glc_', 'glsa_'] }]],
  ['openai', [{ words: ['T3BlbkFJ'] }]],
  ['anthropic', [{ words: ['sk-ant-api0'] }]],
  ['groq', [{ words: ['gsk_'] }]],
  ['huggingface', [{ words: ['hf_'] }]],
  ['linear', [{ words: ['lin_api_'] }]],
  ['notion', [{ words: ['ntn_'] }]],
  ['1password', [{ words: ['ops_ey'] }]],
  [
    'database-connection-string',
    [
      {
        words: ['mongodb://', 'mongodb+srv://', 'mysql://', 'mysqlx://', 'postgres://', 'postgresql://'],
        anyCase: true,
      },
    ],
  ],
  ['hashicorp-vault', [{ words: ['hvs.', 'hvb.', 'hvr.'] }]],
  ['vercel', [{ words: ['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'] }]],
  ['databricks', [{ words: ['dapi'] }]],
  ['docker', [{ words: ['dckr_pat_'] }]],
  ['figma', [{ words: ['figd_'] }]],
  ['cloudflare', [{ words: ['cfk_', 'cfut_', 'cfat_'] }]],
  ['tailscale', [{ words: ['tskey-'] }]],
])
