// What tests/bench/run measures. Each function returns Markdown; chapters are in the order of the document.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { cores, guarded, load, makeProofs, median, opensslTime, opensslVerifications, resource, wrk } from './load.mjs'
import { chart, number, table } from './report.mjs'
import {
  ask, boundPeer, firstPort, guardedPeers, KeyServer, makeCertificate, nginx, ours, proxy, scratch, sleep, smallApi,
} from './Server.mjs'

const port = firstPort
const file = (set, name) => path.join(scratch, set, name)
const keysOf = async (set, serverPort = firstPort + 1) => {
  const keys = new KeyServer(serverPort, readFileSync(file(set, 'jwks.json'), 'utf8'))
  await keys.start()
  return keys
}

/** Serves while `use` runs. */
async function serving(server, use) {
  await server.start()
  try {
    return await use(server)
  } finally {
    await server.stop()
  }
}

async function withKeys(set, use) {
  const keys = await keysOf(set)
  try {
    return await use(keys)
  } finally {
    keys.stop()
  }
}

/** A server that lets a good token in and a forged one as well must not be measured. */
async function refusesForged(server) {
  const bearer = (name) => ({ Authorization: `Bearer ${readFileSync(file('RS256', name), 'utf8').split('\n')[0]}` })
  const good = await ask(server, guarded, bearer('token'))
  if (good.status !== 200 || JSON.parse(good.body).nickels !== 20) throw new Error(`${server.name}: ${good.status}`)
  for (const name of ['forged', 'expired', 'garbage']) {
    const { status } = await ask(server, guarded, bearer(name))
    if (status !== 401) throw new Error(`${server.name} answers ${status} to a token that is ${name}`)
  }
}

export async function hot({ rounds, seconds }) {
  const counts = [16, 1000, 9000]
  // With one thread of wrk, which then is what two cores wait for where connections are few.
  const single = '16, one thread'
  const found = new Map()
  const cost = new Map()
  const add = (map, key, value) => map.set(key, [...(map.get(key) ?? []), value])
  const note = async (server, name, count, options) => {
    const before = server.processorTime()
    const wanted = count === single ? { connections: 16, threads: 1 } : { connections: count }
    const perSecond = await wrk({ server, seconds, ...wanted, ...options })
    add(found, `${name}@${count}`, perSecond)
    add(cost, `${name}@${count}`, (server.processorTime() - before) / (perSecond * seconds))
  }
  await withKeys('RS256', async (keys) => {
    for (let round = 0; round < rounds; ++round) {
      const subjects = [ours(port, keys), nginx(port), ...guardedPeers(port, file('RS256', 'key.pem'))]
      for (const server of subjects) {
        const isNginx = server.name.startsWith('nginx')
        await serving(server, async () => {
          if (!isNginx) await refusesForged(server)
          for (const count of [...counts, single]) {
            if (count === 9000 && server.name.startsWith('POCO')) continue
            if (count === single && !isNginx && server.name !== 'changebankd') continue
            const token = file('RS256', 'token')
            await note(server, server.name, count, { target: guarded, token })
            if (server.name !== 'changebankd') continue
            await note(server, 'changebankd, unguarded', count, { target: '/livez', token })
          }
        })
      }
    }
  })
  const names = ['changebankd', 'changebankd, unguarded', ...new Set([...found.keys()].map((key) => key.split('@')[0]))]
  const medianOf = (map, name, count) => (map.has(`${name}@${count}`) ? median(map.get(`${name}@${count}`)) : undefined)
  const of = (name, count) => medianOf(found, name, count)
  const rows = [...new Set(names)].map((name) => [
    name,
    ...counts.flatMap((count) => {
      const value = of(name, count)
      return value === undefined ? ['', ''] : [value, value / of('changebankd', count)]
    }),
  ])
  const costs = [...new Set(names)].map((name) => [name, ...counts.map((count) => medianOf(cost, name, count) ?? '')])
  const groups = [...new Set(names)].map((name) => ({
    name,
    bars: counts.map((count) => ({ label: `${count} connections`, value: of(name, count) })),
  }))
  const ratio = (name, count) => number(of('changebankd', count) / of(name, count))
  const ratios = (name) => counts.map((count) => `${ratio(name, count)} (${count})`).join(', ')
  return {
    svg: chart('Requests a second with one token in steady use', groups),
    text: `Every connection sends one RS256 token of 2048 bits over and over; \`wrk -t${cores}\` beside the server; medians of ${rounds} rounds
of ${seconds} s. \`×\` is the figure divided by ours for the same number of connections. nginx and our unguarded route get the same
requests and do not look at the token. The guarded route is at ${ratios('nginx return 200')} of nginx, and at
${ratios('changebankd, unguarded')} of our own unguarded route.

${table(['requests/s', ...counts.flatMap((count) => [`${count} connections`, '×'])], rows)}

POCO's own server has a thread for each connection, 64 of them here, so that of 1,000 connections 64 are served at a time,
and with 9,000 most would wait for ever: it is not measured there. Express has one thread.

With one thread, \`wrk -t1 -c16\` gets ${number(of('changebankd', single))} from the guarded route, ${number(of('changebankd, unguarded', single))} from the unguarded
one and ${number(of('nginx return 200', single))} from nginx: ${ratio('nginx return 200', single)} of nginx. There the generator's thread is the bottleneck, and what
counts is how often a server takes its core away.

Processor time that the server, the kernel's work for it included, spends on one of these requests. It hardly depends on
who gets which core, while requests a second do: the load generator takes its part of the same cores. The guarded route
takes ${counts.map((c) => `${number(medianOf(cost, 'changebankd', c) / medianOf(cost, 'nginx return 200', c))} (${c})`).join(', ')} of nginx's.

${table(['µs a request', ...counts.map((count) => `${count} connections`)], costs)}

![Requests a second with one token in steady use](performance.svg)`,
  }
}

