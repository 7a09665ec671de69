#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include <exception>
#include <functional>
#include <string>

#include "security/Json.h"

namespace changebank::kickstart {

/// Gets one line for each answered request: method, path and status, and nothing that is secret, as a query
/// may be. Called by any number of threads at once.
using AccessLog = std::function<void(const std::string& line)>;

/// The answer that `make` makes, or one with status 500 if it throws; then the line says why.
template <typename Answer, typename Make>
Answer answerAndLog(const Poco::Net::HTTPServerRequest& request, const std::string& path,
                    const AccessLog& log, Make make) {
    auto answer = Answer::empty(Poco::Net::HTTPResponse::HTTP_INTERNAL_SERVER_ERROR);
    std::string failure;
    try {
        answer = make();
    } catch (const std::exception& exception) {
        failure = std::string(": ") + exception.what();
    }
    log(security::quoteJson(request.getMethod() + " " + path) + " " + std::to_string(answer.status) +
        failure);
    return answer;
}

}  // namespace changebank::kickstart
