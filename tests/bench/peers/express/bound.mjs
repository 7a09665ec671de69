// The same API on Express with express-oauth2-jwt-bearer, which checks DPoP proofs, but not whether they were used before.
// usage: bound.mjs PORT KEY.pem
import { readFileSync } from 'node:fs'
import express from 'express'
import { auth } from 'express-oauth2-jwt-bearer'

const [port, keyFile] = process.argv.slice(2)

const app = express()

app.get('/livez', (request, response) => response.json({ status: 'alive' }))

const authenticate = auth({
  issuer: 'http://localhost:9011',
  audience: 'e9fdb985-9173-4e01-9d73-ac2d60d1dc8e',
  publicKey: readFileSync(keyFile, 'utf8'),
  tokenSigningAlg: 'RS256',
  dpop: { enabled: true, required: true },
})

app.get('/make-change', authenticate, (request, response) => {
  if (!request.auth.payload.roles?.some((role) => role === 'teller' || role === 'customer')) {
    return response.status(403).json({ error: 'role' })
  }
  const cents = Math.round(Number(request.query.total) * 100)
  response.json({ total: cents / 100, nickels: Math.floor(cents / 5), pennies: cents % 5 })
})

app.listen(Number(port), '127.0.0.1')
