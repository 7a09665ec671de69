#pragma once

#include <Poco/JSON/Object.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "changebank/daemon/revocation/Revocations.h"
#include "changebank/handlers/routing/Response.h"
#include "changebank/security/revocation/Revocation.h"

namespace changebank::daemon {

/// `{"revocations":[{"user":"…",…,"issuedUpTo":"2026-01-02T03:04:05Z","reason":"…"}],"total":N}`: those that
/// are listed, with the ids that are not empty, and how many there are.
std::string revocationsReport(const std::vector<security::Revocation>& listed, std::size_t total);

/// The member `revocation` of the status; its `redis` is null without one.
Poco::JSON::Object revocationObject(const Revocations::Status& status);

/// Answers a revocation by hand. 200: `{"outcome":"kept","revocation":{…},"shared":true,"audited":true}`,
/// where `shared` says whether the stream has it, null without a stream, and `audited` whether the audit log
/// has it, null if there was nothing to record. Otherwise an error that says what to do.
handlers::Response revocationResponse(const Revocations::Result& result,
                                      const security::Revocation& revocation,
                                      const Revocations::Status& status, std::optional<bool> isAudited);

/// The error of a request about revocations when none can be made.
handlers::Response revocationIsOff();

}  // namespace changebank::daemon
