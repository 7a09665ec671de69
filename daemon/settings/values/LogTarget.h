#pragma once

#include <string>

namespace changebank::daemon {

/// Where the log goes (`log.target`).
struct LogTarget {
    enum class Kind : unsigned char { standardError, file, syslog, journal };

    Kind kind = Kind::standardError;
    /// The file's absolute path; empty for the others.
    std::string path{};

    friend bool operator==(const LogTarget&, const LogTarget&) = default;
};

}  // namespace changebank::daemon
