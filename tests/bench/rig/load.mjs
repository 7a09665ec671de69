// The two load generators: wrk for throughput, ours for tokens that change and for a constant rate.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { bin } from './Server.mjs'

const run = promisify(execFile)

export const cores = os.cpus().length

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

export const guarded = '/make-change?total=1.02'

/**
 * Requests a second by wrk, with one token or none; by as many threads as there are cores, if nothing else is said. With
 * `closing`, each request has a connection of its own.
 */
export async function wrk({ server, target, token, connections = 16, seconds, threads = cores, closing = false }) {
  const headers = [
    ...(token ? [`Authorization: Bearer ${readFileSync(token, 'utf8').trim()}`] : []),
    ...(closing ? ['Connection: close'] : []),
  ].flatMap((header) => ['-H', header])
  const address = `${server.isSecure ? 'https' : 'http'}://127.0.0.1:${server.port}${target}`
  const { stdout } = await run('wrk', [
    `-t${threads}`, `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', ...headers, address,
  ])
  const failed = stdout.match(/Non-2xx or 3xx responses: (\d+)/)
  if (failed) throw new Error(`${failed[1]} requests were refused:\n${stdout}`)
  if (stdout.includes('Socket errors')) throw new Error(`connections failed:\n${stdout}`)
  return Number(stdout.match(/Requests\/sec:\s+([\d.]+)/)[1])
}

/**
 * One run of bench_load; what it prints, as an object. Latencies are microseconds. One that is `background` gives way to
 * other processes.
 */
export async function load({ background = false, ...options }) {
  const words = Object.entries(options).map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`))
  const program = [...(background ? ['nice', '-n', '19'] : []), path.join(bin, 'bench_load')]
  const { stdout } = await run(program[0], [...program.slice(1), ...words], { maxBuffer: 1 << 20 })
  const result = JSON.parse(stdout)
  if (result.unexpected > 0) throw new Error(`${result.unexpected} answers had another status: ${words.join(' ')}`)
  if (result.failures > 0) throw new Error(`${result.failures} connections failed: ${words.join(' ')}`)
  return result
}

/** The URI in proofs for `guarded`: what bench_load sends as Host, and ours has as its resource. */
export const resource = 'http://localhost'

/** Makes that many proofs for the bound token of a folder of tokens, good for a minute from now; their file. */
export async function makeProofs(folder, count) {
  await run(path.join(bin, 'bench_proofs'), [folder, `${resource}/make-change`, String(count)])
  return path.join(folder, 'proofs')
}

const onAllCores = ['-elapsed', '-multi', String(cores)]

/** Microseconds of processor time of one verification by OpenSSL alone. */
export const opensslTime = async (algorithm) => 1e6 / (await opensslVerifications(algorithm, []))

/** Verifications a second of all cores together, by OpenSSL alone; without options, in a second of processor time. */
export async function opensslVerifications(algorithm, options = onAllCores) {
  const { stdout } = await run('openssl', ['speed', '-seconds', '1', ...options, '-mr', algorithm])
  const numbers = stdout.trim().split('\n').filter((line) => line.startsWith('+F')).at(-1).split(':')
  const verify = Number(numbers.at(-1))
  // Older ones print seconds for one, newer ones how many in a second.
  return verify < 1 ? 1 / verify : verify
}
