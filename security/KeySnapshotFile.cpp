#include "security/KeySnapshotFile.h"

#include <Poco/Error.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <utility>

#include "security/ClaimsCheck.h"
#include "security/FileDescriptor.h"
#include "security/HttpJwksFetcher.h"
#include "security/Json.h"

namespace changebank::security {

namespace {

/// A document is kept as a string in a JSON object, where each of its octets may take up to six.
constexpr JsonLimits fileLimits{7 * HttpJwksFetcher::bodyLimit, 4, 16};

std::string systemError() {
    return Poco::Error::getMessage(Poco::Error::last());
}

bool writeAll(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(descriptor) == 0;
}

}  // namespace

KeySnapshotFile::KeySnapshotFile(std::string path, std::string address)
    : _path(std::move(path)), _address(std::move(address)) {}

std::variant<KeySnapshotFile::Content, KeySnapshotFile::Unreadable> KeySnapshotFile::read() const {
    std::ifstream file(_path, std::ios::binary);
    if (!file) return Unreadable{errno == ENOENT ? std::string() : _path + ": " + systemError()};
    // This operator holds back the exception that a failing read throws, for a folder for instance.
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
    const double seconds = confirmedAt->number()->value;
    if (!(seconds >= 0 && seconds <= latestNumericDate)) return Unreadable{_path + ": not a key snapshot"};
    return Content{*document->string(), Clock::Wall(std::chrono::seconds(std::llround(seconds)))};
}

std::optional<std::string> KeySnapshotFile::write(const Content& content) const {
    const auto seconds =
        std::chrono::floor<std::chrono::seconds>(content.confirmedAt.time_since_epoch()).count();
    const std::string text = "{\"address\":" + quoteJson(_address) +
                             ",\"confirmedAt\":" + std::to_string(seconds) +
                             ",\"document\":" + quoteJson(content.document) + "}\n";
    const std::string fresh = _path + ".new";
    {
        const FileDescriptor file(
            ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!file) return fresh + ": " + systemError();
        if (!writeAll(file.get(), text)) {
            auto reason = fresh + ": " + systemError();
            ::unlink(fresh.c_str());
            return reason;
        }
    }
    if (std::rename(fresh.c_str(), _path.c_str()) != 0) return _path + ": " + systemError();
    return std::nullopt;
}

}  // namespace changebank::security
