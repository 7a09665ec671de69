#pragma once

#include <optional>
#include <string>
#include <variant>

#include "changebank/base/system/Clock.h"

namespace changebank::security {

/// A file that keeps the last good key set document, so that a cold start can serve while the key server is
/// down. Replaced as a whole by a rename, mode 0600. Not thread-safe.
class KeySnapshotFile {
public:
    struct Content {
        std::string document;
        /// When the key server last confirmed the document.
        Clock::Wall confirmedAt;
    };

    /// `address` says whose keys the file keeps; a file that names another address is not read.
    KeySnapshotFile(std::string path, std::string address);

    /// The content, or why there is none: the text is empty where the file simply does not exist.
    struct Unreadable {
        std::string reason;
    };
    std::variant<Content, Unreadable> read() const;

    /// Writes and flushes the content to the disk. Returns why it failed, if it did; the old file then
    /// stands.
    std::optional<std::string> write(const Content& content) const;

private:
    std::string _path;
    std::string _address;
};

}  // namespace changebank::security
