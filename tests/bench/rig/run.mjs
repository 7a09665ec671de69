// Measures, and writes docs/performance.md. Called by tests/bench/run.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import * as measurements from './measurements.mjs'
import { replaceMeasured } from './report.mjs'
import { bin, root, scratch } from './Server.mjs'

const today = new Date().toISOString().slice(0, 10)
const options = Object.fromEntries(process.argv.slice(2).map((word) => word.replace(/^--/, '').split('=')))
const rounds = Number(options.rounds ?? 5)
const seconds = Number(options.seconds ?? 3)
const titles = {
  hot: 'Hot tokens',
  connections: 'Connections and TLS',
  cold: 'Cold tokens',
  dpop: 'Bound tokens',
  decision: 'Decisions for nginx',
  bad: 'Bad tokens',
  latency: 'Latency at half of full load',
  small: 'Small',
  growth: 'Growth',
}
const chosen = options.only?.split(',') ?? Object.keys(titles)

function makeTokens(name, ...words) {
  const folder = path.join(scratch, name)
  const made = path.join(folder, 'made')
  const recipe = words.join(' ')
  const isFresh = existsSync(made) && readFileSync(made, 'utf8') === `${recipe} ${new Date().toDateString()}`
  if (isFresh) return
  execFileSync(path.join(bin, 'bench_tokens'), [folder, ...words.map(String)], { stdio: 'inherit' })
  writeFileSync(made, `${recipe} ${new Date().toDateString()}`)
}

function makeAllTokens() {
  makeTokens('RS256', 'RS256', 60_000)
  makeTokens('ES256', 'ES256', 20_000)
  makeTokens('Ed25519', 'Ed25519', 20_000)
  makeTokens('many', 'ES256', 100_000)
  const lines = readFileSync(path.join(scratch, 'many/tokens'), 'utf8').trimEnd().split('\n')
  for (const count of [1, 100, 1000, 5000, 10_000, 20_000, 100_000])
    writeFileSync(path.join(scratch, `many/tokens-${count}`), lines.slice(0, count).join('\n') + '\n')
  for (const keys of [1, 10, 100, 1000]) makeTokens(`keys-${keys}`, 'ES256', 5000, keys)
}

function buildPeers() {
  execFileSync('go', ['build', '-o', path.join(bin, 'peer_go'), path.join(root, 'tests/bench/peers/go/main.go')], {
    stdio: 'inherit',
    env: { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOCACHE: path.join(scratch, 'go') },
  })
  const express = path.join(scratch, 'express')
  cpSync(path.join(root, 'tests/bench/peers/express'), express, { recursive: true })
  if (!existsSync(path.join(express, 'node_modules/express-oauth2-jwt-bearer')))
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { stdio: 'inherit', cwd: express })
}

function machine() {
  const versions = [
    ['changebankd', ['--version'], path.join(bin, 'changebankd')],
    ['nginx', ['-v']], ['go', ['version']], ['node', ['--version']], ['openssl', ['version']],
  ].map(([name, words, program]) => {
    const shown = execFileSync('sh', ['-c', `"${program ?? name}" ${words.join(' ')} 2>&1`], { encoding: 'utf8' })
    return `${name} ${shown.trim().replace(/^.*?(\d+\.\d+(\.\d+)?).*$/s, '$1')}`
  })
  const distribution = readFileSync('/etc/os-release', 'utf8').match(/PRETTY_NAME="(.*)"/)[1]
  return `Measured on ${os.cpus().length} cores of ${os.cpus()[0].model.trim()}, ${distribution}, Linux
${os.release()}, with ${versions.join(', ')}. The load average before
each chapter says what else the machine did, which takes from every figure: **compare the ratios, not the figures**.`
}

const head = machine()
console.error('building the peers and making tokens')
buildPeers()
makeAllTokens()
for (const name of chosen) {
  console.error(`measuring: ${name}`)
  const before = os.loadavg()[0].toFixed(1)
  const { text, svg } = await measurements[name]({ rounds, seconds })
  const command = `tests/bench/run --rounds=${rounds} --seconds=${seconds} --only=${name}`
  const chapter = `### ${titles[name]}\n\n${text}\n\n(\`${command}\`, ${today}; load average before it: ${before})`
  console.log(`${chapter}\n`)
  if (svg) writeFileSync(path.join(root, 'docs/performance.svg'), svg)
  replaceMeasured(path.join(root, 'docs/performance.md'), head, Object.values(titles), chapter)
}
