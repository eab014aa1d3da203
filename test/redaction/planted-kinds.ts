/**
 * Kinds of secrets, by the forms that their makers describe. None stands here: each is made of parts when a test asks for it, so that no
 * scanner of a forge takes this file for one with secrets in it.
 */
import { base32, base36, base62, base64, base64url, digits, hex, lower, password, upper } from './alphabets.ts'
import type { Bodies } from './alphabets.ts'

export interface Kind {
  readonly group: string
  readonly name: string
  /** The whole secret; what is to be gone is all of it but its mark. */
  readonly make: (bodies: Bodies) => { readonly mark: string; readonly body: string; readonly behind?: string }
  /**
   * What it is called where nothing else tells that it is one (`DD_API_KEY`): without it, no name at all says so. A scheme such as
   * `header` means that it is planted only as it is.
   */
  readonly named?: string
  /** It has lines, or is more than a value: it is planted as a text, not as a value. */
  readonly whole?: true
}

type Part = readonly [alphabet: string, length: number] | string

/** A mark in two parts, and parts behind it. */
function kind(group: string, name: string, mark: readonly [string, string], ...parts: readonly Part[]): Kind {
  return { group, name, make: (bodies) => ({ mark: mark.join(''), body: bodyOf(bodies, parts) }) }
}

function named(group: string, name: string, called: string, ...parts: readonly Part[]): Kind {
  return { group, name, named: called, make: (bodies) => ({ mark: '', body: bodyOf(bodies, parts) }) }
}

function bodyOf(bodies: Bodies, parts: readonly Part[]): string {
  return parts.map((it) => (typeof it === 'string' ? it : it[0] === 'uuid' ? bodies.uuid() : bodies.of(...it))).join('')
}

function pem(label: string): Kind {
  return {
    ...{ group: 'Keys', name: label === '' ? 'private key, PKCS #8' : `private key, ${label}`, whole: true },
    make: (bodies) => ({
      mark: `-----BEGIN ${label === '' ? '' : `${label} `}PRIVATE KEY-----\n`,
      body: Array.from({ length: 6 }, () => bodies.of(base64, 64)).join('\n'),
      behind: `\n-----END ${label === '' ? '' : `${label} `}PRIVATE KEY-----`,
    }),
  }
}

function address(name: string, scheme: string, rest: string, alphabet = base62): Kind {
  return {
    ...{ group: 'Addresses', name, whole: true },
    make: (bodies) => ({
      mark: `${scheme}://app:`,
      body: bodies.of(alphabet, 24),
      behind: `@db.example.net${rest}`,
    }),
  }
}

function line(group: string, name: string, mark: string, parts: readonly Part[], behind = ''): Kind {
  return { group, name, whole: true, make: (bodies) => ({ mark, body: bodyOf(bodies, parts), behind }) }
}

const uuid: Part = ['uuid', 36]

const forges: readonly Kind[] = [
  kind('Forges', 'GitHub personal token', ['gh', 'p_'], [base62, 36]),
  kind('Forges', 'GitHub OAuth token', ['gh', 'o_'], [base62, 36]),
  kind('Forges', 'GitHub user-to-server token', ['gh', 'u_'], [base62, 36]),
  kind('Forges', 'GitHub installation token', ['gh', 's_'], [base62, 36]),
  kind('Forges', 'GitHub refresh token', ['gh', 'r_'], [base62, 36]),
  kind('Forges', 'GitHub fine-grained token', ['github', '_pat_'], [base62, 22], '_', [base62, 59]),
  kind('Forges', 'GitLab personal token', ['gl', 'pat-'], [base64url, 20]),
  kind('Forges', 'GitLab trigger token', ['gl', 'ptt-'], [hex, 40]),
  kind('Forges', 'GitLab deploy token', ['gl', 'dt-'], [base64url, 20]),
  kind('Forges', 'GitLab runner token', ['gl', 'rt-'], [base64url, 20]),
  kind('Forges', 'GitLab registration token', ['GR13', '48941'], [base64url, 20]),
  kind('Forges', 'Bitbucket app password', ['AT', 'BB'], [base62, 32]),
  kind('Forges', 'Sourcegraph token', ['sg', 'p_'], [hex, 40]),
  named('Forges', 'Gitea token', 'GITEA_TOKEN', [hex, 40]),
]

