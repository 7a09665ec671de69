#include "changebank/security/guard/SingleField.h"

#include <Poco/Net/MessageHeader.h>
#include <Poco/String.h>

namespace changebank::security {

std::optional<std::string> singleField(const Poco::Net::MessageHeader& header, const std::string& name) {
    std::optional<std::string> found;
    for (const auto& [each, value] : header) {
        if (Poco::icompare(each, name) == 0) found = found ? std::string() : value;
    }
    return found;
}

}  // namespace changebank::security
