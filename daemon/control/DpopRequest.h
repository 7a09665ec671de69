#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "changebank/daemon/command_line/CommandLine.h"
#include "changebank/daemon/control/DpopKey.h"

namespace changebank::daemon {

/// The request that a DPoP proof is for.
struct DpopRequest {
    std::string method;
    /// In the form of security::targetUri().
    std::string uri;
    /// What the server demands in the proof (RFC 9449 section 8); empty if it demands none.
    std::string nonce{};

    /// From the option `method`, by default GET, the option that has the request's URL, and the option
    /// `nonce`.
    static std::variant<DpopRequest, UsageFault> of(const CommandLine& line, const std::string& urlOption);

    /// The request's header fields as curl's `--header @FILE` reads them: `Authorization: DPoP TOKEN` and
    /// `DPoP: PROOF`, a line each, with a new proof. The token must be isToken(). `now` is in seconds since
    /// 1970.
    std::string headerFields(const DpopKey& key, const std::string& token, std::int64_t now) const;

    /// Whether the text can be an access token in a header field (RFC 9110 section 11.2, token68).
    static bool isToken(const std::string& text);
};

}  // namespace changebank::daemon
