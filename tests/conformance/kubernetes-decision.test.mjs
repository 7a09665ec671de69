// The component that has Traefik ask the pods: valid by Kubernetes' schemas where it has them, in agreement with what it
// patches, with rules that changebankd takes; and the Ingress that docs/proxies.md shows.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { parse } from "yaml";
import { assertValid, fileNames, kustomization, manifests, objectsOf } from "./manifests.mjs";

const folder = join(manifests, "components", "decision");
const component = kustomization(folder);
const objects = new Map(objectsOf(folder).map((object) => [object.kind, object]));
const middlewares = new Map(objectsOf(folder).filter(({ kind }) => kind === "Middleware")
    .map(({ metadata, spec }) => [metadata.name, spec]));
const base = objectsOf(manifests);
const [container] = objects.get("Deployment").spec.template.spec.containers;
const environment = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
const labels = base.find(({ kind }) => kind === "Deployment").spec.template.metadata.labels;
const documents = readFileSync(join(process.env.CHANGEBANK_SOURCE, "docs", "proxies.md"), "utf8");

test("every object is what its schema says", async () => {
    for (const kind of ["Service", "NetworkPolicy"]) await assertValid(objects.get(kind));
    assert.equal(component.kind, "Component");
});

test("kustomization.yaml names every file", () => {
    const named = [...component.resources, ...component.patches.map(({ path }) => path)];
    assert.deepEqual(named.sort(), fileNames(folder));
});

test("selectors, ports and names agree", () => {
    const { metadata, spec } = objects.get("Service");
    assert.deepEqual(spec.selector, labels);
    const port = container.ports.find(({ name }) => name === spec.ports[0].targetPort);
    assert.equal(environment.CHANGEBANK_DECISION_LISTEN, `0.0.0.0:${port.containerPort}`);
    const policy = objects.get("NetworkPolicy").spec;
    assert.deepEqual(policy.podSelector.matchLabels, labels);
    assert.equal(policy.ingress[0].ports[0].port, port.containerPort);
    const address = new URL(middlewares.get("changebank-guard").forwardAuth.address);
    assert.deepEqual([address.hostname, address.pathname], [`${metadata.name}.default.svc`, "/decision"]);
});

test("the middlewares are those of the shipped file, in that order", () => {
    const file = join(process.env.CHANGEBANK_SOURCE, "packaging", "proxies", "traefik.yml");
    const { routers, middlewares: shipped } = parse(readFileSync(file, "utf8")).http;
    assert.deepEqual(routers.api.middlewares, ["plain", "changebank"]);
    assert.deepEqual(middlewares.get("changebank").chain.middlewares.map(({ name }) => name),
        ["changebank-plain", "changebank-guard"]);
    assert.deepEqual(middlewares.get("changebank-plain"), shipped.plain);
    const { address, ...mine } = middlewares.get("changebank-guard").forwardAuth;
    const { address: other, ...theirs } = shipped.changebank.forwardAuth;
    assert.deepEqual(mine, theirs);
});

test("the Ingress of the document is valid, and names the middleware", async () => {
    const blocks = [...documents.matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => text);
    const ingress = blocks.map((text) => parse(text)).find(({ kind }) => kind === "Ingress");
    await assertValid(ingress);
    assert.equal(ingress.metadata.annotations["traefik.ingress.kubernetes.io/router.middlewares"],
        "default-changebank@kubernetescrd");
});

test("changebankd takes the rules", () => {
    const scratch = mkdtempSync(join(tmpdir(), "changebank-"));
    try {
        const file = join(scratch, "changebank.properties");
        writeFileSync(file, base.find(({ kind }) => kind === "ConfigMap").data["changebank.properties"]);
        const check = (changes) =>
            spawnSync(join(process.env.CHANGEBANK_BIN, "changebankd"), ["--check", `--config=${file}`],
                { env: { ...environment, ...changes }, encoding: "utf8" });
        const result = check({});
        assert.equal(result.status, 0, result.stderr);
        assert.equal(check({ CHANGEBANK_DECISION_RULE_1: "GET /catalogue/**" }).status, 78);
    } finally {
        rmSync(scratch, { recursive: true });
    }
});
