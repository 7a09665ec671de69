#include "changebank/daemon/control/client/AdminAnswer.h"

#include <iostream>
#include <utility>

#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/control/client/ResponseMembers.h"
#include "changebank/daemon/process/ExitStatus.h"

namespace changebank::daemon {

namespace {

constexpr int okStatus = 200;

constexpr JsonLimits responseLimits{std::size_t{64} * 1024 * 1024, 16, 1'000'000};

}  // namespace

std::optional<Json> jsonOf(const AdminResponse& response) {
    return Json::parse(response.body, responseLimits);
}

std::string errorIn(const AdminResponse& response) {
    const auto json = jsonOf(response);
    const auto* error = json ? member(*json, "error").string() : nullptr;
    return error != nullptr ? *error : "unexpected response";
}

int reportFault(const AdminFault& fault) {
    std::cerr << "changebankctl: " << oneLine(fault.why) << std::endl;
    switch (fault.kind) {
        case AdminFault::Kind::notRunning:
            return exitNotRunning;
        case AdminFault::Kind::forbidden:
            return exitNoPermission;
        case AdminFault::Kind::failed:
            break;
    }
    return exitUnavailable;
}

std::variant<std::string, AdminFault> bodyOf(const std::string& socketPath, const std::string& target) {
    auto asked = askDaemon(socketPath, "GET", target);
    if (auto* fault = std::get_if<AdminFault>(&asked)) return std::move(*fault);
    auto& response = std::get<AdminResponse>(asked);
    if (response.status != okStatus) return AdminFault{AdminFault::Kind::failed, errorIn(response)};
    return std::move(response.body);
}

std::variant<Json, AdminFault> documentOf(const std::string& socketPath, const std::string& target) {
    auto body = bodyOf(socketPath, target);
    if (auto* fault = std::get_if<AdminFault>(&body)) return std::move(*fault);
    auto json = Json::parse(std::get<std::string>(body), responseLimits);
    if (!json) return AdminFault{AdminFault::Kind::failed, "unexpected response"};
    return std::move(*json);
}

}  // namespace changebank::daemon
