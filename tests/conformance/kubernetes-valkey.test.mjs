// The component that gives the replicas a Valkey of their own: valid by Kubernetes' schemas, in agreement with what it
// patches, with settings that changebankd and a real server take, and with no more rights than changebankd needs.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import test from "node:test";
import { assertRestricted, assertValid, fileNames, kustomization, manifests, objectsOf } from "./manifests.mjs";

const folder = join(manifests, "components", "valkey");
const component = kustomization(folder);
const objects = objectsOf(folder);
const base = objectsOf(manifests);
const one = (all, kind, name) => {
    const found = all.filter((object) => object.kind === kind && object.metadata.name === name);
    assert.equal(found.length, 1, `${kind} ${name}`);
    return found[0];
};
const valkey = one(objects, "StatefulSet", "changebank-valkey");
const patch = one(objects, "Deployment", "changebank");
const patched = patch.spec.template.spec.containers[0];
const environment = Object.fromEntries(patched.env.map(({ name, value }) => [name, value]));
const secretNames = component.secretGenerator.map(({ name }) => name);

// As kustomize merges the patch: lists of named objects by name, others replaced. Each list here has names or, for ports and
// mounts, no entry of both.
function merged(into, from) {
    if (Array.isArray(into) && Array.isArray(from)) {
        const others = into.filter((entry) => !from.some(({ name }) => name === entry.name));
        const mine = from.map((entry) => merged(into.find(({ name }) => name === entry.name), entry));
        return [...mine, ...others];
    }
    if (into === undefined || typeof from !== "object") return from;
    const keys = new Set([...Object.keys(into), ...Object.keys(from)]);
    return Object.fromEntries([...keys].map((key) => [key, key in from ? merged(into[key], from[key]) : into[key]]));
}
const deployment = merged(one(base, "Deployment", "changebank"), patch);

// Calls `use` with a folder in which the component's script has made its secret.
async function withSecret(use) {
    const scratch = mkdtempSync(join(tmpdir(), "changebank-"));
    try {
        copyFileSync(join(folder, "make-secret"), join(scratch, "make-secret"));
        const result = spawnSync(join(scratch, "make-secret"), { encoding: "utf8" });
        assert.equal(result.status, 0, result.stderr);
        await use(scratch);
    } finally {
        rmSync(scratch, { recursive: true });
    }
}

test("every object is what its schema says, and so is what is patched", async () => {
    for (const object of objects.filter((each) => each !== patch)) await assertValid(object);
    await assertValid(deployment);
    assert.equal(deployment.spec.template.spec.containers.length, 1);
    assert.equal(component.kind, "Component");
});

test("kustomization.yaml names every file, and no secret is in the repository", () => {
    const named = [...component.resources, ...component.patches.map(({ path }) => path)];
    assert.deepEqual(named.sort(), fileNames(folder));
    const ignored = readFileSync(join(folder, ".gitignore"), "utf8").trim().split("\n");
    assert.deepEqual(component.secretGenerator.flatMap(({ files }) => files).sort(), ignored.map((line) => line.slice(1)).sort());
});

test("selectors, ports and names agree", () => {
    const labels = valkey.spec.template.metadata.labels;
    const ours = deployment.spec.template.metadata.labels;
    assert.deepEqual(valkey.spec.selector.matchLabels, labels);
    const service = one(objects, "Service", valkey.spec.serviceName);
    assert.deepEqual(service.spec.selector, labels);
    const [{ name, containerPort }] = valkey.spec.template.spec.containers[0].ports;
    assert.equal(service.spec.ports[0].targetPort, name);
    assert.equal(environment.CHANGEBANK_REVOCATION_REDIS, `redis://${service.metadata.name}:${service.spec.ports[0].port}`);

    const events = one(objects, "Service", "changebank-events");
    assert.deepEqual(events.spec.selector, ours);
    const port = patched.ports.find((each) => each.name === events.spec.ports[0].targetPort);
    assert.equal(environment.CHANGEBANK_REVOCATION_LISTEN, `0.0.0.0:${port.containerPort}`);

    const toValkey = one(objects, "NetworkPolicy", "changebank-valkey").spec;
    assert.deepEqual(toValkey.podSelector.matchLabels, labels);
    assert.deepEqual(toValkey.ingress, [{ from: [{ podSelector: { matchLabels: ours } }], ports: [{ protocol: "TCP", port: containerPort }] }]);
    assert.deepEqual([toValkey.policyTypes, toValkey.egress], [["Ingress", "Egress"], undefined]);
    const ofReplicas = one(objects, "NetworkPolicy", "changebank-revocation").spec;
    assert.deepEqual(ofReplicas.podSelector.matchLabels, ours);
    assert.equal(ofReplicas.ingress[0].ports[0].port, port.containerPort);
    assert.deepEqual(ofReplicas.egress, [{ to: [{ podSelector: { matchLabels: labels } }], ports: [{ protocol: "TCP", port: containerPort }] }]);
});

