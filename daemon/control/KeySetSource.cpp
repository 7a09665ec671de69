#include "changebank/daemon/control/KeySetSource.h"

#include <Poco/Exception.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "changebank/base/system/ErrnoText.h"

namespace changebank::daemon {

using namespace security;

namespace {

using ReadDocument = std::variant<std::string, KeySetFault>;

bool isAddress(const std::string& text) {
    return text.rfind("http://", 0) == 0 || text.rfind("https://", 0) == 0;
}

ReadDocument fetchDocument(const Settings::Issuer& issuer) {
    const auto& jwks = issuer.jwks;
    try {
        const auto fetcher = issuer.endpoint().makeFetcher();
        auto result = fetcher->fetch({}, true, jwks.timeout, {});
        if (const auto* failure = std::get_if<FetchFailure>(&result)) {
            return KeySetFault{jwks.uri + ": " + failure->reason, exitUnavailable};
        }
        return std::move(std::get<FetchedKeys>(result).document);
    } catch (const Poco::Exception& error) {
        return KeySetFault{jwks.uri + ": " + error.displayText(), exitUsage};
    }
}

ReadDocument readDocument(const std::string& path) {
    std::error_code unknown;
    if (std::filesystem::is_directory(path, unknown)) return KeySetFault{path + ": is a folder", exitUsage};
    std::ifstream file(path, std::ios::binary);
    if (!file) return KeySetFault{path + ": " + errnoText(), exitUsage};
    // This operator suppresses the exception of a failing read.
    std::ostringstream document;
    document << file.rdbuf();
    return document.str();
}

}  // namespace

std::variant<ReadKeySet, KeySetFault> readKeySet(const Settings::Issuer& issuer) {
    const auto& jwks = issuer.jwks;
    auto read = isAddress(jwks.uri) ? fetchDocument(issuer) : readDocument(jwks.uri);
    if (auto* fault = std::get_if<KeySetFault>(&read)) return std::move(*fault);
    auto parsed = JwkSet::parse(std::get<std::string>(read), nullptr, {.maxKeys = jwks.maxKeys});
    if (const auto* cause = std::get_if<Cause>(&parsed)) {
        if (*cause == Cause::keysNotJson) return KeySetFault{jwks.uri + ": not JSON", exitUsage};
        return ReadKeySet{Refusal{*cause}};
    }
    return ReadKeySet{std::get<std::shared_ptr<const JwkSet>>(parsed)};
}

}  // namespace changebank::daemon
