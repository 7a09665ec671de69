#include "changebank/daemon/settings/files/AuthoritiesFile.h"

#include <Poco/Exception.h>

#include "changebank/base/http/CertificateAuthorities.h"
#include "changebank/daemon/settings/files/FileAccess.h"

namespace changebank::daemon {

std::optional<std::string> faultOfAuthorities(const std::string& path) {
    if (auto why = faultOfReading(path)) return why;
    try {
        const CertificateAuthorities authorities(path);
        return std::nullopt;
    } catch (const Poco::Exception& error) {
        return "is not a PEM file with certificates: " + error.displayText();
    }
}

}  // namespace changebank::daemon
