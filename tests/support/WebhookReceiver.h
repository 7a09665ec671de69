#pragma once

#include <Poco/Net/HTTPServer.h>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "tests/support/Inbox.h"

namespace changebank::tests {

/// What a webhook was told by one request.
struct Told {
    std::string body;
    std::string signature;
    std::string authorization;
    std::string contentType;
};

/// Somebody's webhook on a loopback port.
class WebhookReceiver {
public:
    /// Port 0 picks a free one.
    explicit WebhookReceiver(std::uint16_t port = 0);
    ~WebhookReceiver();
    WebhookReceiver(const WebhookReceiver&) = delete;
    WebhookReceiver& operator=(const WebhookReceiver&) = delete;

    std::string url() const;
    std::uint16_t port() const { return _server.port(); }

    /// The statuses of the next answers, in their order; those after them have 200.
    void answerWith(std::vector<int> statuses);

    /// See Inbox::take().
    std::vector<Told> take(std::size_t count) { return _inbox.take(count); }

private:
    class Factory;
    class Handler;

    int nextStatus();

    Inbox<Told> _inbox;
    std::mutex _mutex;
    std::vector<int> _statuses;
    Poco::Net::HTTPServer _server;
};

}  // namespace changebank::tests