/** Over TLS, and with a connection for each request; nginx is the ceiling. */
export async function connections({ rounds, seconds }) {
  const tls = makeCertificate()
  const settings = { 'server.tls.certificate': tls.certificate, 'server.tls.key': tls.key }
  const kept = 'TLS, kept connections'
  const found = new Map()
  const note = async (server, row, options) => {
    const key = `${row}@${server.name}`
    found.set(key, [...(found.get(key) ?? []), await wrk({ server, seconds, target: guarded, token: file('RS256', 'token'), ...options })])
  }
  await withKeys('RS256', async (keys) => {
    for (let round = 0; round < rounds; ++round) {
      for (const server of [ours(port, keys, settings), nginx(port, tls), ours(port, keys), nginx(port)]) {
        await serving(server, async () => {
          if (!server.name.startsWith('nginx')) await refusesForged(server)
          if (server.isSecure) {
            for (const count of [16, 1000]) await note(server, `${kept}: ${count}`, { connections: count })
          }
          await note(server, `${server.isSecure ? 'TLS' : 'plain'}, one for each request`, { closing: true })
        })
      }
    }
  })
  const rows = [...new Set([...found.keys()].map((key) => key.split('@')[0]))].map((row) => {
    const [mine, ceiling] = ['changebankd', 'nginx return 200'].map((name) => median(found.get(`${row}@${name}`)))
    return [row, mine, ceiling, mine / ceiling]
  })
  return {
    text: `The guarded route with a hot token over TLS 1.3 (a P-256 certificate), and with a new connection for each request, 16 at a
time; \`wrk -t${cores}\`; medians of ${rounds} rounds of ${seconds} s. A full handshake costs both servers and the generator
far more than a request.

${table(['requests/s', 'changebankd', 'nginx return 200', 'ours / nginx'], rows)}`,
  }
}

