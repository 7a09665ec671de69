// The quickstart's Express application: the same packages in the same order, so that its responses are the original's.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cookieParser from 'cookie-parser';
import express from 'express';
import * as jose from 'jose';

function publicFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'changebank-original-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'stylesheets'));
  writeFileSync(join(folder, 'index.html'), '<!DOCTYPE html><title>ChangeBank</title>\n');
  writeFileSync(join(folder, 'stylesheets/style.css'), 'body { margin: 0 }\n');
  return folder;
}

function verifier(issuer, audience) {
  const keys = jose.createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  return async (request, response, next) => {
    const token = request.cookies['app.at'] || request.headers.authorization?.split(' ')[1];
    if (!token) {
      response.status(401).send({ error: 'Missing token cookie and Authorization header' });
      return;
    }
    try {
      await jose.jwtVerify(token, keys, { issuer, audience });
      request.verifiedToken = token;
      next();
    } catch (error) {
      if (error instanceof jose.errors.JOSEError) {
        response.status(401).send({ error: error.message, code: error.code });
      } else {
        response.status(500).send({ error: JSON.stringify(error) });
      }
    }
  };
}

function requireRole(roles) {
  return (request, response, next) => {
    const claims = jose.decodeJwt(request.verifiedToken);
    if (roles.some((role) => claims.roles.includes(role))) {
      next();
    } else {
      response.status(403).send({ error: 'You do not have a role with permissions to do this.' });
    }
  };
}

function makeChange(request, response) {
  const amount = request.query.total;
  const total = Math.trunc(Number.parseFloat(amount) * 100) / 100;
  const nickels = Math.floor(amount / 0.05);
  const pennies = Math.ceil(Math.trunc(((amount - 0.05 * nickels) / 0.01) * 100) / 100);
  if (/^(\d+(\.\d*)?|\.\d+)$/.test(amount)) {
    response.json({ total, nickels, pennies });
  } else {
    response.status(400).json({ error: 'Invalid or missing "total" parameter' });
  }
}

/** Starts it on a free port. Resolves to that port and a function that stops it. */
export async function startOriginal(issuer, audience) {
  const app = express();
  // Not to log errors; they are shown to callers with their stack traces, as in development.
  app.set('env', 'test');
  app.use(express.json());
  app.use(express.urlencoded({ extended: false }));
  app.use(cookieParser());
  app.use(express.static(publicFolder()));
  app.use(verifier(issuer, audience));
  app.post('/panic', requireRole(['teller']), (request, response) => {
    response.json({ message: "We've called the police!" });
  });
  app.get('/make-change', requireRole(['customer', 'teller']), makeChange);
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const stop = () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections?.();
  });
  return { port: server.address().port, stop };
}
