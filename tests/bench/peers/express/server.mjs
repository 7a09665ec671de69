// The same API on Express with jose, as the quickstart has it.
// usage: server.mjs PORT KEY.pem
import { readFileSync } from 'node:fs'
import cookieParser from 'cookie-parser'
import express from 'express'
import * as jose from 'jose'

const [port, keyFile] = process.argv.slice(2)
const key = await jose.importSPKI(readFileSync(keyFile, 'utf8'), 'RS256')
const issuer = 'http://localhost:9011'
const audience = 'e9fdb985-9173-4e01-9d73-ac2d60d1dc8e'

const app = express()
app.use(cookieParser())

app.get('/livez', (request, response) => response.json({ status: 'alive' }))

const authenticate = async (request, response, next) => {
  const token = request.cookies['app.at'] ?? request.headers.authorization?.split('Bearer ')[1]
  try {
    const { payload } = await jose.jwtVerify(token, key, { issuer, audience, algorithms: ['RS256'] })
    request.roles = payload.roles
    next()
  } catch (error) {
    response.status(401).json({ error: error.message })
  }
}

app.get('/make-change', authenticate, (request, response) => {
  if (!request.roles?.some((role) => role === 'teller' || role === 'customer')) {
    return response.status(403).json({ error: 'role' })
  }
  const cents = Math.round(Number(request.query.total) * 100)
  response.json({ total: cents / 100, nickels: Math.floor(cents / 5), pennies: cents % 5 })
})

app.listen(Number(port), '127.0.0.1')
