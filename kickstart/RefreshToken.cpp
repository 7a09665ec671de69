#include "kickstart/RefreshToken.h"

#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

Json RefreshToken::toJson() const {
    Json::Object members;
    if (applicationId) members.emplace_back("applicationId", jsonText(applicationId->toText()));
    members.emplace_back("id", jsonText(id.toText()));
    members.emplace_back("insertInstant", jsonInteger(insertInstant));
    members.emplace_back("startInstant", jsonInteger(startInstant));
    members.emplace_back("tenantId", jsonText(tenantId.toText()));
    members.emplace_back("userId", jsonText(userId.toText()));
    return Json(std::move(members));
}

}  // namespace changebank::kickstart
