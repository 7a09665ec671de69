#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changebank::security {

/// What a server protects, as clients discover it (RFC 9728): resources, each a URL that clients name when
/// they ask for a token (RFC 8707), and the documents about them. Nothing is taken from a request. Immutable,
/// usable from any thread.
class ProtectedResources {
public:
    struct Options {
        /// The resources' identifiers; see faultOf().
        std::vector<std::string> identifiers{};
        /// The issuers of accepted tokens.
        std::vector<std::string> authorizationServers{};
        /// Of all of them, for people; empty: none.
        std::string name{};
        /// The URL of a page for developers; empty: none.
        std::string documentation{};
        /// The algorithms of DPoP proofs, and whether all tokens must be DPoP-bound. Empty: DPoP is not
        /// offered.
        std::vector<std::string> dpopAlgorithms{};
        bool isDpopRequired = false;
        /// Whether tokens may be bound to a client certificate.
        bool acceptsCertificateBound = false;
    };

    /// The path of the documents, before that of a resource.
    static constexpr std::string_view wellKnownPath = "/.well-known/oauth-protected-resource";

    ProtectedResources() = default;

    /// Throws Poco::InvalidArgumentException if the identifiers have a fault.
    explicit ProtectedResources(Options options);

    /// Why texts are not identifiers of resources of one server, as the end of a sentence; std::nullopt if
    /// they are: https URLs in ASCII (http for loopback hosts), without user info, query, fragment, empty
    /// segments and dot segments, with at most 80 bytes of path, and no two with one path, case and one
    /// trailing slash aside, since their documents would have one path as well.
    static std::optional<std::string> faultOf(const std::vector<std::string>& identifiers);

    bool empty() const noexcept { return _resources.empty(); }

    /// The URL of the document about the resource that a path belongs to: the one with the longest path that
    /// begins the given one, by whole segments and without regard to case, else the first. Empty if there are
    /// no resources.
    std::string metadataUrlFor(std::string_view path) const;

    /// Scheme and authority of that resource, as configured. There must be one.
    const std::string& originFor(std::string_view path) const { return resourceFor(path).origin; }

    struct Document {
        /// In lower case, without a trailing slash.
        std::string path;
        /// One JSON object (RFC 9728 section 2).
        std::string json;
    };

    /// The document about each resource, at the path made by inserting wellKnownPath before the resource's
    /// (section 3.1), and one at wellKnownPath itself, about the resource with the root path, else the first.
    /// They list the scopes, sorted and each once; members without a value are left out.
    std::vector<Document> documents(const std::vector<std::string>& scopes) const;

private:
    struct Resource {
        std::string identifier;
        /// Scheme and authority.
        std::string origin;
        /// As configured, but without a lone slash.
        std::string path;
        /// In lower case, without a trailing slash; empty: the root.
        std::string normalPath;
    };

    const Resource& resourceFor(std::string_view path) const;
    static Resource partsOf(const std::string& identifier);
    std::string documentOf(const Resource& resource, const std::vector<std::string>& scopes) const;

    Options _options;
    std::vector<Resource> _resources;
};

}  // namespace changebank::security