export async function cold({ rounds }) {
  const found = {}
  const shares = []
  const note = (name, value) => (found[name] ??= []).push(value)
  const counts = { RS256: 60_000, ES256: 20_000, Ed25519: 20_000 }
  const run = (server, set, path = guarded) =>
    serving(server, async () => {
      if (set === 'RS256') await refusesForged(server)
      return (await load({ port, path, tokens: file(set, 'tokens'), answers: counts[set], seconds: 60 })).perSecond
    })
  for (let round = 0; round < rounds; ++round) {
    await withKeys('RS256', async (keys) => {
      const cold = await run(ours(port, keys), 'RS256')
      const unguarded = await run(ours(port, keys), 'RS256', '/livez')
      const raw = await opensslVerifications('rsa2048')
      const bound = 1 / (1 / unguarded + 1 / raw)
      shares.push(cold / bound)
      note('changebankd RS256', cold)
      for (const server of guardedPeers(port, file('RS256', 'key.pem'))) note(server.name, await run(server, 'RS256'))
      note('OpenSSL alone, all cores', raw)
      note('bound: OpenSSL and our unguarded route', bound)
    })
    for (const set of ['ES256', 'Ed25519']) {
      await withKeys(set, async (keys) =>
        note(`changebankd ${set}`, await run(ours(port, keys, { 'auth.algorithms': set }), set)))
    }
  }
  const base = median(found['changebankd RS256'])
  return {
    text: `${number(counts.RS256)} different tokens (${number(counts.ES256)} of ES256 and of Ed25519), each sent once, over 16 connections by
\`bench_load\`; medians of ${rounds} rounds. The bound is what one request of the unguarded route, sent with the same tokens, and one
RSA verification cost together: 1 / (1/unguarded + 1/verifications), both of all cores together. Each round measures
cold, unguarded and OpenSSL one after the other; ours is at ${number(median(shares))} of the bound in the median round, ${number(Math.min(...shares))} in the worst and
${number(Math.max(...shares))} in the best.

${table(['requests/s', 'median', '×'], Object.entries(found).map(([name, values]) => [name, median(values), median(values) / base]))}`,
  }
}

/** Lets a bound token in with its proof, and refuses it without one and with a forged one. */
async function refusesUnproven(server) {
  const token = readFileSync(file('RS256', 'bound'), 'utf8').trim()
  const [proof, other] = readFileSync(await makeProofs(path.join(scratch, 'RS256'), 2), 'utf8').split('\n')
  const forged = proof.slice(0, proof.lastIndexOf('.')) + other.slice(other.lastIndexOf('.'))
  const statusOf = async (headers) => (await ask(server, guarded, { Host: 'localhost', ...headers })).status
  const found = [
    await statusOf({ Authorization: `DPoP ${token}`, DPoP: proof }),
    await statusOf({ Authorization: `DPoP ${token}`, DPoP: forged }),
    await statusOf({ Authorization: `DPoP ${token}` }),
    await statusOf({ Authorization: `Bearer ${token}` }),
  ]
  if (found[0] !== 200 || found.slice(1).some((status) => status !== 400 && status !== 401))
    throw new Error(`${server.name} answers ${found} to a good proof, a forged one, none, and a Bearer`)
}

