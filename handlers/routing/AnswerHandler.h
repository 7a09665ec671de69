#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <utility>

#include "changebank/handlers/routing/Answer.h"

namespace changebank::handlers {

/// Gives one answer, whatever the request says.
class AnswerHandler : public Poco::Net::HTTPRequestHandler {
public:
    explicit AnswerHandler(Answer answer) : _answer(std::move(answer)) {}

    void handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) override {
        _answer.send(response);
    }

private:
    Answer _answer;
};

}  // namespace changebank::handlers
