// The checks of tests/bench/smoke: ratios alone, so that a busy machine fails nothing. An answer with another status, or a
// daemon that does not start within some twenty seconds, fails too.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { guarded, load, makeProofs, median, resource } from './load.mjs'
import { bin, firstPort, KeyServer, ours, scratch } from './Server.mjs'

const leastRatio = 0.7
const leastRatioOfBound = 0.6
const mostGrowth = 6
const roundsOfGrowth = 20
const folder = path.join(scratch, 'smoke')
execFileSync(path.join(bin, 'bench_tokens'), [folder, 'ES256', '3000'])
const file = (name) => path.join(folder, name)

const keys = new KeyServer(firstPort + 1, readFileSync(file('jwks.json'), 'utf8'))
await keys.start()
const port = firstPort
const server = ours(port, keys,
  { 'auth.algorithms': 'ES256', 'auth.cache.entries': 1000, 'auth.dpop': 'allow', 'server.resource': resource })
await server.start()

async function ratioOfHotToUnguarded() {
  const hot = []
  const unguarded = []
  for (let round = 0; round < 5; ++round) {
    hot.push((await load({ port, path: guarded, tokens: file('token'), seconds: 1 })).perSecond)
    unguarded.push((await load({ port, seconds: 1 })).perSecond)
  }
  return median(hot) / median(unguarded)
}

/** A bound token in steady use costs one verification, as a cold one does. */
async function ratioOfBoundToCold() {
  const base = { port, path: guarded, seconds: 20 }
  const bound = []
  const cold = []
  for (let round = 0; round < 5; ++round) {
    bound.push((await load({ ...base, tokens: file('bound'), proofs: await makeProofs(folder, 3000) })).perSecond)
    cold.push((await load({ ...base, tokens: file('tokens'), answers: 3000 })).perSecond)
  }
  return median(bound) / median(cold)
}

/** Everything that takes memory, up to its bound: tokens of every kind, many connections that come and go. */
async function useMemory() {
  const base = { port, path: guarded, connections: 300, seconds: 20 }
  for (const name of ['tokens', 'token']) await load({ ...base, tokens: file(name), answers: 3000 })
  for (const kind of ['forged', 'expired', 'garbage'])
    await load({ ...base, tokens: file(kind), status: 401, answers: 1500 })
}

async function growth() {
  for (let round = 0; round < 2; ++round) await useMemory()
  const before = server.resident()
  for (let round = 0; round < roundsOfGrowth; ++round) await useMemory()
  return server.resident() - before
}

const faults = []
try {
  const ratio = await ratioOfHotToUnguarded()
  console.log(`hot guarded route: ${ratio.toFixed(2)} of the unguarded one (at least ${leastRatio})`)
  if (ratio < leastRatio) faults.push(`the guarded route has become slow: see tests/bench/instructions`)
  const bound = await ratioOfBoundToCold()
  console.log(`bound token in steady use: ${bound.toFixed(2)} of a cold one (at least ${leastRatioOfBound})`)
  if (bound < leastRatioOfBound) faults.push('bound tokens have become slow: see tests/bench/instructions')
  const grown = await growth()
  console.log(`memory after ${roundsOfGrowth} more rounds of everything: ${grown.toFixed(1)} MB more (at most ${mostGrowth})`)
  if (grown > mostGrowth) faults.push('memory grows without end: run the same under valgrind --tool=massif')
} finally {
  await server.stop()
  keys.stop()
}
for (const fault of faults) console.error(`tests/bench/smoke: ${fault}`)
console.log(`${3 - faults.length} passed, ${faults.length} failed`)
process.exitCode = faults.length === 0 ? 0 : 1
