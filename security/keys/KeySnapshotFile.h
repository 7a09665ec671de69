#pragma once

#include <optional>
#include <string>
#include <variant>

#include "changebank/base/system/Clock.h"

namespace changebank::security {

/// A file with the last good key set document, so that a cold start can serve while the key server is down.
/// Replaced atomically, mode 0600. Not thread-safe.
class KeySnapshotFile {
public:
    struct Content {
        std::string document;
        /// When the key server last confirmed the document.
        Clock::Wall confirmedAt;
    };

    /// `address` is the key server's; a file written for another address is not read.
    KeySnapshotFile(std::string path, std::string address);

    /// Why a file cannot be read; empty if it does not exist.
    struct Unreadable {
        std::string reason;
    };
    std::variant<Content, Unreadable> read() const;

    /// Writes the content and flushes it to the disk. Rounds the time down to whole seconds. Returns why it
    /// failed, if it did; the old file is unchanged then.
    std::optional<std::string> write(const Content& content) const;

private:
    std::string _path;
    std::string _address;
};

}  // namespace changebank::security
