#include "changebank/security/guard/UniqueField.h"

#include <Poco/Net/MessageHeader.h>
#include <Poco/String.h>

namespace changebank::security {

std::optional<std::string> uniqueField(const Poco::Net::MessageHeader& header, const std::string& name) {
    std::optional<std::string> found;
    for (const auto& [fieldName, value] : header) {
        if (Poco::icompare(fieldName, name) == 0) found = found ? std::string() : value;
    }
    return found;
}

}  // namespace changebank::security