test("each pod gets its part of the secret, which others cannot read", () => {
    const secretOf = (spec) => spec.volumes.find((volume) => volume.secret);
    for (const [spec, file] of [[valkey.spec.template.spec, "users.acl"], [deployment.spec.template.spec, "credentials"]]) {
        const { name, secret } = secretOf(spec);
        assert.ok(secretNames.includes(secret.secretName));
        assert.equal(secret.defaultMode, 0o440);
        assert.deepEqual(secret.items, [{ key: file, path: file }]);
        assert.ok(spec.securityContext.fsGroup);
        assert.ok(spec.containers[0].volumeMounts.some((mount) => mount.name === name && mount.readOnly));
    }
    const mount = patched.volumeMounts.find(({ name }) => name === secretOf(deployment.spec.template.spec).name);
    assert.equal(environment.CHANGEBANK_REVOCATION_REDIS_CREDENTIALSFILE, `${mount.mountPath}/credentials`);
});

test("Valkey's pod fits the restricted Pod Security Standard, and its image is of one version", () => {
    assertRestricted(valkey.spec.template.spec);
    assert.match(valkey.spec.template.spec.containers[0].image, /:\d+\.\d+\.\d+$/);
});

test("changebankd takes the settings", () =>
    withSecret((scratch) => {
        const file = join(scratch, "changebank.properties");
        writeFileSync(file, one(base, "ConfigMap", "changebank").data["changebank.properties"]);
        const check = (changes) =>
            spawnSync(join(process.env.CHANGEBANK_BIN, "changebankd"), ["--check", `--config=${file}`], {
                env: { ...environment, CHANGEBANK_REVOCATION_REDIS_CREDENTIALSFILE: join(scratch, "credentials"), ...changes },
                encoding: "utf8",
            });
        const result = check({});
        assert.equal(result.status, 0, result.stderr);
        assert.equal(check({ CHANGEBANK_REVOCATION_REDIS: "changebank-valkey:6379" }).status, 78);
    }));

// Sends inline commands on a connection of their own and returns the first line of the last one's answer. Those before it
// have answers of one line.
async function answerTo(socket, commands) {
    const connection = createConnection(socket);
    await once(connection, "connect");
    connection.write(commands.map((command) => `${command}\r\n`).join(""));
    let answer;
    let awaited = commands.length;
    for await (answer of createInterface({ input: connection })) if (--awaited === 0) break;
    connection.destroy();
    assert.equal(awaited, 0);
    return answer;
}

test("a server takes its settings, and lets its user do what changebankd does and nothing else", { timeout: 60_000 }, () =>
    withSecret(async (scratch) => {
        for (const file of ["credentials", "users.acl"]) assert.equal(statSync(join(scratch, file)).mode & 0o077, 0);
        const [user, password] = readFileSync(join(scratch, "credentials"), "utf8").trim().split(":");
        assert.ok(!readFileSync(join(scratch, "users.acl"), "utf8").includes(password));
        const settings = join(scratch, "valkey.conf");
        const container = valkey.spec.template.spec.containers[0];
        const mounted = container.volumeMounts.filter(({ name }) => name !== "settings").map(({ mountPath }) => mountPath);
        writeFileSync(settings, mounted.reduce((text, path) => text.replace(` ${path}`, ` ${scratch}`),
            one(objects, "ConfigMap", "changebank-valkey").data["valkey.conf"]));
        const socket = join(scratch, "socket");
        const server = spawn("redis-server", [settings, "--port", "0", "--unixsocket", socket],
            { stdio: ["ignore", "pipe", "inherit"] });
        try {
            const lines = createInterface({ input: server.stdout });
            for await (const line of lines) if (/ready to accept|Ready to accept/.test(line)) break;
            assert.ok(existsSync(socket));
            const stream = "changebank:revocations";
            assert.match(await answerTo(socket, [`XADD ${stream} * r {}`]), /^-NOAUTH/);
            const logIn = `AUTH ${user} ${password}`;
            for (const command of ["SELECT 0", `XADD ${stream} MINID ~ 1 * r {}`, `XREAD COUNT 1 BLOCK 1 STREAMS ${stream} 0`,
                `XRANGE ${stream} 1-1 1-1`, "SET changebank:x 1 NX PX 1000"])
                assert.match(await answerTo(socket, [logIn, command]), /^[^-]/, command);
            for (const command of ["FLUSHALL", "CONFIG GET dir", `DEL ${stream}`, `XTRIM ${stream} MAXLEN 0`, "KEYS *",
                "GET changebank:x", "SET other 1", "ACL LIST", "SHUTDOWN", "EVAL 1 0", "PUBLISH x y"])
                assert.match(await answerTo(socket, [logIn, command]), /^-NOPERM/, command);
        } finally {
            if (server.exitCode === null && server.kill()) await once(server, "exit");
        }
    }));
