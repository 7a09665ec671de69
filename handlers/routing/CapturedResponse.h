#pragma once

#include <Poco/Net/HTTPServerResponse.h>

#include <ostream>
#include <sstream>
#include <string>

namespace changebank::handlers {

/// A response that is not sent: it keeps what a handler makes of it.
class CapturedResponse : public Poco::Net::HTTPServerResponse {
public:
    void sendContinue() override {}
    std::ostream& send() override {
        _isSent = true;
        return _body;
    }
    void sendFile(const std::string&, const std::string&) override { _isSent = true; }
    void sendBuffer(const void* buffer, std::size_t length) override {
        send().write(static_cast<const char*>(buffer), static_cast<std::streamsize>(length));
    }
    void redirect(const std::string&, HTTPStatus) override { _isSent = true; }
    void requireAuthentication(const std::string&) override {}
    bool sent() const override { return _isSent; }

    std::string body() const { return _body.str(); }

private:
    std::ostringstream _body;
    bool _isSent = false;
};

}  // namespace changebank::handlers
