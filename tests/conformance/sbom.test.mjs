// packaging/sbom: what it says a package is made of, against what the loader and dpkg say.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import test from "node:test";

const sbom = join(process.env.CHANGEBANK_SOURCE, "packaging", "sbom");
const programs = ["changebankd", "changebankctl"];

function run(program, ...args) {
    return spawnSync(program, args, { encoding: "utf8", env: { ...process.env, SOURCE_DATE_EPOCH: "0" } });
}

const written = run(sbom, "changebank", join(process.env.CHANGEBANK_BIN, ".."), ...programs);
assert.equal(written.status, 0, written.stderr);
const bill = JSON.parse(written.stdout);
const self = bill.metadata.component;

test("it is a CycloneDX document of this package, and depends on nothing but the build", () => {
    assert.equal(`${bill.bomFormat} ${bill.specVersion}`, "CycloneDX 1.5");
    assert.equal(bill.metadata.timestamp, "1970-01-01T00:00:00Z");
    assert.equal(self.name, "changebank");
    assert.match(self.version, /^\d+\.\d+\.\d+$/);
    assert.deepEqual(self.properties.map(({ name }) => name), programs.map((name) => `changebank:build-id:${name}`));
    for (const { value } of self.properties) assert.match(value, /^[0-9a-f]{40}$/);
});

test("every library that a program loads is there, with dpkg's version", () => {
    const versions = new Map(bill.components.map(({ name, version }) => [name, version]));
    assert.equal(versions.size, bill.components.length);
    for (const [name, version] of versions)
        assert.equal(run("dpkg-query", "--show", "--showformat=${Version}\n", name).stdout.split("\n")[0], version, name);
    for (const program of programs) {
        const loaded = run("ldd", join(process.env.CHANGEBANK_BIN, program)).stdout.matchAll(/=> \S*\/(\S+) /g);
        for (const [, file] of loaded) {
            const owners = run("dpkg-query", "--search", `*/lib/*/${file}`).stdout.matchAll(/^([^:\s]+)/gm);
            assert([...owners].some(([, owner]) => versions.has(owner)), file);
        }
    }
});

test("what is compiled in from headers is told apart", () => {
    const compiledIn = bill.components
        .filter(({ properties }) => properties[0].value === "compiled in from headers")
        .map(({ name }) => name);
    assert(compiledIn.some((name) => /^libboost[\d.]+-dev$/.test(name)), compiledIn.join());
    assert(!compiledIn.some((name) => /poco|ssl/.test(name)), compiledIn.join());
});

test("every component is licensed, and reached from the package", () => {
    const needs = new Map(bill.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
    const reached = new Set();
    const reach = (reference) => {
        if (reached.has(reference)) return;
        reached.add(reference);
        (needs.get(reference) ?? []).forEach(reach);
    };
    reach(self["bom-ref"]);
    assert.deepEqual([...reached].sort(), [self, ...bill.components].map((each) => each["bom-ref"]).sort());
    for (const { name, licenses } of bill.components) assert.match(licenses[0].expression, /^[\w.-]+( WITH [\w.-]+)?$/, name);
});

test("what is no build is refused", () => {
    assert.notEqual(run(sbom, "changebank", "/nonexistent", "changebankd").status, 0);
    assert.notEqual(run(sbom, "changebank", join(process.env.CHANGEBANK_BIN, ".."), "no-such-program").status, 0);
    assert.equal(run(sbom, "changebank").status, 64);
});