export async function dpop({ rounds }) {
  const counts = { ours: 40_000, peer: 20_000 }
  const settings = { 'auth.dpop': 'allow', 'server.resource': resource }
  const found = {}
  const shares = []
  const times = { bound: [], unguarded: [], openssl: [], peer: [], share: [], multiple: [] }
  const multiples = []
  const note = (name, value) => (found[name] ??= []).push(value)
  /** Requests a second, and microseconds of the server's processor time for one. */
  const run = async (server, path, proofs, answers) => {
    const before = server.processorTime()
    const { perSecond } = await load({ port, path, tokens: file('RS256', 'bound'), proofs, seconds: 60 })
    return { perSecond, time: (server.processorTime() - before) / answers }
  }
  for (let round = 0; round < rounds; ++round) {
    const [bound, unguarded] = await withKeys('RS256', (keys) =>
      serving(ours(port, keys, settings), async (server) => {
        await refusesUnproven(server)
        const proofs = await makeProofs(path.join(scratch, 'RS256'), counts.ours)
        return [await run(server, guarded, proofs, counts.ours), await run(server, '/livez', proofs, counts.ours)]
      }))
    const raw = await opensslVerifications('ecdsap256')
    const openssl = await opensslTime('ecdsap256')
    const peer = await serving(boundPeer(port, file('RS256', 'key.pem')), async (server) => {
      await refusesUnproven(server)
      return run(server, guarded, await makeProofs(path.join(scratch, 'RS256'), counts.peer), counts.peer)
    })
    const most = 1 / (1 / unguarded.perSecond + 1 / raw)
    shares.push(bound.perSecond / most)
    times.bound.push(bound.time)
    times.unguarded.push(unguarded.time)
    times.openssl.push(openssl)
    times.peer.push(peer.time)
    times.multiple.push(peer.time / bound.time)
    times.share.push((unguarded.time + openssl) / bound.time)
    multiples.push(bound.perSecond / peer.perSecond)
    note('changebankd', bound.perSecond)
    note('changebankd, unguarded', unguarded.perSecond)
    note('Express + express-oauth2-jwt-bearer', peer.perSecond)
    note('OpenSSL alone, all cores', raw)
    note('bound: OpenSSL and our unguarded route', most)
  }
  const base = median(found.changebankd)
  return {
    text: `One RS256 token in steady use that is bound to a key of ES256, with ${number(counts.ours)} different DPoP proofs, each sent once, over 16
connections by \`bench_load\`; medians of ${rounds} rounds. The daemon keeps the token and the key verified, checks each proof, and
remembers its use. The bound is what one request of the unguarded route, sent with the same headers, and one ES256 verification
cost together, as for cold tokens: ours is at ${number(median(shares))} of the bound in the median round, ${number(Math.min(...shares))} in the worst and
${number(Math.max(...shares))} in the best. Measured in processor time, ${number(median(times.bound))} µs of ours against ${number(median(times.unguarded))} µs of the unguarded route and
${number(median(times.openssl))} µs of OpenSSL, it is at ${number(median(times.share))}.

${table(['requests/s', 'median', '×'], Object.entries(found).map(([name, values]) => [name, median(values), median(values) / base]))}

The peer does not remember which proofs were used, has one thread, and gets ${number(counts.peer)} proofs. Ours serves ${number(median(multiples))} times as
many requests in the median round, ${number(Math.min(...multiples))} in the worst and ${number(Math.max(...multiples))} in the best. A request takes ${number(median(times.peer))} µs of the peer's
processor time, ${number(median(times.multiple))} times as much as of ours. The bound, on ${cores} cores, is ${number(median(found['bound: OpenSSL and our unguarded route']) / median(found['Express + express-oauth2-jwt-bearer']))} times the peer.`,
  }
}

/**
 * What it costs nginx to ask for each request: beside nginx that does not, nginx that asks a second nginx that allows
 * everything, and a service in Go that verifies each token.
 */
