// Starts kickstartd for a test and logs in at it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export const applicationId = 'e9fdb985-9173-4e01-9d73-ac2d60d1dc8e';
export const tenantId = 'd7d09513-a3f5-401c-9685-34ab6c552453';
export const issuer = 'http://localhost:9011';
export const apiKey = 'this_really_should_be_a_long_random_alphanumeric_value_but_this_still_works';

/** Starts kickstartd on a free port. Resolves to its base URL and a function that stops it. */
export async function startKickstartd() {
  const child = spawn(
    `${process.env.CHANGEBANK_BIN}/kickstartd`,
    [`--kickstart=${process.env.CHANGEBANK_SOURCE}/kickstart/kickstart.json`, '--port=0'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  process.once('exit', () => child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout })) {
    const match = /listening on (\S+)$/.exec(line);
    if (!match) continue;
    const stop = () => {
      child.kill('SIGTERM');
      return ended;
    };
    return { url: `http://${match[1]}`, stop };
  }
  throw new Error('kickstartd ended before it listened');
}

/** Logs in and resolves to the body of the answer. */
export async function logIn(url, loginId, password = 'password') {
  const response = await fetch(`${url}/api/login`, {
    method: 'POST',
    headers: { Authorization: apiKey, 'Content-Type': 'application/json' },
    body: JSON.stringify({ loginId, password, applicationId }),
  });
  if (response.status !== 200) throw new Error(`the login was answered with ${response.status}`);
  return response.json();
}

/** Asks an API with the API key, in a tenant if one is named. Resolves to the body of a success. */
export async function callApi(url, method, path, body, tenant) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      Authorization: apiKey,
      'Content-Type': 'application/json',
      ...(tenant && { 'X-FusionAuth-TenantId': tenant }),
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${await response.text()}`);
  return response.json();
}
