#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "changebank/kickstart/directory/ApiKey.h"
#include "changebank/kickstart/directory/FreshInstallation.h"
#include "changebank/kickstart/file/Expansion.h"

namespace changebank::kickstart {

/// One element of a kickstart's `requests`, with everything replaced.
struct KickstartRequest {
    /// Where it stands in the file: "requests[3]".
    std::string place;
    std::string method;
    /// Path and query, always beginning with a slash.
    std::string url;
    std::optional<std::string> tenantId;
    /// JSON text, or empty.
    std::string body;
};

/// A kickstart file as FusionAuth reads it at its first start.
struct Kickstart {
    /// The file's name as it was given, for messages.
    std::string file;
    InstallationIds ids;
    /// In the order of the file; at least one.
    std::vector<ApiKey> apiKeys;
    /// The text of the first key, which carries out the requests. A secret.
    std::string firstApiKey;
    /// In the order of the file, which is the order in which they are to be carried out.
    std::vector<KickstartRequest> requests;
    /// Reads a file; those whose text it takes are looked for beside it. Throws KickstartFault with the place
    /// and the reason.
    static Kickstart read(const std::filesystem::path& file, const Expansion::Source& environment);
};

}  // namespace changebank::kickstart
