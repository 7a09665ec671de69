#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "kickstart/Expansion.h"
#include "kickstart/Kickstart.h"
#include "security/Json.h"

namespace changebank::kickstart {

/// Reads one kickstart file; see Kickstart::read(). One object reads one file.
class KickstartReader {
public:
    KickstartReader(std::filesystem::path file, const Expansion::Source& environment);

    Kickstart read();

private:
    security::Json parseFile(const std::filesystem::path& file) const;
    void readVariables(const security::Json& document);
    void definePredefined();
    Uuid idFromVariable(const char* name) const;
    void readApiKeys(const security::Json& document);
    ApiKey readApiKey(const security::Json& object, const std::string& text, const std::string& place) const;
    void readRequests(const security::Json& document);
    KickstartRequest readRequest(const security::Json& request, const std::string& place);

    /// The value with every string expanded and every include of JSON followed.
    security::Json expandAll(const security::Json& value, const std::string& place, int includes = 0) const;
    std::string expandText(const std::string& text, const std::string& place) const;
    std::string requiredText(const security::Json& object, const char* name, const std::string& place) const;
    void refuseOtherMembers(const security::Json& object, const std::set<std::string>& known,
                            const std::string& place) const;
    [[noreturn]] void fail(const std::string& place, const std::string& reason) const;

    std::filesystem::path _file;
    Expansion _expansion;
    Kickstart _kickstart;
};

}  // namespace changebank::kickstart
