#include "changebank/handlers/routing/EntityTag.h"

#include <Poco/Net/MessageHeader.h>
#include <Poco/String.h>

#include "changebank/base/system/Sha256.h"
#include "changebank/base/text/Base64Url.h"
#include "changebank/base/text/ListMember.h"
#include "changebank/base/text/Trimmed.h"

namespace changebank::handlers {

namespace {

bool lists(std::string_view list, std::string_view tag) {
    if (trimmed(list) == "*") return true;
    // Our tags contain no comma, so splitting another tag at its commas does no harm.
    while (!list.empty()) {
        auto each = takeMember(list);
        if (each.rfind("W/", 0) == 0) each.remove_prefix(2);
        if (each == tag) return true;
    }
    return false;
}

}  // namespace

std::string entityTagOf(std::string_view content) {
    return '"' + encodeBase64Url(sha256(content)) + '"';
}

bool hasEntityTag(const Poco::Net::MessageHeader& request, std::string_view tag) {
    for (const auto& [name, value] : request) {
        if (Poco::icompare(name, "If-None-Match") == 0 && lists(value, tag)) return true;
    }
    return false;
}

}  // namespace changebank::handlers
