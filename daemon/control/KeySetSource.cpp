#include "changebank/daemon/control/KeySetSource.h"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "changebank/base/system/ErrnoText.h"
#include "changebank/security/keys/HttpJwksFetcher.h"

namespace changebank::daemon {

using namespace security;

namespace {

using ReadDocument = std::variant<std::string, KeySetFault>;

bool isAddress(const std::string& text) {
    return text.rfind("http://", 0) == 0 || text.rfind("https://", 0) == 0;
}

ReadDocument fetchDocument(const std::string& address, const std::string& caFile,
                           std::chrono::milliseconds timeout) {
    try {
        auto result = HttpJwksFetcher(Poco::URI(address), caFile).fetch({}, true, timeout);
        if (const auto* failure = std::get_if<FetchFailure>(&result)) {
            return KeySetFault{address + ": " + failure->reason, exitUnavailable};
        }
        return std::move(std::get<FetchedKeys>(result).document);
    } catch (const Poco::Exception& error) {
        return KeySetFault{address + ": " + error.displayText(), exitUsage};
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

std::variant<ReadKeySet, KeySetFault> readKeySet(const std::string& fileOrAddress, const std::string& caFile,
                                                 std::chrono::milliseconds timeout) {
    auto read = isAddress(fileOrAddress) ? fetchDocument(fileOrAddress, caFile, timeout)
                                         : readDocument(fileOrAddress);
    if (auto* fault = std::get_if<KeySetFault>(&read)) return std::move(*fault);
    auto parsed = JwkSet::parse(std::get<std::string>(read));
    if (const auto* cause = std::get_if<Cause>(&parsed)) {
        if (*cause == Cause::keysNotJson) return KeySetFault{fileOrAddress + ": not JSON", exitUsage};
        return ReadKeySet{Refusal{*cause}};
    }
    return ReadKeySet{std::get<std::shared_ptr<const JwkSet>>(parsed)};
}

}  // namespace changebank::daemon
