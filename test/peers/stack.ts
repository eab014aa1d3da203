/**
 * A private Sigstore of released servers on free ports of loopback: OIDC issuer, Trillian in memory, both kinds of certificate
 * log (RFC 6962 with Rekor v1, static-ct-api with Rekor v2) with a Fulcio each, Rekor v1 and v2, timestamp authority, TUF
 * repository. Everything it writes is below one folder.
 */
import { createPrivateKey } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json } from '../../src/model/json.ts'
import { program } from './cache.ts'
import { fulcioConfig } from './fulcio-config.ts'
import type { IssuerKind } from './fulcio-config.ts'
import { startIssuer } from './issuer.ts'
import { makeKeys } from './keys.ts'
import type { Keys } from './keys.ts'
import { freePorts, requireFreePort } from './ports.ts'
import { openProcesses } from './processes.ts'
import type { Processes } from './processes.ts'
import { clientTrustConfigOf, rekorV1Host, rekorV2Host, signingConfigOf, trustedRootOf } from './trust.ts'
import type { Addresses } from './trust.ts'
import { startTuf } from './tuf-server.ts'

/** What a test needs to know of a running stack; plain data, as it crosses to the processes that run the tests. */
export interface StackFacts {
  readonly folder: string
  readonly issuers: { readonly [kind in IssuerKind]: string }
  /** Paths. */
  readonly trustedRoot: string
  /** The same on one line, ending in a line feed, as gh wants it. */
  readonly trustedRootLines: string
  readonly signingConfig: { readonly [rekor in 1 | 2]: string }
  readonly trustConfig: { readonly [rekor in 1 | 2]: string }
  readonly tuf: { readonly url: string; readonly root: string }
}

export interface Stack {
  readonly facts: StackFacts
  readonly stop: () => Promise<void>
}

