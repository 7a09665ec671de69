// nginx of Debian, set up by packaging/proxies/nginx.conf, before an API that believes it.
import { startNginx } from './decision.mjs';
import { testProxy } from './decisionproxy.mjs';

testProxy('nginx', startNginx, { hasBodies: false, downStatus: 503, lateStatus: 503 });
