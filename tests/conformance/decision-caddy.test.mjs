// Caddy of Debian, set up by packaging/proxies/Caddyfile, before an API that believes it.
import { startCaddy } from './decision.mjs';
import { testProxy } from './decisionproxy.mjs';

testProxy('caddy', startCaddy, { hasBodies: true, downStatus: 502, lateStatus: 504 });
