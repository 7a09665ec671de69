#include "changebank/security/keys/KeySnapshotFile.h"

#include <cerrno>
#include <cmath>
#include <fstream>
#include <sstream>
#include <utility>

#include "changebank/base/system/ErrnoText.h"
#include "changebank/base/system/FileReplacement.h"
#include "changebank/base/text/Json.h"
#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/jose/NumericDate.h"

namespace changebank::security {

namespace {

/// The document is a string in a JSON object, where each of its bytes takes up to six.
constexpr JsonLimits fileLimits{7 * JwkSet::maxSize, 4, 16};

}  // namespace

KeySnapshotFile::KeySnapshotFile(std::string path, std::string address)
    : _path(std::move(path)), _address(std::move(address)) {}

std::variant<KeySnapshotFile::Content, KeySnapshotFile::Unreadable> KeySnapshotFile::read() const {
    std::ifstream file(_path, std::ios::binary);
    if (!file) return Unreadable{errno == ENOENT ? std::string() : _path + ": " + errnoText()};
    // This operator catches the exception of a failing read, for instance of a folder.
    std::ostringstream text;
    text << file.rdbuf();
    const auto json = Json::parse(text.str(), fileLimits);
    const auto* address = json ? json->find("address") : nullptr;
    const auto* confirmedAt = json ? json->find("confirmedAt") : nullptr;
    const auto* document = json ? json->find("document") : nullptr;
    if (!address || !address->string() || !confirmedAt || !confirmedAt->number() || !document ||
        !document->string()) {
        return Unreadable{_path + ": not a key snapshot"};
    }
    if (*address->string() != _address) return Unreadable{_path + ": keeps the keys of another address"};
    const double seconds = confirmedAt->number()->value();
    if (!(seconds >= 0 && seconds <= latestNumericDate)) return Unreadable{_path + ": not a key snapshot"};
    return Content{*document->string(), Clock::Wall(std::chrono::seconds(std::llround(seconds)))};
}

std::optional<std::string> KeySnapshotFile::write(const Content& content) const {
    const auto seconds =
        std::chrono::floor<std::chrono::seconds>(content.confirmedAt.time_since_epoch()).count();
    const std::string text = "{\"address\":" + quoteJson(_address) +
                             ",\"confirmedAt\":" + std::to_string(seconds) +
                             ",\"document\":" + quoteJson(content.document) + "}\n";
    return replaceFile(_path, text);
}

}  // namespace changebank::security
