// The Kubernetes manifests: valid by Kubernetes' own schemas, in agreement with each other, and with settings that
// changebankd takes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { assertValid, assertRestricted, fileNames, kustomization, manifests, objectsOf } from "./manifests.mjs";

const objects = new Map(objectsOf(manifests).map((object) => [object.kind, object]));
const pod = objects.get("Deployment").spec.template;
const [container] = pod.spec.containers;

function readProperties(text) {
    return Object.fromEntries(text.split("\n").filter((line) => /^[a-z]/.test(line)).map((line) => line.split(/ = /)));
}
const settings = readProperties(objects.get("ConfigMap").data["changebank.properties"]);

test("every object is what its schema says", async () => {
    assert.equal(objects.size, 6);
    for (const object of objects.values()) await assertValid(object);
    const { Service } = await import("kubernetes-models/v1");
    assert.throws(() => new Service({ metadata: { name: "x" }, spec: { ports: "80" } }).validate());
});

test("kustomization.yaml names every file", () => {
    assert.deepEqual(kustomization(manifests).resources.sort(), fileNames(manifests));
});

test("selectors find the pods", () => {
    const selectors = [
        objects.get("Deployment").spec.selector.matchLabels,
        objects.get("Service").spec.selector,
        objects.get("PodDisruptionBudget").spec.selector.matchLabels,
        objects.get("NetworkPolicy").spec.podSelector.matchLabels,
        ...pod.spec.topologySpreadConstraints.map((constraint) => constraint.labelSelector.matchLabels),
    ];
    for (const selector of selectors) assert.deepEqual(selector, pod.metadata.labels);
    assert.equal(objects.get("HorizontalPodAutoscaler").spec.scaleTargetRef.name, objects.get("Deployment").metadata.name);
    assert.ok(pod.spec.volumes.some((volume) => volume.configMap?.name === objects.get("ConfigMap").metadata.name));
});

test("changebankd takes the settings", () => {
    const scratch = mkdtempSync(join(tmpdir(), "changebank-"));
    try {
        const file = join(scratch, "changebank.properties");
        const check = (text) => {
            writeFileSync(file, text);
            return spawnSync(join(process.env.CHANGEBANK_BIN, "changebankd"), ["--check", `--config=${file}`], { env: {} });
        };
        const text = objects.get("ConfigMap").data["changebank.properties"];
        const result = check(text);
        assert.equal(result.status, 0, String(result.stderr));
        assert.equal(check(`${text}\nserver.drainTime = 1s\n`).status, 78);
    } finally {
        rmSync(scratch, { recursive: true });
    }
});

test("ports and paths agree", () => {
    const [port] = container.ports;
    assert.equal(port.containerPort, Number(settings["server.port"]));
    assert.equal(settings["server.host"], "0.0.0.0");
    assert.equal(objects.get("Service").spec.ports[0].targetPort, port.name);
    assert.equal(objects.get("NetworkPolicy").spec.ingress[0].ports[0].port, port.containerPort);
    assert.deepEqual(container.livenessProbe.httpGet, { path: "/livez", port: port.name });
    assert.deepEqual(container.readinessProbe.httpGet, { path: "/readyz", port: port.name });
});

test("a pod that goes has the time to drain", () => {
    const seconds = (key) => Number(/^(\d+)s$/.exec(settings[key])[1]);
    const traceTimeout = 10; // the default, in seconds
    assert.ok(seconds("server.drainDelay") >= 5);
    assert.ok(pod.spec.terminationGracePeriodSeconds >= seconds("server.drainDelay") + seconds("server.drainTimeout") + traceTimeout + 5);
});

test("the pod fits the restricted Pod Security Standard, on a read-only root", () => {
    assertRestricted(pod.spec);
    for (const volume of pod.spec.volumes) assert.ok(volume.configMap || volume.emptyDir);
});

test("Kubernetes puts no variable of its own among those of the settings", () => {
    // CHANGEBANK_PORT and CHANGEBANK_SERVICE_HOST, after the service: unknown settings, with which no pod would start.
    assert.equal(pod.spec.enableServiceLinks, false);
});
