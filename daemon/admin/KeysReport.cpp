#include "daemon/admin/KeysReport.h"

#include <Poco/JSON/Array.h>

#include "daemon/admin/AdminContext.h"
#include "daemon/admin/JsonText.h"
#include "security/Algorithm.h"

namespace changebank::daemon {

using Poco::Dynamic::Var;
using Poco::JSON::Array;
using Poco::JSON::Object;

namespace {

Var textOrNull(const std::string& text) {
    return text.empty() ? Var() : Var(text);
}

Object keyObject(const security::JsonWebKey& key) {
    auto object = orderedObject();
    object.set("kid", key.keyId() ? Var(*key.keyId()) : Var());
    object.set("type", std::string(security::nameOf(key.family())));
    object.set("bits", key.bits());
    object.set("alg", key.algorithm() ? Var(std::string(security::traitsOf(*key.algorithm()).name)) : Var());
    return object;
}

Object skippedObject(const security::JwkSet::Skipped& skipped) {
    auto object = orderedObject();
    object.set("index", static_cast<std::uint64_t>(skipped.index));
    object.set("kid", textOrNull(skipped.keyId));
    object.set("reason", skipped.reason);
    return object;
}

}  // namespace

Object keysObject(const AdminContext& context) {
    const auto status = context.service.keys();
    Array keys;
    Array skipped;
    if (status.keys) {
        for (const auto& key : status.keys->keys())
            keys.add(keyObject(*key));
        for (const auto& each : status.keys->skipped())
            skipped.add(skippedObject(each));
    }
    auto object = orderedObject();
    object.set("uri", context.reload.current()->settings.auth.jwks.uri);
    object.set("usable", static_cast<bool>(status.keys));
    object.set("generation", status.generation);
    object.set("ageSeconds", status.age ? Var(secondsOf(*status.age)) : Var());
    object.set("nextRefreshSeconds", secondsOf(status.nextRefresh));
    object.set("fetching", status.fetching);
    object.set("fromSnapshotFile", status.fromSnapshotFile);
    object.set("lastError", textOrNull(status.lastError));
    object.set("snapshotError", textOrNull(status.snapshotError));
    object.set("keys", keys);
    object.set("skipped", skipped);
    return object;
}

std::string keysReport(const AdminContext& context) {
    return textOf(keysObject(context));
}

}  // namespace changebank::daemon
