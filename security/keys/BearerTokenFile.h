#pragma once

#include <string>
#include <utility>
#include <variant>

#include "changebank/security/keys/JwksFetcher.h"

namespace changebank::security {

/// A file with the token that a key server wants, such as the one of a pod's service account, which
/// Kubernetes replaces before it expires. Immutable, usable from any thread.
class BearerTokenFile {
public:
    /// The maximum size of a file, in bytes.
    static constexpr std::size_t maxSize = std::size_t{64} * 1024;

    /// `path` may be empty: no token then.
    explicit BearerTokenFile(std::string path) : _path(std::move(path)) {}

    /// The value of the field Authorization (RFC 6750 section 2.1) by the file's content now; empty without a
    /// file. Fails if the file cannot be read or is not one token; the reason does not show the content.
    std::variant<std::string, FetchFailure> authorization() const;

private:
    std::string _path;
};

}  // namespace changebank::security