export async function decision({ rounds, seconds }) {
  const socket = path.join(scratch, 'decision.sock')
  const [apiPort, goPort, openPort] = [port + 3, port + 4, port + 5]
  const mine = ours(port + 2, { url: `http://127.0.0.1:${firstPort + 1}/jwks.json` }, {
    'decision.listen': socket,
    'decision.rule.1': 'GET /make-change roles=customer,teller',
  })
  const go = guardedPeers(goPort, file('RS256', 'key.pem')).find(({ name }) => name.startsWith('Go'))
  const open = smallApi(openPort, 'allows everything')
  const kinds = [
    { name: 'nginx alone' },
    { name: 'asks changebankd', guard: mine, at: { server: `unix:${socket}`, uri: '/decision' } },
    { name: 'asks nginx that allows everything', guard: open, at: { server: `127.0.0.1:${openPort}`, uri: guarded }, isOpen: true },
    { name: 'asks Go net/http + golang-jwt', guard: go, at: { server: `127.0.0.1:${goPort}`, uri: guarded } },
  ]
  const found = new Map(kinds.map(({ name }) => [name, { perSecond: [], proxy: [], guard: [] }]))
  const measure = (kind) =>
    serving(proxy(kind.name, port, apiPort, kind.at), async (server) => {
      if (kind.guard && !kind.isOpen) await refusesForged(server)
      const spent = () => [server, kind.guard].map((each) => each?.processorTime() ?? 0)
      const before = spent()
      const perSecond = await wrk({ server, seconds, target: guarded, token: file('RS256', 'token') })
      const [inProxy, inGuard] = spent().map((time, i) => (time - before[i]) / (perSecond * seconds))
      const { perSecond: all, proxy: ofProxy, guard: ofGuard } = found.get(kind.name)
      all.push(perSecond)
      ofProxy.push(inProxy)
      ofGuard.push(inGuard)
    })
  await withKeys('RS256', () =>
    serving(mine, () =>
      serving(go, () =>
        serving(open, () =>
          serving(smallApi(apiPort), async () => {
            for (let round = 0; round < rounds; ++round) for (const kind of kinds) await measure(kind)
          })))))
  const of = (kind, what) => median(found.get(kinds[kind].name)[what])
  const timesAlone = (kind) => found.get(kinds[0].name).perSecond.map((bare, i) => bare / found.get(kinds[kind].name).perSecond[i])
  const ratios = timesAlone(1)
  return {
    text: `nginx before a small API, which is an nginx that returns a constant: alone, and as \`packaging/proxies/nginx.conf\` sets it
up, asking for each request. Every connection sends one RS256 token over and over; \`wrk -t${cores}\` over 16 connections, medians of
${rounds} rounds of ${seconds} s in which all three take turns. Asking changebankd makes a request ${number(median(ratios))} times as dear in the median round
(${number(Math.min(...ratios))} in the best, ${number(Math.max(...ratios))} in the worst). Asking a second nginx, which allows everything, makes it ${number(median(timesAlone(2)))} times
as dear: so much \`auth_request\` costs by itself. The peer is a program that verifies each token, as services for
\`auth_request\` such as vouch do; a decision takes ${number(of(3, 'guard') / of(1, 'guard'))} times as much of its processor time as of ours.

${table(['', 'requests/s', '× nginx alone', 'µs of nginx', 'µs of the guard'], kinds.map(({ name, guard }, i) => [
  name, of(i, 'perSecond'), of(0, 'perSecond') / of(i, 'perSecond'), of(i, 'proxy'), guard ? of(i, 'guard') : '']))}`,
  }
}

