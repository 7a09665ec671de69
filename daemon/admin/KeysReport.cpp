#include "changebank/daemon/admin/KeysReport.h"

#include <Poco/JSON/Array.h>

#include "changebank/base/text/JsonText.h"
#include "changebank/daemon/admin/AdminContext.h"
#include "changebank/daemon/admin/ReportTimes.h"
#include "changebank/daemon/admin/TextOrNull.h"
#include "changebank/security/jose/Algorithm.h"

namespace changebank::daemon {

using Poco::Dynamic::Var;
using Poco::JSON::Array;
using Poco::JSON::Object;

namespace {

Object keyObject(const security::JsonWebKey& key) {
    return jsonObject(
        {{"kid", key.keyId() ? Var(*key.keyId()) : Var()},
         {"type", std::string(security::nameOf(key.family()))},
         {"bits", key.bits()},
         {"alg", key.algorithm() ? Var(std::string(security::traitsOf(*key.algorithm()).name)) : Var()}});
}

Object skippedObject(const security::JwkSet::Skipped& skipped) {
    return jsonObject({{"index", static_cast<std::uint64_t>(skipped.index)},
                       {"kid", textOrNull(skipped.keyId)},
                       {"reason", skipped.reason}});
}

Object keysObject(const ChangeBankService::KeysStatus& issuer) {
    const auto& status = issuer.keys;
    Array keys;
    Array skipped;
    if (status.keys) {
        for (const auto& key : status.keys->keys())
            keys.add(keyObject(*key));
        for (const auto& each : status.keys->skipped())
            skipped.add(skippedObject(each));
    }
    return jsonObject({{"name", issuer.name},
                       {"issuer", issuer.issuer},
                       {"uri", issuer.uri},
                       {"usable", static_cast<bool>(status.keys)},
                       {"generation", status.generation},
                       {"ageSeconds", status.age ? Var(secondsOf(*status.age)) : Var()},
                       {"nextRefreshSeconds", secondsOf(status.nextRefresh)},
                       {"fetching", status.fetching},
                       {"fromSnapshotFile", status.fromSnapshotFile},
                       {"lastError", textOrNull(status.lastError)},
                       {"snapshotError", textOrNull(status.snapshotError)},
                       {"keys", keys},
                       {"skipped", skipped}});
}

}  // namespace

Object keysObject(const AdminContext& context) {
    const auto issuers = context.service.keys();
    auto first = keysObject(issuers.front());
    Array others;
    for (auto issuer = issuers.begin() + 1; issuer != issuers.end(); ++issuer)
        others.add(keysObject(*issuer));
    first.set("others", others);
    return first;
}

std::string keysReport(const AdminContext& context) {
    return textOf(keysObject(context));
}

}  // namespace changebank::daemon