const registries: readonly Kind[] = [
  kind('Registries', 'npm token', ['np', 'm_'], [base62, 36]),
  kind('Registries', 'PyPI token', ['py', 'pi-AgEIcHlwaS5vcmc'], [base64url, 70]),
  kind('Registries', 'RubyGems key', ['ruby', 'gems_'], [hex, 48]),
  kind('Registries', 'NuGet key', ['oy', '2'], [base36, 43]),
  kind('Registries', 'crates.io token', ['ci', 'o'], [base62, 32]),
  kind('Registries', 'Docker Hub token', ['dckr', '_pat_'], [base64url, 27]),
  kind('Registries', 'Clojars token', ['CLO', 'JARS_'], [base36, 60]),
  kind('Registries', 'Artifactory key', ['AK', 'Cp'], [base62, 69]),
  kind('Registries', 'Artifactory reference token', ['cmVm', 'dGtu'], [base62, 56]),
  named('Registries', 'npm token of old', '_authToken', uuid),
]

const clouds: readonly Kind[] = [
  kind('Clouds', 'AWS access key id', ['AK', 'IA'], [base32, 16]),
  kind('Clouds', 'AWS temporary key id', ['AS', 'IA'], [base32, 16]),
  named('Clouds', 'AWS secret key', 'AWS_SECRET_ACCESS_KEY', [base64, 40]),
  named('Clouds', 'AWS session token', 'AWS_SESSION_TOKEN', [base64, 240]),
  kind('Clouds', 'Amazon Bedrock key', ['AB', 'SK'], [base64, 110]),
  kind('Clouds', 'Google API key', ['AI', 'za'], [base64url, 35]),
  kind('Clouds', 'Google OAuth client secret', ['GOC', 'SPX-'], [base64url, 28]),
  kind('Clouds', 'Google access token', ['ya', '29.'], [base64url, 120]),
  kind('Clouds', 'Google refresh token', ['1', '//0'], [base64url, 60]),
  line('Clouds', 'Azure storage key', 'DefaultEndpointsProtocol=https;AccountName=x;AccountKey=', [[base64, 86]], '=='),
  line('Clouds', 'Azure service bus key', 'Endpoint=sb://x.example.net/;SharedAccessKey=', [[base64, 43]], '='),
  line('Clouds', 'Azure shared signature', 'https://x.example.net/c?sv=2024&sig=', [[base62, 43]], '%3D&se=2027'),
  kind('Clouds', 'Azure client secret', ['', ''], [base62, 3], [digits, 1], 'Q~', [base62, 34]),
  named('Clouds', 'Azure DevOps token', 'AZURE_DEVOPS_TOKEN', [base36, 52]),
  kind('Clouds', 'DigitalOcean token', ['do', 'p_v1_'], [hex, 64]),
  kind('Clouds', 'DigitalOcean OAuth token', ['do', 'o_v1_'], [hex, 64]),
  kind('Clouds', 'Alibaba key id', ['LT', 'AI'], [base62, 20]),
  named('Clouds', 'Alibaba secret', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET', [base62, 30]),
  kind('Clouds', 'Tencent key id', ['AK', 'ID'], [base62, 32]),
  named('Clouds', 'Cloudflare key', 'CLOUDFLARE_API_KEY', [hex, 37]),
  kind('Clouds', 'Cloudflare user token', ['cf', 'ut_'], [base62, 40], [hex, 8]),
  kind('Clouds', 'Heroku key', ['HRKU', '-AA'], [base64url, 58]),
  named('Clouds', 'Heroku key of old', 'HEROKU_API_KEY', uuid),
  kind('Clouds', 'Fly.io token', ['fo', '1_'], [base64url, 43]),
  kind('Clouds', 'Render key', ['rn', 'd_'], [base62, 32]),
  kind('Clouds', 'Netlify token', ['nf', 'p_'], [base62, 36]),
  kind('Clouds', 'Vercel token', ['vc', 'p_'], [base62, 56]),
  named('Clouds', 'Railway token', 'RAILWAY_TOKEN', uuid),
  kind('Clouds', 'Scalingo token', ['tk', '-us-'], [base64url, 48]),
  kind('Clouds', 'Tailscale key', ['ts', 'key-auth-k'], [base62, 11], 'CNTRL-', [base62, 32]),
]

const models: readonly Kind[] = [
  kind('Models', 'OpenAI project key', ['sk', '-proj-'], [base64url, 74], 'T3BlbkFJ', [base64url, 74]),
  kind('Models', 'OpenAI key of old', ['sk', '-'], [base62, 20], 'T3BlbkFJ', [base62, 20]),
  kind('Models', 'Anthropic key', ['sk', '-ant-api03-'], [base64url, 93], 'AA'),
  kind('Models', 'Anthropic OAuth token', ['sk', '-ant-oat01-'], [base64url, 93], 'AA'),
  kind('Models', 'OpenRouter key', ['sk', '-or-v1-'], [hex, 64]),
  kind('Models', 'DeepSeek key', ['sk', '-'], [hex, 32]),
  kind('Models', 'Groq key', ['gs', 'k_'], [base62, 52]),
  kind('Models', 'Hugging Face token', ['h', 'f_'], [base62, 34]),
  kind('Models', 'Replicate token', ['r', '8_'], [base62, 37]),
  kind('Models', 'Perplexity key', ['pp', 'lx-'], [base62, 48]),
  kind('Models', 'xAI key', ['xa', 'i-'], [base62, 80]),
  kind('Models', 'Together key', ['tgp', '_v1_'], [base64url, 43]),
  kind('Models', 'Fireworks key', ['f', 'w_'], [base62, 24]),
  kind('Models', 'NVIDIA key', ['nv', 'api-'], [base64url, 64]),
  kind('Models', 'Cerebras key', ['cs', 'k-'], [base36, 48]),
  kind('Models', 'LangSmith key', ['lsv', '2_pt_'], [hex, 32], '_', [hex, 10]),
  kind('Models', 'Tavily key', ['tv', 'ly-'], [base62, 32]),
  kind('Models', 'Jina key', ['ji', 'na_'], [base62, 60]),
  kind('Models', 'E2B key', ['e2', 'b_'], [hex, 40]),
  kind('Models', 'ElevenLabs key', ['s', 'k_'], [hex, 48]),
  named('Models', 'Cohere key', 'COHERE_API_KEY', [base62, 40]),
  named('Models', 'Mistral key', 'MISTRAL_API_KEY', [base62, 32]),
  named('Models', 'Deepgram key', 'DEEPGRAM_API_KEY', [hex, 40]),
]

const talk: readonly Kind[] = [
  kind('Messages', 'Slack bot token', ['xo', 'xb-'], [digits, 12], '-', [digits, 13], '-', [base62, 24]),
  kind('Messages', 'Slack user token', ['xo', 'xp-'], [digits, 12], '-', [digits, 12], '-', [digits, 13], '-', [
    hex,
    32,
  ]),
  kind('Messages', 'Slack app token', ['xa', 'pp-1-A'], [`${digits}${upper}`, 10], '-', [digits, 13], '-', [hex, 64]),
  line('Messages', 'Slack web hook', ['https://hooks.sl', 'ack.com/services/'].join(''), [
    'T',
    [base32, 10],
    '/B',
    [base32, 10],
    '/',
    [base62, 24],
  ]),
  line('Messages', 'Discord web hook', ['https://disc', 'ord.com/api/webhooks/'].join(''), [
    [digits, 18],
    '/',
    [base64url, 68],
  ]),
  {
    ...{ group: 'Messages', name: 'Discord bot token' },
    make: (bodies) => ({
      mark: '',
      body: `${Buffer.from(bodies.of('123456789', 18)).toString('base64url')}.${bodies.of(base62, 6)}.${bodies.of(base64url, 38)}`,
    }),
  },
  kind('Messages', 'Telegram bot token', ['', ''], ['123456789', 10], ':AA', [base64url, 33]),
  line('Messages', 'Teams web hook', ['https://acme.webhook.off', 'ice.com/webhookb2/'].join(''), [
    uuid,
    '@',
    uuid,
    '/IncomingWebhook/',
    [hex, 32],
  ]),
  kind('Messages', 'SendGrid key', ['S', 'G.'], [base64url, 22], '.', [base64url, 43]),
  kind('Messages', 'Mailgun key', ['ke', 'y-'], [hex, 32]),
  kind('Messages', 'Mailchimp key', ['', ''], [hex, 32], '-us', [digits, 2]),
  kind('Messages', 'Brevo key', ['xkey', 'sib-'], [hex, 64], '-', [base62, 16]),
  kind('Messages', 'MailerSend token', ['ml', 'sn.'], [hex, 64]),
  kind('Messages', 'Resend key', ['r', 'e_'], [base62, 8], '_', [base62, 24]),
  named('Messages', 'Twilio token', 'TWILIO_AUTH_TOKEN', [hex, 32]),
  named('Messages', 'Postmark token', 'POSTMARK_SERVER_TOKEN', uuid),
]

const money: readonly Kind[] = [
  kind('Payments', 'Stripe key', ['sk', '_live_'], [base62, 99]),
  kind('Payments', 'Stripe key for tests', ['sk', '_test_'], [base62, 24]),
  kind('Payments', 'Stripe restricted key', ['rk', '_live_'], [base62, 24]),
  kind('Payments', 'Stripe web hook secret', ['wh', 'sec_'], [base62, 32]),
  kind('Payments', 'Shopify token', ['sh', 'pat_'], [hex, 32]),
  kind('Payments', 'Shopify shared secret', ['sh', 'pss_'], [hex, 32]),
  kind('Payments', 'Square token', ['sq', '0atp-'], [base64url, 22]),
  kind('Payments', 'Square secret', ['sq', '0csp-'], [base64url, 43]),
  kind('Payments', 'Flutterwave key', ['FLW', 'SECK-'], [hex, 32], '-X'),
  kind('Payments', 'Shippo token', ['shippo', '_live_'], [hex, 40]),
  kind('Payments', 'Duffel token', ['duffel', '_live_'], [base64url, 43]),
  kind('Payments', 'EasyPost key', ['EZ', 'AK'], [base62, 54]),
  kind('Payments', 'Plaid token', ['access', '-production-'], uuid),
  named('Payments', 'PayPal secret', 'PAYPAL_CLIENT_SECRET', [base64url, 80]),
]

const tools: readonly Kind[] = [
  kind('Tools', 'Atlassian token', ['ATA', 'TT3xFfGF0'], [base64url, 160], '=', [hex, 8]),
  kind('Tools', 'Linear key', ['lin', '_api_'], [base62, 40]),
  kind('Tools', 'Notion token', ['nt', 'n_'], [digits, 11], [base62, 35]),
  kind('Tools', 'Figma token', ['fi', 'gd_'], [base64url, 40]),
  kind('Tools', 'Airtable token', ['pa', 't'], [base62, 14], '.', [hex, 64]),
  kind('Tools', 'HubSpot token', ['pat', '-na1-'], uuid),
  kind('Tools', 'Typeform token', ['tf', 'p_'], [base64url, 44]),
  kind('Tools', 'Contentful token', ['CF', 'PAT-'], [base64url, 43]),
  kind('Tools', 'ReadMe key', ['rd', 'me_'], [base36, 70]),
  kind('Tools', 'Postman key', ['PM', 'AK-'], [hex, 24], '-', [hex, 34]),
  kind('Tools', 'Apify token', ['apify', '_api_'], [base62, 36]),
  kind('Tools', 'Frame.io token', ['fi', 'o-u-'], [base64url, 64]),
  kind('Tools', 'Dropbox token', ['s', 'l.'], [base64url, 135]),
  kind('Tools', 'Facebook token', ['EA', 'AG'], [base62, 120]),
  kind('Tools', 'Zapier web hook', ['https://hooks.zap', 'ier.com/hooks/catch/'], [digits, 7], '/', [base36, 7]),
]

const operations: readonly Kind[] = [
  kind('Operations', 'Grafana token', ['gl', 'sa_'], [base62, 32], '_', [hex, 8]),
  kind('Operations', 'Grafana Cloud token', ['gl', 'c_'], [base64, 80]),
  kind('Operations', 'New Relic key', ['NR', 'AK-'], [`${digits}${upper}`, 27]),
  kind('Operations', 'Dynatrace token', ['dt0', 'c01.'], [base32, 24], '.', [base32, 64]),
  kind('Operations', 'Sentry token', ['sntr', 'yu_'], [hex, 64]),
  kind('Operations', 'PostHog key', ['ph', 'x_'], [base62, 43]),
  named('Operations', 'Datadog key', 'DD_API_KEY', [hex, 32]),
  named('Operations', 'Algolia key', 'ALGOLIA_ADMIN_API_KEY', [hex, 32]),
  kind('Operations', 'Vault token', ['hv', 's.'], [base64url, 90]),
  kind('Operations', 'Terraform Cloud token', ['', ''], [base62, 14], '.atlasv1.', [base64url, 67]),
  kind('Operations', 'Pulumi token', ['pu', 'l-'], [hex, 40]),
  kind('Operations', 'Doppler token', ['dp', '.pt.'], [base62, 43]),
  kind('Operations', '1Password account token', ['op', 's_eyJ'], [base64url, 250]),
  kind('Operations', 'Databricks token', ['da', 'pi'], [hex, 32]),
  kind('Operations', 'Supabase token', ['sb', 'p_'], [hex, 40]),
  kind('Operations', 'Supabase secret key', ['sb', '_secret_'], [base64url, 31]),
  kind('Operations', 'PlanetScale password', ['psc', 'ale_pw_'], [base64url, 43]),
  kind('Operations', 'Neon key', ['na', 'pi_'], [base36, 64]),
  kind('Operations', 'Prefect key', ['pn', 'u_'], [base36, 36]),
  kind('Operations', 'CircleCI token', ['CCI', 'PAT_'], [base62, 22], '_', [hex, 40]),
  kind('Operations', 'Buildkite token', ['bk', 'ua_'], [hex, 40]),
  named('Operations', 'Jenkins token', 'JENKINS_API_TOKEN', '11', [hex, 32]),
  named('Operations', 'Snowflake password', 'SNOWFLAKE_PASSWORD', [password, 20]),
  named('Operations', 'Okta token', 'OKTA_API_TOKEN', '00', [base64url, 40]),
]

const keys: readonly Kind[] = [
  ...['', 'RSA', 'EC', 'OPENSSH', 'ENCRYPTED', 'DSA'].map(pem),
  line(
    'Keys',
    'private key of PGP',
    '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n',
    [[base64, 64], '\n', [base64, 64]],
    '\n-----END PGP PRIVATE KEY BLOCK-----',
  ),
  {
    ...{ group: 'Keys', name: 'private key, cut at its beginning', whole: true },
    make: (bodies) => ({
      mark: '',
      body: [40, 64, 64, 64, 22].map((it) => bodies.of(base64, it)).join('\n'),
      behind: '\n-----END PRIVATE KEY-----',
    }),
  },
  line('Keys', 'private key of PuTTY', 'PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n', [[base64, 44]]),
  kind('Keys', 'age key', ['AGE-SECRET', '-KEY-1'], [`${digits}${upper}`, 58]),
  line(
    'Keys',
    'service account of Google',
    '{"type":"service_account","private_key":"-----BEGIN PRIVATE KEY-----\\n',
    [[base64, 64], '\\n', [base64, 64]],
    '\\n-----END PRIVATE KEY-----\\n"}',
  ),
  {
    ...{ group: 'Keys', name: 'JSON Web Token' },
    make: (bodies) => ({
      mark: `${bodies.encoded({ alg: 'HS256', typ: 'JWT' })}.`,
      body: `${bodies.encoded({ sub: bodies.of(digits, 10) })}.${bodies.of(base64url, 43)}`,
    }),
  },
]

const places: readonly Kind[] = [
  address('password of PostgreSQL', 'postgres', ':5432/app'),
  address('password of MySQL', 'mysql', '/app'),
  address('password of MongoDB', 'mongodb+srv', '/?retryWrites=true'),
  address('password of Redis', 'rediss', ':6380/0'),
  address('password of AMQP', 'amqps', '/vhost'),
  address('password of SMTP', 'smtps', ':465'),
  address('password of a proxy', 'http', ':3128', lower),
  address('password of Cloudinary', 'cloudinary', ''),
]

const lines: readonly Kind[] = [
  line('Places', 'Authorization: Basic', 'Authorization: Basic ', [[base64, 32]]),
  line('Places', 'Authorization: Bearer', 'Authorization: Bearer ', [[base64url, 40]]),
  line('Places', '.netrc', 'machine api.example.net login bot password ', [[base62, 20]]),
  line('Places', 'option of a command', 'tool deploy --password ', [[password, 16]]),
  line('Places', 'curl -u', 'curl -u bot:', [[base62, 18]], ' https://api.example.net'),
  line('Places', 'sshpass', 'sshpass -p ', [[base62, 14]], ' ssh bot@host.example.net'),
  line('Places', 'settings in XML', '<add key="x"/><password>', [[base62, 18]], '</password>'),
  line('Places', 'name and value apart', '{"name":"DB_PASSWORD","value":"', [[base62, 18]], '"}'),
  line('Places', 'key of no known form', 'const signer = "', [[base62, 40]], '"'),
  line('Places', 'key of no known form, in base64', 'x = "', [[base64, 48]], '"'),
]

export const kinds: readonly Kind[] = [
  ...[...forges, ...registries, ...clouds, ...models, ...talk, ...money, ...tools, ...operations],
  ...[...keys, ...places, ...lines],
]