export async function bad({ rounds, seconds }) {
  const flood = {}
  const quiet = []
  const flooded = { 16: [], 1000: [] }
  const rates = []
  for (let round = 0; round < rounds; ++round) {
    await withKeys('RS256', (keys) =>
      serving(ours(port, keys), async () => {
        for (const kind of ['tokens', 'forged', 'expired', 'garbage']) {
          const status = kind === 'tokens' ? 200 : 401
          const { perSecond } = await load(
            { port, path: guarded, tokens: file('RS256', kind), status, answers: 20_000, seconds: 30 })
          ;(flood[kind] ??= []).push(perSecond)
        }
        const rate = Math.round(median(flood.forged) / 4)
        const measured = { port, path: guarded, tokens: file('RS256', 'token'), connections: 8, rate: 2000, seconds: seconds * 2 }
        quiet.push((await load(measured)).p99)
        for (const connections of [16, 1000]) {
          const other = load({ port, path: guarded, tokens: file('RS256', 'forged'), status: 401, rate, connections,
            seconds: seconds * 2 + 1, background: true })
          await sleep(300)
          flooded[connections].push((await load(measured)).p99)
          const { perSecond } = await other
          if (perSecond < 0.95 * rate) throw new Error(`the flood came at ${perSecond} of ${rate} a second`)
          rates.push(perSecond)
        }
      }))
  }
  const cold = median(flood.tokens)
  const times = (connections) => `${number(median(flooded[connections]))} µs (× ${number(median(flooded[connections]) / median(quiet))})`
  return {
    text: `Requests a second of a flood of each kind over 16 connections. *Forged* tokens name the right key and have another's
signature. A hot token asked for 2,000 times a second has its p99 at ${number(median(quiet))} µs in quiet, and while forged ones come at
${number(median(rates))} a second, a quarter of the rate that fills the machine, at ${times(16)} if they come over 16 connections and at
${times(1000)} over 1,000. The flood's generator runs at low priority, so as not to delay the other generator.

${table(['requests/s', 'median', '× good cold'], Object.entries(flood).map(([kind, values]) =>
  [kind === 'tokens' ? 'good, cold' : kind, median(values), median(values) / cold]))}`,
  }
}

/** The key set with one more usable key, so that what was remembered under the old set is void. */
const withOneMore = (document, kid) => {
  const [key] = JSON.parse(readFileSync(file('ES256', 'jwks.json'), 'utf8')).keys
  return JSON.stringify({ keys: [...JSON.parse(document).keys, { ...key, kid }] })
}

export async function latency({ rounds, seconds }) {
  const kinds = ['quiet', 'a reload every 250 ms', 'new keys every second']
  const found = Object.fromEntries(kinds.map((kind) => [kind, { p50: [], p99: [], p999: [] }]))
  let rate = 0
  for (let round = 0; round < rounds; ++round) {
    await withKeys('RS256', (keys) =>
      serving(ours(port, keys, { 'auth.jwks.maxAge': '1s', 'auth.jwks.cooldown': '1s' }), async (server) => {
        const base = { port, path: guarded, tokens: file('RS256', 'token') }
        rate ||= Math.round((await load({ ...base, seconds: 2 })).perSecond / 2)
        const original = keys.document
        for (const kind of kinds) {
          const timer = setInterval(() => {
            if (kind.startsWith('a reload')) server.process.kill('SIGHUP')
            if (kind.startsWith('new keys')) keys.document = withOneMore(original, `new${keys.fetches}`)
          }, 250)
          const result = await load({ ...base, rate, seconds: seconds * 2 })
          clearInterval(timer)
          keys.document = original
          for (const name of ['p50', 'p99', 'p999']) found[kind][name].push(result[name])
        }
      }))
  }
  return {
    text: `${number(rate)} requests a second, due at a constant rate whatever the server does, over 16 connections by \`bench_load\`; the
time from when a request was due to the end of its answer, in microseconds; medians of ${rounds} rounds. The key set is
fetched each second throughout.

${table(['µs', 'p50', 'p99', 'p99.9', 'p99.9 × quiet'], kinds.map((kind) => [
  kind, ...['p50', 'p99', 'p999'].map((name) => median(found[kind][name])),
  median(found[kind].p999) / median(found.quiet.p999)]))}`,
  }
}

export async function small({ rounds }) {
  const starts = []
  const idle = []
  const full = []
  await withKeys('ES256', async (keys) => {
    for (let round = 0; round < rounds; ++round) {
      const server = ours(port, keys, { 'auth.algorithms': 'ES256' })
      server.ready = '/livez'
      starts.push(await server.start())
      await sleep(500)
      idle.push(server.resident())
      await load({ port, path: guarded, tokens: file('ES256', 'tokens'), connections: 9000, answers: 100_000, seconds: 30 })
      full.push(server.resident('VmHWM'))
      await server.stop()
    }
  })
  return {
    text: `${table(['', 'median'], [
  ['start to the first answer, ms', median(starts)],
  ['resident when idle, MB', median(idle)],
  ['resident at most, 9,000 connections and 20,000 different tokens, MB', median(full)],
])}`,
  }
}

