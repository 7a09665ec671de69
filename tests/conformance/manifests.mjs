// What the tests of the Kubernetes manifests share.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

export const manifests = join(process.env.CHANGEBANK_SOURCE, "packaging", "kubernetes");

// The folder's manifests, without what kustomize alone reads.
export function fileNames(folder) {
    return readdirSync(folder).filter((name) => name.endsWith(".yaml") && name !== "kustomization.yaml").sort();
}

function documentsOf(file) {
    return parseAllDocuments(readFileSync(file, "utf8")).map((document) => {
        assert.deepEqual(document.errors, [], file);
        return document.toJS();
    });
}

export function objectsOf(folder) {
    return fileNames(folder).flatMap((name) => documentsOf(join(folder, name)));
}

export function kustomization(folder) {
    return documentsOf(join(folder, "kustomization.yaml"))[0];
}

// Throws unless the object is what Kubernetes' schema says.
export async function assertValid(object) {
    const models = await import(`kubernetes-models/${object.apiVersion}`);
    const model = new (models[object.kind] ?? models.default[object.kind])(object);
    assert.doesNotThrow(() => model.validate(), object.kind);
}

// The restricted Pod Security Standard, on a read-only root, without a token of the cluster.
export function assertRestricted(spec) {
    assert.equal(spec.securityContext.runAsNonRoot, true);
    assert.notEqual(spec.securityContext.runAsUser, 0);
    assert.deepEqual(spec.securityContext.seccompProfile, { type: "RuntimeDefault" });
    for (const container of spec.containers) {
        assert.deepEqual(container.securityContext, {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
        });
    }
    assert.equal(spec.automountServiceAccountToken, false);
}