/** Rejects, with nothing left running, if a server is missing or does not start. */
export async function startStack(folder: string): Promise<Stack> {
  const logs = join(folder, 'logs')
  const pki = join(folder, 'pki')
  for (const it of [logs, pki]) mkdirSync(it, { recursive: true })
  const closing: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close()
  }
  try {
    const keys = makeKeys(pki)
    const issuer = await startIssuer()
    closing.push(issuer.close)
    const processes = openProcesses(logs)
    closing.push(processes.stop)
    const services = await startServices(processes, keys, folder, issuer.issuers)
    const addresses: Addresses = { ...services, issuers: Object.values(issuer.issuers) }

    const write = (name: string, text: string): string => {
      const path = join(folder, name)
      writeFileSync(path, text)
      return path
    }
    const trustedRoot = trustedRootOf(keys, addresses)
    const configs = { 1: signingConfigOf(addresses, 1), 2: signingConfigOf(addresses, 2) }
    const tufRoot = join(folder, 'root.json')
    const targets = { 'trusted_root.json': trustedRoot, 'signing_config.v0.2.json': configs[2] }
    const tuf = await startTuf(targets, tufRoot)
    closing.push(tuf.close)
    const trustConfig = (rekor: 1 | 2): Json => clientTrustConfigOf(trustedRoot, configs[rekor])
    return {
      stop,
      facts: {
        folder,
        issuers: issuer.issuers,
        trustedRoot: write('trusted_root.json', JSON.stringify(trustedRoot)),
        trustedRootLines: write('trusted_root.jsonl', `${JSON.stringify(trustedRoot)}\n`),
        signingConfig: {
          1: write('signing_config_rekor_v1.json', JSON.stringify(configs[1])),
          2: write('signing_config.json', JSON.stringify(configs[2])),
        },
        trustConfig: {
          1: write('trust_config_rekor_v1.json', JSON.stringify(trustConfig(1))),
          2: write('trust_config.json', JSON.stringify(trustConfig(2))),
        },
        tuf: { url: tuf.url, root: tufRoot },
      },
    }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

async function startServices(
  processes: Processes,
  keys: Keys,
  folder: string,
  issuers: StackFacts['issuers'],
): Promise<Omit<Addresses, 'issuers'>> {
  // All at once: a port that was found and is not yet taken would be found again.
  const [ctfe, tesseract, rekor1, rekor2, rekor2Grpc, rekor2Metrics, tsa, ...others] = await freePorts(13)
  const fulcioPorts = { 1: others.slice(0, 3), 2: others.slice(3) }
  const at = (port: number | undefined): string => `127.0.0.1:${port ?? 0}`
  await requireFreePort(2112, 'the timestamp authority always serves its metrics there, and ends if it cannot')

  const trillian = /^(\S+):(\d+) (\d+) (\d+)$/m
  const printed = await processes.start({
    name: 'trillian-memory',
    command: program('trillian-memory'),
    args: [],
    ready: trillian,
  })
  const [, trillianHost = '', trillianPort = '', certificateTree = '', entryTree = ''] = trillian.exec(printed) ?? []

  const logConfig = join(folder, 'ct.textproto')
  writeFileSync(logConfig, ctfeConfig(keys, certificateTree))
  await processes.start({
    name: 'ctfe',
    command: program('ctfe'),
    args: [
      `--log_config=${logConfig}`,
      `--log_rpc_server=${trillianHost}:${trillianPort}`,
      `--http_endpoint=${at(ctfe)}`,
      '--logtostderr',
    ],
    ready: `http://${at(ctfe)}/healthz`,
  })

  await processes.start({
    name: 'tesseract',
    command: program('tesseract'),
    args: [
      ...[`--http_endpoint=${at(tesseract)}`, '--origin=127.0.0.1'],
      ...[`--private_key=${keys.certificateLogs[2].privateKey}`, `--roots_pem_file=${keys.fulcioRoot}`],
      `--storage_dir=${join(folder, 'tesseract')}`,
    ],
    ready: `http://${at(tesseract)}/healthz`,
  })

  const config = join(folder, 'fulcio.yaml')
  writeFileSync(config, fulcioConfig(issuers))
  const certificateLogs = { 1: `http://${at(ctfe)}/${logPrefix}`, 2: `http://${at(tesseract)}` }
  const startAuthority = async (rekor: 1 | 2): Promise<string> => {
    const [port, grpc, metrics] = fulcioPorts[rekor]
    await processes.start({
      name: `fulcio-${rekor}`,
      command: program('fulcio'),
      args: [
        'serve',
        ...['--host=127.0.0.1', `--port=${port}`, '--grpc-host=127.0.0.1', `--grpc-port=${grpc}`],
        ...[`--metrics-port=${metrics}`, `--legacy-unix-domain-socket=@countersign-peers-${port}`],
        ...['--ca=fileca', `--fileca-cert=${keys.fulcioChain}`, `--fileca-key=${keys.fulcioKey}`],
        ...[`--fileca-key-passwd=${keys.password}`, '--fileca-watch=false', `--config-path=${config}`],
        `--ct-log-url=${certificateLogs[rekor]}`,
        `--ct-log-public-key-path=${keys.certificateLogs[rekor].publicKey}`,
      ],
      ready: `http://${at(port)}/healthz`,
    })
    return `http://localhost:${port}`
  }
  const fulcio = { 1: await startAuthority(1), 2: await startAuthority(2) }

  await processes.start({
    name: 'rekor-v2',
    command: program('rekor-v2'),
    args: [
      'serve',
      ...['--http-address=127.0.0.1', `--http-port=${rekor2}`, '--grpc-address=127.0.0.1', `--grpc-port=${rekor2Grpc}`],
      ...[`--http-metrics-port=${rekor2Metrics}`, `--hostname=${rekorV2Host}`, `--signer-filepath=${keys.rekorV2Key}`],
      ...[`--storage-dir=${join(folder, 'rekor-v2')}`, '--checkpoint-interval=500ms'],
    ],
    ready: `http://${at(rekor2)}/healthz`,
  })

  // Before Rekor v1, which wants the same metrics port and does without.
  await processes.start({
    name: 'timestamp-server',
    command: program('timestamp-server'),
    args: [
      'serve',
      ...['--host=127.0.0.1', `--port=${tsa}`, '--disable-ntp-monitoring', '--timestamp-signer=file'],
      ...[`--file-signer-key-path=${keys.timestampKey}`, `--file-signer-passwd=${keys.password}`],
      `--certificate-chain-path=${keys.timestampChain}`,
    ],
    ready: `http://${at(tsa)}/ping`,
  })

  await processes.start({
    name: 'rekor-v1',
    command: program('rekor-v1'),
    args: [
      'serve',
      ...['--rekor_server.address=127.0.0.1', `--port=${rekor1}`, `--rekor_server.hostname=${rekorV1Host}`],
      ...[`--rekor_server.signer=${keys.rekorV1Key}`],
      ...[`--trillian_log_server.address=${trillianHost}`, `--trillian_log_server.port=${trillianPort}`],
      `--trillian_log_server.tlog_id=${entryTree}`,
      // The endpoints that need no index, which would be a Redis.
      '--enable_retrieve_api=false',
      '--enabled_api_endpoints=getLogInfo,getPublicKey,getLogProof,createLogEntry,getLogEntryByIndex,getLogEntryByUUID',
    ],
    ready: `http://${at(rekor1)}/api/v1/log`,
  })

  return {
    fulcio,
    certificateLogs,
    rekorV1: `http://localhost:${rekor1}`,
    rekorV2: `http://localhost:${rekor2}`,
    timestamp: `http://localhost:${tsa}/api/v1/timestamp`,
  }
}

const logPrefix = 'certificates'

/** LogConfigSet of certificate-transparency-go trillian/ctfe/configpb. */
function ctfeConfig(keys: Keys, tree: string): string {
  // The bytes themselves: as a file, CTFE takes a key in OpenSSL's old encryption only.
  const der = createPrivateKey(readFileSync(keys.certificateLogs[1].privateKey)).export({ format: 'der', type: 'sec1' })
  const escaped = [...der].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
  return `config {
  log_id: ${tree}
  prefix: "${logPrefix}"
  roots_pem_file: "${keys.fulcioRoot}"
  ext_key_usages: "CodeSigning"
  private_key: { [type.googleapis.com/keyspb.PrivateKey] { der: "${escaped}" } }
}
`
}