/** One closed-loop run of ours under some settings, after so many requests that do not count. */
const throughput = (set, settings, options = {}, warmUp = 0) =>
  withKeys(set, (keys) =>
    serving(ours(port, keys, settings), async () => {
      const measured = { port, path: guarded, tokens: file(set, 'token'), seconds: 2, ...options }
      if (warmUp > 0) await load({ ...measured, answers: warmUp, seconds: 60 })
      return (await load(measured)).perSecond
    }))

const many = (count, name, last) => [...Array(count - 1).keys()].map((i) => `${name}${i}`).concat(last).join(',')

export async function growth({ rounds }) {
  /** The medians of several runs, one after the other in each round. */
  const mediansOf = async (runs) => {
    const found = runs.map(() => [])
    for (let round = 0; round < rounds; ++round)
      for (const [i, run] of runs.entries()) found[i].push(await throughput(...run))
    return found.map(median)
  }
  const es = (settings) => ({ 'auth.algorithms': 'ES256', ...settings })
  const chapters = []
  const grow = async (title, head, values, run) => {
    const medians = await mediansOf(values.map(run))
    const rows = values.map((value, i) => [value.toLocaleString('en-US'), medians[i]])
    chapters.push(table([head, `${title}, requests/s`, '× first'], rows.map((row) => [...row, row[1] / rows[0][1]])))
  }
  await grow('hot', 'event loops', [1, 2], (loops) => ['RS256', { 'server.threads': loops }])
  await grow('cold ES256', 'event loops', [1, 2], (loops) => [
    'ES256', es({ 'server.threads': loops }), { tokens: file('ES256', 'tokens'), answers: 20_000 }])
  await grow('hot', 'connections', [16, 100, 1000, 9000], (connections) => ['RS256', {}, { connections }])
  await grow('each token in turn', 'different tokens', [1, 100, 1000, 5000, 10_000, 20_000, 100_000], (count) => [
    'many', es({}), { tokens: file('many', `tokens-${count}`), connections: 64, seconds: 4 }, Math.min(2 * count, 40_000)])
  // Cold, since a hot token needs no key.
  await grow('cold ES256', 'keys in the set', [1, 10, 100, 1000], (count) => [
    `keys-${count}`, es({ 'auth.jwks.maxKeys': count }), { tokens: file(`keys-${count}`, 'tokens'), answers: 5000 }])
  await grow('cold ES256', 'audiences', [1, 10, 100], (count) => ['ES256',
    es({ 'auth.audience': many(count, 'other', 'e9fdb985-9173-4e01-9d73-ac2d60d1dc8e') }),
    { tokens: file('ES256', 'tokens'), answers: 20_000 }])
  await grow('hot', 'roles', [1, 10, 100], (count) => ['RS256', { 'roles.makeChange': many(count, 'other', 'teller') }])
  await grow('hot', 'origins', [1, 10, 100], (count) => ['RS256',
    { 'cors.origins': many(count, 'https://other', 'https://app.example.com') }, { origin: 'https://app.example.com' }])
  return {
    text: `Over 16 connections unless it says otherwise, medians of ${rounds} rounds. The table of different tokens has its knee where there
are more tokens in use than places in the cache (\`auth.cache.entries\`, 10,000): what does not fit is verified each time. One
generator thread asks, and takes one of the ${cores} cores. With hot tokens one event loop fills the other, and a second one has
only what the two leave; with cold ones the generator has little to do, and the second loop brings most of what the first does.

${chapters.join('\n\n')}`,
  }
}
