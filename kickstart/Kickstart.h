#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "kickstart/Expansion.h"
#include "kickstart/FreshInstallation.h"

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
    /// The unrestricted keys, in the order of the file; at least one. They are secrets.
    std::vector<std::string> apiKeys;
    /// In the order of the file, which is the order in which they are to be carried out.
    std::vector<KickstartRequest> requests;
    /// What was left out, one line each, for a person.
    std::vector<std::string> remarks;

    /// Reads a file; included files are looked for beside it. Throws KickstartFault with the place and the
    /// reason.
    static Kickstart read(const std::filesystem::path& file, const Expansion::Source& environment);
};

}  // namespace changebank::kickstart
